"""One MSBuild file: what of it decides which other files a restore reads.

Source: "MSBuild project file schema reference" and "Customize your build" (learn.microsoft.com).
XML is read without entities. A property is only known where its name says a folder: those of the
file itself, the project and the solution.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reorder.ecosystems.xmltext import parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_READS_FILE: Final = re.compile(
    r"\[System\.IO\.File\]::Read\w+\(\s*['\"]?([^'\")]*)['\"]?\s*\)|File\]::ReadAll"
)
_EXISTS: Final = re.compile(r"Exists\(\s*'([^']*)'\s*\)", re.IGNORECASE)
_ABOVE: Final = re.compile(r"GetPathOfFileAbove\(\s*'?\"?([\w.]+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A path as it is written; `needed`: False where a condition asks whether it is there."""

    path: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Build:
    """What a project or a file that it imports says."""

    references: tuple[str, ...] = ()  # <ProjectReference Include>
    imports: tuple[Wanted, ...] = ()
    above: tuple[str, ...] = ()  # names that are looked for in the folders above
    texts: tuple[str, ...] = ()  # files that a property function reads
    properties: frozenset[str] = frozenset()
    artifacts: bool = False  # <UseArtifactsOutput>true
    problem: str | None = None


def read_build(text: str) -> Build | str:
    """The file, or why it cannot be read."""
    root = parse_xml(text)
    if isinstance(root, str):
        return root
    references: list[str] = []
    imports: list[Wanted] = []
    above: list[str] = []
    texts: list[str] = []
    properties: set[str] = set()
    artifacts = False
    problem = None
    for element in root.iter():
        name = _local(element)
        values = (*element.attrib.values(), element.text or "")
        for value in values:
            for found in _READS_FILE.finditer(value):
                if found[1]:
                    texts.append(found[1])
                else:
                    problem = problem or "a property is read from a file whose name is computed"
            above += _ABOVE.findall(value)
        if name == "ProjectReference":
            references += _list(element.get("Include"))
        elif name == "Import":
            path = element.get("Project", "")
            asks = "exists" in (element.get("Condition") or "").lower()
            if element.get("Sdk") is None and "GetPathOfFileAbove" not in path:
                imports += [Wanted(p, not asks) for p in _list(path)]
        elif name == "Target":
            when = f"{element.get('BeforeTargets', '')};{element.get('AfterTargets', '')}"
            if any(word in when for word in _RESTORING):
                problem = problem or f"the target {element.get('Name')} runs while it restores"
        elif name in _PLACES:
            properties.add(name)
        elif name == "UseArtifactsOutput" and (element.text or "").strip().lower() == "true":
            artifacts = True
    return Build(
        references=tuple(references),
        imports=tuple(imports),
        above=tuple(above),
        texts=tuple(texts),
        properties=frozenset(properties),
        artifacts=artifacts,
        problem=problem,
    )


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _list(value: str | None) -> list[str]:
    parts = ((value or "").replace("\\", "/")).split(";")
    return [part.strip() for part in parts if part.strip()]


# Names of NuGet's targets that a project can hook into, and `Restore` itself.
_RESTORING: Final = ("Restore", "CollectPackageReferences", "CollectPackageVersions")
# Where these are set, what a restore writes lies elsewhere.
_PLACES: Final = frozenset(
    {"BaseIntermediateOutputPath", "MSBuildProjectExtensionsPath", "ArtifactsPath"}
    | {"RestoreOutputPath", "RestorePackagesPath"}
)

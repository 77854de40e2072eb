"""One POM: what of it decides which files Maven reads and what it downloads.

Source: Maven's POM reference (maven.apache.org/pom.html) and `maven.mdo`. XML is read without
entities; a POM that is too big or not well-formed is an error with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from reorder.ecosystems.xmltext import parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_VARIABLE: Final = re.compile(r"\benv\.(\w+)")
_RUNNING: Final = ("build", "plugins", "plugin")
_PLACEHOLDER: Final = re.compile(r"\$\{([^${}]+)\}")

Coordinates = tuple[str, str]  # groupId, artifactId; not interpolated, "" where it is left out


@dataclass(frozen=True, slots=True)
class Parent:
    """`<parent>`; `path` is None where `<relativePath/>` says not to look."""

    id: Coordinates
    path: str | None
    explicit: bool  # a <relativePath> was given


@dataclass(frozen=True, slots=True)
class Pom:
    """A POM as written. Values are not interpolated: `${…}` is for `interpolate`."""

    id: Coordinates
    packaging: str
    parent: Parent | None
    modules: tuple[str, ...]
    profile_modules: tuple[str, ...]
    properties: Mapping[str, str] = field(hash=False)
    dependencies: tuple[Coordinates, ...]  # of the project and its profiles, those managed left out
    plugins: tuple[Coordinates, ...]
    running: frozenset[str]  # names of the plugins that take part in a build: not only managed
    extensions: tuple[Coordinates, ...]  # build extensions, and plugins with <extensions>true
    versions: Mapping[Coordinates, str] = field(hash=False)  # of plugins, where one is given
    system_paths: tuple[str, ...]  # jars of scope `system`
    repositories: tuple[str, ...]  # URLs
    profile_files: tuple[str, ...]  # that activate a profile by being there or not
    profile_properties: frozenset[str]  # that activate a profile
    variables: frozenset[str]  # of the environment


def read_pom(text: str) -> Pom | str:
    """The POM, or why it cannot be read."""
    root = parse_xml(text)
    if isinstance(root, str):
        return root
    if _tag(root) != "project":
        return "it has no <project>"
    profiles = list(_all(root, "profiles", "profile"))
    owners = [root, *profiles]
    plugins = [p for owner in owners for p in _plugins(owner)]
    extensions = [e for owner in owners for e in _all(owner, "build", "extensions", "extension")]
    extensions += [p for p in plugins if _text(p, "extensions") == "true"]
    dependencies = [d for owner in owners for d in _all(owner, "dependencies", "dependency")]
    managed = [
        d
        for owner in owners
        for d in _all(owner, "dependencyManagement", "dependencies", "dependency")
    ]
    in_plugins = [d for plugin in plugins for d in _all(plugin, "dependencies", "dependency")]
    return Pom(
        id=_id(root),
        packaging=_text(root, "packaging") or "jar",
        parent=_parent(root),
        modules=tuple(_texts(root, "modules", "module")),
        profile_modules=tuple(m for p in profiles for m in _texts(p, "modules", "module")),
        properties=_properties(root),
        dependencies=tuple(_id(d) for d in (*dependencies, *in_plugins)),
        plugins=tuple(_plugin_id(p) for p in plugins),
        running=frozenset(_plugin_id(p)[1] for o in owners for p in _all(o, *_RUNNING)),
        extensions=tuple(_id(e) for e in extensions),
        versions={_plugin_id(p): v for p in plugins if (v := _text(p, "version"))},
        system_paths=tuple(p for d in (*dependencies, *managed) if (p := _text(d, "systemPath"))),
        repositories=tuple(url for owner in owners for url in _repositories(owner)),
        profile_files=tuple(f for p in profiles for f in _activation_files(p)),
        profile_properties=frozenset(
            name for p in profiles for name in _texts(p, "activation", "property", "name")
        ),
        variables=frozenset(_VARIABLE.findall(text)),
    )


def interpolate(text: str, properties: Mapping[str, str]) -> str:
    """Replace `${name}` by what is known; what is not known stays as it is."""
    for _ in range(8):
        after = _PLACEHOLDER.sub(lambda m: properties.get(m[1], m[0]), text)
        if after == text or len(after) > 10_000:
            break
        text = after
    return text


def _parent(root: Element) -> Parent | None:
    found = next(_all(root, "parent"), None)
    if found is None:
        return None
    path = next(_all(found, "relativePath"), None)
    if path is None:
        return Parent(_id(found), "../pom.xml", explicit=False)
    return Parent(_id(found), (path.text or "").strip() or None, explicit=True)


def _properties(root: Element) -> dict[str, str]:
    return {_tag(e): (e.text or "").strip() for group in _all(root, "properties") for e in group}


def _plugins(owner: Element) -> Iterator[Element]:
    yield from _all(owner, "build", "plugins", "plugin")
    yield from _all(owner, "build", "pluginManagement", "plugins", "plugin")
    yield from _all(owner, "reporting", "plugins", "plugin")


def _repositories(owner: Element) -> Iterator[str]:
    yield from _texts(owner, "repositories", "repository", "url")
    yield from _texts(owner, "pluginRepositories", "pluginRepository", "url")


def _activation_files(profile: Element) -> Iterator[str]:
    yield from _texts(profile, "activation", "file", "exists")
    yield from _texts(profile, "activation", "file", "missing")


def _id(element: Element) -> Coordinates:
    return _text(element, "groupId"), _text(element, "artifactId")


def _plugin_id(element: Element) -> Coordinates:
    group, name = _id(element)
    return group or "org.apache.maven.plugins", name


def _text(element: Element, name: str) -> str:
    return next(_texts(element, name), "")


def _texts(element: Element, *path: str) -> Iterator[str]:
    for found in _all(element, *path):
        if text := (found.text or "").strip():
            yield text


def _all(element: Element, *path: str) -> Iterator[Element]:
    """Descendants by local names: a POM may or may not have a namespace."""
    if not path:
        yield element
        return
    for child in element:
        if _tag(child) == path[0]:
            yield from _all(child, *path[1:])


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def extension_names(text: str) -> list[str]:
    """`group:artifact` of each core extension of a `.mvn/extensions.xml`; unreadable ones too."""
    if not text:
        return []
    root = parse_xml(text)
    if isinstance(root, str):
        return ["that cannot be read (polyglot?)"]
    return [":".join(_id(e)) for e in _all(root, "extension")]

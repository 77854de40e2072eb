"""NuGet's settings: folders that serve as package sources, and where packages are kept.

Source: "nuget.config reference" and "Common NuGet configurations" (learn.microsoft.com): the files
in the folder of the project or solution and in all above it count, in each of three spellings on
Linux (NuGet.Client, `Settings.OrderedSettingsFileNames`).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.words import absolute
from reorder.ecosystems.xmltext import parse_xml

NAMES: Final = ("nuget.config", "NuGet.config", "NuGet.Config")


@dataclass(frozen=True, slots=True)
class NugetConfig:
    """What one file says; paths are absolute."""

    folders: tuple[str, ...] = ()  # sources that are folders
    packages: str | None = None  # globalPackagesFolder
    problem: str | None = None


def read_nuget_config(text: str, path: str) -> NugetConfig:
    """A settings file of the build context."""
    root = parse_xml(text)
    if isinstance(root, str):
        return NugetConfig(problem=f"{path} cannot be read: {root}")
    here = posixpath.dirname(path)
    folders: list[str] = []
    packages = None
    for section in root:
        tag = str(section.tag).lower()
        for entry in section:
            key, value = entry.get("key", ""), entry.get("value", "").replace("\\", "/")
            if tag in ("packagesources", "fallbackpackagefolders") and value:
                if "%" in value:
                    return NugetConfig(problem=f"{path} takes a source from a variable")
                if "://" not in value:
                    folders.append(absolute(value, here))
            if tag == "config" and key.lower() == "globalpackagesfolder" and value:
                packages = absolute(value, here)
    return NugetConfig(tuple(folders), packages)

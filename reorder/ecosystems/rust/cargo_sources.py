"""What the sources of a package name outside of it: `include_str!("../../schema.sql")` and its kin.

Macros take a path from the file (`include_str!`, `#[path]`) or from the package (`sqlx::migrate!`,
what CARGO_MANIFEST_DIR starts). Strings are read wherever they stand; what follows `#[cfg(test)]`,
and tests, benches and examples, is not compiled by a build.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.paths import below
from reorder.ecosystems.rust.cargo_manifest import Manifest
from reorder.ecosystems.words import absolute

_STRING: Final = re.compile(r'"([\w@+. /-]{1,200})"')
_TESTS: Final = re.compile(r"#\[cfg\(test\)\]\s*mod\s+\w+\s*\{")
_CLIMBS: Final = re.compile(
    r"\.parent\(\)|\.ancestors\(\)|CARGO_WORKSPACE_DIR|MetadataCommand|workspace_root|\"metadata\""
)
_NOT_BUILT: Final = ("tests/", "benches/", "examples/", "target/")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a package reads, or may read, of its surroundings."""

    named: frozenset[str] = frozenset()  # image paths outside of its folder, all of them there
    climbs: bool = False  # its build script computes a folder above its own


def sources_of(package: Manifest, root: str, inner: frozenset[str], files: Files) -> Sources:
    """The named files of a package; `inner` are the folders of packages below it."""
    own = package.folder
    script = str((package.package or {}).get("build", "build.rs"))
    named: set[str] = set()
    climbs = False
    for path in files.under(own):
        name = path[len(own) :].lstrip("/")
        if not name.endswith(".rs") or name.startswith(_NOT_BUILT):
            continue
        if any(below(path, folder) for folder in inner):
            continue
        strings, goes_up = _read(files.read(path) or "")
        climbs |= goes_up and name == script
        bases = [posixpath.dirname(path), own, *([root] if goes_up else [])]
        for text in strings:
            for found in (absolute(text.lstrip("/"), base) for base in bases):
                outside = not below(found, own) or any(below(found, i) for i in inner)
                if outside and found != root and below(found, root) and _there(found, files):
                    named.add(found)
    return Sources(frozenset(named), climbs)


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[frozenset[str], bool]:
    """The strings that may be a path, and whether a folder above is computed."""
    tests = _TESTS.search(text)
    text = text[: tests.start()] if tests is not None else text
    return frozenset(_STRING.findall(text)), _CLIMBS.search(text) is not None


def _there(path: str, files: Files) -> bool:
    return bool(files.exists(path)) or bool(files.under(path))

"""Gemfile.lock: whether `bundle install` leaves it as it is.

Bundler writes it again where the Gemfile asks for something else than its DEPENDENCIES, where no
platform in it fits the one that it runs on, where a checksum is missing, and where it is of an
older major version of Bundler; BUNDLED WITH and RUBY VERSION alone are left as they are.

Source: Bundler 2.5 `definition.rb` (`write_lock`, `lockfiles_equal?`, `add_current_platform`,
`converge_dependencies`) and `lockfile_parser.rb`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.ruby.gemfile import Gemfile

_DEPENDENCY: Final = re.compile(r"^  (\S+?)(?: \(([^)]*)\))?(!)?$")
_SPEC: Final = re.compile(r"^    (\S+) \(([^)]*)\)$")


@dataclass(frozen=True, slots=True)
class Lock:
    """The parts of a Gemfile.lock that count. A requirement is as the file writes it."""

    dependencies: Mapping[str, tuple[frozenset[str], bool]]  # name → requirement, own source
    platforms: frozenset[str]
    paths: Mapping[str, str]  # gems of PATH sections → version
    bundler: str | None
    bare_checksums: bool  # CHECKSUMS has a gem without one


def read_lock(text: str) -> Lock:
    """A lockfile; what it does not have is empty."""
    dependencies: dict[str, tuple[frozenset[str], bool]] = {}
    platforms: set[str] = set()
    paths: dict[str, str] = {}
    bundler: str | None = None
    bare = False
    section = ""
    for line in text.splitlines():
        if line and not line.startswith(" "):
            section = line.strip()
        elif section == "DEPENDENCIES" and (match := _DEPENDENCY.match(line)):
            parts = {part.strip() for part in (match[2] or "").split(",") if part.strip()}
            dependencies[match[1]] = (frozenset(parts), match[3] is not None)
        elif section == "PLATFORMS" and line.strip():
            platforms.add(line.strip())
        elif section == "PATH" and (match := _SPEC.match(line)):
            paths[match[1]] = match[2]
        elif section == "BUNDLED WITH" and line.strip():
            bundler = line.strip()
        elif section == "CHECKSUMS" and line.strip() and "sha256=" not in line:
            bare |= line.split()[0] not in paths
    return Lock(dependencies, frozenset(platforms), paths, bundler, bare)


def why_rewritten(lock: Lock, gemfile: Gemfile, *, only_ruby: bool) -> str | None:
    """Why an install that is not frozen may change the lockfile; None: it stays as it is."""
    if gemfile.unsure is not None:
        return gemfile.unsure
    if gemfile.gemspecs or lock.paths:
        return "the version and the dependencies of a gem in the source are part of it"
    asked = {gem.name: gem for gem in gemfile.gems}
    for name, gem in asked.items():
        if gem.requirement is None:
            return f"which version of `{name}` the Gemfile asks for is not written out"
        if name not in lock.dependencies:
            return f"it lacks `{name}`, which the Gemfile asks for"
        if lock.dependencies[name] != (gem.requirement, gem.own_source):
            return f"the Gemfile asks for another `{name}` than it has"
    gone = next((name for name in lock.dependencies if name not in asked), None)
    if gone is not None:
        return f"it has `{gone}`, which the Gemfile no longer asks for"
    if "ruby" not in lock.platforms and (only_ruby or not linux(lock)):
        return f"its platforms ({', '.join(sorted(lock.platforms))}) lack the one of the image"
    if lock.bare_checksums:
        return "it lacks checksums"
    if lock.bundler is not None and lock.bundler.partition(".")[0] in ("0", "1"):
        return f"it is of Bundler {lock.bundler}, and a newer one writes its own version"
    return None


def linux(lock: Lock) -> tuple[str, ...]:
    """The Linux platforms it lists."""
    return tuple(sorted(p for p in lock.platforms if "linux" in p))

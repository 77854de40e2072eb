"""A Node project as an installer sees it: package.json files, workspaces, `file:` dependencies.

Source: npm documentation "package.json" and "workspaces", `@npmcli/map-workspaces`,
`npm-package-arg`, `bin-links` (a command of a linked package gets a link, and its file the execute
bit, only if that file is there during the install). Yarn 1.22, Yarn 3 and 4 (linker node-modules),
pnpm 8 to 12 and bun 1.4 do the same with commands, by real installs.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.node.node_specs import DEPENDENCIES, local_specs
from reorder.ecosystems.paths import glob_match
from reorder.ecosystems.words import absolute

_DEEPEST: Final = 6  # of `**` in a workspace pattern, as far as patterns of paths go


@dataclass(frozen=True, slots=True)
class Rules:
    """What one installer does with members, paths and commands in its own way."""

    tool: str = "npm"
    patterns: tuple[str, ...] | None = None  # of members; None: `workspaces` of package.json
    nested: bool = False  # a member may have members of its own
    only_links: tuple[str, ...] = ()  # schemes that make a link, whatever is at the other end
    refused: tuple[str, ...] = ()  # schemes that name what cannot be known
    commands: bool = True  # whether commands of members get links


NPM: Final = Rules()


@dataclass(frozen=True, slots=True)
class Package:
    """A package.json that was read, and where."""

    folder: str
    data: Mapping[str, Any]

    @property
    def manifest(self) -> str:
        return posixpath.join(self.folder, "package.json")

    @property
    def dependencies(self) -> frozenset[str]:
        """The names of what it asks for."""
        fields = (self.data.get(name) for name in DEPENDENCIES)
        return frozenset(name for field in fields if isinstance(field, dict) for name in field)


@dataclass(frozen=True, slots=True)
class Project:
    """The root package, its workspace members, and the packages it links or unpacks."""

    root: Package
    members: tuple[Package, ...]
    linked: tuple[Package, ...]  # `file:` folders that are not members
    files: tuple[str, ...]  # tarballs, and the command files of members
    patterns: frozenset[str]  # where members are looked for
    problem: str | None  # why this is not all

    @property
    def packages(self) -> tuple[Package, ...]:
        return (self.root, *self.members, *self.linked)


def read_package(folder: str, files: Files) -> Package | str:
    """The package.json of a folder, or the reason why it is not known."""
    path = posixpath.join(folder, "package.json")
    text = files.read(path)
    if text is None:
        if files.exists(path) is False:
            return f"{path} is not in the build context"
        return f"{path} does not come from the build context"
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return f"{path} is not JSON"
    return Package(folder, data) if isinstance(data, dict) else f"{path} is not a JSON object"


def read_project(folder: str, files: Files, rules: Rules = NPM) -> Project | str:
    """The project below a folder, or the reason why its root is not known."""
    root = read_package(folder, files)
    if isinstance(root, str):
        return root
    problems: list[str] = []
    patterns: set[str] = set()
    members = _members(root, files, rules, patterns, problems)
    linked, tarballs = _local(root, members, files, rules, problems)
    commands: list[str] = []
    if rules.commands:
        commands = [c for p in (*members, *linked) for c in _commands(p, files, rules, problems)]
    own = [c for c in commands if not any(c.startswith(p.folder + "/") for p in linked)]
    problem = problems[0] if problems else None
    found = tuple(dict.fromkeys((*tarballs, *own)))
    return Project(root, tuple(members), tuple(linked), found, frozenset(patterns), problem)


def _members(
    root: Package, files: Files, rules: Rules, patterns: set[str], problems: list[str]
) -> list[Package]:
    members: dict[str, Package] = {}
    queue = [root]
    while queue:
        above = queue.pop(0)
        for path in _member_manifests(above, files, patterns, rules.patterns):
            member = read_package(posixpath.dirname(path), files)
            if isinstance(member, str):
                problems.append(member)
            elif path not in members:
                members[path] = member
                queue += [member] if rules.nested else []
    return [members[path] for path in sorted(members)]


def workspace_patterns(package: Package) -> tuple[str, ...]:
    """The `workspaces` of a package.json, relative patterns, `!` kept."""
    declared = package.data.get("workspaces", ())
    if isinstance(declared, dict):
        declared = declared.get("packages", ())
    if not isinstance(declared, list):
        return ()
    return tuple(
        alternative
        for entry in declared
        if isinstance(entry, str)
        for alternative in _braces(entry)
    )


def is_member(root: Package, folder: str, files: Files) -> bool:
    """Whether a folder is a workspace member of a package."""
    manifest = posixpath.join(folder, "package.json")
    return manifest in _member_manifests(root, files, set())


def _member_manifests(
    root: Package, files: Files, patterns: set[str], given: tuple[str, ...] | None = None
) -> list[str]:
    found: dict[str, None] = {}
    left_out: set[str] = set()
    wide: list[str] = []
    for entry in workspace_patterns(root) if given is None else given:
        inverted = entry.startswith("!")
        pattern = posixpath.normpath(entry.lstrip("!").lstrip("/"))
        wanted = absolute(f"{pattern}/package.json", root.folder)
        for path in files.glob(wanted):
            if inverted:
                left_out |= {path} if found.pop(path, path) is None else set()
            elif "/node_modules/" not in path and posixpath.dirname(path) != root.folder:
                found[path] = None
        wide += [] if inverted else _depths(wanted)
    # A pattern that also names what is left out says too much; its members are known one by one.
    patterns |= {one for one in wide if not any(glob_match(path, one) for path in left_out)}
    return sorted(found)


def _depths(pattern: str) -> Iterator[str]:
    """`a/**/b` as patterns whose `*` stays in one segment."""
    if "**" not in pattern.split("/"):
        yield pattern
        return
    before, _, after = pattern.partition("**/")
    for depth in range(_DEEPEST):
        yield before + "*/" * depth + after.replace("**/", "*/")


def _braces(pattern: str) -> Iterator[str]:
    start, end = pattern.find("{"), pattern.find("}")
    if start == -1 or end < start:
        yield pattern
        return
    for choice in pattern[start + 1 : end].split(","):
        yield from _braces(pattern[:start] + choice + pattern[end + 1 :])


def _local(
    root: Package, members: list[Package], files: Files, rules: Rules, problems: list[str]
) -> tuple[list[Package], list[str]]:
    """Folders and tarballs that dependencies name by path, also those of linked folders."""
    linked: list[Package] = []
    tarballs: list[str] = []
    known = {package.folder for package in (root, *members)}
    queue = [root, *members]
    while queue:
        package = queue.pop(0)
        for spec in local_specs(package.data):
            path = absolute(spec.path, package.folder)
            if spec.scheme in rules.refused:
                problems.append(
                    f"which files the `{spec.scheme}` dependency `{spec.name}` has is not known"
                )
            elif spec.scheme in rules.only_links:
                continue
            elif spec.is_tarball:
                tarballs.append(path)
                if files.exists(path) is not True:
                    problems.append(f"`{spec.name}` is {path}, which is not in the build context")
            elif path not in known:
                known.add(path)
                found = read_package(path, files)
                if isinstance(found, str):
                    problems.append(f"`{spec.name}` is a folder, and {found}")
                else:
                    linked.append(found)
                    queue.append(found)
    return linked, tarballs


def _commands(package: Package, files: Files, rules: Rules, problems: list[str]) -> Iterator[str]:
    """The files of a linked package's commands that exist."""
    declared = package.data.get("bin")
    if isinstance(package.data.get("directories"), dict) and "bin" in package.data["directories"]:
        problems.append(f"{package.manifest} has `directories.bin`: every file there is linked")
    targets = declared.values() if isinstance(declared, dict) else (declared,)
    for target in targets:
        if not isinstance(target, str):
            continue
        path = absolute(target.lstrip("/"), package.folder)
        if files.exists(path) is not True:
            continue
        yield path
        text = files.read(path) or ""
        undone = "which a later COPY would undo"
        if not files.executable(path):
            problems.append(f"{rules.tool} makes {path} executable, {undone}")
        elif re.match(r"#![^\n]+\r\n", text):
            problems.append(f"{rules.tool} rewrites the first line of {path}, {undone}")

"""An environment file of conda: what an install from it reads, the part for pip included.

Source: conda 24 "Managing environments" and `env/installers/pip.py`: the list for pip is written to
a requirements file beside the environment file, and pip runs in that folder. Files of other kinds
(lists of packages, explicit lists of addresses, conda-lock.yml) name no further files.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reorder.context import yamltext
from reorder.ecosystems.contract import Files
from reorder.ecosystems.paths import below
from reorder.ecosystems.python.requirements import read_lines, requirement_closure, source
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Opaque


# Collects while the files are read, so it is not frozen.
@dataclass(slots=True)
class Environment:
    """What some environment files bring in. `problem`: the first reason why this is not all."""

    files: dict[str, None] = field(default_factory=dict)
    folders: dict[str, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    builds: bool = False  # pip may build a package from source
    problem: str | None = None

    def refuse(self, reason: str) -> None:
        """Keeps the first reason."""
        self.problem = self.problem or reason


def read_environments(
    paths: Sequence[str], files: Files, env: Mapping[str, str | None]
) -> Environment:
    """Everything that is read for some files (absolute paths) given to conda."""
    found = Environment()
    for path in paths:
        text = files.read(path)
        if text is None:
            there = files.exists(path)
            found.missing[path] = None
            where = "is not in" if there is False else "does not come from"
            found.refuse(f"{path} {where} the build context")
            continue
        found.files[path] = None
        if path.endswith((".yml", ".yaml")):
            _yaml(found, path, text, files, env)
    return found


def _yaml(
    found: Environment, path: str, text: str, files: Files, env: Mapping[str, str | None]
) -> None:
    try:
        data = yamltext.load(text)
    except ValueError:
        found.refuse(f"{path} is not YAML that can be read")
        return
    rows = data.get("dependencies") if isinstance(data, dict) else None
    for row in rows if isinstance(rows, list) else ():
        lines = row.get("pip") if isinstance(row, dict) else None
        if isinstance(lines, list):
            _pip(found, path, [str(line) for line in lines], files, env)
    if isinstance(data, dict) and any("$" in str(c) for c in data.get("channels") or ()):
        found.refuse(f"a channel in {posixpath.basename(path)} depends on a variable")


def _pip(
    found: Environment,
    path: str,
    lines: Sequence[str],
    files: Files,
    env: Mapping[str, str | None],
) -> None:
    folder = posixpath.dirname(path)
    name = posixpath.basename(path)
    read = read_lines("\n".join(lines), env)
    if isinstance(read, Opaque):
        found.refuse(f"{name}: {read.reason}")
        return
    found.builds = True
    starts = [absolute(line.value, folder) for line in read if line.kind == "include"]
    starts = [start for start in starts if "://" not in start]
    closure = requirement_closure(starts, folder, files, env)
    found.files |= dict.fromkeys(closure.files)
    found.missing |= dict.fromkeys(closure.missing)
    found.folders |= dict.fromkeys(closure.folders)
    found.variables |= closure.variables
    if closure.problem is not None:
        found.refuse(closure.problem)
    links = [absolute(line.value, folder) for line in read if line.kind == "links"]
    found.folders |= dict.fromkeys(link for link in links if "://" not in link)
    sources = [source(line.value, folder) for line in read if line.kind == "requirement"]
    editables = [source(line.value, folder) for line in read if line.kind == "editable"]
    for one in (*sources, *editables, *closure.sources, *closure.editables):
        if one.kind == "folder" and below(folder, one.path):
            found.refuse(f"`{one.text}` in {name} installs the project itself")
        elif one.kind == "folder":
            found.refuse(f"`{one.text}` in {name} is built in its folder")
        elif one.kind == "archive" and files.origin(one.path) is None:
            found.refuse(f"{one.path} does not come from the build context")
        elif one.kind == "archive":
            found.files[one.path] = None
    if any(one.kind == "vcs" for one in (*editables, *closure.editables)):
        found.refuse(f"{name} checks out an editable package beside itself")

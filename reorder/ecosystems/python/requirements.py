"""Requirement files: everything an install with `-r` and `-c` reads.

Source: pip 23 `_internal/req/req_file.py` and `constructors.py`. Paths
after `-r` and `-c` are relative to the file, local requirements are relative to the working folder,
`--find-links` is relative to the file where that exists.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reorder.ecosystems.contract import Files
from reorder.ecosystems.python.pip_options import read_options
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Arg, Opaque

_COMMENT: Final = re.compile(r"(^|\s+)#.*$")
_VARIABLE: Final = re.compile(r"\$\{([A-Z0-9_]+)\}")
_URL: Final = re.compile(r"^(https?|ftp|file):", re.IGNORECASE)
_VCS: Final = re.compile(r"^(git|hg|svn|bzr)(\+|:)", re.IGNORECASE)
_DIRECT: Final = re.compile(r"^[A-Za-z0-9][\w.-]*\s*(\[[^\]]*\])?\s*@\s*(?=\S)")
_ARCHIVES: Final = (
    *(".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tlz"),
    *(".tar.lz", ".tar.lzma"),
)

Kind = Literal["named", "remote", "vcs", "archive", "folder"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a requirement comes from; `path` is the image path of an archive or a folder."""

    kind: Kind
    text: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a requirement file asks for."""

    kind: Literal["requirement", "editable", "include", "links"]
    value: str


@dataclass(frozen=True, slots=True)
class Closure:
    """What some requirement files bring in. `sources` holds local and version control ones."""

    files: tuple[str, ...] = ()  # known to be the context's, in the order they are read
    folders: tuple[str, ...] = ()  # searched for archives
    sources: tuple[Source, ...] = ()
    editables: tuple[Source, ...] = ()
    variables: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()  # read, but not known
    problem: str | None = None  # the first reason why this is not all


def source(text: str, cwd: str) -> Source:
    """Where one requirement comes from, as pip decides it (`parse_req_from_line`)."""
    text = text.strip()
    location = _DIRECT.sub("", text) if ":" in text else text
    if _VCS.match(location):
        return Source("vcs", text)
    if _URL.match(location):
        if not location.lower().startswith("file:"):
            return Source("remote", text)
        location = re.split(r"[;#]", location)[0].strip()
        location = "/" + location[5:].removeprefix("//localhost").lstrip("/")
    else:
        location = re.sub(r"\[[^\]]*\]$", "", text.split(";")[0].strip())
    archive = location.lower().endswith(_ARCHIVES)
    if "/" in location or location.startswith(".") or archive:
        return Source("archive" if archive else "folder", text, absolute(location, cwd))
    return Source("named", text)


def requirement_closure(
    starts: Sequence[str], cwd: str, files: Files, env: Mapping[str, str | None]
) -> Closure:
    """Everything that is read for some requirement and constraint files (absolute paths)."""
    closure = _Collector()
    queue = list(starts)
    while queue:
        path = queue.pop(0)
        if path in closure.files or path in closure.missing:
            continue
        text = files.read(path)
        if text is None:
            closure.missing.append(path)
            closure.refuse(_absent(path, files))
            continue
        closure.files.append(path)
        queue += _collect(closure, path, text, cwd, files, env)
    return closure.done()


class _Collector:
    def __init__(self) -> None:
        self.files: list[str] = []
        self.folders: list[str] = []
        self.sources: list[Source] = []
        self.editables: list[Source] = []
        self.variables: set[str] = set()
        self.missing: list[str] = []
        self.problem: str | None = None

    def refuse(self, reason: str) -> None:
        self.problem = self.problem or reason

    def done(self) -> Closure:
        return Closure(
            tuple(self.files),
            tuple(dict.fromkeys(self.folders)),
            tuple(self.sources),
            tuple(self.editables),
            frozenset(self.variables),
            tuple(self.missing),
            self.problem,
        )


def _collect(
    closure: _Collector,
    path: str,
    text: str,
    cwd: str,
    files: Files,
    env: Mapping[str, str | None],
) -> list[str]:
    """Take in one file; the paths it includes are the result."""
    closure.variables |= set(_VARIABLE.findall(text))
    lines = read_lines(text, env)
    if isinstance(lines, Opaque):
        closure.refuse(f"{posixpath.basename(path)}: {lines.reason}")
        return []
    included: list[str] = []
    folder = posixpath.dirname(path)
    for line in lines:
        if line.kind == "include":
            included += _included(line.value, folder)
        elif line.kind == "links":
            near = absolute(line.value, folder)
            local = not _URL.match(line.value)
            found = near if files.exists(near) else absolute(line.value, cwd)
            closure.folders += [found] if local else []
        elif line.kind == "editable":
            closure.editables.append(source(line.value, cwd))
        else:
            closure.sources.append(source(line.value, cwd))
    return included


def _included(value: str, folder: str) -> list[str]:
    """A nested file; one from the network is not the context's."""
    return [] if _URL.match(value) else [absolute(value, folder)]


def read_lines(text: str, env: Mapping[str, str | None]) -> tuple[Line, ...] | Opaque:
    """The lines of a requirement file that name something; `Opaque` where pip would fail too."""
    found: list[Line] = []
    for raw in _logical_lines(text.removeprefix("\ufeff")):
        expanded = _expand(raw, env)
        if expanded is None:
            if raw.lstrip().startswith(
                ("-r", "-c", "--req", "--con", "-e", "--ed", "-f", "--find")
            ):
                return Opaque(f"`{raw}` depends on a variable that is not known")
            expanded = raw
        words, rest = _break(expanded)
        if words:
            found.append(Line("requirement", words))
            continue
        try:
            parts = shlex.split(rest)
        except ValueError:
            return Opaque(f"`{raw}` has an open quote")
        options = read_options([Arg(part, "literal", (0, 0)) for part in parts])
        if isinstance(options, Opaque):
            return options
        found += [Line("include", a.text) for a in options.all("--requirement", "--constraint")]
        found += [Line("links", a.text) for a in options.all("--find-links")]
        found += [Line("editable", a.text) for a in options.all("--editable")]
    return tuple(found)


def _logical_lines(text: str) -> Iterator[str]:
    joined = ""
    for line in text.splitlines():
        comment = _COMMENT.match(line) is not None
        if line.endswith("\\") and not comment:
            joined += line.strip("\\")
            continue
        joined += " " + line if comment else line
        logical = _COMMENT.sub("", joined).strip()
        joined = ""
        if logical:
            yield logical
    if logical := _COMMENT.sub("", joined).strip():
        yield logical


def _expand(line: str, env: Mapping[str, str | None]) -> str | None:
    """`${NAME}` replaced; None when a value is not known. Unset ones stay, as in pip."""
    for name in _VARIABLE.findall(line):
        value = env.get(name, "")
        if value is None:
            return None
        line = line.replace("${" + name + "}", value) if value else line
    return line


def _break(line: str) -> tuple[str, str]:
    """The requirement, and the options that start at the first word with a dash."""
    words = line.split(" ")
    cut = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    return " ".join(words[:cut]).strip(), " ".join(words[cut:])


def _absent(path: str, files: Files) -> str:
    name = posixpath.basename(path)
    there = files.exists(path)
    if there is False:
        return f"{path} is not in the build context"
    if there is None:
        return f"{path} does not come from the build context, so what it includes is not known"
    return f"{name} cannot be read as text"

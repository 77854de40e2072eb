"""The text of manifest copies, in the manner of the COPY they are taken from."""

from __future__ import annotations

import json
import posixpath

from reorder.ecosystems.paths import below
from reorder.graph.copies import Copied
from reorder.graph.facts import Node
from reorder.syntax import views

KEPT_FLAGS = ("--chown", "--chmod", "--link")
UNREADABLE = frozenset("*?[]$\\\"'<\t\n\r")


def is_readable(name: str) -> bool:
    """Whether a COPY takes a context path as the name of that file and nothing else."""
    return not name.startswith("-") and UNREADABLE.isdisjoint(name)


def manifest_copies(copy: Node, wanted: list[str], folders: list[str]) -> list[str]:
    """One COPY for each folder the wanted files (image paths) lie in, whole folders as one."""
    assert isinstance(copy.copy, Copied)
    origin = copy.copy.placed.files
    groups: dict[str, list[str]] = {}
    whole: dict[str, str] = {}
    for path in wanted:
        folder = next((f for f in folders if below(path, f) and f != path), None)
        if folder is None:
            groups.setdefault(posixpath.dirname(path), []).append(origin[path])
        else:
            depth = path[len(folder) :].count("/")
            source = origin[path].rsplit("/", depth)[0]
            whole[folder] = source
    texts = [_line(copy, copy.copy, group, folder) for folder, group in groups.items()]
    return texts + [_line(copy, copy.copy, [source], folder) for folder, source in whole.items()]


def _line(copy: Node, known: Copied, sources: list[str], folder: str) -> str:
    """`COPY [flags] sources dest`, JSON when a path has a blank."""
    keyword = copy.instruction.tokens[0].text
    flags = [
        token.text
        for token in copy.instruction.tokens
        if token.kind == "flag" and token.text.split("=")[0] in KEPT_FLAGS
    ]
    written = "copy" if keyword.islower() else "COPY"
    words = [*sources, _dest(views.copy(copy.instruction).dest, known.dest, folder, len(sources))]
    if any(" " in word for word in words):
        return " ".join([written, *flags, json.dumps(words, ensure_ascii=False)])
    return " ".join([written, *flags, *words])


def _dest(written: str, resolved: str, folder: str, count: int) -> str:
    """The author's destination, carried on to a folder below it."""
    inner = posixpath.relpath(folder, resolved)
    if written in (".", "./"):
        if inner == ".":
            return "./" if count > 1 else written
        return inner + "/"
    base = written.rstrip("/")
    return f"{base}/" if inner == "." else f"{base}/{inner}/"

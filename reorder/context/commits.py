"""Git's log as data: what each commit of the first-parent line changed, and texts from the past.

Plumbing facts: git-log(1) `--raw -z`, git-cat-file(1) `--batch`, git-rev-list(1) `--missing`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reorder.context.git import git

START_SECONDS, LOG_SECONDS, TEXT_SECONDS = 1.0, 4.0, 1.5
MOST_WALKED = 10_000  # commits of the line that are looked at
MOST_LOG, MOST_TEXT = 1 << 26, 1 << 25
NONE = ""  # no blob: the path is not there
# Every default that the configuration of a repository or a user could turn.
_LOG = (
    "--first-parent", "--diff-merges=first-parent", "--raw", "--no-abbrev", "-z", "--format=%H %ct",
    "--root", "--no-renames", "--no-relative", "--no-follow", "--no-color", "--no-ext-diff",
    "--ignore-submodules=none", "--no-mailmap", "-O/dev/null",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Blobs:
    """The two sides of a change of one path; NONE where it is not there.

    `modes` are git's, octal (`100755`); a submodule's is `160000`.
    """

    old: str
    new: str
    modes: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Logged:
    """A commit of the line: its name, when it was made (Unix time), and what it changed."""

    name: str
    time: int
    changes: Mapping[str, Blobs]


@lru_cache(maxsize=16)
def commits(top: Path, head: str, paths: tuple[str, ...], limit: int) -> tuple[Logged, ...] | None:
    """What the last commits up to `head` that touch some paths changed in them, newest first.

    Paths are literal and relative to `top`, the work tree's root; "." is all of it. A merge has
    its changes against the first parent. None: git failed, was too slow or had too much to say.
    """
    log = _log(top, head, paths, f"--max-count={limit}")
    return None if log is None else tuple(commit for commit in log if commit.changes)


@lru_cache(maxsize=16)
def line(top: Path, head: str, limit: int, since: str = "") -> tuple[Logged, ...] | None:
    """The last commits of the first-parent line whatever they touch, newest first.

    `since` is a date as git takes it; what is older does not count. None: as for `commits`.
    """
    more = (f"--since={since}",) if since else ()
    return _log(top, head, (), f"--max-count={limit}", *more)


def _log(top: Path, head: str, paths: tuple[str, ...], *more: str) -> tuple[Logged, ...] | None:
    """Without paths every commit counts, also one that changes nothing."""
    whole = not paths or "." in paths  # nearly every commit touches all of it
    span = (head,) if whole else _span(top, head)
    log = ("log", *_LOG, *more, *span, "--", *paths)
    output = git(top, "--literal-pathspecs", *log, timeout=LOG_SECONDS, most=MOST_LOG)
    return None if output is None else tuple(_split(output))


@lru_cache(maxsize=16)
def _span(top: Path, head: str) -> tuple[str, ...]:
    """The revisions to look at: a folder that hardly changes is not sought through all time."""
    line = ("rev-list", "--first-parent", "--max-count=1", f"--skip={MOST_WALKED}", head)
    start = (git(top, *line, timeout=START_SECONDS) or b"").decode("ascii").strip()
    return (head, f"^{start}") if start else (head,)


def _split(output: bytes) -> Iterator[Logged]:
    tokens = iter(output.split(b"\0"))
    current: Logged | None = None
    changes: dict[str, Blobs] = {}
    for token in tokens:
        token = token.lstrip(b"\n")
        if token.startswith(b":"):
            before, after, old, new, _ = token.decode("ascii").split(" ")
            modes = before.lstrip(":"), after
            changes[os.fsdecode(next(tokens))] = Blobs(_blob(old), _blob(new), modes)
        elif token:
            if current is not None:
                yield current
            name, _, time = token.decode("ascii").partition(" ")
            changes = {}
            current = Logged(name, int(time), changes)
    if current is not None:
        yield current


def _blob(name: str) -> str:
    return name if name.strip("0") else NONE


def texts(top: Path, head: str, path: str, ids: Sequence[str]) -> Mapping[str, str]:
    """The texts of some blobs; without those that a partial clone does not have."""
    found = _batch(top, ids)
    if found is None:  # git gives up at the first one that it would have to fetch
        lacking = _lacking(top, head, path, len(ids))
        found = _batch(top, [name for name in ids if name not in lacking])
    return found or {}


def _batch(top: Path, ids: Sequence[str]) -> dict[str, str] | None:
    asked = "".join(f"{name}\n" for name in ids if name != NONE).encode()
    if not asked:
        return {}
    output = git(top, "cat-file", "--batch", timeout=TEXT_SECONDS, stdin=asked, most=MOST_TEXT)
    if output is None:
        return None
    found: dict[str, str] = {}
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        words = output[at:end].split()
        at = end + 1
        if len(words) != 3:
            continue  # "<name> missing"
        size = int(words[2])
        if words[1] == b"blob":
            found[words[0].decode()] = output[at : at + size].decode("utf-8", "surrogateescape")
        at += size + 1
    return found


def _lacking(top: Path, head: str, path: str, most: int) -> frozenset[str]:
    """The blobs of a path that a partial clone left on the server; asking fetches nothing."""
    walk = ("--first-parent", f"--max-count={most}", head, "--", path)
    listing = ("rev-list", "--objects", "--missing=print", *walk)
    output = git(top, "--literal-pathspecs", *listing, timeout=TEXT_SECONDS, most=MOST_TEXT)
    lines = (output or b"").splitlines()
    return frozenset(line[1:].decode("ascii") for line in lines if line.startswith(b"?"))

"""The last commits of the history, played again. Both Dockerfiles stay as they are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reorder.context.commits import NONE, Blobs, commits, texts
from reorder.context.git import git, toplevel
from reorder.errors import InputError
from reorder.verify.pair import Pair
from reorder.verify.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Commit:
    """What one commit of the first-parent line changed in the context: texts, None for no file."""

    title: str
    old: Mapping[str, bytes | None]
    new: Mapping[str, bytes | None]


def last_commits(pair: Pair, number: int) -> tuple[Commit, ...]:
    """The last `number` commits that touch what the original build reads, oldest first.

    Raises:
        InputError: there is no history to play.
    """
    root = Path(os.path.realpath(pair.root))
    top = toplevel(root)
    head = git(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}") if top else None
    if top is None or head is None:
        raise InputError(str(pair.root), "has no git history to replay")
    top = Path(os.path.realpath(top))
    name, inner = head.decode("ascii").strip(), root.relative_to(top).as_posix()
    log = commits(top, name, (inner,), 4 * number + 20) or ()
    prefix = "" if inner == "." else f"{inner}/"
    found: list[Commit] = []
    for changed in log:
        kept = {
            path.removeprefix(prefix): blobs
            for path, blobs in changed.changes.items()
            if path.startswith(prefix) and _counts(pair, path.removeprefix(prefix))
        }
        if kept and len(found) < number:
            found.append(_commit(top, name, kept))
    if not found:
        raise InputError(str(pair.root), "no commit of its history touches what the build reads")
    return tuple(reversed(found))


def rewind(workspace: Workspace, played: tuple[Commit, ...]) -> None:
    """The files as they were before the first of these commits."""
    for commit in reversed(played):
        _put(workspace, commit.old)


def play(workspace: Workspace, commit: Commit) -> None:
    """The files as they are after a commit."""
    _put(workspace, commit.new)


def _counts(pair: Pair, path: str) -> bool:
    """Not the build files, and not what the builder never gets."""
    context = pair.before.context
    own = os.path.relpath(os.path.realpath(pair.dockerfile), os.path.realpath(pair.root))
    return path not in (own, context.ignore_path) and not context.ignore.excluded(path)


def _commit(top: Path, head: str, changed: Mapping[str, Blobs]) -> Commit:
    ids = [blob for one in changed.values() for blob in (one.old, one.new) if blob != NONE]
    found = texts(top, head, "", list(dict.fromkeys(ids)))
    names = sorted(changed)
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return Commit(
        f"{names[0]}{more}",
        {path: _bytes(found, one.old) for path, one in changed.items()},
        {path: _bytes(found, one.new) for path, one in changed.items()},
    )


def _bytes(found: Mapping[str, str], blob: str) -> bytes | None:
    text = found.get(blob)  # a submodule, or a blob that a partial clone lacks, counts as no file
    return None if text is None else text.encode("utf-8", "surrogateescape")


def _put(workspace: Workspace, files: Mapping[str, bytes | None]) -> None:
    for path, data in files.items():
        if data is None:
            workspace.remove(path)
        elif not (workspace.root / path).is_symlink():
            workspace.write(path, data, 0o755 if data.startswith(b"#!") else 0o644)

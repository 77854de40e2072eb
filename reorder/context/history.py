"""What changes how often, from the repository's own history."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reorder.context.commits import (
    LOG_SECONDS,
    NONE,
    START_SECONDS,
    TEXT_SECONDS,
    Blobs,
    Logged,
    commits,
    line,
    texts,
)
from reorder.context.edits import Edit, Version, edits
from reorder.context.git import git, toplevel

LIMIT = 500
FEWEST = 10  # commits; fewer say nothing about the next one
HEAD_SECONDS = 2.0
SECONDS = HEAD_SECONDS + START_SECONDS + LOG_SECONDS + 2 * TEXT_SECONDS  # in total, at most


@dataclass(frozen=True)
class History:
    """The last commits of the first-parent line that touch the build context or the Dockerfile.

    Bit i of a mask is commit i, newest first. A submodule is one path, that of its folder.
    """

    commits: int
    # Path relative to the context's root -> the commits that changed, added or removed it;
    # paths that are gone now are there too.
    paths: Mapping[str, int]
    # First line of an instruction of the Dockerfile as it is on disk now -> the commits that
    # edited that instruction; without those that no commit is known to have edited.
    edits: Mapping[int, int]
    # The same with more: what each commit changed in the repository, where the context's root lies
    # in it ("" or `folder/`), and what each edited instruction said before and after.
    log: Sequence[Logged] = ()
    prefix: str = ""
    said: Mapping[int, Mapping[int, Edit]] = field(default_factory=dict)


@dataclass(frozen=True)
class NoHistory:
    """Why there is none to go by, in words. `elsewhere`: another clone of it may have one."""

    reason: str
    elsewhere: bool = False


def history(root: Path, dockerfile: Path, text: str, limit: int = LIMIT) -> History | NoHistory:
    """The last `limit` commits that matter to a Dockerfile, whose text on disk is `text`.

    `root` is the context's root. Nothing is fetched and nothing of the repository is run; git has
    10 seconds in all, and looks at the last 10,000 commits of the line. Several Dockerfiles of one
    context cost one reading of the log.
    """
    return _read(root, dockerfile, text, limit)


def whole_line(
    root: Path, dockerfile: Path, text: str, limit: int, since: str = ""
) -> History | NoHistory:
    """The same for the last `limit` commits of the line, also those that touch neither.

    `since` is a date as git takes it. One commit is enough.
    """
    return _read(root, dockerfile, text, limit, since)


def _read(
    root: Path, dockerfile: Path, text: str, limit: int, since: str | None = None
) -> History | NoHistory:
    root = Path(os.path.realpath(root))
    top = toplevel(root)
    if top is None:
        return NoHistory("there is no git repository")
    head = _head(top)
    if isinstance(head, NoHistory):
        return head
    inner = root.relative_to(top).as_posix()
    own = _below(top, dockerfile)
    outside = own is not None and inner != "." and not own.startswith(inner + "/")
    paths = (inner, own) if own is not None and outside else (inner,)
    log = commits(top, head, paths, limit) if since is None else line(top, head, limit, since)
    if log is None:
        return NoHistory(f"git could not read its log within {LOG_SECONDS:.0f} s", elsewhere=True)
    if since is not None and not log:
        return NoHistory(f"there is no commit since {since}" if since else "there are no commits")
    if since is None and len(log) < max(1, min(FEWEST, limit)):
        few = {0: "no commit touches", 1: "only 1 commit touches"}
        return NoHistory(f"{few.get(len(log), f'only {len(log)} commits touch')} the context")
    prefix = "" if inner == "." else inner + "/"
    said = _edits(top, head, own, text, log)
    masks = {at: sum(1 << number for number in made) for at, made in said.items()}
    return History(len(log), _paths(log, prefix), masks, log, prefix, said)


def _head(top: Path) -> str | NoHistory:
    """The commit at hand, of a repository whose work tree is `top`."""
    ask = ("rev-parse", "--is-shallow-repository", "--show-toplevel")
    output = git(top, *ask, timeout=HEAD_SECONDS / 2)
    if output is None:
        return NoHistory("git cannot read the repository, or there is no git")
    shallow, _, place = os.fsdecode(output).rstrip("\n").partition("\n")
    if os.path.realpath(place) != str(top):
        return NoHistory("there is no git repository")
    if shallow == "true":
        return NoHistory("the clone is shallow", elsewhere=True)
    head = git(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", timeout=HEAD_SECONDS / 2)
    return NoHistory("there are no commits") if head is None else head.decode("ascii").strip()


def _below(top: Path, dockerfile: Path) -> str | None:
    """The path of the Dockerfile in the repository, links followed; None: it is not in there."""
    path = Path(os.path.realpath(dockerfile))
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else None


def _paths(log: Sequence[Logged], prefix: str) -> dict[str, int]:
    masks: dict[str, int] = {}
    for number, commit in enumerate(log):
        for path in commit.changes:
            if path.startswith(prefix):
                name = path[len(prefix) :]
                masks[name] = masks.get(name, 0) | 1 << number
    return masks


def _edits(
    top: Path, head: str, path: str | None, text: str, log: Sequence[Logged]
) -> Mapping[int, Mapping[int, Edit]]:
    """See `edits`; followed to where the file was before, when it is a file of the context."""
    steps: list[tuple[int, str]] = []  # newest first: a commit and the blob that it brought
    base, last = NONE, path
    for number, commit in enumerate(log):
        change = commit.changes.get(path) if path is not None else None
        if change is None:
            continue
        if change.new == NONE and not steps:
            return {}  # what is on disk is not the file of the history
        if change.new != NONE:
            steps.append((number, change.new))
        base, last = change.old, path
        if base == NONE:
            path = _before(commit.changes, change.new, path)
            base = commit.changes[path].old if path is not None else NONE
    if not steps:
        return {}
    found = texts(top, head, last or "", [*dict.fromkeys(blob for _, blob in steps), base])
    versions = [Version(text, None)]
    for number, blob in steps:
        if blob not in found:  # a partial clone: no more is known
            return edits(versions, created=False)
        versions.append(Version(found[blob], number))
    if base in found:
        versions.append(Version(found[base], None))
    return edits(versions, created=base == NONE)


def _before(commit: Mapping[str, Blobs], blob: str, path: str | None) -> str | None:
    """The path that a commit renamed to `path`: the only one it removed that can be it."""
    gone = [name for name, change in commit.items() if change.new == NONE]
    same = [name for name in gone if commit[name].old == blob]
    alike = [name for name in gone if _is_dockerfile(name)]
    for names in (same, alike):
        if len(names) == 1:
            return names[0]
    return None


def _is_dockerfile(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return "dockerfile" in name or name.startswith("containerfile")

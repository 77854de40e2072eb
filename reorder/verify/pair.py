"""Which two Dockerfiles are compared."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from reorder.api import UNKNOWN_CONTEXT, rewrite_opened
from reorder.config import Options
from reorder.context.build import BuildContext
from reorder.context.git import git, toplevel
from reorder.context.reading import named_text
from reorder.errors import InputError
from reorder.graph.facts import Facts, derive
from reorder.opened import MOST_BYTES, Opened, open_file
from reorder.result import Result
from reorder.syntax.parse import parse

_PATIENCE = 5.0  # seconds for git to find a text


@dataclass(frozen=True)
class Side:
    """One of the two: a text, and the context with the ignore file in force for it."""

    text: str
    context: BuildContext

    @property
    def facts(self) -> Facts:
        """What is known of it."""
        return derive(parse(self.text), self.context)


@dataclass(frozen=True)
class Pair:
    """`origin` says in words where the two come from."""

    dockerfile: Path
    root: Path
    before: Side
    after: Side
    origin: str

    @property
    def same(self) -> bool:
        """Whether there is nothing to compare."""
        texts_same = self.before.text == self.after.text
        return texts_same and self.before.context.ignore_text == self.after.context.ignore_text


def find_pair(path: Path, options: Options, against: Path | None = None) -> Pair:
    """The Dockerfile at `path` and what `rewrite` makes of it.

    If that is the same, the file is taken to be rewritten already, and the original is what git has
    at HEAD, or before the last commit that changed it. `against` is another Dockerfile, to be
    compared with the one at `path`; `<against>.dockerignore` beside it replaces the ignore file.

    Raises:
        InputError: for what a user can mend.
    """
    opened = open_file(path, options)
    if opened.context is None:
        raise InputError(str(path), f"{UNKNOWN_CONTEXT} ({opened.unknown})")
    before = Side(str(opened.file), opened.context)
    if against is not None:
        after = _other(against, opened.context)
        return Pair(path, opened.root, before, after, f"{path} and {against}")
    result = rewrite_opened(opened, options)
    proposed = proposed_pair(opened, result, None if result.ignore is None else result.ignore.after)
    if not proposed.same:
        return proposed
    return _from_git(opened, proposed) or proposed


def proposed_pair(opened: Opened, result: Result, ignore: str | None) -> Pair:
    """A Dockerfile and what became of it; `ignore` is the new ignore file, None: it stays.

    The context must be known.
    """
    context = opened.context
    assert context is not None
    before = Side(str(opened.file), context)
    after = Side(result.after, context if ignore is None else context.with_ignore(ignore))
    return Pair(
        opened.path, opened.root, before, after, f"{opened.path} and what `reorder` proposes"
    )


def _other(path: Path, context: BuildContext) -> Side:
    text = named_text(path, MOST_BYTES)
    problems = parse(text).problems
    if problems:
        raise InputError(str(path), problems[0].message, problems[0].line)
    own = path.with_name(path.name + ".dockerignore")
    if own.is_file():
        context = context.with_ignore(named_text(own, MOST_BYTES))
    return Side(text, context)


def _from_git(opened: Opened, same: Pair) -> Pair | None:
    """The pair of an older text and the one on disk; None without git, or when it never changed."""
    path = Path(os.path.realpath(opened.path))
    top = toplevel(path.parent)
    if top is None or not path.is_relative_to(top := Path(os.path.realpath(top))):
        return None
    name = path.relative_to(top).as_posix()
    head = git(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", timeout=_PATIENCE) or b""
    commit = head.decode("ascii", "replace").strip()
    if not commit:
        return None
    for at, said in _candidates(top, commit, name):
        old = _text(top, at, name)
        if old is None or parse(old).problems:
            continue
        ignore = _ignore(top, at, opened, same.before.context)
        pair = replace(same, before=Side(old, ignore), origin=f"{opened.path} of {said}, and now")
        if not pair.same:
            return pair
    return None


def _candidates(top: Path, head: str, name: str) -> list[tuple[str, str]]:
    """Commits to look at, with words: HEAD, and the one before the last that changed the file."""
    found = [(head, f"HEAD ({head[:9]})")]
    output = git(
        top, "--literal-pathspecs", "rev-list", "--first-parent", "--max-count=1", head, "--", name,
        timeout=_PATIENCE,
    )  # fmt: skip
    last = (output or b"").decode("ascii", "replace").strip()
    if last:
        found.append((f"{last}^", f"the commit before {last[:9]}"))
    return found


def _text(top: Path, commit: str, name: str) -> str | None:
    raw = git(top, "cat-file", "blob", f"{commit}:{name}", timeout=_PATIENCE)
    return None if raw is None else raw.decode("utf-8", "surrogateescape")


def _ignore(top: Path, commit: str, opened: Opened, context: BuildContext) -> BuildContext:
    """The context with the ignore file of a commit: none, if it had none."""
    place = Path(os.path.realpath(opened.root), context.ignore_path)
    if not place.is_relative_to(top):
        return context
    text = _text(top, commit, place.relative_to(top).as_posix())
    return replace(context.with_ignore(text or ""), ignore_text=text)

"""A stand-in for the pipeline, with rules short enough to be seen through.

A Dockerfile that contains `slow` gets `fast` in its place, at the line of `slow`. One that contains
`junk` also needs `node_modules` in the ignore file beside it. `broken` is bad input, `bug` a bug.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reorder.config import Options
from reorder.errors import InputError
from reorder.result import Change, IgnoreChange, Refusal, Result


def rewrite_file(path: Path, options: Options, ignores: Mapping[Path, str]) -> Result:
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    root = options.context or path.parent
    at = root / ".dockerignore"
    ignore = ignores.get(at.absolute())
    if ignore is None and at.exists():
        ignore = at.read_bytes().decode()
    return _rewrite(text, str(path), str(root), (at, ignore), options)


def rewrite_text(text: str, name: str, options: Options) -> Result:
    return _rewrite(text, name, ".", None, options)


def _rewrite(
    text: str, name: str, root: str, at: tuple[Path, str | None] | None, options: Options
) -> Result:
    if "broken" in text:
        raise InputError(name, "unknown instruction: BROKEN", _line(text, "broken"))
    if "bug" in text:
        raise ZeroDivisionError("a bug")
    if "slow" not in text or not options.allows("order"):
        return Result(name, root, "unchanged", text, text)
    change = Change("order", _line(text, "slow"), "safe", "makes it fast", ("it was slow",))
    changed = Result(name, root, "changed", text, text.replace("slow", "fast"), (change,))
    if "junk" not in text or (at and "node_modules" in (at[1] or "")):
        return changed
    if at is None:
        refusal = Refusal("order", _line(text, "junk"), "needs an ignore file")
        return Result(name, root, "unchanged", text, text, (), (refusal,))
    path, before = at
    ignore = IgnoreChange(str(path), before, (before or "") + "node_modules\n", ("node_modules",))
    return Result(name, root, "changed", text, changed.after, (change,), ignore=ignore)


def _line(text: str, word: str) -> int:
    return text[: text.index(word)].count("\n") + 1

"""Many Dockerfiles in one run. Those that share an ignore file are rewritten for its final text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from reorder import errors
from reorder.config import Options, OptionsOf
from reorder.errors import InputError, visible
from reorder.result import Change, IgnoreChange, Result

_ROUNDS = 20  # an ignore file that still grows after so many is a bug


class Rewrite(Protocol):
    """`api.rewrite_file`. `ignores` has the text of ignore files that are not on disk yet, by
    absolute path; what `Result.ignore` says starts from that text."""

    def __call__(self, path: Path, options: Options, ignores: Mapping[Path, str], /) -> Result: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one Dockerfile; `bug` is an exception that nobody expected."""

    result: Result
    bug: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """The file `index` extended the ignore file of `context`, and said so in `changes`."""

    index: int
    context: str
    ignore: IgnoreChange
    changes: tuple[Change, ...]


def rewrite_all(paths: Iterable[str], options: OptionsOf, rewrite: Rewrite) -> tuple[Outcome, ...]:
    """Rewrite each Dockerfile with its own options; one outcome per path, in order.

    An exception costs only its file.

    Where a later file extends an ignore file, the earlier ones of that context are done again: a
    second run must find nothing left to do. The first file that needs an ignore file carries its
    whole change, so that the diffs apply together.
    """
    files = tuple(paths)
    outcomes: dict[int, Outcome] = {}
    done_at: dict[int, int] = {}  # how many steps had been taken when a file was done
    steps: list[_Step] = []
    texts: dict[Path, str] = {}
    todo = list(range(len(files)))
    for _ in range(_ROUNDS):
        if not todo:
            break
        for index in todo:
            path = files[index]
            outcome = attempt(path, partial(_with_options, path, options, rewrite, dict(texts)))
            outcomes[index] = outcome
            if (ignore := outcome.result.ignore) is not None:
                texts[_key(ignore)] = ignore.after
                steps.append(_step(index, outcome.result, ignore))
            done_at[index] = len(steps)
        todo = [i for i, outcome in outcomes.items() if _stale(outcome, steps[done_at[i] :])]
    else:
        raise RuntimeError(f"the ignore files of {files} do not come to rest")
    ordered = [outcomes[index] for index in range(len(files))]
    return tuple(_with_ignores(_without_orphans(ordered, steps), steps, texts))


def _with_options(
    path: str, options: OptionsOf, rewrite: Rewrite, ignores: Mapping[Path, str]
) -> Result:
    return rewrite(Path(path), options(path), ignores)


def attempt(path: str, rewrite: Callable[[], Result]) -> Outcome:
    """One file; what goes wrong becomes its error row."""
    try:
        return Outcome(rewrite())
    except InputError as error:
        return Outcome(error_row(path, str(error)))
    except RecursionError:
        return Outcome(error_row(path, f"{visible(path)}: {errors.TOO_DEEP}"))
    except MemoryError:
        return Outcome(error_row(path, f"{visible(path)}: {errors.TOO_LARGE}"))
    except Exception as error:  # a bug with one file must not stop the others
        message = f"{visible(path)}: internal error ({type(error).__name__})"
        return Outcome(error_row(path, message), error)


def error_row(path: str, message: str) -> Result:
    """The result of a file that could not be rewritten."""
    return Result(path=path, context="", status="error", error=message)


def context_of(result: Result) -> str:
    """The folder of the context, however it is written; "" for none."""
    return os.path.realpath(result.context) if result.context else ""


def _key(ignore: IgnoreChange) -> Path:
    return Path(os.path.abspath(ignore.path))


def _step(index: int, result: Result, ignore: IgnoreChange) -> _Step:
    about_it = tuple(change for change in result.changes if change.id == "dockerignore")
    return _Step(index, context_of(result), ignore, about_it)


def _stale(outcome: Outcome, later: Iterable[_Step]) -> bool:
    context = context_of(outcome.result)
    return outcome.result.status != "error" and any(step.context == context for step in later)


def _without_orphans(outcomes: list[Outcome], steps: list[_Step]) -> list[Outcome]:
    """Drop what was proved for an ignore file whose author failed when it was done again."""
    authors = [(step.context, outcomes[step.index].result) for step in steps]
    failed = {context: author.path for context, author in authors if author.status == "error"}
    return [_orphan(outcome, failed) for outcome in outcomes]


def _orphan(outcome: Outcome, failed: Mapping[str, str]) -> Outcome:
    path, author = outcome.result.path, failed.get(context_of(outcome.result))
    if author is None:
        return outcome
    message = f"{path}: left alone, because it shares an ignore file with {author}, which failed"
    return replace(outcome, result=error_row(path, message))


def _with_ignores(
    outcomes: list[Outcome], steps: list[_Step], texts: Mapping[Path, str]
) -> Iterator[Outcome]:
    """Say in each result what its file did to the ignore file, over all rounds."""
    originals: dict[Path, str | None] = {}
    for step in steps:
        originals.setdefault(_key(step.ignore), step.ignore.before)
    for index, outcome in enumerate(outcomes):
        result, own = outcome.result, [step for step in steps if step.index == index]
        if own and result.status != "error":
            key = _key(own[0].ignore)
            ignore = replace(
                own[0].ignore,
                before=originals[key],
                after=texts[key],
                added=tuple(pattern for step in own for pattern in step.ignore.added),
            )
            originals[key] = texts[key]
            told = [c for step in own for c in step.changes if c not in result.changes]
            changes = (*told, *result.changes)
            result = replace(result, status="changed", changes=changes, ignore=ignore)
        yield replace(outcome, result=result)

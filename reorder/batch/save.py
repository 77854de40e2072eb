"""`--write`: the results on disk, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reorder.batch.edits import Edit, edits
from reorder.batch.rewrite import Outcome, context_of, error_row
from reorder.context.write import Write, write_all
from reorder.errors import InputError
from reorder.result import Result


def save(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Write every change; what cannot be written becomes an error row.

    The Dockerfiles of a context whose ignore file changes are written together with it, because
    each was proved for the new one.
    """
    results = [outcome.result for outcome in outcomes]
    errors: dict[str, str] = {}
    for group in _groups(results):
        try:
            write_all([_write(edit) for edit in edits(group)])
        except InputError as error:
            errors.update((result.path, str(error)) for result in group)
    return tuple(
        replace(outcome, result=error_row(path, errors[path]))
        if (path := outcome.result.path) in errors
        else outcome
        for outcome in outcomes
    )


def _groups(results: Sequence[Result]) -> Iterator[tuple[Result, ...]]:
    changed = [result for result in results if result.status == "changed"]
    shared = {context_of(result): None for result in changed if result.ignore is not None}
    for context in shared:
        yield tuple(result for result in changed if context_of(result) == context)
    yield from ((result,) for result in changed if context_of(result) not in shared)


def _write(edit: Edit) -> Write:
    return Write(
        Path(edit.path), _raw(edit.after), None if edit.before is None else _raw(edit.before)
    )


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")

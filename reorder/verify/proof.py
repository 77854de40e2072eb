"""What real builds do not prove is not proposed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from reorder.batch.rewrite import Outcome, context_of, error_row
from reorder.config import Options, OptionsOf
from reorder.errors import InputError
from reorder.opened import open_file
from reorder.result import Result
from reorder.verify.engine import Engine
from reorder.verify.pair import proposed_pair
from reorder.verify.run import NO_EDIT, Asked, verify_pair


def proved(
    outcomes: Sequence[Outcome],
    options: OptionsOf,
    engine: Engine,
    tell: Callable[[str], None] = lambda said: None,
    on_line: Callable[[str], None] = lambda line: None,
) -> tuple[Outcome, ...]:
    """The outcomes; a change that real builds do not prove becomes an error row.

    `tell` takes what is built now, in words; `on_line` a line of the engine's log.
    """
    # The last text of an ignore file is the one that all its Dockerfiles were rewritten for.
    ignores = {
        context_of(outcome.result): outcome.result.ignore.after
        for outcome in outcomes
        if outcome.result.ignore is not None
    }

    def checked(outcome: Outcome) -> Outcome:
        row = outcome.result
        if row.status != "changed":
            return outcome

        def said(what: str) -> None:
            tell(f"{row.path}: {what}")

        why = _why_not(row, ignores.get(context_of(row)), options(row.path), engine, said, on_line)
        return replace(outcome, result=error_row(row.path, why)) if why else outcome

    return tuple(map(checked, outcomes))


def _why_not(
    result: Result,
    ignore: str | None,
    options: Options,
    engine: Engine,
    tell: Callable[[str], None],
    on_line: Callable[[str], None],
) -> str:
    try:
        pair = proposed_pair(open_file(Path(result.path), options), result, ignore)
        found = verify_pair(pair, Asked(options, edit=NO_EDIT), engine, tell, on_line)
    except InputError as error:
        return str(error)
    if found.identical:
        return ""
    differences = [one for target in found.targets for one in target.verdict.differences]
    if not differences:
        return f"{result.path}: the rewritten one does not build: {found.failed[-1]}"
    first = f"{differences[0].what}: {differences[0].words}"
    more = f", and {len(differences) - 1} more" if len(differences) > 1 else ""
    return f"{result.path}: left alone, because the image would differ: {first}{more}"

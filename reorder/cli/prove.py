"""`rewrite --verify`: what real builds do not prove is not proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reorder.cli.batch import Outcome, context_of, error_row
from reorder.cli.interrupts import ended_as_interrupted
from reorder.cli.live import Watcher, watched
from reorder.config import Options
from reorder.errors import InputError
from reorder.result import Result
from reorder.verify.engine import Engine


def prove(outcomes: Sequence[Outcome], options: Options) -> tuple[Outcome, ...]:
    """The outcomes; a change that real builds do not prove becomes an error row.

    Raises:
        NoEngine: nothing here can build; it is looked for also when nothing would change.
    """
    from reorder.verify.engines import find

    # The last text of an ignore file is the one that all its Dockerfiles were rewritten for.
    ignores = {
        context_of(outcome.result): outcome.result.ignore.after
        for outcome in outcomes
        if outcome.result.ignore is not None
    }
    found = []
    with ended_as_interrupted():
        engine = find("auto")
        with watched() as watcher:
            for outcome in outcomes:
                row, why = outcome.result, ""
                if row.status == "changed":
                    why = _why_not(row, ignores.get(context_of(row)), options, engine, watcher)
                found.append(replace(outcome, result=error_row(row.path, why)) if why else outcome)
    return tuple(found)


def _why_not(
    result: Result, ignore: str | None, options: Options, engine: Engine, watcher: Watcher
) -> str:
    """Why a change is not proved; "" when it is."""
    from reorder.opened import open_file
    from reorder.report.verify_text import words
    from reorder.verify.pair import proposed_pair
    from reorder.verify.run import NO_EDIT, Asked, verify_pair

    def tell(said: str) -> None:
        watcher.tell(f"{result.path}: {said}")

    try:
        pair = proposed_pair(open_file(Path(result.path), options), result, ignore)
        asked = Asked(options, edit=NO_EDIT)
        found = verify_pair(pair, asked, engine, tell, watcher.on_line)
    except InputError as error:
        return str(error)
    if found.identical:
        return ""
    differences = [one for target in found.targets for one in target.verdict.differences]
    if not differences:
        return f"{result.path}: the rewritten one does not build: {found.failed[-1]}"
    first = f"{differences[0].what}: {words(differences[0])}"
    more = f", and {len(differences) - 1} more" if len(differences) > 1 else ""
    return f"{result.path}: left alone, because the image would differ: {first}{more}"

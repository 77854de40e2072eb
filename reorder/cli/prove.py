"""`rewrite --verify`: what real builds do not prove is not proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reorder.batch.rewrite import Outcome, context_of, error_row
from reorder.cli.interrupts import ended_as_interrupted
from reorder.cli.live import Watcher, watched
from reorder.config import Options
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
    from reorder.verify.proof import why_not

    def tell(said: str) -> None:
        watcher.tell(f"{result.path}: {said}")

    return why_not(result, ignore, options, engine, tell, watcher.on_line)

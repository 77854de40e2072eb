"""`rewrite --verify`: what real builds do not prove is not proposed."""

from __future__ import annotations

from collections.abc import Sequence

from reorder.batch.rewrite import Outcome
from reorder.cli.interrupts import ended_as_interrupted
from reorder.cli.live import watched
from reorder.config import OptionsOf


def prove(outcomes: Sequence[Outcome], options: OptionsOf) -> tuple[Outcome, ...]:
    """The outcomes; a change that real builds do not prove becomes an error row.

    Raises:
        NoEngine: nothing here can build; it is looked for also when nothing would change.
    """
    from reorder.verify.engines import find
    from reorder.verify.proof import proved

    with ended_as_interrupted():
        engine = find("auto")
        with watched() as watcher:
            return proved(outcomes, options, engine, watcher.tell, watcher.on_line)

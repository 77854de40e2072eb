"""The steps of a build that ended well: which ran, and which came from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reorder.cost import buildlog
from reorder.errors import InputError


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction. `logged.seconds` is None when it was cached, or where nobody says."""

    logged: buildlog.Step
    cached: bool

    @property
    def text(self) -> str:
        """The instruction as the builder prints it."""
        return self.logged.text

    @property
    def seconds(self) -> float | None:
        """How long it ran."""
        return self.logged.seconds


def buildkit_steps(lines: Sequence[str]) -> tuple[Step, ...]:
    """The steps of a BuildKit log, plain or rawjson, without FROM; () when it cannot be read.

    After a build that ended well, a step without a time was not run.
    """
    try:
        logged = buildlog.logged_steps("\n".join(lines), "the build log")
    except InputError:
        return ()
    return tuple(
        Step(step, step.seconds is None)
        for step in logged
        if step.text.split(maxsplit=1)[0].upper() != "FROM"
    )

"""What `verify` found out. Plain values; every output format is made from them."""

from __future__ import annotations

from dataclasses import dataclass

from reorder.cost import buildlog
from reorder.verify.difference import Verdict
from reorder.verify.edit import Kind
from reorder.verify.steps import Step


@dataclass(frozen=True, slots=True)
class Measure:
    """One build, or the median of several rounds: seconds, and how many steps ran."""

    seconds: float
    steps: tuple[Step, ...]

    @property
    def ran(self) -> int:
        """How many steps were not cached."""
        return len(self.steps) - self.cached

    @property
    def cached(self) -> int:
        """How many steps were cached."""
        return sum(step.cached for step in self.steps)


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Both sides after one edit. `verdict` is None where the images were not compared.

    `problem` is why there is no measure; `blame` says that it is the rewrite's fault.
    """

    kind: Kind
    path: str  # that was edited, or what a commit changed
    before: Measure | None
    after: Measure | None
    verdict: Verdict | None = None
    problem: str = ""
    blame: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """One target stage, "" for the last one. Seconds are those of cold builds."""

    name: str
    verdict: Verdict
    before: float
    again: float
    after: float


@dataclass(frozen=True, slots=True)
class Verification:
    """One pair of Dockerfiles. `failed` has the last lines when only the rewritten one fails."""

    path: str
    engine: str
    origin: str
    targets: tuple[Target, ...] = ()
    rebuilds: tuple[Rebuild, ...] = ()
    steps: tuple[buildlog.Step, ...] = ()  # of the cold builds, as `--timings` reads them
    failed: tuple[str, ...] = ()
    failed_target: str = ""
    nothing: bool = False  # both are the same: nothing was built

    @property
    def identical(self) -> bool:
        """Whether every image is the same, and every build that the original survives ends well."""
        verdicts = [target.verdict for target in self.targets]
        verdicts += [row.verdict for row in self.rebuilds if row.verdict is not None]
        blamed = self.failed or any(row.blame for row in self.rebuilds)
        return not blamed and all(verdict.identical for verdict in verdicts)

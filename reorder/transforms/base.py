"""What a transform is, and what it proposes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reorder.config import Options
from reorder.context.builder import BuilderFacts
from reorder.cost.model import Costs
from reorder.graph.facts import Facts
from reorder.result import Refusal, Safety
from reorder.syntax.nodes import Instruction
from reorder.transforms.draft import Draft


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One whole step from a file to a better one. Every line is of the text the author gave."""

    id: str
    line: int
    message: str
    draft: Draft
    safety: Safety = "safe"
    assumptions: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()  # patterns to append to the ignore file of the context
    completes: frozenset[int] = (
        frozenset()
    )  # lines of installs that read more manifests than before
    narrows: Mapping[int, tuple[str, ...]] = field(default_factory=dict, hash=False)
    only_history: bool = False  # nothing but the repository's history asks for it
    adds_work: bool = False  # it brings a step of its own, which has to pay for itself


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose, and what the repository says of its builder."""

    options: Options = field(default_factory=Options)
    builder: BuilderFacts = field(default_factory=lambda: BuilderFacts(True, None))
    original: tuple[Instruction, ...] = ()  # of the author's own file
    new_ignore: bool = False  # the context has no ignore file of its author
    costs: Costs = field(default_factory=Costs)

    @property
    def ephemeral(self) -> bool:
        """Whether every build begins with an imported layer cache and empty cache mounts."""
        if self.options.builder == "auto":
            return self.builder.fresh is not None
        return self.options.builder == "ephemeral"


Proposal = Rewrite | Refusal


class Transform(Protocol):
    """A module under `reorder/transforms/`, listed in `table.py`."""

    ID: str

    def propose(self, facts: Facts, settings: Settings) -> Iterator[Proposal]:
        """Rewrites, best first, and the refusals met on the way. The caller takes at most one."""

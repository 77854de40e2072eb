"""The builds of one verification: where they are kept apart, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reorder.verify.engine import Built, Engine, Request
from reorder.verify.image import Image, Known, read_image
from reorder.verify.outcome import Measure
from reorder.verify.workspace import Workspace

Who = Literal["before", "again", "after"]
_NAMES: Mapping[Who, str] = {
    "before": "the original",
    "again": "the original once more",
    "after": "the rewritten one",
}


@dataclass(frozen=True, slots=True)
class Builds:
    """`token` is new for every run, so that nothing is found that an earlier one built."""

    engine: Engine
    sides: Mapping[Who, Workspace]
    folder: Path  # for archives
    token: str
    args: Mapping[str, str]
    flags: tuple[str, ...]
    seconds: float
    tell: Callable[[str], None]
    on_line: Callable[[str], None]
    known: Known = field(default_factory=dict)

    def build(
        self,
        who: Who,
        target: str | None,
        what: str,
        *,
        cold: bool = False,
        into: Path | None = None,
    ) -> Built:
        """One build of one side; `what` tells people which. Raises BuildFailed."""
        workspace = self.sides[who]
        stage = f", stage {target}" if target else ""
        self.tell(f"{what}: {_NAMES[who]}{stage}")
        return self.engine.build(
            Request(
                context=workspace.root,
                dockerfile=workspace.dockerfile,
                target=target,
                args=self.args,
                flags=self.flags,
                cold=cold,
                space=f"reorder-{self.token}-{who}",
                into=into,
                seconds=self.seconds,
                on_line=self.on_line,
            )
        )

    def archive(self, who: Who) -> Path:
        """Where the image of a side goes for as long as it is looked at."""
        return self.folder / f"{who}.tar"

    def image(self, who: Who) -> Image:
        """The image that was built into `archive`. Raises BadImage."""
        return read_image(self.archive(who), self.known)


def measure(built: Built) -> Measure:
    """What a report tells of a build."""
    return Measure(built.seconds, built.steps)

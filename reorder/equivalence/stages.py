"""Stages as the machine runs them, and what a finished one leaves for others to look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from reorder.equivalence.expand import BadText, expand
from reorder.equivalence.folders import Target
from reorder.equivalence.imageconfig import Config
from reorder.equivalence.program import Program, Refused, Step
from reorder.equivalence.runs import Understood
from reorder.equivalence.scope import Globals, Scope
from reorder.equivalence.state import State
from reorder.equivalence.values import Value


@dataclass(frozen=True, slots=True)
class Text:
    """One FROM and what follows it."""

    name: str  # lower case; "" when it has none
    image: Value
    platform: Value
    source: Step
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """A part of a RUN that the machine has run, and the state it started in."""

    run: Understood
    state: State
    at: int  # position of the RUN in its stage
    part: int  # of the RUN, counted from 0
    whole: Understood  # the RUN
    start: State  # in which the RUN started

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.run.step.line


@dataclass(frozen=True, slots=True)
class Taken:
    """A tree that a COPY or a mount takes from an earlier stage; path None: not known."""

    stage: int
    path: str | None
    line: int


# Not frozen: it is filled while its stage runs.
@dataclass(slots=True)
class Stage:
    """A stage and its state; `parent` is the stage it starts from."""

    name: str
    parent: int | None
    scope: Scope
    line: int
    config: Config = field(default_factory=Config)
    state: State = field(default_factory=State)
    runs: list[Ran] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    copies: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    inlines: list[str] = field(default_factory=list)  # of COPY and ADD: texts of files
    targets: list[tuple[int, Target]] = field(default_factory=list)  # position of COPY or WORKDIR
    placed: list[tuple[str, str]] = field(default_factory=list)  # image and context path


def split(program: Program, globals_: Globals) -> tuple[Text, ...]:
    """The stages of a program in order."""
    starts = [at for at, step in enumerate(program.steps) if step.keyword == "from"]
    ends = [*starts[1:], len(program.steps)]
    return tuple(
        _text(program, start, end, globals_) for start, end in zip(starts, ends, strict=True)
    )


def _text(program: Program, start: int, end: int, globals_: Globals) -> Text:
    step = program.steps[start]
    words = step.rest.split()
    if len(words) not in (1, 3) or (len(words) == 3 and words[1].lower() != "as"):
        raise Refused("FROM has an unusual form", step.line)
    try:
        image = expand(words[0], globals_.get, program.escape)
        platform = expand(step.flag("platform") or "", globals_.get, program.escape)
    except BadText as error:
        raise Refused(str(error), step.line) from None
    name = words[2].lower() if len(words) == 3 else ""
    return Text(name, image, platform, step, program.steps[start + 1 : end])


def find(value: str, known: list[Stage]) -> int | None:
    """The earlier stage that a `from=` names, or None: an image."""
    if value.isdecimal():
        return int(value) if int(value) < len(known) else None
    names = [stage.name for stage in known]
    wanted = value.lower()
    return len(names) - 1 - names[::-1].index(wanted) if wanted and wanted in names else None


def base_of(image: Value, known: list[Stage]) -> int | None:
    """The earlier stage that a FROM names: by its exact lower-case name, never by number."""
    text = image.text
    if not text or not image.certain or text != text.lower() or text.isdecimal():
        return None
    return find(text, known)

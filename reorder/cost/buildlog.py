"""The steps of a BuildKit progress log, and how long each of them ran.

Source: BuildKit dockerfile2llb/convert.go (`prefixCommand`, the name of a step), convert_copy.go
(`LINK`); buildx util/progress/multiwriter.go (`addPrefix`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from reorder.cost import plain, rawjson
from reorder.errors import InputError

_WANTED = "give the log of a build with --progress=plain or --progress=rawjson"


@dataclass(frozen=True, slots=True)
class Step:
    """`[web linux/amd64 builder 3/8] RUN make` is step 3 of 8 with its text.

    `stage` is the word before the numbers, "" for the only stage of some versions; `prefix` has the
    words before it (a platform, a target of bake or compose). `seconds` is None when the step did
    not run to its end: it was cached, it failed, or the log does not say.
    """

    prefix: tuple[str, ...]
    stage: str
    at: int
    of: int
    text: str
    seconds: float | None

    @property
    def name(self) -> str:
        """The name as the builder prints it, blanks aside."""
        words = [*self.prefix, self.stage] if self.stage else [*self.prefix]
        return f"[{' '.join([*words, f'{self.at}/{self.of}'])}] {self.text}"


def read_steps(text: str, name: str) -> tuple[Step, ...]:
    """The steps of a log: plain, rawjson, or what `write_steps` gives.

    Raises:
        InputError: it is none of these, a line of it is broken, or no step in it ran.
    """
    found = logged_steps(text, name)
    if not found:
        raise InputError(name, _nothing(text.split("\n")))
    if all(step.seconds is None for step in found):
        raise InputError(
            name, "no step in it ran to its end: they were cached, or the build failed"
        )
    return found


def logged_steps(text: str, name: str) -> tuple[Step, ...]:
    """The steps of a log whether they ran or not; () when there are none.

    Raises:
        InputError: a line of it is broken.
    """
    lines = text.split("\n")
    try:
        titles = rawjson.titles(lines) or plain.titles(lines)
    except rawjson.BadLine as bad:
        raise InputError(name, f"the line is no JSON; {_WANTED}", bad.number) from None
    found: dict[str, Step] = {}
    for title, seconds in titles:
        step = _step(title, seconds)
        if step is not None:
            found[step.name] = _longer(found.get(step.name), step)
    return tuple(found.values())


def write_steps(steps: Iterable[Step]) -> str:
    """JSON lines that `read_steps` reads: `{"step": "[builder 3/8] RUN make", "seconds": 1.5}`."""
    return "".join(json.dumps({"step": s.name, "seconds": s.seconds}) + "\n" for s in steps)


def _nothing(lines: list[str]) -> str:
    if any(line.lstrip().startswith("Step 1/") for line in lines):
        return f"the classic builder does not log times; {_WANTED}"
    return f"no step of a build is in it; {_WANTED}"


def _longer(one: Step | None, other: Step) -> Step:
    """A step may be logged twice: two builds in one log, or an ADD that downloads, then copies."""
    if one is None or one.seconds is None:
        return other
    return one if other.seconds is None or other.seconds < one.seconds else other


def _step(title: str, seconds: float | None) -> Step | None:
    """None for what is not an instruction (`[internal] load …`, `exporting …`)."""
    head, bracket, text = title.partition("]")
    words = head.lstrip("[").split()
    if not title.startswith("[") or not bracket or not words or not text.strip():
        return None
    at, slash, of = words.pop().partition("/")
    if not slash or not (_is_number(at) and _is_number(of)):
        return None
    stage = words.pop() if words and "/" not in words[-1] else ""
    text = text.strip().removeprefix("LINK ")  # the second half of a COPY --link
    return Step(tuple(words), stage, int(at), int(of), text, seconds)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 7

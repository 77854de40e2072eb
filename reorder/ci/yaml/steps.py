"""Steps that each have a shell of their own, grouped around the builds in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.ci.shell.line import Around
from reorder.ci.yaml.script import Slot

BUILD: Final = re.compile(r"\bdocker(?:-compose)?(?:\s[^\n;|&]*)?\s(?:build|bake)\b")
_UNSURE: Final = "It runs under a condition, and a step behind it builds too."
_SETS: Final = re.compile(r"\s*(?:export\s+)?[A-Za-z_]\w*=")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: commands, or only a name."""

    name: str
    slot: Slot | None = None
    sure: bool = True  # it runs in every run of its job


@dataclass(frozen=True, slots=True)
class Group:
    """A step with a build and those behind it up to the next one, and what is around them."""

    slots: tuple[Slot, ...]
    around: Around
    refusal: str | None


def groups(steps: Sequence[Step], variables: Mapping[str, str]) -> Iterator[Group]:
    """The steps of a job with a build, one by one."""
    steps = [step for step in steps if step.slot is not None]
    slots = [step.slot for step in steps if step.slot is not None]
    texts = [slot.scalar.value for slot in slots]
    starts = [at for at, text in enumerate(texts) if BUILD.search(text)] or [0]
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(slots)
        # Variables of an earlier shell are gone, its builder is not.
        lines = [line for text in texts[:start] for line in text.splitlines()]
        before = "\n".join(line for line in lines if not _SETS.match(line))
        around = Around(before, "\n".join(texts[end:]), variables=variables)
        # The builder that it makes would be missing where it does not run.
        unsure = end < len(slots) and not steps[start].sure
        yield Group(tuple(slots[start:end]), around, _UNSURE if unsure else None)

"""The cold builds: the original twice, the rewritten one once, and whether they are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from reorder.cost import buildlog
from reorder.errors import ReorderError
from reorder.verify.builds import Builds, Who
from reorder.verify.difference import NO_NOISE, Expected, Noise, compare, noise
from reorder.verify.engine import BuildFailed, Built
from reorder.verify.outcome import Target
from reorder.verify.textdiff import with_diffs


class OriginalFails(ReorderError):
    """Nothing can be said of a rewrite when what it was made from does not build."""


@dataclass(frozen=True, slots=True)
class Cold:
    """What the cold builds of all targets gave; `noise` is that of the first."""

    targets: tuple[Target, ...]
    steps: tuple[buildlog.Step, ...]
    noise: Noise = NO_NOISE
    failed: tuple[str, ...] = ()
    failed_target: str = ""


def cold_builds(builds: Builds, names: Sequence[str | None], expected: Expected) -> Cold:
    """Every target, the first one without any cache.

    What a later one shares with it is built already; what it does not share was never built in its
    space, so that its RUNs are cold too. Without spaces each is built without cache.

    Raises:
        OriginalFails: it does not build.
        BadImage: an image cannot be read.
    """
    done: list[Target] = []
    steps: dict[str, buildlog.Step] = {}
    first = NO_NOISE
    for number, name in enumerate(names):
        cold = number == 0 or not builds.engine.spaces
        with _archives(builds):
            try:
                before = _build(builds, "before", name, cold=cold)
                original = builds.image("before")
                again = _build(builds, "again", name, cold=cold)
                known = noise(original, builds.image("again"))
                builds.archive("again").unlink()
            except BuildFailed as failed:
                raise OriginalFails(f"the original does not build: {failed}") from failed
            first = first if number else known
            try:
                after = _build(builds, "after", name, cold=cold)
            except BuildFailed as failed:
                return Cold(tuple(done), tuple(steps.values()), first, failed.lines, name or "")
            verdict = compare(original, builds.image("after"), known, expected)
            verdict = with_diffs(verdict, builds.archive("before"), builds.archive("after"))
            done.append(Target(name or "", verdict, before.seconds, again.seconds, after.seconds))
            for step in (*before.steps, *after.steps):
                if step.seconds is not None:
                    steps.setdefault(step.logged.name, step.logged)
    return Cold(tuple(done), tuple(steps.values()), first)


def _build(builds: Builds, who: Who, name: str | None, *, cold: bool) -> Built:
    return builds.build(who, name, "cold build", cold=cold, into=builds.archive(who))


@contextmanager
def _archives(builds: Builds) -> Iterator[None]:
    """Images are large: none is kept longer than it is looked at."""
    try:
        yield
    finally:
        sides: tuple[Who, ...] = ("before", "again", "after")
        for who in sides:
            with suppress(FileNotFoundError):
                builds.archive(who).unlink()

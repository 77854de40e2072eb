"""Rebuilds of both sides after an edit: how long they take, and whether they give one image."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from reorder.verify.builds import Builds, Who, measure
from reorder.verify.difference import Expected, Noise, Verdict, compare
from reorder.verify.edit import Edit
from reorder.verify.engine import BuildFailed
from reorder.verify.outcome import Measure, Rebuild
from reorder.verify.replay import Commit, play, rewind
from reorder.verify.textdiff import with_diffs

SIDES: tuple[Who, ...] = ("before", "after")


@dataclass(frozen=True, slots=True)
class Rebuilds:
    """Of one target, after its cold builds."""

    builds: Builds
    target: str | None
    noise: Noise
    expected: Expected

    def after_edits(self, edits: Sequence[Edit], rounds: int) -> Iterator[Rebuild]:
        """One row for each edit; the files are then as they were. Raises BadImage."""
        if not self.builds.engine.spaces:
            # Of several cold builds an engine may find parts that do not belong together.
            start = self._row(Edit("nothing"), lambda _: None, 1, what="to warm the cache")
            if start.problem:
                yield start
                return
        for edit in edits:
            originals = {who: self.builds.sides[who].read(edit.path) or b"" for who in SIDES}

            def put(number: int, edit: Edit = edit, had: dict[Who, bytes] = originals) -> None:
                for who in SIDES:
                    mark = f"reorder verify {self.builds.token} {number}"
                    edit.apply(self.builds.sides[who], had[who], mark)

            yield self._row(edit, put, rounds)
            if edit.path:
                for who in SIDES:
                    self.builds.sides[who].write(edit.path, originals[who])

    def after_commits(self, played: tuple[Commit, ...]) -> Iterator[Rebuild]:
        """One row for each commit; both sides are first built as they were before all of them.

        In a space of their own: the last commit leads to what the cold builds have built.
        """
        fresh = replace(self, builds=replace(self.builds, token=f"{self.builds.token}-replay"))
        yield from fresh._played(played)

    def _played(self, played: tuple[Commit, ...]) -> Iterator[Rebuild]:
        for who in SIDES:
            rewind(self.builds.sides[who], played)
        start = self._row(Edit("nothing"), lambda _: None, 1, what="before the commits")
        if start.problem:
            yield start
            return
        for commit in played:

            def put(_: int, commit: Commit = commit) -> None:
                for who in SIDES:
                    play(self.builds.sides[who], commit)

            yield self._row(Edit("commit", commit.title), put, 1, what=f"after {commit.title}")

    def _row(self, edit: Edit, put: Callable[[int], None], rounds: int, what: str = "") -> Rebuild:
        what = what or (f"after an edit of {edit.path}" if edit.path else "after no edit")
        measures: dict[Who, list[Measure]] = {"before": [], "after": []}
        for number in range(rounds):
            put(number)
            for who in SIDES:
                try:
                    measures[who].append(measure(self.builds.build(who, self.target, what)))
                except BuildFailed as failed:
                    return _failed(edit, who, failed)
        verdict = self._verdict(what) if edit.path else None
        return Rebuild(
            edit.kind, edit.path, _median(measures["before"]), _median(measures["after"]), verdict
        )

    def _verdict(self, what: str) -> Verdict | None:
        """Whether the rebuilt images are the same: a step that stayed cached may be stale."""
        archives = [self.builds.archive(who) for who in SIDES]
        try:
            for who, archive in zip(SIDES, archives, strict=True):
                self.builds.build(who, self.target, f"image {what}", into=archive)
            images = [self.builds.image(who) for who in SIDES]
            verdict = compare(images[0], images[1], self.noise, self.expected)
            return with_diffs(verdict, archives[0], archives[1])
        finally:
            for archive in archives:
                archive.unlink(missing_ok=True)


def _median(measures: Sequence[Measure]) -> Measure:
    seconds = median_low(one.seconds for one in measures)
    return next(one for one in measures if one.seconds == seconds)


def _failed(edit: Edit, who: Who, failed: BuildFailed) -> Rebuild:
    whose = "the original" if who == "before" else "the rewritten one"
    said = "\n".join(failed.lines[-10:])
    problem = f"{whose} does not build then: {said}"
    return Rebuild(edit.kind, edit.path, None, None, None, problem, blame=who == "after")

"""What `verify` found out, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from reorder.report.style import Style, number, visible
from reorder.report.words import listed, seconds, shortened
from reorder.verify.difference import Difference, Verdict
from reorder.verify.outcome import Measure, Rebuild, Target, Verification

MOST = 20  # differences of one image that are listed
MOST_ALIKE = 3  # of those that do not count
_WIDTH = 44


def render(found: Verification, *, colour: bool = False) -> str:
    """The verdict on each image, the rebuilds side by side, and one line to sum up."""
    style = Style(colour)
    lines = [style.bold(visible(found.path)), f"compared: {visible(found.origin)}"]
    lines.append(f"built by: {visible(found.engine)}")
    if found.nothing:
        return (
            "\n".join([lines[0], "nothing to verify: no change is proposed, and git has none"])
            + "\n"
        )
    for at, target in enumerate(found.targets):
        lines += ["", *_target(target, style, cold=not at)]
    if found.failed:
        lines += ["", *_failed(found, style)]
    if found.rebuilds:
        lines += ["", *_rebuilds(found.rebuilds, style)]
    lines += ["", _summary(found, style)]
    return "\n".join(lines) + "\n"


def _target(target: Target, style: Style, *, cold: bool) -> Iterator[str]:
    name = f"stage {target.name}" if target.name else "the image"
    verdict = target.verdict
    size = number(verdict.entries, "path")
    # Later targets share steps with the first; the very first build also fetched base images.
    size += f"; cold build {seconds(target.again)} -> {seconds(target.after)}" if cold else ""
    if verdict.identical:
        yield f"{style.green('identical')}  {visible(name)} ({size})"
    else:
        count = number(len(verdict.differences), "difference")
        yield f"{style.red('different')}  {visible(name)}: {count} ({size})"
    yield from _differences(verdict, style)


def _differences(verdict: Verdict, style: Style) -> Iterator[str]:
    for one in verdict.differences[:MOST]:
        yield f"  {style.bold(visible(one.what))}: {visible(one.words)}"
        for line in one.diff.splitlines():
            yield f"      {visible(line)}"
    if len(verdict.differences) > MOST:
        yield f"  and {len(verdict.differences) - MOST:,} more; --format json has them all"
    yield from (style.dim(line) for line in _excused("expected", verdict.expected))
    yield from (style.dim(line) for line in _excused("noise", verdict.noise))


def _excused(title: str, found: Sequence[Difference]) -> Iterator[str]:
    by_reason = sorted(found, key=lambda one: (one.why, one.what))
    for why, group in groupby(by_reason, key=lambda one: one.why):
        names = [visible(one.what) for one in group]
        yield f"  {title}: {listed(names, MOST_ALIKE)}: {visible(why)}"


def _failed(found: Verification, style: Style) -> Iterator[str]:
    stage = f" (stage {visible(found.failed_target)})" if found.failed_target else ""
    yield style.red(f"the rewritten one does not build{stage}, the original does:")
    yield from (f"  {visible(line)}" for line in found.failed[-20:])


def _rebuilds(rows: Iterable[Rebuild], style: Style) -> Iterator[str]:
    yield style.bold(f"{'rebuild after':<{_WIDTH}} {'before':>16} {'after':>16} {'ratio':>7}")
    for row in rows:
        name = f"{title(row):<{_WIDTH}}"
        if row.before is None or row.after is None:
            yield name.rstrip()
            yield from (f"  {visible(line)}" for line in row.problem.splitlines())
            continue
        ratio = f"{row.before.seconds / row.after.seconds:.1f}x" if row.after.seconds else ""
        yield f"{name} {_measure(row.before)} {_measure(row.after)} {ratio:>7}"
        if row.verdict is not None and not row.verdict.identical:
            yield style.red(f"  different: {number(len(row.verdict.differences), 'difference')}")
            yield from _differences(row.verdict, style)
    yield style.dim("seconds (steps run + cached)")


def title(row: Rebuild) -> str:
    """What was edited."""
    if row.kind == "nothing":
        return "nothing"
    name = {"source": "a source", "manifest": "a manifest", "commit": "commit", "file": ""}[
        row.kind
    ]
    return shortened(f"{name} {row.path}".strip(), _WIDTH)


def _measure(one: Measure) -> str:
    return f"{one.seconds:.1f} ({one.ran}+{one.cached})".rjust(16)


def _summary(found: Verification, style: Style) -> str:
    if not found.identical:
        return style.red("The rewritten Dockerfile is not proved.")
    images = number(len(found.targets), "image")
    return style.green(f"Proved: {images}, the same before and after.")

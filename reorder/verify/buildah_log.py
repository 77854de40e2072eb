"""The log of Buildah's builder, which Podman has too: `STEP 3/5: RUN make`, `--> Using cache …`.

Source: Buildah imagebuildah/stage_executor.go (`Execute`). It tells no times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reorder.cost import buildlog
from reorder.verify.engine import BuildFailed, Built, Request
from reorder.verify.process import Ended, run
from reorder.verify.steps import Step

LAST = 40
_STEP = re.compile(r"(?:\[(\d+)/\d+\] )?STEP (\d{1,4})/(\d{1,4}): (.*)")


def built(words: list[str], request: Request) -> Built:
    """Runs a build, with what both programs take. Raises BuildFailed."""
    ended = run(
        [*words, *flags(request), str(request.context)],
        seconds=request.seconds,
        on_line=request.on_line,
    )
    if ended.code:
        raise BuildFailed(last(ended))
    return Built(ended.seconds, steps(ended.lines))


def last(ended: Ended) -> tuple[str, ...]:
    """What a program said in the end."""
    return ended.lines[-LAST:] or (f"exit code {ended.code}, and not a word",)


def flags(request: Request) -> list[str]:
    """Of `podman build` and `buildah build` alike. They know no spaces for the cache."""
    words = ["--file", str(request.dockerfile), "--layers=true"]
    words += ["--format=docker"]  # OCI has no HEALTHCHECK
    ignore = request.dockerfile.with_name(request.dockerfile.name + ".dockerignore")
    words += ["--ignorefile", str(ignore)] if ignore.exists() else []
    words += ["--no-cache"] * request.cold
    words += [f"--target={request.target}"] if request.target else []
    words += [f"--build-arg={name}={value}" for name, value in request.args.items()]
    return [*words, *request.flags]


def steps(lines: Iterable[str]) -> tuple[Step, ...]:
    """The steps of a build that ended well, without those that only set something."""
    found: list[Step] = []
    for line in lines:
        match = _STEP.match(line)
        if match is not None:
            number, at, of, text = match.groups()
            logged = buildlog.Step(
                (), f"stage-{number}" if number else "", int(at), int(of), text, None
            )
            found.append(Step(logged, cached=False))
        elif found and line.startswith("--> Using cache"):
            found[-1] = Step(found[-1].logged, cached=True)
    return tuple(s for s in found if s.text.split(maxsplit=1)[0].upper() in ("RUN", "COPY", "ADD"))

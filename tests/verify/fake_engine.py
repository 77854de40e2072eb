"""An engine that builds nothing: it reads simple Dockerfiles and writes the image they mean.

`COPY . .` puts the context into /app, `RUN install` makes /deps, `RUN date` a file that is new each
time, `RUN fail` fails, `RUN lose` makes nothing. A step is cached as in BuildKit: by its text, the
steps above it and what it copies, within one space.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path

from verify.layouts import layer, member, oci

from reorder.context.build import BuildContext, build_context
from reorder.context.project import Project
from reorder.cost import buildlog
from reorder.verify.engine import BuildFailed, Built, Request
from reorder.verify.steps import Step

_NEW = itertools.count()


@dataclass(frozen=True, slots=True)
class FakeEngine:
    """`asked` has every request; seconds are 10 for each step that runs."""

    name: str = "fake"
    version: str = "1"
    spaces: bool = True
    asked: list[Request] = field(default_factory=list)
    caches: dict[str, dict[str, str]] = field(default_factory=dict)
    ended: list[bool] = field(default_factory=list)

    def forget(self) -> None:
        self.ended.append(True)

    def build(self, request: Request) -> Built:
        self.asked.append(request)
        request.on_line("a line")
        text = request.dockerfile.read_text()
        name = request.dockerfile.relative_to(request.context).as_posix()
        context = build_context(Project.open(request.context), name)
        cache = self.caches.setdefault(request.space, {})
        if request.cold:
            cache.clear()
        files: dict[str, str] = {}
        steps: list[Step] = []
        key = ""
        for at, line in enumerate(text.splitlines(), 1):
            if not line.startswith(("RUN", "COPY")):
                continue
            copied = _copied(context, line) if line.startswith("COPY") else {}
            key += f"{line} {sorted(copied.items())}\n"
            cached = key in cache
            if line == "RUN fail":
                raise BuildFailed(("doing it", "boom"))
            value = cache.setdefault(key, str(next(_NEW)))
            files |= copied
            if line == "RUN install":
                files["deps"] = "installed"
            if line == "RUN date":
                files["date"] = value
            logged = buildlog.Step((), "", at, 9, line, None if cached else 10.0)
            steps.append(Step(logged, cached))
        if request.into is not None:
            commands = [line[4:] for line in text.splitlines() if line.startswith("CMD ")]
            members = (member(path, data.encode()) for path, data in files.items())
            oci(request.into, [layer(*members)], {"Cmd": commands})
        return Built(sum(step.seconds or 0 for step in steps) + 1, tuple(steps))


def _copied(context: BuildContext, line: str) -> dict[str, str]:
    source = line.split()[1]
    wanted = context.under("") if source == "." else (source,)
    return {f"app/{path}": Path(context.project.root, path).read_text() for path in wanted}

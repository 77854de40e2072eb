"""Real projects, built by a real BuildKit before and after: the same image, a faster rebuild."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from engine.builds import build, export
from engine.daemons import Daemons
from engine.images import compare, read_image
from engine.projects import Project, edit, lay, projects, rewrite

CASES = [case for project in projects() for case in project.cases]


@pytest.mark.engine
@pytest.mark.parametrize(
    ("project", "builder"), CASES, ids=[f"{project.name}-{builder}" for project, builder in CASES]
)
def test_the_image_stays_the_same_and_a_source_edit_installs_nothing(
    project: Project,
    builder: str,
    daemons: Daemons,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    lay(project, before)
    shutil.copytree(before, after, symlinks=True)
    diff = rewrite(after, builder)
    assert diff, "nothing was rewritten, so nothing is proved here"
    for folder in (before, after):
        shutil.rmtree(folder / ".git")  # history is for the tool; `COPY . .` would take it along

    export(daemons, before, tmp_path / "image-before", no_cache=True)
    export(daemons, after, tmp_path / "image-after", no_cache=True)
    images = [read_image(tmp_path / name) for name in ("image-before", "image-after")]
    found = compare(*images, junk=project.junk)
    assert not found, "\n".join([diff, *map(str, found)])

    mark = str(time.time_ns())
    for folder in (before, after):
        edit(project, folder, mark)
    slow, fast = build(daemons, before), build(daemons, after)
    record_property("rebuild_seconds_before", round(slow.seconds, 1))
    record_property("rebuild_seconds_after", round(fast.seconds, 1))
    print(f"{project.name}, {builder}: rebuild {slow.seconds:.1f} s -> {fast.seconds:.1f} s")
    if project.install:
        assert fast.step(project.install).cached, diff
        assert not any(step.cached for step in slow.steps if project.install in step.instruction), (
            "the project as it was does not install again, so there was nothing to gain"
        )

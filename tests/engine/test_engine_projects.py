"""Real projects, built by a real BuildKit before and after: the same image, a faster rebuild."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from engine.builds import build, export
from engine.daemons import Daemons
from engine.images import Image, compare, read_image
from engine.projects import FOLDER, Project, edit, lay, projects, rewrite

CASES = [case for project in projects() for case in project.cases]


def test_every_folder_is_a_project_and_what_it_edits_is_there() -> None:
    assert [project.name for project in projects()] == sorted(
        path.name for path in FOLDER.iterdir() if path.is_dir()
    )
    assert [one.name for one in projects() if not (FOLDER / one.name / one.edit).is_file()] == []


def test_no_lockfile_names_a_registry() -> None:
    assert [path for path in FOLDER.rglob("package-lock.json") if "://" in path.read_text()] == []


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
    shown = rewrite(after, builder)
    texts = [(folder / "Dockerfile").read_text() for folder in (before, after)]
    assert texts[0] != texts[1], f"nothing was rewritten, so nothing is proved here:\n{shown}"
    for folder in (before, after):
        shutil.rmtree(folder / ".git")  # history is for the tool; `COPY . .` would take it along

    images = [cold(daemons, folder, tmp_path / "image") for folder in (before, after)]
    found = compare(*images, junk=project.junk)
    assert not found, "\n".join([shown, *map(str, found)])

    mark = str(time.time_ns())
    for folder in (before, after):
        edit(project, folder, mark)
    slow, fast = build(daemons, before), build(daemons, after)
    record_property("rebuild_seconds_before", round(slow.seconds, 1))
    record_property("rebuild_seconds_after", round(fast.seconds, 1))
    print(f"{project.name}, {builder}: rebuild {slow.seconds:.1f} s -> {fast.seconds:.1f} s")
    if project.install:
        assert fast.step(project.install).cached, shown
        assert not any(step.cached for step in slow.steps if project.install in step.instruction), (
            "the project as it was does not install again, so there was nothing to gain"
        )


def cold(daemons: Daemons, folder: Path, into: Path) -> Image:
    """Built with nothing cached; the archives are large, and gone once they are read."""
    export(daemons, folder, into, no_cache=True)
    read = read_image(into)
    shutil.rmtree(into)
    return read

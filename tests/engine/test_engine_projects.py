"""Real projects: `verify` finds the same image, and after an edit of a source installs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from engine.daemons import Daemons
from engine.machine import proxies
from engine.projects import FOLDER, Project, lay, projects
from engine.regimes import Originals, Recording, cached
from engine.start import provide

from reorder.api import rewrite_file
from reorder.config import Builder, Options
from reorder.report.verify_text import render
from reorder.verify.engine import Engine
from reorder.verify.image import Known
from reorder.verify.outcome import Verification
from reorder.verify.run import Asked, verify

LOCKFILES = ("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock")
BUILDERS: tuple[Builder, ...] = ("persistent", "ephemeral")


def test_every_folder_is_a_project_and_what_it_edits_is_there() -> None:
    assert [project.name for project in projects()] == sorted(
        path.name for path in FOLDER.iterdir() if path.is_dir()
    )
    assert [one.name for one in projects() if not (FOLDER / one.name / one.edit).is_file()] == []


def test_no_lockfile_names_a_registry() -> None:
    locks = [path for name in LOCKFILES for path in FOLDER.rglob(name)]
    assert [path for path in locks if "://" in path.read_text()] == []


@pytest.mark.engine
@pytest.mark.parametrize("project", projects(), ids=[project.name for project in projects()])
def test_the_image_stays_the_same_and_a_source_edit_installs_nothing(
    project: Project,
    engine: Engine,
    daemons: Daemons,
    known: Known,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    folder = tmp_path / project.name
    lay(project, folder)
    provide(daemons, [(folder / "Dockerfile").read_text()])
    chosen = Options(unsafe=project.unsafe, manifest_style=project.manifest_style)
    options = {builder: replace(chosen, builder=builder) for builder in BUILDERS}
    results = [rewrite_file(folder / "Dockerfile", options[builder]) for builder in BUILDERS]
    alike = len({(one.after, one.ignore) for one in results}) == 1
    originals = Originals(tmp_path, alike)
    wrong: list[str] = []
    for builder in BUILDERS:
        recording = Recording(engine, daemons, builder, originals)
        asked = Asked(
            options=options[builder],
            edit=project.edit,
            rounds=2 if builder == "persistent" else 1,
            args=proxies(),
        )
        found = verify(folder / "Dockerfile", asked, recording, known=known)
        for problem in problems(project, found, recording):
            wrong.append(f"{builder}: {problem}\n{render(found)}")
        slow, fast = recording.rebuilt("before"), recording.rebuilt("after")
        times = [(round(a.seconds, 1), round(b.seconds, 1)) for a, b in zip(slow, fast)]  # noqa: B905
        record_property(f"rebuild_seconds_{builder}", times)
        print(f"{project.name}, {builder}: rebuild, seconds before and after: {times}")
    assert not wrong, "\n".join(wrong)


def problems(project: Project, found: Verification, recording: Recording) -> Iterator[str]:
    """What is wrong with one of the two, in words."""
    if found.nothing:
        yield "nothing was rewritten, so nothing is proved here"
        return
    if not found.identical:
        yield "the images are not the same"
    slow, fast = recording.rebuilt("before"), recording.rebuilt("after")
    if not slow or len(slow) != len(fast):
        yield "not everything was built again"
    elif project.install and project.install_with in (None, recording.kind):
        if not all(cached(one.steps, project.install) for one in fast):
            yield "it installs again after an edit of a source"
        if any(cached(one.steps, project.install) for one in slow):
            yield "the project as it was does not install again: there was nothing to gain"

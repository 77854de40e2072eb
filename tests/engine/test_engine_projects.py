"""Real projects: `verify` finds the same image, and after an edit of a source installs nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from engine.daemons import Daemons
from engine.machine import proxies
from engine.projects import FOLDER, Project, lay, projects
from engine.regimes import Recording

from reorder.config import Builder, Options
from reorder.report.verify_text import render
from reorder.verify.engine import Built, Engine
from reorder.verify.run import Asked, verify

BUILDERS: tuple[Builder, ...] = ("persistent", "ephemeral")


def test_every_folder_is_a_project_and_what_it_edits_is_there() -> None:
    assert [project.name for project in projects()] == sorted(
        path.name for path in FOLDER.iterdir() if path.is_dir()
    )
    assert [one.name for one in projects() if not (FOLDER / one.name / one.edit).is_file()] == []


def test_no_lockfile_names_a_registry() -> None:
    assert [path for path in FOLDER.rglob("package-lock.json") if "://" in path.read_text()] == []


@pytest.mark.engine
@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize("project", projects(), ids=[project.name for project in projects()])
def test_the_image_stays_the_same_and_a_source_edit_installs_nothing(
    project: Project,
    builder: Builder,
    engine: Engine,
    daemons: Daemons,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    lay(project, tmp_path / project.name)
    recording = Recording(engine, daemons, builder)
    asked = Asked(
        options=Options(builder=builder),
        edit=project.edit,
        rounds=2 if builder == "persistent" else 1,
        args=proxies(),
    )
    found = verify(tmp_path / project.name / "Dockerfile", asked, recording)
    shown = render(found)
    assert not found.nothing, f"nothing was rewritten, so nothing is proved here:\n{shown}"
    assert found.identical, shown

    slow, fast = recording.rebuilt("before"), recording.rebuilt("after")
    times = [(round(a.seconds, 1), round(b.seconds, 1)) for a, b in zip(slow, fast, strict=True)]
    record_property("rebuild_seconds", times)
    print(f"{project.name}, {builder}: rebuild, seconds before and after: {times}")
    if project.install:
        assert all(cached(one, project.install) for one in fast), shown
        assert not any(cached(one, project.install) for one in slow), (
            "the project as it was does not install again, so there was nothing to gain"
        )


def cached(built: Built, text: str) -> bool:
    """Whether the steps with a text were not run; False where there is none."""
    found = [step.cached for step in built.steps if text in step.text]
    return bool(found) and all(found)

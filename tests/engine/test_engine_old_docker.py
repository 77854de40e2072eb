"""`verify` by an engine of another age: the same projects, the same verdict."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine import old_docker
from engine.daemons import Daemons
from engine.home import Unavailable
from engine.machine import proxies
from engine.projects import lay, projects
from engine.regimes import cached
from engine.start import provide

from reorder.config import Options
from reorder.report.verify_text import render
from reorder.verify.engine import Engine
from reorder.verify.engines import find
from reorder.verify.image import Known
from reorder.verify.run import Asked, verify

PROJECTS = ("npm-ci", "pip-collectstatic")


@pytest.fixture(scope="module")
def _dockerd(daemons: Daemons) -> Iterator[None]:
    try:
        old_docker.start(daemons)
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no old Docker: {reason}")
    yield
    old_docker.stop(daemons)


@pytest.fixture
def docker(_dockerd: None, daemons: Daemons, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """`docker build` without buildx, as a user of Debian 12 has it."""
    for name in ("BUILDX_CONFIG", "BUILDX_BUILDER", "BUILDKIT_HOST"):
        monkeypatch.delenv(name, raising=False)
    for name, value in old_docker.environment(daemons).items():
        monkeypatch.setenv(name, value)
    return find("docker")


@pytest.mark.engine
@pytest.mark.parametrize("name", PROJECTS)
def test_an_old_docker_builds_the_same_image(
    name: str, docker: Engine, daemons: Daemons, known: Known, tmp_path: Path
) -> None:
    assert docker.version.startswith("20.10")
    project = next(one for one in projects() if one.name == name)
    folder = tmp_path / name
    lay(project, folder)
    provide(daemons, [(folder / "Dockerfile").read_text()])
    # It has no bridge of its own: nothing of the machine's network is touched.
    flags = ("--network=host",)
    asked = Asked(options=Options(), edit=project.edit, args=proxies(), flags=flags)
    found = verify(folder / "Dockerfile", asked, docker, known=known)
    shown = render(found)
    assert found.identical, shown
    (row,) = found.rebuilds
    assert row.before, shown
    assert row.after, shown
    assert project.install
    assert cached(row.after.steps, project.install), shown
    assert not cached(row.before.steps, project.install), shown

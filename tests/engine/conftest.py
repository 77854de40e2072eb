"""The engine, for the tests marked `engine`; stopped at the end by the run that started it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from engine.builds import environment
from engine.daemons import Daemons
from engine.home import Unavailable
from engine.start import start, stop

from reorder.verify.engine import Engine
from reorder.verify.engines import find
from reorder.verify.image import Known


@pytest.fixture(scope="session")
def daemons() -> Iterator[Daemons]:
    """Skipped, with the reason, where no engine can be had; in CI that is a failure."""
    try:
        engine = start(worker=os.environ.get("PYTEST_XDIST_WORKER", ""))
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no engine: {reason}")
    yield engine
    stop(engine)


@pytest.fixture(scope="session")
def known() -> Known:
    """Layers that were read already: those of the base images come again and again."""
    return {}


@pytest.fixture
def engine(daemons: Daemons, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """buildx with the suite's own BuildKit, found as a user's would be."""
    for name, value in environment(daemons).items():
        monkeypatch.setenv(name, value)
    return find("buildx")

"""Rewrites that are wrong on purpose, one of each dangerous kind: `verify` must catch them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.daemons import Daemons
from engine.machine import proxies
from engine.start import provide
from engine.traps import FOLDER, Trap, lay, traps

from reorder.report.verify_text import render
from reorder.verify.engine import Engine
from reorder.verify.image import Known
from reorder.verify.run import Asked, verify


def test_every_folder_is_a_trap() -> None:
    assert [trap.name for trap in traps()] == sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.engine
@pytest.mark.parametrize("trap", traps(), ids=[trap.name for trap in traps()])
def test_a_wrong_rewrite_is_caught(
    trap: Trap, engine: Engine, daemons: Daemons, known: Known, tmp_path: Path
) -> None:
    folder = tmp_path / trap.name
    lay(trap, folder)
    provide(daemons, [(folder / "Dockerfile").read_text()])
    asked = Asked(against=folder / "Dockerfile.wrong", edit="none", args=proxies())
    found = verify(folder / "Dockerfile", asked, engine, known=known)
    shown = render(found)
    assert not found.identical, f"{trap.why}\n{shown}"
    assert bool(found.failed) is not trap.builds, shown
    differences = [one.what for target in found.targets for one in target.verdict.differences]
    assert trap.caught in differences or any(trap.caught in line for line in found.failed), shown

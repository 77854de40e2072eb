"""The pull request of a row."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from fleet.pulls.memory import NOON, Memory

from reorder.errors import InputError
from reorder.fleet.pulls.contract import About, Forge, PullOptions, Refused
from reorder.fleet.pulls.pace import Pace
from reorder.fleet.row import Row
from reorder.fleet.run.opening import opens
from reorder.fleet.settings import Settings

ROW = Row("forge.example/o/n", "changed", branch="faster", remote="forge.example/o/n")


def forge() -> Memory:
    found = Memory(most_body=10_000)
    found.owners["o"] = [About("o/n", "https://forge.example/o/n.git", "main")]
    return found


def opened(at: Memory, row: Row, pace: Pace | None = None) -> Row:
    def of(host: str) -> Forge:
        assert host == "forge.example"
        return at

    return opens(of, Settings(Path("out")), PullOptions(), pace or Pace(None))(row)


def test_none_at_a_forge_that_does_not_know_it() -> None:
    at = forge()
    at.owners.clear()
    found = opened(at, opened(at, ROW))
    assert found.notes == ("no pull request: not found at its forge, or empty there",)


def test_none_when_the_run_has_ended() -> None:
    at, stopped = forge(), Event()
    stopped.set()
    found = opened(at, ROW, Pace(None, stopped=stopped))
    assert found.notes == ("no pull request: stopped: the run ended before its turn",)
    assert at.done == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("forge.example", "no token"), "forge.example: no token"),
        (Refused("archived", "read-only"), "archived: read-only"),
        (KeyError("x"), "internal error (KeyError: 'x')"),
    ],
)
def test_what_fails_is_one_note_and_gone_when_it_works(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = forge()
    with monkeypatch.context() as patch:

        def fails(slug: str) -> None:
            raise error

        patch.setattr(at, "about", fails)
        first = opened(at, opened(at, ROW))
    assert (first.pr, first.notes) == ("", (f"no pull request: {said}",))
    second = opened(at, first)
    assert (second.pr, second.opened) == ("https://forge.example/o/n/1", NOON.isoformat())
    assert second.notes == ()

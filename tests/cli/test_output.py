from __future__ import annotations

import io

import click
import pytest

from reorder.cli.output import colours, data, note


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_no_colour_in_a_pipe() -> None:
    assert not colours(io.StringIO())


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colour_where_it_is_not_wanted(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert not colours(Terminal())


def test_colour_on_a_terminal() -> None:
    assert colours(Terminal())


def test_colour_in_a_pipe_where_it_is_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert colours(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colours(io.StringIO())


@pytest.mark.parametrize("asked", [True, False])
def test_what_was_asked_for_comes_first(asked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR" if asked else "FORCE_COLOR", "1")
    with click.Context(click.Command("x")) as context:
        context.color = asked
        assert colours(io.StringIO()) is asked


def test_streams(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    data("caf\udce9\r\n\x1b[31m")
    note("caf\udce9\n")
    assert capfdbinary.readouterr() == (b"caf\xe9\r\n\x1b[31m", b"caf\\udce9\n")

"""`reorder verify` on a real disk, with an engine that is none."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from verify.fake_engine import FakeEngine

from reorder.cli.main import main
from reorder.cost.buildlog import read_steps
from reorder.verify import engines
from reorder.verify.engine import Built, Engine, Request

TEXT = "FROM debian:12\nCOPY . .\nRUN install\nCMD x\n"
GOOD = "FROM debian:12\nCOPY main.py .\nRUN install\nCOPY . .\nCMD x\n"
BAD = "FROM debian:12\nCOPY . .\nCMD x\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (root / "Dockerfile").write_text(TEXT)
    (root / "good.txt").write_text(GOOD)
    (root / "bad.txt").write_text(BAD)
    (root / "main.py").write_text("print()\n")
    return root


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    monkeypatch.setattr(engines, "find", lambda name, builder: fake)
    return fake


def test_the_engine_is_looked_for_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    (folder / "Dockerfile").write_text("nothing that could be built\n")
    assert main(["verify"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("no engine: buildx: it is not installed")
    assert "install Docker" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["--target", "web"], "has no stage web"),
        (["--against", "missing"], "'missing' does not exist"),
        (["--edit", "missing.py", "--against", "good.txt"], "missing.py: is no file of the build"),
        (["--edit", "5", "--against", "good.txt"], "no git history"),
        (["--rounds", "0"], "Invalid value for '--rounds'"),
        (["--build-arg", "NOT_SET_ANYWHERE"], "is not in the environment"),
        (["--write"], "No such option"),
    ],
)
def test_bad_input(
    arguments: list[str],
    told: str,
    folder: Path,
    engine: FakeEngine,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["verify", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_an_original_that_does_not_build(
    folder: Path, engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Dockerfile").write_text(TEXT + "RUN fail\n")
    assert main(["verify", "--against", "good.txt"]) == 2
    assert "Dockerfile: the original does not build: doing it\nboom\n" in capsys.readouterr().err


def test_identical(folder: Path, engine: FakeEngine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--against", "good.txt"]) == 0
    out, err = capsys.readouterr()
    assert "identical  the image" in out
    assert "Proved" in out
    assert err.startswith("cold build: the original\ncold build: the original once more\n")
    assert "\x1b" not in out


def test_different(folder: Path, engine: FakeEngine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--against", "bad.txt"]) == 1
    out = capsys.readouterr().out
    assert "/deps: only in the original: file" in out


def test_nothing_to_verify(
    folder: Path, engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "same.txt").write_text(TEXT)
    assert main(["verify", "--against", "same.txt"]) == 0
    assert "nothing to verify" in capsys.readouterr().out
    assert engine.asked == []


def test_json(folder: Path, engine: FakeEngine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--against", "bad.txt", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["version"], found["identical"], found["engine"]) == (1, False, "fake 1")
    assert [one["what"] for one in found["targets"][0]["differences"]] == ["/deps"]
    assert [row["edit"] for row in found["rebuilds"]] == ["source", "nothing"]


def test_html(folder: Path, engine: FakeEngine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--against", "good.txt", "--format", "html"]) == 0
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_build_arguments_come_from_the_line_or_the_environment(
    folder: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("B", "2")
    words = ["--build-arg", "A=1=1", "--build-arg", "B", "--engine-flag=--ssh=x", "--limit", "7"]
    assert main(["verify", "--against", "good.txt", "--edit", "none", *words]) == 0
    assert {(tuple(one.args.items()), one.flags, one.seconds) for one in engine.asked} == {
        ((("A", "1=1"), ("B", "2")), ("--ssh=x",), 7.0)
    }


def test_measured_times_are_written_as_they_are_read(folder: Path, engine: FakeEngine) -> None:
    words = ["--edit", "none", "--save-timings", "times"]
    assert main(["verify", "--against", "good.txt", *words]) == 0
    steps = read_steps((folder / "times").read_text(), "times")
    assert ("RUN install", 10.0) in [(step.text, step.seconds) for step in steps]
    assert main(["rewrite", "--timings", "times"]) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_leaves_nothing(
    number: signal.Signals, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hit(FakeEngine):
        def build(self, request: Request) -> Built:
            if len(self.asked) == 1:
                os.kill(os.getpid(), number)
            return FakeEngine.build(self, request)

        def forget(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)  # as `timeout` does: to the process and its group

    fake: Callable[..., Engine] = lambda name, builder: Hit()  # noqa: E731
    monkeypatch.setattr(engines, "find", fake)
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    handlers = [signal.getsignal(each) for each in numbers]
    before = sorted(path.name for path in folder.parent.rglob("*"))
    assert main(["verify", "--against", "good.txt"]) == 130
    assert sorted(path.name for path in folder.parent.rglob("*")) == before
    assert [signal.getsignal(each) for each in numbers] == handlers


def test_colours_only_for_a_terminal(
    folder: Path,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("reorder.cli.output.colours", lambda stream: stream is sys.stdout)
    assert main(["verify", "--against", "good.txt", "--edit", "none"]) == 0
    assert "\x1b[32midentical" in capsys.readouterr().out

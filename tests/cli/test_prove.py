"""`rewrite --verify` with an engine that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from verify.fake_engine import FakeEngine

from reorder.cli.main import main
from reorder.verify import engines
from reorder.verify.engine import BuildFailed, Built, Request

TEXT = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(TEXT)
    (tmp_path / "requirements.txt").write_text("flask==3.0.0\n")
    return tmp_path


def using(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    monkeypatch.setattr(engines, "find", lambda name: engine)
    return engine


def test_no_engine(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    assert main(["rewrite", "--verify", "--write", "--no-history"]) == 2
    assert capsys.readouterr().err.startswith("no engine: buildx")
    assert (folder / "Dockerfile").read_text() == TEXT


def test_not_from_stdin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rewrite", "--verify", "-"]) == 2
    assert "--verify" in capsys.readouterr().err


def test_what_is_proved_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = using(FakeEngine(), monkeypatch)
    assert main(["rewrite", "--verify", "--write", "--no-history"]) == 0
    assert "--mount=type=cache" in (folder / "Dockerfile").read_text()
    assert (folder / ".dockerignore").exists()
    assert len(engine.asked) == 3
    assert "Dockerfile: cold build: the original\n" in capsys.readouterr().err


def test_what_does_not_change_is_not_built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "Dockerfile").write_text("FROM debian:12\nCMD x\n")
    engine = using(FakeEngine(), monkeypatch)
    assert main(["rewrite", "--verify", "--no-history"]) == 0
    assert engine.asked == []


class Breaks(FakeEngine):
    """The rewritten Dockerfile does not build, or makes another image."""

    def build(self, request: Request) -> Built:
        if request.space.endswith("after"):
            if self.version == "fails":
                raise BuildFailed(("boom",))
            request.dockerfile.write_text("FROM x\nRUN install\n")
        return FakeEngine.build(self, request)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("fails", "does not build: boom"),
        ("differs", "the image would differ: /app/requirements.txt"),
    ],
)
def test_what_is_not_proved_is_left_alone(
    how: str,
    told: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    using(Breaks(version=how), monkeypatch)
    assert main(["rewrite", "--verify", "--write", "--no-history"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert (folder / "Dockerfile").read_text() == TEXT
    assert not (folder / ".dockerignore").exists()

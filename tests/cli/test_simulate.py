"""`reorder simulate` on made repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from context.repository import commit
from simulate.made import made

from reorder.cli.main import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return made(tmp_path, {"src/a.js": "2"}, {"src/a.js": "3"})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere: no such file or folder\n"),
        ([""], "'': is no path; use . for the current folder\n"),
        (["src"], "src: no Dockerfile found\n"),
        (["--commits", "0"], "Invalid value for '--commits'"),
        (["--profile", "cloud"], "Invalid value for '--profile'"),
        (["--since", "2038-01-01"], "Dockerfile: has no history to replay: there is no commit"),
        (["--timings", "nowhere"], "nowhere"),
        (["--write"], "No such option"),
    ],
)
def test_bad_input(
    arguments: list[str], told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert main(["simulate"]) == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert "2 commits replayed" in capsys.readouterr().out


def test_json_of_the_profile_that_is_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--format", "json", "--profile", "ci"]) == 0
    document = json.loads(capsys.readouterr().out)
    (file,) = document["files"]
    assert (document["version"], document["profile"]) == (1, "registry")
    assert file["before"]["seconds_mean"] == file["profiles"]["registry"]["before"]
    assert [step["reruns"] for step in file["before"]["steps"]] == [0, 2, 2]


def test_builds_of_a_team(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    team = ["--builds-per-day", "10", "--developers", "5"]
    assert main(["simulate", *team, "--format", "json"]) == 0
    builds = json.loads(capsys.readouterr().out)["files"][0]["builds"]
    assert builds == {
        "a_year": 11500,
        "from": "10 builds on 230 working days by each of 5 developers",
    }


def test_output_goes_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--output", "report.txt"]) == 0
    assert capsys.readouterr().out == ""
    assert "2 commits replayed" in (folder / "report.txt").read_text()


def test_several_files_and_one_that_is_new(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(folder, {"api/Dockerfile": "FROM node:20\nCOPY src /src\nRUN make\n"})
    (folder / "broken.Dockerfile").write_text("FROM a\nFOO b\n")
    assert main(["simulate", "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert [file["path"] for file in json.loads(out)["files"]] == ["Dockerfile", "api/Dockerfile"]
    assert err == "broken.Dockerfile:2: unknown instruction: FOO\n"

"""`reorder ci`: what it prints, what it writes, and how it ends. What is rewritten is made up."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from context.repository import commit, repository, run_git

from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.prune.files import WORKFLOW
from reorder.cli.main import main
from reorder.context.project import Project

BUILD = "#!/bin/sh\ndocker build .\n"


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """Adds the cache to a line that builds."""
    if "docker build" not in text:
        return None
    repository = settings.ref or "ghcr.io/o/app"
    done = "--cache" in text
    added = f"docker build --cache-from {repository}:cache-main,{settings.branch}"
    after = text if done else text.replace("docker build", added)
    found = Found(
        2, "docker build", "fine" if done else "rewritten", "has a cache", None, repository
    )
    return Planned(path, text, after, (found,))


def files(project: Project) -> list[str]:
    return sorted(path for path in project.children("") if path.endswith(".sh"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, the current folder, with a script that builds."""
    fake = SimpleNamespace(NAME="made up", files=files, plan=plan)
    monkeypatch.setattr("reorder.ci.run.adapters", lambda: (fake,))
    root = repository(tmp_path / "repo")
    commit(root, {"build.sh": BUILD, "sub/other.sh": BUILD, "Dockerfile": "FROM a\n"})
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere: is no folder; name the root of a repository\n"),
        (["build.sh"], "build.sh: is no folder; name the root of a repository\n"),
        ([""], "'': is no path; use . for the current folder\n"),
        (["-"], "ci reads a repository, and nothing from stdin."),
        (["--write", "--check"], "--write and --check exclude each other."),
        (["--backend", "s3"], "Invalid value for '--backend'"),
        (["--registry-ref", "ghcr.io/o/app:x"], "'ghcr.io/o/app:x' has a tag or a digest"),
        (["--registry-ref", "o/team/app"], "Docker Hub has no more than 2"),
        (
            ["--registry-ref", "ghcr.io/o/app", "--backend", "gha"],
            "--registry-ref goes with --backend registry only.",
        ),
        (["--select", "order"], "No such option"),
    ],
)
def test_bad_input(
    arguments: list[str], told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ci", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert (folder / "build.sh").read_text() == BUILD


def test_nothing_that_builds(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["ci", "--check", "--prune", str(tmp_path / "empty")]) == 0
    assert capsys.readouterr() == ("", "No file was found that builds an image.\n")


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--check"], 1)])
def test_the_diff_applies_and_nothing_is_written(
    options: list[str], code: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ci", *options]) == code
    out, err = capsys.readouterr()
    assert (folder / "build.sh").read_text() == BUILD
    run_git(folder, "apply", "--check", stdin=out)
    assert "build.sh:2: rewritten: docker build: has a cache\n" in err
    assert err.endswith("\n1 file would change; 1 build: 1 rewritten.\n")


def test_what_was_written_is_accepted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "--write"]) == 0
    assert capsys.readouterr().out == ""
    assert "--cache-from ghcr.io/o/app:cache-main,master" in (folder / "build.sh").read_text()
    assert main(["ci", "--check"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n0 files would change; 1 build: 1 fine as it is.\n")


def test_a_folder_inside_the_repository_is_the_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ci", "sub"]) == 0
    out, err = capsys.readouterr()
    assert [line for line in out.splitlines() if line.startswith("+++")] == ["+++ b/sub/other.sh"]
    assert "sub/other.sh:2: rewritten" in err


def test_the_main_branch_and_the_place_can_be_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ci", "--main", "trunk", "--registry-ref", "r.example.com/c"]) == 0
    assert "+docker build --cache-from r.example.com/c:cache-main,trunk .\n" in (
        capsys.readouterr().out
    )


def test_the_main_branch_is_that_of_origin(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_git(folder, "branch", "-m", "production")
    run_git(tmp_path, "clone", "-q", "repo", "clone")
    assert main(["ci", str(tmp_path / "clone")]) == 0
    assert ":cache-main,production ." in capsys.readouterr().out


def test_prune_is_part_of_the_diff_and_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(folder, {".github/workflows/x.yml": "on: push\n"})
    assert main(["ci", "--check", "--prune"]) == 1
    out, err = capsys.readouterr()
    assert f"+++ b/{WORKFLOW}\n" in out
    run_git(folder, "apply", "--check", stdin=out)
    assert "GitHub Container Registry: ghcr.io/o/app\n" in err
    assert "  a cache that a newer one replaced stays" in err
    assert err.endswith("\n2 files would change; 1 build: 1 rewritten.\n")
    assert main(["ci", "--write", "--prune"]) == 0
    assert (folder / WORKFLOW).is_file()
    capsys.readouterr()
    assert main(["ci", "--check", "--prune"]) == 0
    assert capsys.readouterr().out == ""


def test_a_folder_is_made_for_what_prunes(folder: Path) -> None:
    assert main(["ci", "--write", "--prune", "--registry-ref", "r.example.com/app"]) == 0
    text = (folder / "ci" / "prune-cache.sh").read_text()
    assert 'caches="r.example.com/app"\n' in text
    subprocess.run(["sh", "-n", folder / "ci" / "prune-cache.sh"], check=True)


def test_github_prunes_its_own_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "--backend", "gha", "--prune"]) == 0
    assert "note: GitHub removes its caches itself" in capsys.readouterr().err
    assert main(["ci", "--backend", "gha"]) == 0
    assert "GitHub removes" not in capsys.readouterr().err


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "--format", "json", "--prune", "--check"]) == 1
    document = json.loads(capsys.readouterr().out)
    (file,), (prune,) = document["files"], document["prune"]
    assert (document["version"], file["path"], file["status"]) == (1, "build.sh", "changed")
    assert file["builds"] == [
        {
            "line": 2,
            "what": "docker build",
            "status": "rewritten",
            "reason": "has a cache",
            "image": None,
            "cache": "ghcr.io/o/app",
            "warnings": [],
        }
    ]
    assert (prune["path"], prune["caches"]) == ("ci/prune-ghcr-cache.sh", ["ghcr.io/o/app"])
    assert prune["diff"].startswith("diff --git a/ci/prune-ghcr-cache.sh")
    assert document["summary"] == {
        "files": 1,
        "changed": 1,
        "rewritten": 1,
        "fine": 0,
        "refused": 0,
    }
    assert main(["ci", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["prune"] is None


MOUNT = (
    "FROM golang:1.22\nWORKDIR /a\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go build .\n"
)
SUM = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
MODULE = {
    "go.mod": "module a\n\ngo 1.22\n\nrequire b.org/b v1.0.0\n",
    "go.sum": f"b.org/b v1.0.0 h1:{SUM}\nb.org/b v1.0.0/go.mod h1:{SUM}\n",
}


def test_cache_mounts_are_named_with_both_effects(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(folder, {"Dockerfile": MOUNT, **MODULE})
    for number in range(3):
        commit(folder, {"main.go": f"package main // {number}\n"})
    assert main(["ci"]) == 0
    (line,) = (line for line in capsys.readouterr().err.splitlines() if "cache mounts" in line)
    assert line.startswith("note: Dockerfile:4: cache mounts are not exported with the cache; a ")
    figures = re.findall(r"takes ([\d.]+) s, .*`reorder` ([\d.]+) s, .*ephemeral` ([\d.]+) s", line)
    now, kept, layers = map(float, figures[0])
    assert layers < now
    assert layers < kept


def test_without_a_history_the_other_builder_is_offered(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "build.sh").write_text(BUILD)
    (plain / "Dockerfile").write_text(MOUNT)
    (plain / "other.Dockerfile").write_text("FROM a\n# RUN --mount=type=cache,target=/x\nRUN b\n")
    assert main(["ci", str(plain)]) == 0
    assert [line for line in capsys.readouterr().err.splitlines() if "note" in line] == [
        f"note: {plain}/Dockerfile:4: cache mounts are not exported with the cache; "
        "`reorder --builder ephemeral` keeps dependencies in layers instead"
    ]


def test_those_that_no_rewrite_helps_share_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "FROM a\nRUN --mount=type=cache,target=/x true\n"
    commit(folder, {f"{name}/Dockerfile": text for name in "abc"})
    commit(folder, {"a/file": "1"})
    commit(folder, {"a/file": "2"})
    assert main(["ci"]) == 0
    (line,) = (line for line in capsys.readouterr().err.splitlines() if "cache mounts" in line)
    assert line == (
        "note: a/Dockerfile:2, b/Dockerfile:2 and c/Dockerfile:2: cache mounts are not exported "
        "with the cache; `reorder --builder ephemeral` would change nothing there"
    )


def test_help_fits_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["ci", "--help"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "--registry-ref REF" in out

"""Lists of manifests that lack a file: it is named wherever the result is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from context.repository import commit, run_git

from reorder.cli.main import main

POM = "<project><groupId>g</groupId><artifactId>{}</artifactId><version>1</version>{}</project>"
MODULES = "<modules><module>a</module><module>b</module></modules>"
FILES = {
    "pom.xml": POM.format("all", MODULES),
    "a/pom.xml": POM.format("a", ""),
    "b/pom.xml": POM.format("b", ""),
    "a/A.java": "class A {}\n",
    "Dockerfile": (
        "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY pom.xml .\nCOPY a/pom.xml a/\n"
        "RUN mvn dependency:go-offline\nCOPY . .\nRUN mvn package\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    run_git(tmp_path, "init", "-q")
    commit(tmp_path, FILES)
    return tmp_path


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def called(*words: str) -> tuple[int, str]:
        code = main(["--select=manifest-drift", *words, str(project / "Dockerfile")])
        shown = capsys.readouterr()
        return code, shown.out if "--format=json" in words else shown.out + shown.err

    return called


def test_check_fails_and_names_the_file(run: Run) -> None:
    code, output = run("--check")
    assert code == 1
    assert "+COPY b/pom.xml b/" in output
    assert "copy b/pom.xml too" in output


def test_json_names_the_file(run: Run) -> None:
    code, output = run("--check", "--format=json")
    [change] = json.loads(output)["files"][0]["changes"]
    assert (code, change["id"], change["line"]) == (1, "manifest-drift", 5)
    assert "b/pom.xml" in change["message"]


def test_what_is_written_is_complete(project: Path, run: Run) -> None:
    assert run("--write")[0] == 0
    assert "COPY a/pom.xml a/\nCOPY b/pom.xml b/\nRUN" in (project / "Dockerfile").read_text()
    assert run("--check")[0] == 0

"""What a repository says of its CI systems and images."""

from __future__ import annotations

from pathlib import Path

from reorder.ci.repository import bases, called, systems
from reorder.context.project import Project


def project(root: Path, files: dict[str, str]) -> Project:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Project.open(root)


def test_an_empty_folder(tmp_path: Path) -> None:
    found = project(tmp_path, {})
    assert (systems(found), called(found), bases(found)) == ((), frozenset(), frozenset())


def test_systems_by_their_files(tmp_path: Path) -> None:
    found = project(tmp_path, {".github/workflows/a.yml": "", "Jenkinsfile": "", "x.yml": ""})
    assert systems(found) == (".github/workflows", "Jenkinsfile")


def test_what_ci_files_call(tmp_path: Path) -> None:
    text = "script:\n  - ./ci/build.sh --all\n  - make -s image push && make\n  # ./ci/old.sh\n"
    words = called(project(tmp_path, {".gitlab-ci.yml": text, "scripts/a.sh": "b.sh\n"}))
    assert {"ci/build.sh", "make image", "make push", "make "} <= words
    assert not {"ci/old.sh", "b.sh"} & words


def test_images_that_dockerfiles_build_on(tmp_path: Path) -> None:
    text = (
        "FROM --platform=linux/amd64 o/base:1 AS build\nFROM r.io:5000/x@sha256:0\n"
        "COPY --from=o/tools:2 /a /b\n# FROM o/no\n"
    )
    files = {"app/Dockerfile": text, "vendor/Dockerfile": "FROM o/theirs\n", "x.txt": "FROM o/y\n"}
    assert bases(project(tmp_path, files)) == {"o/base", "r.io:5000/x", "o/tools"}

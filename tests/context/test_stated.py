"""Contexts that compose files and workflows state."""

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.context.locate import locate
from reorder.context.stated import stated_contexts


def lay(top: Path, files: dict[str, str]) -> Path:
    (top / ".git").mkdir()
    for name, text in {"svc/Dockerfile": "FROM a\nCOPY . .\n", **files}.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top / "svc" / "Dockerfile"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="no such file"),
        pytest.param({"compose.yml": "services: [\n  build"}, id="no YAML"),
        pytest.param({"compose.yml": "services:\n  a:\n    build: other\n"}, id="another file"),
        pytest.param({"compose.yml": "services:\n  a:\n    build: ${DIR}/svc\n"}, id="a variable"),
        pytest.param(
            {".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: docker build x&&y\n"},
            id="not one command",
        ),
    ],
)
def test_nothing_is_stated(tmp_path: Path, files: dict[str, str]) -> None:
    assert stated_contexts(lay(tmp_path, files), tmp_path) == ()


@pytest.mark.parametrize(
    ("files", "want"),
    [
        pytest.param({"compose.yml": "services:\n  a:\n    build: ./svc\n"}, "svc", id="short"),
        pytest.param(
            {"docker-compose.a.yml": "services:\n  a:\n    build: {dockerfile: svc/Dockerfile}\n"},
            ".",
            id="long, default context",
        ),
        pytest.param(
            {"deploy/compose.yaml": "services:\n  a:\n    build: {context: ../svc}\n"},
            "svc",
            id="relative to the compose file",
        ),
        pytest.param(
            {
                ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n"
                "    - uses: docker/build-push-action@v6\n"
                "      with: {context: ., file: svc/Dockerfile}\n"
            },
            ".",
            id="the action",
        ),
        pytest.param(
            {
                ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n"
                "    - run: docker build -t x -f svc/Dockerfile .\n"
            },
            ".",
            id="a command",
        ),
    ],
)
def test_one_context_is_stated(tmp_path: Path, files: dict[str, str], want: str) -> None:
    path = lay(tmp_path, files)
    place = locate(path, ["."])
    assert place.root == tmp_path / want if want != "." else place.root == tmp_path
    assert place.certain


def test_two_contexts_are_no_certainty(tmp_path: Path) -> None:
    text = "services:\n  a:\n    build: svc\n  b:\n    build: {dockerfile: svc/Dockerfile}\n"
    place = locate(lay(tmp_path, {"compose.yml": text}), ["."])
    assert not place.certain

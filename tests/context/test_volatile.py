"""Build arguments that get a new value with each build."""

from __future__ import annotations

import pytest

from reorder.context.project import Project
from reorder.context.volatile import Volatile, volatile_arguments

FLOW = ".github/workflows/ci.yml"
ACTION = """jobs:
  image:
    steps:
      - uses: docker/build-push-action@v6
        with:
          build-args: STAMP=${{ github.run_id }}
"""


def read(files: dict[str, str]) -> Volatile:
    return volatile_arguments(Project.of(files))


def test_nothing_is_said() -> None:
    arguments = read({})
    assert arguments.why("NODE_VERSION", "20") is None
    assert arguments.why("VERSION", "1.2.3") is None
    assert arguments.why("GIT_SHA", None) == "GIT_SHA is by its name another one in each build"


def test_where_it_is_said() -> None:
    arguments = read({FLOW: ACTION})
    assert arguments.why("STAMP", "1") == f"STAMP is passed by {FLOW}"
    assert arguments.passed == {"STAMP": f"STAMP is passed by {FLOW}"}


def test_a_fixed_value_is_stronger_than_the_name() -> None:
    arguments = read({"build.sh": "docker build --build-arg REVISION=stable/7 .\n"})
    assert arguments.why("REVISION", None) is None


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("docker build --build-arg REVISION=$(git describe) .", id="a new one"),
        pytest.param("docker build --build-arg REVISION=$SOME .", id="one that is not known"),
    ],
)
def test_a_fixed_value_in_one_place_only(other: str) -> None:
    files = {"ci/a.sh": "docker build --build-arg REVISION=stable/7 .\n", "ci/b.sh": other}
    assert read(files).why("REVISION", None) is not None


def test_a_placeholder_in_a_compose_file_says_nothing() -> None:
    arguments = read({"compose.yml": "services: {a: {build: {args: {GIT_SHA: dev}}}}"})
    assert arguments.why("GIT_SHA", None) is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("--build-arg" + " " * 250_000, id="blanks"),
        pytest.param("a" * 250_000, id="one word"),
        pytest.param("x.args." * 30_000, id="sets"),
        pytest.param("--build-arg A=$(" * 15_000, id="open"),
        pytest.param("--build-arg=A " * 15_000, id="many"),
    ],
)
def test_hostile_files_come_to_an_end(text: str) -> None:
    files = {"build.sh": "--build-arg STAMP=$(date)\n" + text, "docker-bake.hcl": "args = {" + text}
    assert read(files).why("STAMP", None) is not None

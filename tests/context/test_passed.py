"""The places of a repository that pass build arguments, and the values they pass."""

from __future__ import annotations

import pytest

from reorder.context.passed import passed_arguments
from reorder.context.project import Project

FLOW = ".github/workflows/ci.yml"
ACTION = """jobs:
  image:
    steps:
      - uses: docker/metadata-action@v5
        id: meta
      - uses: docker/build-push-action@v6
        with:
          build-args: |
"""


def found(path: str, text: str) -> dict[str, bool | None]:
    return {item.name: item.fresh for item in passed_arguments(Project.of({path: text}))}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("README.md", "docker build --build-arg A=$(date)", id="prose"),
        pytest.param("build.sh", "# docker build --build-arg A=$(date)\n", id="comment"),
        pytest.param("build.sh", "docker build --build-arg-file x .\n", id="another option"),
        pytest.param("src/deep/build.sh", "docker build --build-arg A=1", id="unusual place"),
        pytest.param("compose.yml", "services: {a: {build: {args: 3}}}", id="args of no kind"),
        pytest.param("compose.yml", "services: [args\n", id="no YAML"),
        pytest.param(FLOW, "jobs: {a: {steps: [{with: {build-args: '-'}}]}}", id="no name"),
        pytest.param("docker-bake.json", "{'target'", id="no JSON"),
        pytest.param("docker-bake.hcl", 'args = { A = "1"', id="no end"),
        pytest.param(
            "build.sh", "#" + "x" * 300_000 + "\ndocker build --build-arg A=1", id="large"
        ),
    ],
)
def test_nothing_is_passed(path: str, text: str) -> None:
    assert found(path, text) == {}


@pytest.mark.parametrize(
    ("path", "text", "want"),
    [
        pytest.param("build.sh", "docker build --build-arg A=$(date +%s) .", True, id="shell"),
        pytest.param(
            "build.sh",
            "docker build \\\n  --build-arg A=\"$(date -u +'%Y-%m-%d %H')\" .",
            True,
            id="quotes in quotes",
        ),
        pytest.param("build.sh", "X=1\ndocker build --build-arg 'A=$X' .", False, id="quoted"),
        pytest.param("build.sh", "docker build --build-arg A=1 -t x:$(date) .", False, id="a tag"),
        pytest.param("build.sh", "podman build --build-arg=A=`git describe` .", True, id="podman"),
        pytest.param("build.sh", "docker build --build-arg A .", None, id="from outside"),
        pytest.param(
            "build.sh",
            "export A=$(git describe)\ndocker build --build-arg A .",
            True,
            id="exported",
        ),
        pytest.param(
            "Makefile",
            "C := $(shell git rev-parse HEAD)\nx:\n\tdocker build --build-arg A=$(C) .\n",
            True,
            id="make",
        ),
        pytest.param(
            "build.sh", "docker buildx bake --set '*.args.A=$(date)'", True, id="bake --set"
        ),
        pytest.param(FLOW, ACTION + "            A=${{ github.sha }}\n", True, id="action"),
        pytest.param(FLOW, ACTION + "            A=${{ matrix.a }}\n", False, id="matrix"),
        pytest.param(
            FLOW, ACTION + "            A=${{ steps.meta.outputs.version }}\n", True, id="metadata"
        ),
        pytest.param(
            FLOW,
            ACTION + '            "A=${{ vars.A }}"\n',
            None,
            id="a variable of the repository",
        ),
        pytest.param(
            FLOW,
            "env:\n  REV: ${{ github.sha }}\njobs:\n  a:\n    steps:\n"
            "    - run: docker build --build-arg A=$REV .\n",
            True,
            id="command in a workflow",
        ),
        pytest.param(
            ".gitlab-ci.yml",
            "x:\n  script:\n    - docker build --build-arg A=$CI_COMMIT_SHA .\n",
            True,
            id="gitlab",
        ),
        pytest.param(
            ".circleci/config.yml",
            "- run: docker build --build-arg A=$CIRCLE_SHA1 .\n",
            True,
            id="circle",
        ),
        pytest.param(
            "cloudbuild.yaml",
            "steps:\n- args: ['build', '--build-arg', 'A=$COMMIT_SHA', '.']\n",
            True,
            id="words of a list",
        ),
        pytest.param(
            "cloudbuild.yaml",
            "steps:\n- args:\n  - build\n  - --build-arg\n  - A=$COMMIT_SHA\n  - '.'\n",
            True,
            id="rows of a list",
        ),
        pytest.param(
            "Jenkinsfile",
            'sh "docker build --build-arg A=${env.BUILD_NUMBER} ."',
            True,
            id="groovy",
        ),
        pytest.param(
            "compose.yml",
            "services: {a: {build: {args: {A: '${GIT_SHA}'}}}}",
            True,
            id="compose mapping",
        ),
        pytest.param(
            "compose.yml", "services: {a: {build: {args: ['A=3.1']}}}", False, id="compose list"
        ),
        pytest.param(
            "app/docker-compose.yml", "services: {a: {build: {args: {A: }}}}", None, id="outside"
        ),
        pytest.param(
            "docker-bake.hcl",
            'target "a" {\n  args = {\n    A = timestamp() // now\n  }\n}\n',
            True,
            id="bake function",
        ),
        pytest.param("docker-bake.hcl", 't "a" { args = { A = "3" } }', False, id="bake literal"),
        pytest.param("docker-bake.hcl", 't "a" { args = { A = B } }', None, id="bake variable"),
        pytest.param(
            "docker-bake.hcl",
            't "a" {\n args = {\n "A" = "x-${GIT_SHA}"\n }\n}',
            True,
            id="bake variable by name",
        ),
        pytest.param(
            "docker-bake.json", '{"target": {"a": {"args": {"A": "3"}}}}', False, id="bake JSON"
        ),
    ],
)
def test_passed(path: str, text: str, want: bool | None) -> None:
    assert found(path, text) == {"A": want}


def test_several_in_one_command() -> None:
    text = "docker build --build-arg A=1 --build-arg B=$(git describe) --build-arg 'C=x y' ."
    assert found("build.sh", text) == {"A": False, "B": True, "C": False}

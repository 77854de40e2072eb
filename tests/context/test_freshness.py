"""Values that are new with each build, values that are not, and those nobody can know."""

from __future__ import annotations

import pytest

from reorder.context.freshness import is_fresh, said


@pytest.mark.parametrize(
    "value",
    [
        "$UNKNOWN",
        "${VERSION:-1.0}",
        "$(cat VERSION)",
        "`cat VERSION`",
        "$(shell cat VERSION)",
        "${{ inputs.version }}",
        "${{ vars.REGION }}",
        "${{ secrets.TOKEN }}",
        "${{ github.ref_name }}",
        "${{ hashFiles('x') }}",
        "${{ steps.other.outputs.version }}",
        "$(git rev-parse --abbrev-ref HEAD)",
        "$(git describe --tags --abbrev=0)",
        "$(git config user.name)",
        "$(update)",
        "{{ .Version }}",
        "<< parameters.tag >>",
        "${CI_COMMIT_REF_NAME}",
        "dev",  # a placeholder is no value
        "",
        "x" * 2000,
    ],
)
def test_not_known(value: str) -> None:
    assert is_fresh(value, said([])) is None


@pytest.mark.parametrize("value", ["1.2.3", "true", "registry/base:1", "${{ matrix.python }}-slim"])
def test_fixed(value: str) -> None:
    assert is_fresh(value, said([])) is False


@pytest.mark.parametrize(
    "value",
    [
        "$(git rev-parse HEAD)",
        "$(git rev-parse --short HEAD)",
        "$$(git describe --tags --always)",
        "`git describe`",
        "$(shell git -C .. log -1 --format=%h)",
        "$(git --git-dir=x --no-pager rev-list -1 HEAD)",
        "v1-$(date -u +%F)",
        "`date +%s`",
        "$(Get-Date -Format o)",
        "$RANDOM",
        "${{ github.sha }}",
        "pr-${{ github.event.pull_request.head.sha }}",
        "${{ github.run_number }}",
        "$CI_COMMIT_SHORT_SHA",
        "${CI_PIPELINE_ID}",
        "${BUILD_NUMBER:-0}",
        "$(Build.SourceVersion)",
        "<< pipeline.number >>",
        "{{ .FullCommit }}",
        "$env:GITHUB_SHA",
    ],
)
def test_fresh(value: str) -> None:
    assert is_fresh(value, said([])) is True


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("COMMIT_ID := $(shell git rev-parse HEAD)", "$(COMMIT_ID)"),
        ("X ?= $(shell git rev-parse HEAD)", "$(X)"),
        ("X=`git rev-parse HEAD`", "${X}"),
        ("  export X=$(git rev-parse HEAD)", "$X"),
        ("      X: ${{ github.sha }}", "${{ env.X }}"),
        ("- X: $CI_COMMIT_SHA", "$X"),
        ('run: echo "x=$(date +%s)" >> $GITHUB_OUTPUT', "${{ steps.a.outputs.x }}"),
        ('echo "::set-output name=x::$(date +%s)"', "${{ steps.a.outputs.x }}"),
        ("echo x=$(date +%s) | tee -a $GITHUB_ENV", "${{ env.x }}"),
        ("$x = git rev-parse HEAD", "$x"),
        ("def x = sh(script: 'git rev-parse HEAD', returnStdout: true)", "$x"),
    ],
)
def test_fresh_by_what_the_file_says(line: str, value: str) -> None:
    assert is_fresh(value, said([])) is None or "COMMIT" in value
    assert is_fresh(value, said([line])) is True


def test_fresh_through_several_variables() -> None:
    assert is_fresh("$A", said(["A=$B-$C", "B=1", "C=${D}", "D=$(git describe)"])) is True


def test_fixed_by_what_the_file_says() -> None:
    assert is_fresh("$GIT_SHA", said(["GIT_SHA=abc-1"])) is False
    assert is_fresh("${{ env.TAG }}", said(["  TAG: 1.2"])) is False


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["X ?= 1"], id="a default"),
        pytest.param(["X=1", "X=$Y"], id="one of two"),
        pytest.param(["X=$X"], id="itself"),
        pytest.param(["X=$Y", "Y=$X"], id="a circle"),
        pytest.param(["X=unknown"], id="a placeholder"),
        pytest.param(["X=" + "x" * 2000], id="too long to read"),
    ],
)
def test_not_known_by_what_the_file_says(lines: list[str]) -> None:
    assert is_fresh("$X", said(lines)) is None


def test_what_is_set_to_itself_comes_from_outside() -> None:
    assert is_fresh("$GIT_SHA", said(["GIT_SHA=$GIT_SHA"])) is True


def test_the_outputs_of_the_metadata_action() -> None:
    known = said([], ["meta"])
    assert is_fresh("${{ steps.meta.outputs.version }}", known) is True
    assert is_fresh("${{ fromJSON(steps.meta.outputs.json).labels['x'] }}", known) is True
    assert is_fresh("${{ steps.meta.outputs.bake-file }}", known) is None


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            [f"V{n}=" + " ".join(f"$V{m}" for m in range(40)) for n in range(40)], id="web"
        ),
        pytest.param(["X=git " + "-c " * 300], id="options"),
        pytest.param(["X" + " " * 900], id="blanks"),
        pytest.param(["echo x=" + "'" * 900], id="quotes"),
    ],
)
def test_hostile_files_come_to_an_end(lines: list[str]) -> None:
    known = said(lines)
    assert [name for name in known.values if is_fresh(f"${name}", known)] == []

"""The end of a tag, as the shells that run a build compute it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from context.repository import repository, run_git

from reorder.ci import branch
from reorder.ci.branch import Branch
from reorder.ci.refs import MOST, CacheRef, part, slug

TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
SYSTEMS = [system for _, system in branch.SYSTEMS]
SHELLS = ["sh", "bash"]


def computed(
    system: Branch,
    environment: dict[str, str],
    main: str,
    *,
    shell: str = "sh",
    cwd: Path | None = None,
) -> str:
    line, text = branch.tag(system, main)
    script = f"set -eu\n{line or ':'}\nprintf %s {text}\n"
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **environment}
    run = subprocess.run(
        [shell, "-c", script], env=environment, cwd=cwd, check=True, capture_output=True
    )
    return run.stdout.decode()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.system)
def test_every_system_names_the_branch(system: Branch, shell: str) -> None:
    name = system.slug or system.variables[0]
    rest = dict.fromkeys(system.variables, "other")
    assert computed(system, {**rest, name: "topic"}, "main", shell=shell) == "topic"
    assert computed(system, {**rest, name: "main"}, "main", shell=shell) == "main"
    assert computed(system, {**rest, name: "master"}, "master", shell=shell) == "main"
    assert computed(system, {**rest, name: "x-master"}, "master", shell=shell) == "x-master"


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("feature/A_b.c-1", "feature-A_b.c-1"),
        ("a$(x)`y`;z", "a--x--y--z"),
        ("ü", "--"),
        ("a b\nc", "a-b-c"),
        ("x" * 300, "x" * MOST),
    ],
)
def test_what_a_tag_cannot_hold(name: str, tag: str) -> None:
    found = computed(branch.CIRCLECI, {"CIRCLE_BRANCH": name}, "main")
    assert found == tag
    reference = CacheRef("o/app", part("a-long-name-of-a-target/of-a-build")).branch(found)
    assert TAG.fullmatch(reference.partition(":")[2])
    if name.isascii():
        assert slug(name) == tag


def test_the_same_of_the_main_branch() -> None:
    assert (
        computed(
            branch.TRAVIS,
            {"TRAVIS_BRANCH": "release/2.x", "TRAVIS_PULL_REQUEST_BRANCH": ""},
            "release/2.x",
        )
        == "main"
    )
    assert (
        computed(
            branch.TRAVIS,
            {"TRAVIS_BRANCH": "release/2-x", "TRAVIS_PULL_REQUEST_BRANCH": ""},
            "release/2.x",
        )
        == "release-2-x"
    )


def test_a_pull_request_is_the_branch_it_comes_from() -> None:
    given = {"GITHUB_HEAD_REF": "fix", "GITHUB_REF_NAME": "12/merge"}
    assert computed(branch.GITHUB, given, "main") == "fix"
    given = {"GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "main"}
    assert computed(branch.GITHUB, given, "main") == "main"


def test_a_branch_below_a_folder_is_not_the_main_one() -> None:
    given = {"BUILD_SOURCEBRANCH": "refs/heads/x/main", "BUILD_SOURCEBRANCHNAME": "main"}
    assert computed(branch.AZURE, given, "main") == "x-main"
    assert computed(branch.AZURE, {"BUILD_SOURCEBRANCH": "refs/heads/main"}, "main") == "main"


def test_a_fork_that_builds_with_credentials_is_never_the_main_branch() -> None:
    given = {"BRANCH_NAME": "PR-12", "CHANGE_BRANCH": "main"}
    assert computed(branch.JENKINS, given, "main") == "PR-12"
    assert computed(branch.JENKINS, {"GIT_BRANCH": "origin/a/b"}, "main") == "a-b"


def test_a_build_of_a_tag() -> None:
    assert computed(branch.CIRCLECI, {}, "main") == "tag"
    assert computed(branch.BITBUCKET, {}, "main") == "tag"


def test_by_hand_git_is_asked(tmp_path: Path) -> None:
    repository(tmp_path)
    run_git(tmp_path, "checkout", "-q", "-b", "a/b")
    system = branch.anywhere([branch.GITHUB, branch.AZURE])
    assert computed(system, {}, "main", cwd=tmp_path) == "a-b"
    assert computed(system, {"GITHUB_REF_NAME": "c"}, "main", cwd=tmp_path) == "c"
    assert computed(branch.anywhere([]), {}, "main", cwd=tmp_path) == "a-b"


def test_where_the_system_has_a_slug_no_line_is_needed() -> None:
    assert branch.tag(branch.GITLAB, "main") == (None, "$CI_COMMIT_REF_SLUG")


def test_builders_that_outlive_a_job_have_a_name() -> None:
    assert branch.builder(branch.CIRCLECI) == "docker buildx create --use"
    assert "--name registry-cache" in branch.builder(branch.JENKINS)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("api", "api"), ("a--b", "a-b"), ("-a/b-", "a-b"), ("x" * 40, "x" * 20), ("..", ""), ("", "")],
)
def test_a_part_of_a_tag(name: str, wanted: str) -> None:
    assert part(name) == wanted


def test_a_part_keeps_caches_of_one_repository_apart() -> None:
    assert CacheRef("o/app").main == "o/app:cache-main"
    assert CacheRef("o/app", "api").main == "o/app:cache-api--main"
    assert CacheRef("o/app", "api").branch("$X") == "o/app:cache-api--$X"

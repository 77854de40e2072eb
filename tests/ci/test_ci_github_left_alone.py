"""Builds in workflows of GitHub Actions that are left alone, each for its reason."""

from __future__ import annotations

import textwrap

import pytest

from reorder.ci.contract import Found, Settings
from reorder.ci.github import workflows as github
from reorder.context.project import Project

HEAD = """\
on:
  push:
    branches: [main]
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
"""
LOGIN = """\
- uses: docker/login-action@v3
  with:
    username: acme
    password: ${{ secrets.HUB_TOKEN }}
"""
BUILDX = "- uses: docker/setup-buildx-action@v3\n"
BUILD = """\
- uses: docker/build-push-action@v6
  with:
    push: true
    tags: acme/shop:latest
"""
SCRIPT = "- run: docker build --push -t acme/shop:latest .\n"
LOCAL = """\
- uses: docker/build-push-action@v6
  with:
    tags: acme/shop:latest
"""


def workflow(*steps: str, head: str = HEAD) -> str:
    return head + textwrap.indent("".join(steps), " " * 6)


def found(text: str, **more: str) -> tuple[Found, ...]:
    """What is told of a text that must not change."""
    settings = Settings(**{"branch": "main", **more})  # type: ignore[arg-type]
    planned = github.plan(".github/workflows/image.yml", text, settings)
    assert planned is not None
    assert planned.after == text
    return planned.found


def test_what_builds_nothing_is_no_answer() -> None:
    assert github.plan("x.yml", workflow("- run: make\n"), Settings("main")) is None
    assert github.plan("x.yml", "# docker/build-push-action\n- a\n", Settings("main")) is None
    assert github.plan("x.yml", workflow("- run: echo docker\n"), Settings("main")) is None


def test_the_files_that_are_asked_about() -> None:
    names = [
        ".github/workflows/b.yaml", ".github/workflows/a.yml", ".github/workflows/notes.md",
        ".github/actions/image/action.yml", ".github/actions/image/other.yml", "action.yml",
    ]  # fmt: skip
    assert github.files(Project.of(dict.fromkeys(names, ""))) == [
        ".github/actions/image/action.yml",
        ".github/workflows/a.yml",
        ".github/workflows/b.yaml",
        "action.yml",
    ]


REFUSED = {
    "the file is no valid YAML": "on: push\njobs: {\n# docker/build-push-action\n",
    "the file has YAML aliases": workflow(
        LOGIN.replace("with:", "with: &login"), BUILDX, BUILD,
        "- uses: docker/login-action@v3\n  with: *login\n",
    ),
    "its triggers are not understood": workflow(
        LOGIN, BUILDX, BUILD, head=HEAD.replace("\n  push:\n    branches: [main]", "")
    ),
    "version 1 of the action": workflow(LOGIN, BUILDX, BUILD.replace("@v6", "@v1.1")),
    "none of the file's triggers leads to it": workflow(
        LOGIN, BUILDX, BUILD.replace("  with:", "  if: github.event_name == 'release'\n  with:")
    ),
    "its builder has the driver `docker`": workflow(
        LOGIN, BUILDX + "  with:\n    driver: docker\n", BUILD
    ),
    "buildx is set up in only some of the runs": workflow(
        LOGIN, BUILDX + "  if: env.FAST == '1'\n", BUILD
    ),
    "a later step takes the image from Docker itself": workflow(
        LOGIN, LOCAL, "- run: docker run acme/shop:latest\n"
    ),
    "a later step takes the image from Docker": workflow(
        LOGIN, BUILD, "- run: docker tag acme/shop:latest acme/shop:old\n"
    ),
    "a later step takes the image": workflow(
        LOGIN, LOCAL, "- uses: aquasecurity/trivy-action@v1\n"
    ),
    "nothing is pushed, so there is no registry": workflow(
        LOGIN, BUILDX, LOCAL.replace("acme/shop:latest", "shop")
    ),
    "nothing is pushed": workflow(BUILDX, "- uses: docker/build-push-action@v6\n"),
    "its job does not log in to docker.io": workflow(BUILDX, LOCAL),
    "its job does not log in to ghcr.io": workflow(
        LOGIN, BUILDX, LOCAL.replace("acme/", "ghcr.io/acme/")
    ),
    "`steps.name.outputs.tags` says what the image is called": workflow(
        LOGIN, BUILDX, BUILD.replace("acme/shop:latest", "${{ steps.name.outputs.tags }}")
    ),
    "`env.IMAGE` says what the image is called": workflow(
        LOGIN, BUILDX, BUILD.replace("acme/shop:latest", "${{ env.IMAGE }}:latest")
    ),
    "`secrets.IMAGE` says what": workflow(
        LOGIN, BUILDX, BUILD.replace("acme/shop:latest", "${{ secrets.IMAGE }}/shop:latest")
    ),
    "has capital letters": workflow(LOGIN, BUILDX, BUILD.replace("acme/shop", "Acme/shop")),
    "no run of it may push a cache": workflow(
        LOGIN, BUILDX, BUILD, head=HEAD.replace("push:\n    branches: [main]", "merge_group:")
    ),
    "no run of it may push": workflow(
        LOGIN, BUILDX, BUILD,
        head=HEAD.replace("push:\n    branches: [main]", "pull_request_target:"),
    ),
    "the job logs in under a condition that an input cannot repeat": workflow(
        LOGIN.replace("  with:", "  if: always() && env.X\n  with:"), BUILDX, BUILD
    ),
    "it runs on Windows": workflow(LOGIN, BUILD, head=HEAD.replace("ubuntu", "windows")),
    "a self-hosted runner may keep": workflow(
        LOGIN, BUILD, head=HEAD.replace("ubuntu-latest", "[self-hosted, linux]")
    ),
    "its inputs are not written one to a line": workflow(
        LOGIN, BUILDX,
        "- uses: docker/build-push-action@v6\n  with: {push: true, tags: acme/shop:latest}\n",
    ),
    "its steps are not written in lines of their own": HEAD.replace("    steps:\n", "") + (
        "    steps: [{uses: docker/login-action@v3}, {uses: docker/build-push-action@v6, with:\n"
        "      {push: true, tags: acme/shop}}]\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_refused(reason: str) -> None:
    (one,) = found(REFUSED[reason])
    assert one.status == "refused"
    assert reason in one.reason


def test_two_builds_that_would_overwrite_each_other() -> None:
    other = BUILD + "    build-args: EDITION=pro\n"
    text = workflow(LOGIN, BUILDX, BUILD, other)
    planned = github.plan("x.yml", text, Settings("main"))
    assert planned is not None
    assert [one.status for one in planned.found] == ["rewritten", "refused"]
    assert "the build on line 13 would overwrite each other" in planned.found[1].reason


def test_what_was_refused_stays_so_when_the_other_build_has_its_cache() -> None:
    text = workflow(LOGIN, BUILDX, BUILD, BUILD + "    build-args: EDITION=pro\n")
    first = github.plan("x.yml", text, Settings("main"))
    assert first is not None
    again = found(first.after)
    assert [one.status for one in again] == ["fine", "refused"]
    assert "would overwrite each other" in again[1].reason


def test_an_image_of_the_docker_file_beside_another_of_the_same_name() -> None:
    other = BUILD.replace("latest", "alpine") + "    file: alpine.Dockerfile\n"
    planned = github.plan("x.yml", workflow(LOGIN, BUILDX, BUILD, other), Settings("main"))
    assert planned is not None
    assert planned.after.count("cache-from: type=registry,ref=acme/shop:cache-main\n") == 1
    assert planned.after.count("cache-from: type=registry,ref=acme/shop:cache-alpine--main\n") == 1


def test_another_build_of_the_job_needs_docker_as_it_is() -> None:
    first, second = found(
        workflow(LOGIN, BUILD, LOCAL.replace("shop", "web"), "- run: docker run acme/web:latest\n")
    )
    assert "another build of its job needs it so" in first.reason
    assert "takes the image from Docker itself" in second.reason


def test_a_builder_that_is_named_is_not_set_up() -> None:
    for text in (
        workflow(LOGIN, BUILD + "    builder: big\n"),
        workflow(LOGIN, BUILD, head="env:\n  BUILDX_BUILDER: big\n" + HEAD),
        workflow(LOGIN, "- run: docker buildx create --name big --use\n", BUILD),
    ):
        planned = github.plan("x.yml", text, Settings("main"))
        assert planned is not None
        assert planned.after != text
        assert "setup-buildx" not in planned.after


def test_capitals_of_a_repository_are_lowered_where_the_clone_knows_them() -> None:
    meta = (
        "- id: meta\n  uses: docker/metadata-action@v5\n"
        "  with:\n    images: acme/${{ github.repository_owner }}\n"
    )
    tags = BUILD.replace("acme/shop:latest", "${{ steps.meta.outputs.tags }}")
    text = workflow(LOGIN, BUILDX, meta, tags)
    for repository, warned in (("acme/shop", 0), ("Acme/Shop", 0), (None, 1)):
        settings = Settings("main", repository=repository)
        planned = github.plan("x.yml", text, settings)
        assert planned is not None
        assert planned.after != text
        assert len(planned.found[0].warnings) == warned
        assert ("ref=acme/acme:cache-main" in planned.after) == (repository == "Acme/Shop")


def test_nobody_logs_in_to_the_repository_of_the_caches() -> None:
    (one,) = found(workflow(LOGIN, BUILDX, BUILD), ref="ghcr.io/acme/caches")
    assert "does not log in to ghcr.io" in one.reason


TAGS = HEAD.replace("branches: [main]", "tags: ['v*']")


def test_what_a_tag_wrote_github_reads_for_that_tag_alone() -> None:
    (one,) = found(workflow(BUILDX, BUILD, head=TAGS), backend="gha")
    assert "it runs for tags" in one.reason


def test_a_script_gets_no_token_for_the_cache_of_github() -> None:
    (one,) = found(workflow(LOGIN, BUILDX, SCRIPT), backend="gha")
    assert one.status == "refused"


OTHERS = {
    "its builders keep their cache": workflow("- uses: depot/build-push-action@v1\n"),
    "the action runs `docker build`": workflow("- uses: elgohr/Publish-Docker-GitHub-Action@v5\n"),
    "a workflow of another repository": HEAD.partition("    runs-on")[0]
    + "    uses: docker/github-builder/.github/workflows/bake.yml@v1\n",
}


@pytest.mark.parametrize("reason", OTHERS)
def test_what_else_builds_an_image(reason: str) -> None:
    (one,) = found(OTHERS[reason])
    assert reason in one.reason


def test_a_workflow_of_the_same_repository_is_read_where_it_is() -> None:
    text = HEAD.partition("    runs-on")[0] + "    uses: ./.github/workflows/docker.yml\n"
    assert github.plan("x.yml", text, Settings("main")) is None


BAKE = "- uses: docker/bake-action@v6\n  with:\n    push: true\n"
BAKES = {
    "it pushes nothing": workflow(LOGIN, BUILDX, BAKE.replace("true", "false")),
    "its caches belong in its bake file": workflow(LOGIN, BUILDX, BAKE + "    files: x.hcl\n"),
    "its job has other builds": workflow(LOGIN, BUILDX, BAKE, BAKE),
    "its job logs in to no registry": workflow(BUILDX, BAKE.replace("true", "${{ env.PUSH }}")),
    "it sets CACHE_BRANCH": workflow(LOGIN, BUILDX, BAKE + "  env:\n    CACHE_BRANCH: main\n"),
    "it has a cache of its own": workflow(
        LOGIN, BUILDX, BAKE + "    set: |\n      *.cache-to=type=gha\n"
    ),
}


@pytest.mark.parametrize("reason", BAKES)
def test_bake(reason: str) -> None:
    settings = Settings("main", branched=frozenset(["docker-bake.hcl"]))
    planned = github.plan("x.yml", BAKES[reason], settings)
    assert planned is not None
    assert planned.after == BAKES[reason]
    assert all(reason in one.reason for one in planned.found)


FINE = {
    "it has a cache of its own": "    cache-from: type=gha\n    cache-to: type=gha,mode=max\n",
    "without mode=max": "    cache-to: type=registry,ref=acme/shop:cache\n",
    "an inline one, which holds the last stage alone": "    cache-to: type=inline\n",
    "it imports a cache of its own": "    cache-from: type=registry,ref=acme/shop:latest\n",
    "it is told to build without a cache": "    no-cache: true\n",
}


@pytest.mark.parametrize("reason", FINE)
def test_fine(reason: str) -> None:
    (one,) = found(workflow(LOGIN, BUILDX, BUILD + FINE[reason]))
    assert one.status == "fine"
    assert reason in one.reason


def test_a_cache_on_a_tag_of_the_image_is_warned_of() -> None:
    own = "    cache-to: type=registry,ref=acme/shop:latest,mode=max\n"
    (one,) = found(workflow(LOGIN, BUILDX, BUILD + own))
    assert one.warnings == ("its cache goes to a tag of the image",)


def test_two_caches_at_github_of_one_scope_are_warned_of() -> None:
    own = "    cache-to: type=gha,mode=max{}\n"
    for scopes, warned in ((("", ""), True), ((",scope=a", ",scope=b"), False)):
        one, two = (own.format(scope) for scope in scopes)
        text = workflow(LOGIN, BUILDX, BUILD + one, BUILD + "    file: x.Dockerfile\n" + two)
        assert [bool(build.warnings) for build in found(text)] == [warned, warned]
    same = workflow(LOGIN, BUILDX, *[BUILD + own.format("")] * 2)
    assert not any(build.warnings for build in found(same))


SCRIPTS = {
    "github.event.pull_request.head.repo.fork": workflow(
        LOGIN, BUILDX, SCRIPT, head=HEAD.replace("jobs:", "  pull_request:\njobs:")
    ),
    "its shell is not bash": workflow(LOGIN, BUILDX, SCRIPT + "  shell: pwsh\n"),
    "its shell is not": workflow(
        LOGIN, BUILDX, SCRIPT, head=HEAD.replace("ubuntu-latest", "windows-latest")
    ),
    "does not log in to ghcr.io": workflow(
        BUILDX, "- run: docker build -t ghcr.io/acme/shop:latest .\n",
        "- uses: acme/push-action@v1\n  with:\n    image: ghcr.io/acme/shop:latest\n",
    ),
    "no run of it may push": workflow(
        LOGIN, BUILDX, SCRIPT, head=HEAD.replace("push:\n    branches: [main]", "merge_group:")
    ),
}  # fmt: skip


def test_a_compose_file_whose_caches_a_login_on_condition_may_push() -> None:
    login = LOGIN.replace("  with:", "  if: github.ref == 'refs/heads/main'\n  with:")
    text = workflow(login, BUILDX, "- run: docker compose build --push\n", head=HEAD.replace(
        "    branches: [main]", "    branches: ['**']"
    ))  # fmt: skip
    settings = Settings("main", branched=frozenset(["compose.yaml"]))
    planned = github.plan("x.yml", text, settings)
    assert planned is not None
    assert planned.after == text
    assert "only where `github.ref == 'refs/heads/main'`" in planned.found[0].reason


@pytest.mark.parametrize("reason", SCRIPTS)
def test_script_refused(reason: str) -> None:
    (one,) = found(SCRIPTS[reason])
    assert one.status == "refused"
    assert reason in one.reason

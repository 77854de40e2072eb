"""Builds in shell text that are left alone, and why."""

from __future__ import annotations

import pytest

from reorder.ci.branch import CIRCLECI
from reorder.ci.contract import Settings
from reorder.ci.shell.line import Around, rewrite_script

PUSH = "docker push o/app:1\n"
NONE = Settings("main")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "make build\n",
        "echo docker build -t o/app:1 .\n",
        "# docker build -t o/app:1 .\n",
        "docker run o/app:1 build\n",
        "docker buildx imagetools create -t o/app:1 o/app:2 # build\n",
        "docker builder prune\n",
        "podman build -t o/app:1 .\n",
        "docker compose up -d # builds nothing\n",
        "cat <<EOF\ndocker build -t o/app:1 .\nEOF\n",
    ],
)
def test_nothing_is_built(text: str) -> None:
    assert rewrite_script(text, NONE, CIRCLECI) == ([], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("docker build -t app .\n", "Nothing is pushed"),
        ("docker build -t o/app:1 .\n", "Nothing is pushed"),
        ("docker build -t docker.io/o/app:1 .\n", "Nothing is pushed"),
        ("docker build .\ndocker push o/app:1\n", "It has no name"),
        ("docker build -t localhost:5000/app .\n", "on the machine that builds"),
        (f"docker build -t $IMAGE .\n{PUSH}docker push $IMAGE\n", "where the tag begins"),
        ("IMAGE=$(name)\ndocker build -t $IMAGE .\ndocker push $IMAGE\n", "where the tag begins"),
        ("docker build -t o/$(cat name):1 .\ndocker push o/$(cat name):1\n", "the tag begins"),
        (f"docker build $OPTIONS -t o/app:1 .\n{PUSH}", "`$OPTIONS` may stand for any option"),
        (f'docker build "$@" -t o/app:1 .\n{PUSH}', '`"$@"` may stand for any option'),
        (f'docker build -t o/app:1 "$@"\n{PUSH}', '`"$@"` may stand for any option'),
        (f"docker build --new x -t o/app:1 .\n{PUSH}", "`--new` is not known"),
        (f"docker build -x -t o/app:1 .\n{PUSH}", "`-x` is not known"),
        (f"docker build -t o/app:1 . app\n{PUSH}", "more than one context"),
        (f"docker build --no-cache -t o/app:1 .\n{PUSH}", "told to use no cache"),
        (f"docker build --squash -t o/app:1 .\n{PUSH}", "`--squash` needs the classic"),
        (f"docker build --network host -t o/app:1 .\n{PUSH}", "`--network host` needs"),
        (f"docker build --check -t o/app:1 .\n{PUSH}", "It builds no image"),
        (f"DOCKER_BUILDKIT=0 docker build -t o/app:1 .\n{PUSH}", "the classic builder"),
        (f"export DOCKER_BUILDKIT=0\ndocker build -t o/app:1 .\n{PUSH}", "the classic builder"),
        (f"id=$(docker build -q -t o/app:1 .)\n{PUSH}", "takes its output"),
        (f"docker build --cache-from o/app -t o/app:1 .\n{PUSH}", "no `--cache-to`"),
        (f"docker build -t o/app:1 .\ndocker login\n{PUSH}", "before `docker login`"),
        (f"docker build --platform linux/a,linux/b -t o/app:1 .\nx\n{PUSH}", "several platforms"),
        ("ssh host 'docker build -t o/app:1 .'\n", "a text that `ssh` is given"),
        ('bash -c "docker build -t o/app:1 ."\n', "a text that `bash` is given"),
        ("$DOCKER build -t o/app:1 .\n", "`$DOCKER` may be another program"),
        ("docker compose build\n", "from the compose file"),
        ("docker-compose up --build\n", "from the compose file"),
        ("docker buildx bake\n", "from its own file"),
        ("if docker build -t o/app:1 .; do\n", "Nothing is changed in it: the script has a syntax"),
        (f"docker build -t o/app:1 .\r\n{PUSH}", "a carriage return"),
        (
            "for v in 1 2; do\ndocker build --build-arg V=$v -t o/app:$v .\n"
            "docker push o/app:$v\ndone\n",
            "each round's cache would overwrite",
        ),
        (
            "docker build -t base .\n"
            f"docker build --build-arg BASE=base:latest -t o/app:1 .\n{PUSH}",
            "It may be built on base",
        ),
        ("for x in 1 2; do docker build -t o/app:1 .; docker push o/app:1; done", None),
    ],
)
def test_left_alone(text: str, reason: str | None) -> None:
    edits, found = rewrite_script(text, NONE, CIRCLECI)
    if reason is None:
        assert edits, found
        return
    assert edits == []
    assert found[-1].status == "refused"
    assert reason in found[-1].reason
    assert found[-1].reason.endswith(".")


@pytest.mark.parametrize(
    ("cache", "said"),
    [
        ("type=registry,ref=o/app:c,mode=max", "It has a cache."),
        ("type=inline", "which holds the last stage only"),
        ("type=registry,ref=o/app:c", "`mode=max` would keep all stages"),
    ],
)
def test_a_cache_of_the_author_stays(cache: str, said: str) -> None:
    text = f"docker buildx build --push --cache-to {cache} -t o/app:1 .\n"
    edits, (found,) = rewrite_script(text, NONE, CIRCLECI)
    assert (edits, found.status) == ([], "fine")
    assert said in found.reason


def test_the_cache_of_github_is_not_for_scripts() -> None:
    text = f"docker build -t o/app:1 .\n{PUSH}"
    edits, (found,) = rewrite_script(text, Settings("main", backend="gha"), CIRCLECI)
    assert (edits, found.status) == ([], "refused")
    assert "token" in found.reason


def test_an_image_of_the_repository_that_only_this_machine_has() -> None:
    text = "docker build -t o/base .\ndocker build -t o/app:1 .\ndocker push o/app:1\n"
    _, found = rewrite_script(text, Settings("main", bases=frozenset({"o/base"})), CIRCLECI)
    assert [f.status for f in found] == ["refused", "refused"]
    assert "It may be built on o/base" in found[1].reason
    _, found = rewrite_script(text, NONE, CIRCLECI)
    assert [f.status for f in found] == ["refused", "rewritten"]


def test_an_image_that_an_earlier_step_built() -> None:
    text = "docker build -t o/app:1 .\ndocker push o/app:1\n"
    around = Around(before="docker build -t o/base .\n")
    edits, found = rewrite_script(
        text, Settings("main", bases=frozenset({"o/base"})), CIRCLECI, around
    )
    assert edits == []
    assert "It may be built on o/base" in found[0].reason


def test_by_hand_and_without_a_push() -> None:
    text = "docker build -t ghcr.io/o/app:1 .\n"
    edits, (found,) = rewrite_script(text, NONE, CIRCLECI, Around(by_hand=True))
    assert edits == []
    assert "may be run by hand" in found.reason


def test_by_hand_and_the_registry_is_computed() -> None:
    text = 'HOST=$(registry)\ndocker build -t "$HOST/app:1" .\ndocker push "$HOST/app:1"\n'
    edits, (found,) = rewrite_script(text, NONE, CIRCLECI, Around(by_hand=True))
    assert edits == []
    assert "which registry $HOST is" in found.reason
    edits, _ = rewrite_script(text, NONE, CIRCLECI)
    assert edits

"""What is known of a RUN with mounts, in the JSON form, in another shell, as a user of the file."""

from __future__ import annotations

import pytest
from harness.made import facts

from reorder.graph.facts import Node
from reorder.shell.nodes import Opaque

FILES = {
    "package.json": "{}",
    "package-lock.json": "{}",
    "src/a.js": "1",
    "r.txt": "flask==3.0.0\n",
}


IGNORE = {".dockerignore": "**/node_modules\n"}


def last(text: str) -> Node:
    """The last instruction of a file."""
    found = facts(text, FILES | IGNORE)
    return found.nodes[max(found.nodes)]


def reason(text: str) -> str:
    run = last(text).run
    assert isinstance(run, Opaque)
    return run.reason


@pytest.mark.parametrize(
    ("shell", "said"),
    [
        ('["/bin/bash", "-lc"]', "the shell is /bin/bash -lc: a login shell reads profiles first"),
        ('["/bin/sh", "-c", "x"]', "the shell is /bin/sh -c x, with an option that is not known"),
        ('["/bin/bash"]', "the shell is /bin/bash, with an option that is not known"),
        ('["python", "-c"]', "the shell is python -c"),
    ],
)  # fmt: skip
def test_another_shell_is_not_understood(shell: str, said: str) -> None:
    assert reason(f"FROM debian:12\nSHELL {shell}\nRUN true\n") == said


@pytest.mark.parametrize(
    "shell", ['["/bin/bash", "-o", "pipefail", "-c"]', '["/bin/ash", "-eo", "pipefail", "-c"]']
)
def test_a_shell_with_pipefail_is(shell: str) -> None:
    assert last(f"FROM debian:12\nSHELL {shell}\nRUN true\n").understood is not None


def test_the_json_form_needs_no_shell() -> None:
    text = 'FROM node:20\nWORKDIR /app\nSHELL ["pwsh"]\nCOPY . .\nRUN ["npm", "ci"]\n'
    run = last(text).understood
    assert run is not None
    assert run.installs[0].manifests == ("/app/package.json", "/app/package-lock.json")


def test_the_json_form_expands_nothing() -> None:
    run = last('FROM debian:12\nENV X=/x\nRUN ["touch", "$X"]\n').understood
    assert run is not None
    assert run.writes.files == {"/$X"}


def test_the_json_form_has_no_builtins() -> None:
    assert reason('FROM debian:12\nRUN ["cd", "/x"]\n') == "there is no program cd"


def test_words_of_the_json_form_cannot_be_taken_out() -> None:
    text = (
        'FROM python:3.12\nCOPY r.txt /\nRUN ["pip", "install", "--no-cache-dir", "-r", "/r.txt"]\n'
    )
    run = last(text).understood
    assert run is not None
    assert [(cache.cancels, cache.off) for cache in run.caches] == [
        ((), "it is switched off in a JSON form")
    ]


def test_files_of_a_bind_mount_are_those_of_the_context() -> None:
    node = last(
        "FROM node:20\nWORKDIR /app\n"
        "RUN --mount=type=bind,source=package.json,target=package.json "
        "--mount=type=bind,source=package-lock.json,target=package-lock.json npm ci\n"
    )
    run = node.understood
    assert run is not None
    assert run.installs[0].refusal is None
    assert not node.effects.reads.paths.contains("/app/package.json")
    assert node.effects.reads.paths.contains("/app/.npmrc")


def test_an_install_from_mounts_stays_below_a_copy_that_could_bring_its_outputs() -> None:
    text = (
        "FROM node:20\nWORKDIR /app\nRUN --mount=target=package.json,source=package.json npm ci\n"
    )
    found = facts(text, FILES)
    assert found.nodes[2].effects.reads.paths.contains("/app/src/a.js")
    assert not last(text).effects.reads.paths.contains("/app/src/a.js")


def test_a_bind_mount_of_a_folder_hides_what_is_there() -> None:
    node = last(
        "FROM node:20\nWORKDIR /app\nCOPY src /x\nRUN --mount=target=/x,source=src cat /x/a.js\n"
    )
    assert node.image is not None
    assert node.image.files.origin("/x/a.js") == "src/a.js"
    assert not node.effects.reads.paths


@pytest.mark.parametrize(
    "mount",
    ["type=tmpfs,target=/x", "type=bind,from=i,target=/x", "type=secret,id=s,target=/x"],
)
def test_what_another_mount_shows_is_not_known(mount: str) -> None:
    node = last(f"FROM debian:12\nCOPY src /x\nRUN --mount={mount} touch /x/a.js\n")
    assert node.image is not None
    assert node.image.files.origin("/x/a.js") is None
    assert node.image.files.exists("/x/a.js") is None
    assert not node.effects.writes.paths


@pytest.mark.parametrize(
    ("mount", "said"),
    [
        ("type=bind,source=src", "a bind mount has no target"),
        ("type=bind,source=src,target=$X", "the target $X of a mount is not known"),
        ("type=bind,source=$X,target=/x", "the source $X of a mount is not known"),
        ("type=tmpfs,target=/", "a mount takes the place of the root folder"),
    ],
)
def test_a_mount_that_is_not_known(mount: str, said: str) -> None:
    assert reason(f"FROM debian:12\nARG X\nRUN --mount={mount} true\n") == said


@pytest.mark.parametrize(
    ("made", "home", "uid", "gid"),
    [
        ("useradd app", "/home/app", 1000, 1000),
        ("useradd -r app", "/home/app", None, None),
        ("useradd -m -u 1001 app", "/home/app", 1001, 1001),
        ("useradd -r -u 101 app", "/home/app", 101, None),
        ("groupadd -g 9 g && useradd -u 1001 -g g app", "/home/app", 1001, 9),
        ("useradd --uid=1001 --gid 50 --home-dir /srv/app app", "/srv/app", 1001, 50),
        ("adduser -D -u 1001 app", "/home/app", 1001, 1001),
        ("addgroup -g 9 g && adduser -S -G g -u 1001 app", "/home/app", 1001, 9),
        ("adduser --disabled-password --gecos '' --uid 1001 app", "/home/app", 1001, 1001),
        ("adduser --system --uid 1001 app", None, 1001, None),
        ("adduser -H -u 1001 app", None, 1001, 1001),
        ("useradd -b /srv -u 1001 app", None, 1001, 1001),
        ("useradd -u 1001 app && usermod -d /x app", None, None, None),
        ("if true; then useradd -u 1001 app; fi", None, None, None),
        ("useradd -u 1001 other", None, None, None),
    ],
)
def test_the_home_of_a_user_of_the_file(
    made: str, home: str | None, uid: int | None, gid: int | None
) -> None:
    image = last(f"FROM debian:12\nRUN {made}\nUSER app\nRUN true\n").image
    assert image is not None
    assert (image.home, image.uid, image.gid) == (home, uid, gid)


def test_a_user_of_the_file_is_known_by_the_number_and_in_a_later_stage() -> None:
    text = "FROM example.org/x AS one\nRUN useradd -u 1001 app\nFROM one\nUSER 1001\nRUN true\n"
    image = last(text).image
    assert image is not None
    assert (image.home, image.gid) == ("/home/app", 1001)


def test_an_environment_variable_wins_over_the_accounts() -> None:
    image = last("FROM debian:12\nRUN useradd app\nENV HOME=/h\nUSER app\nRUN true\n").image
    assert image is not None
    assert image.home == "/h"

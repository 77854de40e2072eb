"""Replays of made histories, with counts that are known by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from context.repository import commit, run_git
from simulate.made import NODE, START, counts, made, replayed

from reorder.errors import InputError

COPY, RUN = "COPY . .", "RUN npm ci"


def test_nothing_that_a_step_reads_has_changed(tmp_path: Path) -> None:
    found = replayed(made(tmp_path, {"docs/a.md": "1"}, {"docs/a.md": "2"}))
    assert counts(found) == {"WORKDIR /app": 0, COPY: 0, RUN: 0}
    assert found.pairs["local"].before.seconds == (0.0, 0.0)


def test_a_repository_with_one_commit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has only one commit"):
        replayed(made(tmp_path))


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(NODE)
    with pytest.raises(InputError, match="no history to replay: there is no git repository"):
        replayed(tmp_path)


def test_sources_and_manifests_before_and_after(tmp_path: Path) -> None:
    lock = START["package-lock.json"]
    assert lock is not None
    found = replayed(
        made(
            tmp_path,
            {"src/a.js": "2"},
            {"src/b.js": "2"},
            {"package-lock.json": lock.replace('"": {}', '"": {"name": "a"}')},
            {"docs/a.md": "1"},
        )
    )
    assert len(found.commits) == 4
    assert counts(found) == {"WORKDIR /app": 0, COPY: 3, RUN: 3}
    assert counts(found, after=True) == {
        "WORKDIR /app": 0,
        "COPY package.json package-lock.json": 1,
        "RUN --mount=type=cache,target=/root/.npm npm": 1,
        COPY: 3,
    }


def test_content_that_comes_back_is_found_by_a_builder_that_lives_on(tmp_path: Path) -> None:
    found = replayed(made(tmp_path, {"src/a.js": "2"}, {"src/a.js": "1"}, {"src/a.js": "2"}))
    assert counts(found)[RUN] == 1
    assert counts(found, "registry")[RUN] == 3
    assert counts(found, "none")[RUN] == 3


def test_content_that_comes_back_in_two_steps(tmp_path: Path) -> None:
    back = ({"src/b.js": "2"}, {"src/a.js": "1"}, {"src/b.js": "1"})
    found = replayed(made(tmp_path, {"src/a.js": "2"}, *back))
    assert counts(found)[RUN] == 3  # the last commit has what the cold build had


def test_a_file_that_only_moves(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "src/a.js").rename(folder / "src/c.js")
    commit(folder, {})
    assert counts(replayed(folder))[RUN] == 1


def test_a_mode_that_changes(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "src/a.js").chmod(0o755)
    commit(folder, {})
    assert counts(replayed(folder))[RUN] == 1


def test_a_file_that_is_removed(tmp_path: Path) -> None:
    assert counts(replayed(made(tmp_path, {"src/a.js": None}, {"src/a.js": "1"})))[RUN] == 1


def test_a_merge_is_one_commit(tmp_path: Path) -> None:
    folder = made(tmp_path)
    run_git(folder, "checkout", "-q", "-b", "topic")
    for text in "23":
        commit(folder, {"src/a.js": text})
    run_git(folder, "checkout", "-q", "-")
    commit(folder, {"docs/a.md": "1"})
    run_git(folder, "merge", "-q", "--no-ff", "-m", "merge", "topic")
    found = replayed(folder)
    assert len(found.commits) == 2
    assert counts(found)[RUN] == 1


def test_a_submodule_that_moves_on(tmp_path: Path) -> None:
    folder = made(tmp_path)
    for name in ("1" * 40, "2" * 40):
        run_git(folder, "update-index", "--add", "--cacheinfo", f"160000,{name},lib")
        run_git(folder, "commit", "-q", "-m", "lib")
    assert counts(replayed(folder))[RUN] == 2


def test_edits_of_the_dockerfile(tmp_path: Path) -> None:
    now = NODE.replace("npm ci", "npm ci --no-audit --no-fund")
    changes = ({"Dockerfile": now.replace("audit", "optional")}, {"Dockerfile": now})
    # The Dockerfile itself is in `COPY . .`.
    found = replayed(made(tmp_path / "a", *changes, dockerfile=now))
    assert counts(found) == {"WORKDIR /app": 0, COPY: 1, RUN: 1}
    assert counts(found, "registry") == {"WORKDIR /app": 0, COPY: 2, RUN: 2}
    hidden = {".dockerignore": "Dockerfile\n.dockerignore\n.git\n"}
    found = replayed(made(tmp_path / "b", hidden, *changes, dockerfile=now))
    assert counts(found) == {"WORKDIR /app": 0, COPY: 0, RUN: 1}


def test_settings_reach_the_next_run_only(tmp_path: Path) -> None:
    text = "FROM node:20\nENV A=1\nCOPY src /src\nRUN make\nLABEL a=1\n"
    ignored = {".dockerignore": "*\n!src\n"}
    changes = ({"Dockerfile": text.replace("A=1", "A=2").replace("a=1", "a=2")},)
    found = replayed(made(tmp_path, ignored, *changes, {"Dockerfile": text}, dockerfile=text))
    assert counts(found) == {"COPY src /src": 0, "RUN make": 1}


def test_an_argument_of_every_build(tmp_path: Path) -> None:
    text = "FROM node:20\nRUN make tools\nARG GIT_SHA\nRUN make\n"
    found = replayed(made(tmp_path, {"docs/a.md": "1"}, {"docs/a.md": "2"}, dockerfile=text))
    assert counts(found) == {"RUN make tools": 0, "RUN make": 2}


def test_an_argument_that_chooses_the_base(tmp_path: Path) -> None:
    text = "ARG V=20\nFROM node:${V}\nRUN make\n"
    other = text.replace("V=20", "V=22")
    found = replayed(made(tmp_path, {"Dockerfile": other}, {"Dockerfile": text}, dockerfile=text))
    assert counts(found) == {"RUN make": 1}


STAGES = """\
FROM node:20 AS deps
WORKDIR /app
COPY package.json .
RUN npm install --prefix /opt/tools typescript@5.4.5
FROM node:20 AS unused
COPY . /x
RUN make
FROM node:20
COPY --from=deps /opt/tools /opt/tools
COPY src /src
RUN make
"""


def test_stages(tmp_path: Path) -> None:
    changes = ({"src/a.js": "2"}, {"package.json": '{"name": "b"}'}, {"docs/a.md": "1"})
    found = replayed(made(tmp_path, *changes, dockerfile=STAGES))
    assert counts(found) == {
        "WORKDIR /app": 0,
        "COPY package.json .": 1,
        "RUN npm install": 1,
        "COPY --from=deps /opt/tools": 0,  # what is in it does not depend on package.json
        "COPY src /src": 1,
        "RUN make": 1,
    }


def test_a_linked_copy_does_not_depend_on_what_stands_above_it(tmp_path: Path) -> None:
    text = "FROM node:20\nCOPY src /src\nRUN make\nCOPY --link package.json /p/\nRUN make all\n"
    found = replayed(made(tmp_path, {"src/a.js": "2"}, dockerfile=text))
    assert counts(found) == {
        "COPY src /src": 1,
        "RUN make": 1,
        "COPY --link package.json": 0,
        "RUN make all": 1,
    }


def test_the_folder_of_the_context(tmp_path: Path) -> None:
    text = "FROM node:20\nCOPY src /src\nRUN make\n"
    folder = made(tmp_path)
    commit(folder, {"app/Dockerfile": text, "app/src/a": "1", "app/package.json": "{}"})
    commit(folder, {"app/src/a": "2"})
    commit(folder, {"src/a.js": "2"})
    found = replayed(folder / "app", commits=2)
    assert len(found.commits) == 2
    assert counts(found) == {"COPY src /src": 1, "RUN make": 1}


def test_the_last_commits_and_those_since_a_date(tmp_path: Path) -> None:
    folder = made(tmp_path, {"src/a.js": "2"}, {"src/a.js": "3"}, {"src/a.js": "4"})
    assert counts(replayed(folder, commits=2))[RUN] == 2
    with pytest.raises(InputError, match="since 2038-01-01"):
        replayed(folder, since="2038-01-01")

"""The proof as a whole: config, order of steps, stages, directives, installs that are completed."""

from __future__ import annotations

import json

import pytest
from harness.pairs import Pair

from reorder.context.build import build_context
from reorder.context.project import Project
from reorder.equivalence.check import Objection, Proof, check

FILES = {"a": "A", "b": "B", "requirements.txt": "x==1\n"}


def verdict(before: str, after: str) -> Proof | Objection:
    return Pair(before, after, FILES).verdict()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("FROM debian:12\n", "FROM debian:13\n", id="another base"),
        pytest.param("FROM debian:12\nWORKDIR /\nUSER 0\n", "FROM debian:13\nWORKDIR /\nUSER 0\n",
                     id="another base below the same config"),
        pytest.param("FROM debian\n", "FROM --platform=linux/arm64 debian\n", id="platform"),
        pytest.param("FROM debian\n", "FROM debian AS x\n", id="a name"),
        pytest.param("FROM debian\n", "FROM debian\nFROM debian\n", id="a stage more"),
        pytest.param("FROM debian\nFROM alpine\n", "FROM alpine\nFROM debian\n", id="stages"),
        pytest.param("ARG B=debian\nFROM $B\n", "FROM debian\n", id="a base that is an argument"),
        pytest.param("FROM debian\nENV A=1\nENV B=2\n", "FROM debian\nENV B=2\nENV A=1\n",
                     id="order of ENV"),
        pytest.param("FROM debian\nENV A=1\nENV A=2\n", "FROM debian\nENV A=2\nENV A=1\n",
                     id="ENV twice"),
        pytest.param("FROM debian\nENV A=1 B=$A\n", "FROM debian\nENV A=1\nENV B=$A\n",
                     id="ENV in one line sees the state before"),
        pytest.param("FROM debian\nENV A=1\nARG A=2\nRUN ./x\n",
                     "FROM debian\nARG A=2\nENV A=1\nRUN ./x\n", id="ENV and ARG of one name"),
        pytest.param("FROM debian\nLABEL a=1\n", "FROM debian\nLABEL a=2\n", id="label"),
        pytest.param("FROM debian\nUSER 1\nUSER 2\n", "FROM debian\nUSER 2\nUSER 1\n", id="user"),
        pytest.param("FROM debian\nWORKDIR /a\nWORKDIR b\n", "FROM debian\nWORKDIR b\nWORKDIR /a\n",
                     id="folders"),
        pytest.param("FROM debian\nEXPOSE 80\n", "FROM debian\nEXPOSE 81\n", id="port"),
        pytest.param("FROM debian\nVOLUME /a\n", "FROM debian\nVOLUME /b\n", id="volume"),
        pytest.param("FROM debian\nSTOPSIGNAL 9\n", "FROM debian\nSTOPSIGNAL 15\n", id="signal"),
        pytest.param("FROM debian\nHEALTHCHECK --retries=1 CMD x\n",
                     "FROM debian\nHEALTHCHECK --retries=2 CMD x\n", id="health"),
        pytest.param("FROM debian\nMAINTAINER a\n", "FROM debian\nMAINTAINER b\n", id="author"),
        pytest.param("FROM debian\nONBUILD ENV A=1\nONBUILD ENV B=1\n",
                     "FROM debian\nONBUILD ENV B=1\nONBUILD ENV A=1\n", id="triggers"),
        pytest.param("FROM debian\nCMD x\nCMD y\n", "FROM debian\nCMD y\nCMD x\n", id="command"),
        pytest.param("FROM debian\nCMD x\n", 'FROM debian\nCMD ["x"]\n', id="form of a command"),
        pytest.param('FROM debian\nSHELL ["/bin/bash", "-c"]\nCMD x\n',
                     'FROM debian\nCMD x\nSHELL ["/bin/bash", "-c"]\n', id="shell of a command"),
        pytest.param('FROM debian\nSHELL ["/bin/bash", "-c"]\nRUN ./x\n',
                     'FROM debian\nRUN ./x\nSHELL ["/bin/bash", "-c"]\n', id="shell of a step"),
        pytest.param("FROM debian AS b\nCMD x\nFROM b\nENTRYPOINT y\n",
                     "FROM debian AS b\nCMD x\nFROM b\nENTRYPOINT y\nCMD x\n",
                     id="ENTRYPOINT clears an inherited command"),
        pytest.param("FROM debian\nRUN ./x\n", "FROM debian\nRUN --network=none ./x\n",
                     id="network"),
        pytest.param("FROM debian\nRUN ./x\n",
                     "FROM debian\nRUN --mount=type=secret,id=s ./x\n", id="secret"),
        pytest.param("FROM debian\nRUN ./x\nRUN ./y\n", "FROM debian\nRUN ./y\nRUN ./x\n",
                     id="opaque steps"),
        pytest.param("FROM debian\nRUN ./x\n", "FROM debian\nRUN ./x  --y\n", id="a word more"),
        pytest.param("FROM debian\nRUN <<E\n./x\nE\n", "FROM debian\nRUN <<E\n./y\nE\n",
                     id="heredoc"),
        pytest.param("FROM debian\nCOPY a /x/\nRUN ./x\n", "FROM debian\nCOPY a /x/\nRUN ./x\n"
                     "COPY a /x/\n", id="a copy after a step that may have changed it"),
        pytest.param("FROM debian\nWORKDIR /x\nCOPY a ./\nRUN test -f a\n",
                     "FROM debian\nWORKDIR /x\nRUN test -f a\nCOPY a ./\n", id="a test of a file"),
        pytest.param("FROM node:20\nRUN usermod -u 5 node\nCOPY --chown=node a /x/\n",
                     "FROM node:20\nCOPY --chown=node a /x/\nRUN usermod -u 5 node\n",
                     id="the number of a name is changed"),
        pytest.param("FROM debian\nRUN true\n", "FROM debian\n", id="a step that does nothing"),
    ],
)  # fmt: skip
def test_not_the_same(before: str, after: str) -> None:
    assert isinstance(verdict(before, before), Proof), verdict(before, before)
    assert isinstance(verdict(before, after), Objection)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("FROM debian\nCMD x\nENTRYPOINT y\n", "FROM debian\nENTRYPOINT y\nCMD x\n",
                     id="CMD and ENTRYPOINT"),
        pytest.param("FROM debian\nLABEL a=1\nLABEL b=2\n", "FROM debian\nLABEL b=2 a=1\n",
                     id="labels"),
        pytest.param("FROM debian\nEXPOSE 80 81\n", "FROM debian\nEXPOSE 81\nEXPOSE 80\n",
                     id="ports"),
        pytest.param("FROM debian\nUSER 1\nCOPY a /x/\n", "FROM debian\nCOPY a /x/\nUSER 1\n",
                     id="USER does not own copies"),
        pytest.param("FROM debian\nARG V=1\nRUN true\nLABEL v=$V\n",
                     "FROM debian\nRUN true\nARG V=1\nLABEL v=$V\n", id="an argument sinks"),
        pytest.param("FROM debian AS b\nONBUILD WORKDIR /x\nFROM b\nCOPY a ./\n",
                     "FROM debian AS b\nONBUILD WORKDIR /x\nFROM b\nCOPY a /x/\n",
                     id="a trigger runs in the stage that starts from it"),
        pytest.param("FROM debian\nRUN ./x && \\\n    ./y\n",
                     "FROM debian\n# note\nRUN ./x && \\\n# note\n    ./y\n", id="comments"),
        pytest.param("FROM debian\nRUN ./x\n",
                     "# syntax=docker/dockerfile:1\nFROM debian\nRUN ./x\n",
                     id="the official frontend"),
    ],
)  # fmt: skip
def test_the_same(before: str, after: str) -> None:
    assert isinstance(verdict(before, after), Proof), verdict(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("FROM debian\n", "# syntax=example/frontend\nFROM debian\n"),
        ("# syntax=docker/dockerfile:1.4\nFROM debian\n", "FROM debian\n"),
        ("# syntax=docker/dockerfile:1.4\nFROM a\n", "# syntax=docker/dockerfile:1\nFROM a\n"),
        ("FROM debian\n", "# check=error=true\nFROM debian\n"),
    ],
    ids=["another frontend", "a pin is lost", "a pin is altered", "lint errors"],
)  # fmt: skip
def test_directives(before: str, after: str) -> None:
    found = verdict(before, after)
    assert isinstance(found, Objection)
    assert "directive" in found.reason


def test_an_objection_has_the_line_of_the_second_text() -> None:
    found = verdict("FROM debian\nCOPY a /x/\n", "FROM debian\n\n\nCOPY --chown=1 a /x/\n")
    assert isinstance(found, Objection)
    assert found.line == 4


def test_arguments_are_named_as_an_assumption() -> None:
    found = verdict("FROM debian\nARG A=1\n", "FROM debian\nARG A=1\n")
    assert isinstance(found, Proof)
    assert found.assumptions
    plain = verdict("FROM debian\n", "FROM debian\n")
    assert isinstance(plain, Proof)
    assert not plain.assumptions


def workspace() -> dict[str, str]:
    root = {"name": "all", "version": "1.0.0", "workspaces": ["web"]}
    lock = {
        "name": "all",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {
            "": root,
            "web": {"version": "1.0.0"},
            "node_modules/web": {"resolved": "web", "link": True},
        },
    }
    return {
        "package.json": json.dumps(root),
        "package-lock.json": json.dumps(lock),
        "web/package.json": json.dumps({"name": "web", "version": "1.0.0"}),
        "web/index.js": "",
        "old.json": json.dumps({"name": "web", "version": "1.0.0"}),
    }


DRIFTED = "FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n"
OTHER = DRIFTED.replace("RUN npm", "COPY old.json web/package.json\nRUN npm")
COMPLETE = DRIFTED.replace("RUN npm", "COPY web/package.json web/\nRUN npm")


@pytest.mark.parametrize(
    ("before", "after", "completed"),
    [
        pytest.param(DRIFTED, COMPLETE, frozenset(), id="nobody said that it is completed"),
        pytest.param(COMPLETE, DRIFTED, frozenset({5}), id="it sees less"),
        pytest.param(DRIFTED.replace("COPY . .\n", ""), COMPLETE.replace("COPY . .\n", ""),
                     frozenset({4}), id="nothing below brings the file"),
        pytest.param(DRIFTED, OTHER,
                     frozenset({4}), id="another file is brought"),
        pytest.param(DRIFTED, COMPLETE.replace("npm ci", "npm ci -s"), frozenset({4}),
                     id="another command"),
    ],
)  # fmt: skip
def test_a_completed_install_is_refused(before: str, after: str, completed: frozenset[int]) -> None:
    context = build_context(Project.of(workspace(), tracked=workspace()), "Dockerfile")
    assert isinstance(check(before, after, context, completed=completed), Objection)


def test_a_completed_install_may_read_more() -> None:
    context = build_context(Project.of(workspace(), tracked=workspace()), "Dockerfile")
    found = check(DRIFTED, COMPLETE, context, completed=frozenset({4}))
    assert isinstance(found, Proof), found

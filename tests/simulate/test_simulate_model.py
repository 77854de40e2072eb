"""The change model of the order and that of the replay are one: each tells the other's story."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from context.repository import commit_each, run_git

from reorder.config import Options
from reorder.context.history import History, whole_line
from reorder.context.volatile import Volatile
from reorder.cost.model import Model
from reorder.cost.rebuilds import by_history
from reorder.graph.facts import Facts, derive
from reorder.opened import open_file
from reorder.simulate.builders import keys
from reorder.simulate.inputs import inputs
from reorder.simulate.states import Replay

TEXTS = (
    "ARG V=1\nFROM python:3.12\nARG GIT_SHA\nWORKDIR /a\nCOPY a /a\nENV E={0}\nCOPY b /b\n"
    "RUN make\nCOPY . /c\nRUN make {1} all of it now\n",
    "FROM golang:1.22 AS build\nCOPY a b /x/\nRUN make {0} things in here\nFROM build AS more\n"
    "RUN --mount=type=bind,source=b,target=/b make {1}\nFROM debian:12\nENV X=$E\n"
    "COPY --from=more /x/out /out\nCOPY --from=build --link /x /y\nUSER 1\nRUN echo $X\n",
)


@pytest.mark.parametrize("text", TEXTS, ids=["one stage", "stages"])
@pytest.mark.parametrize("seed", range(3))
def test_a_step_is_new_exactly_when_its_key_is(tmp_path: Path, text: str, seed: int) -> None:
    facts, replay, history = _random(tmp_path, text, random.Random(seed))
    masks = Model(facts, replay.rebuilds).reruns()
    held = inputs(facts)
    for at, node in facts.nodes.items():
        linked = "--link" in node.instruction.text
        if node.keyword not in ("run", "copy") or linked:
            continue
        found = keys([replay.states(facts, place) for place in held[at]], replay.commits)
        changed = [now != before for before, now in pairwise(found)]
        bits = [bool(masks[at] >> number & 1) for number in range(history.commits - 1)][::-1]
        assert changed == bits, node.instruction.text
    assert any(masks.values())


def _random(folder: Path, text: str, chance: random.Random) -> tuple[Facts, Replay, History]:
    """Some 40 commits of sources, of files that nobody copies, and of the Dockerfile."""
    run_git(folder, "init", "-q")
    numbers = [0, 0]
    changes = []
    for _ in range(40):
        files = {}
        for name in ("a/1", "a/2", "b/1", "docs/1", "package.json"):
            if chance.random() < 0.2:
                files[name] = str(chance.randrange(4))
        if chance.random() < 0.15:
            numbers[chance.randrange(2)] += 1
        files["Dockerfile"] = text.format(*numbers)
        changes.append(files)
    first = dict.fromkeys(("a/1", "a/2", "b/1", "package.json", ".dockerignore"), "0")
    commit_each(folder, {**changes[0], **first, ".dockerignore": "docs\n.git\n"}, *changes[1:])
    path = folder / "Dockerfile"
    opened = open_file(path, Options(context=folder))
    history = whole_line(folder, path, str(opened.file), 100)
    assert isinstance(history, History)
    replay = Replay(history, by_history(history, Volatile({})))
    return derive(opened.file, opened.context), replay, history

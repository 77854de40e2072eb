"""What a clean-up belongs to, which layers count, and whose package lists are used."""

from __future__ import annotations

import pytest

from reorder.ecosystems.run import RunEffects, run_effects
from reorder.graph.facts import derive
from reorder.syntax import views
from reorder.syntax.parse import parse
from reorder.transforms.growth import clean_up, is_shipped, needs_lists


def judged(script: str, at: int = 0, tail: str = "") -> tuple[str | None, bool]:
    """The clean-up, and the use of lists, for a RUN that is cut after its `at`-th `&&`."""
    facts = derive(parse(f"FROM python:3.12\nWORKDIR /app\nRUN {script}\n{tail}"), None)
    node = facts.nodes[2]
    text = views.script(node.instruction).text
    start = len("&&".join(text.split("&&")[: at + 1])) + 2
    assert node.image is not None
    first = run_effects(text[: start - 2], node.image)
    assert isinstance(first, RunEffects)
    return clean_up(facts, node, first, start, text), needs_lists(node, first, start, text)


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("apt-get install -y git && make && rm -rf /var/lib/apt/lists/*", "rm"),
        ("apt-get install -y git && make && apt-get purge -y git", "apt-get purge -y git"),
        ("pip install x && ./build && pip cache purge", "pip cache purge"),
        ("npm ci && npm run build && rm -rf node_modules", "rm"),
        ("npm ci && npm run build && npm prune --omit=dev", "npm prune --omit=dev"),
        ("npm ci && $(which x) && rm -rf node_modules", "rm"),
        ("npm ci && npm run build && chown -R node:node .", "chown -R node:node ."),
        ("npm ci && npm run build && mv node_modules /srv", "mv node_modules /srv"),
        ("npm ci && ./build && find . -name x -delete", "find"),
    ],
)
def test_a_clean_up_that_belongs_to_the_first_half(script: str, wanted: str) -> None:
    found, _ = judged(script)
    assert (found or "").startswith(wanted)


@pytest.mark.parametrize(
    "script",
    [
        "npm ci && npm run build",
        "npm ci && ./build && rm -rf src",
        "npm ci && chmod +x bin/run",
        "npm ci && ./clean && ./build",
    ],
)
def test_no_clean_up(script: str) -> None:
    assert judged(script)[0] is None


def test_the_layers_of_a_stage_that_is_copied_from_do_not_count() -> None:
    text = "npm ci && npm run build && npm prune"
    tail = "FROM debian\nCOPY --from=0 /app /app\n"
    assert judged(text)[0] is not None
    assert judged(text, tail=tail)[0] is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("FROM a\n", [True]),
        ("FROM a AS x\nFROM b\nCOPY --from=x / /\n", [False, True]),
        ("FROM a AS x\nFROM b\nRUN --mount=from=x,target=/x y\n", [False, True]),
        ("FROM a AS x\nFROM b AS y\n", [True, True]),
        ("FROM a AS x\nFROM x AS y\nFROM b\nCOPY --from=y / /\n", [False, False, True]),
        ("FROM a AS x\nFROM x AS y\nFROM y\nCOPY --from=x / /\n", [True, True, True]),
    ],
)
def test_stages_whose_layers_somebody_gets(text: str, wanted: list[bool]) -> None:
    facts = derive(parse(text), None)
    assert [is_shipped(facts, stage) for stage in facts.stages] == wanted


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("apt-get update && apt-get install -y git", True),
        ("apt-get update && apt install -y git", True),
        ("apk add make && make && apk add git", True),
        ("apt-get update && . ./x && apt-get install -y git", True),
        ("apt-get update && make", True),
        ("apt-get update && make && apt-get clean && apt-get purge x", True),
        ("apt-get install -y make && make", False),
        ("apt-get install -y x && make && apt-get clean && apt-get purge x", False),
        ("pip install x && apt-get update", False),
    ],
)
def test_lists_of_a_package_manager(script: str, wanted: bool) -> None:
    assert judged(script)[1] is wanted

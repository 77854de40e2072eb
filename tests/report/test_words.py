from __future__ import annotations

import pytest
from harness.made import facts

from reorder.ecosystems.paths import EVERYTHING, NOTHING, Paths, paths
from reorder.graph.resources import Resources
from reorder.report import words
from reorder.result import Estimate


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(NOTHING, "", id="nothing"),
        pytest.param(EVERYTHING, "anything", id="everything hides what else is named"),
        pytest.param(EVERYTHING | paths("/a"), "anything", id="everything and a file"),
        pytest.param(paths("/a/x", "/a/y"), "/a/x and /a/y", id="a few files are named"),
        pytest.param(
            paths(*(f"/app/{n}/f" for n in range(1204))), "1,204 files below /app", id="many files"
        ),
        pytest.param(
            paths("/a/1", "/a/2", "/b/1", "/b/2"), "4 files in /a and /b", id="no common folder"
        ),
        pytest.param(paths("/a", "/b", "/c", "/d/e"), "4 files in / and /d", id="in the root"),
        pytest.param(paths("/a", "/a/b", "/a/b/c"), "/a/b/c", id="folders on the way"),
        pytest.param(paths(trees=("/a",), globs=("/b/*.c",)), "/a and /b/*.c", id="trees, globs"),
        pytest.param(Paths(all_but=frozenset({"/app"})), "the system", id="all but a folder"),
        pytest.param(
            paths("/app/x", "/etc/y") | Paths(all_but=frozenset({"/app"})),
            "/app/x and the system",
            id="a file of the system is not named",
        ),
        pytest.param(
            paths("/app/x", trees=("/app/a", "/app/b", "/app/c"))
            | Paths(all_but=frozenset({"/app"})),
            "/app/x, 3 more paths and the system",
            id="the system is told however much is named",
        ),
        pytest.param(paths("/a\x1b[2J"), "/a\\x1b[2J", id="control characters are shown"),
    ],
)
def test_paths(given: Paths, told: str) -> None:
    assert words.paths_words(given) == told


@pytest.mark.parametrize(
    ("names", "known", "told"),
    [
        pytest.param(frozenset(), None, "", id="none"),
        pytest.param(None, {"A"}, "every variable", id="all"),
        pytest.param(frozenset({"B", "A"}), None, "$A and $B", id="by name"),
        pytest.param(frozenset({"PIP_*", "HOME"}), {"PIP_X", "Z"}, "$PIP_X", id="known ones only"),
        pytest.param(frozenset("ABCDE"), None, "$A, $B and 3 more", id="many"),
    ],
)
def test_variables(names: frozenset[str] | None, known: set[str] | None, told: str) -> None:
    assert words.names_words(names, known) == told


def test_config_is_told_in_words() -> None:
    resources = Resources(config=frozenset({"workdir", "cmd", "label a", "the order of ENV"}))
    told = "CMD, label a, the list of variables, the working directory"
    assert words.resource_words(resources) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0 s"),
        (0.04, "0 s"),
        (0.38, "0.4 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (119.4, "119 s"),
        (119.6, "2 min"),
        (245, "4 min 5 s"),
    ],
)
def test_seconds(value: float, told: str) -> None:
    assert words.seconds(value) == told


@pytest.mark.parametrize(
    ("estimate", "told"),
    [
        (Estimate(48, 9, 500), "expected rebuild 48 s -> 9.0 s (over the last 500 commits)"),
        (Estimate(48, 48.2, 1), "expected rebuild 48 s (over the last 1 commit)"),
        (Estimate(3, 1, 0), "expected rebuild 3.0 s -> 1.0 s (by stability tiers)"),
        (
            Estimate(48, 9, 500, exact=False),
            "expected rebuild 48 s -> 9.0 s (over the last 500 commits; not every order was tried)",
        ),
        (
            Estimate(3, 1, 0, note="the clone is shallow"),
            "expected rebuild 3.0 s -> 1.0 s (by stability tiers: the clone is shallow)",
        ),
    ],
)
def test_estimate(estimate: Estimate, told: str) -> None:
    assert words.expected(estimate) == told


def test_a_title_is_one_line_however_the_instruction_is_written() -> None:
    found = facts("FROM a\nRUN --mount=type=ssh \\\n  # note\n  make \\\n\n   all\x07 && x\n", {})
    node = found.file.instructions[1]
    assert words.title(node) == "RUN --mount=type=ssh make all\\x07 && x"
    assert words.title(node, 20) == "RUN --mount=type=ss…"


def test_an_opaque_run_says_why_once() -> None:
    found = facts("FROM python:3.12\nRUN frobnicate\nRUN true\nWORKDIR /a\n", {})
    opaque, known, none = found.body(found.stages[0])
    assert words.opaque(opaque) == "`frobnicate` is not understood"
    assert words.opaque(known) is None
    assert words.opaque(none) is None

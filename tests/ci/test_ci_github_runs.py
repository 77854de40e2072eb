"""Which runs a workflow's triggers lead to, and what its expressions come to in them."""

from __future__ import annotations

import pytest

from reorder.ci.github.expressions import (
    UNKNOWN,
    Broken,
    Value,
    condition,
    evaluated,
    filled,
    holes,
    parts,
    rendered,
)
from reorder.ci.github.runs import runs
from reorder.ci.github.write import expression, only

VALUES: dict[str, Value] = {
    "github.ref": "refs/heads/main",
    "github.event_name": "push",
    "env.*": UNKNOWN,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it''s'", "it's"),
        ("true && 'a' || 'b'", "a"),
        ("false && 'a' || 'b'", "b"),
        ("'' || null || 'c'", "c"),
        ("!''", True),
        ("!(true && false) == true", True),
        ("1 == '1'", True),
        ("'A' == 'a'", True),
        ("null == ''", True),
        ("github.ref == 'refs/heads/MAIN'", True),
        ("github['event_name'] != 'push'", False),
        ("startsWith(github.ref, 'refs/heads/')", True),
        ("endsWith(github.ref, 'in') && contains(github.ref, 'heads')", True),
        ("format('{0}-{1}-{0}', 'a', 2)", "a-2-a"),
        ("success() && !failure() && !cancelled() && always()", True),
        ("env.X || true", True),
        ("env.X && false", False),
    ],
)
def test_value(text: str, value: object) -> None:
    assert evaluated(text, VALUES) == value


@pytest.mark.parametrize(
    "text",
    ["env.X", "env.X == 'a'", "!env.X", "env.X && true", "env.X || false", "hashFiles('a')",
     "fromJSON('[]')[0]", "github.run_id > 3", "steps.a.outputs[env.X]", "env.X || 'a'"],
)  # fmt: skip
def test_not_known(text: str) -> None:
    value = evaluated(text, VALUES)
    assert value is UNKNOWN or (text == "env.X || 'a'" and value is True)


@pytest.mark.parametrize(
    "text", ["", "a b", "'a", "a ==", "(a", "f(a", "a.", "a[", "&& a", "a == == b", "$x", "1.2.3"]
)
def test_no_expression(text: str) -> None:
    with pytest.raises(Broken):
        evaluated(text, VALUES)


def test_templates() -> None:
    text = "a/${{ github.ref }}:${{format('{0}}}', 'x')}}"
    assert parts(text) == ["a/", "github.ref", ":", "format('{0}}}', 'x')", ""]
    assert holes("no") == []
    assert filled("a-${{ x }}", lambda told: told.upper()) == "a-X"
    assert rendered("a:${{ github.event_name }}", VALUES) == "a:push"
    assert rendered("a:${{ env.X }}", VALUES) is None


def test_conditions() -> None:
    assert condition("${{ a &&\n b }}") == "a && b"
    assert condition("a &&\n b\n") == "a && b"
    assert condition("${{ a }} && b") is None


@pytest.mark.parametrize(
    "template", ["plain", "it's", "a{b}", "${{ env.A }}:x-${{ env.A }}", "'{'"]
)
def test_a_template_as_an_expression(template: str) -> None:
    values: dict[str, Value] = {"env.a": "1"}
    assert evaluated(expression(template), values) == rendered(template, values)
    assert rendered(only("github.ref == 'x'", template), {**VALUES, **values}) == ""
    assert rendered(only("true || true", template), values) == rendered(template, values)


@pytest.mark.parametrize(
    ("events", "kinds"),
    [
        ({"push": {"branches": ["main"]}}, ["main"]),
        ({"push": {"branches": "main"}}, ["main"]),
        ({"push": {"branches": ["other"]}}, ["branch"]),
        ({"push": {"branches": ["m*"]}}, ["main", "branch"]),
        ({"push": {"branches": ["**", "!main"]}}, ["branch"]),
        ({"push": {"branches-ignore": ["main"]}}, ["branch"]),
        ({"push": {"branches-ignore": ["docs"]}}, ["main", "branch"]),
        ({"push": {"tags": ["v*"]}}, ["tag"]),
        ({"push": {"branches": ["main"], "tags": ["v*"]}}, ["main", "tag"]),
        ({"push": {"paths": ["src/**"]}}, ["main", "branch", "tag"]),
        ({"push": None}, ["main", "branch", "tag"]),
        ({"pull_request": None}, ["pull", "fork"]),
        ({"pull_request_target": None}, ["foreign"]),
        ({"release": None}, ["tag"]),
        ({"schedule": []}, ["main"]),
        ({"workflow_run": None}, ["main"]),
        ({"workflow_dispatch": None}, ["main", "branch"]),
        ({"merge_group": None}, ["queue"]),
    ],
)
def test_kinds_of_run(events: dict[str, object], kinds: list[str]) -> None:
    assert [run.kind for run in runs(events, "main")] == kinds


def test_a_called_workflow_may_be_called_from_anywhere() -> None:
    called = {run.kind for run in runs({"workflow_call": None}, "main")}
    assert called == {run.kind for run in runs(None, "main")}
    assert called == {"main", "branch", "tag", "pull", "fork", "queue"}


def test_a_fork_is_told_from_the_repository() -> None:
    by_kind = {run.kind: run for run in runs({"pull_request": None, "push": None}, "main")}
    same = "github.event.pull_request.head.repo.full_name == github.repository"
    assert evaluated(same, by_kind["pull"].values) is True
    assert evaluated(same, by_kind["fork"].values) is False
    fork = "!github.event.pull_request.head.repo.fork"
    assert [evaluated(fork, by_kind[kind].values) for kind in ("main", "pull", "fork")] == [
        True,
        True,
        False,
    ]


def test_names_that_can_end_a_tag() -> None:
    found = runs({"push": {"branches": ["main", "dev", "v1.0", "a/b", "rel-*"]}}, "main")
    assert [run.safe for run in found] == [True, True, True, False, False]

"""What is in force before an instruction (semantics.md section 2.3)."""

from __future__ import annotations

import pytest
from harness.made import facts

from reorder.graph.scope import Scope


def last(text: str) -> Scope:
    """The scope before the last instruction."""
    return list(facts(text).nodes.values())[-1].scope


@pytest.mark.parametrize(
    ("text", "name", "want"),
    [
        ("ARG A=1\nENV A=2\n", "A", "2"),
        ("ENV A=2\nARG A=1\n", "A", "1"),
        ("ENV A=1\nENV A=2 B=$A\n", "B", "1"),
        ("ARG A=1 B=$A\n", "B", "1"),
        ("ARG A\n", "A", None),
        ("ENV A=${X:-d}\n", "A", "d"),
    ],
)
def test_environment(text: str, name: str, want: str | None) -> None:
    scope = last(f"FROM debian:12\n{text}RUN x\n")
    assert name in scope.env
    assert scope.env[name] == want


def test_global_argument_is_a_default_only_where_it_is_declared() -> None:
    assert last("ARG A=1\nFROM debian:12\nARG A\nRUN x\n").env["A"] == "1"
    assert "A" not in last("ARG A=1\nFROM debian:12\nRUN x\n").env


def test_base_image_by_argument() -> None:
    assert last("ARG V=20\nFROM node:$V\nRUN x\n").base is not None
    assert last("ARG V\nFROM node:$V\nRUN x\n").base is None


def test_nothing_is_known_of_an_unknown_base() -> None:
    scope = last("FROM example.org/x\nRUN x\n")
    assert (scope.workdir, scope.user) == (None, None)
    assert scope.account().home is None
    assert scope.expand("$X", "\\") is None


def test_an_image_whose_variables_are_not_all_known() -> None:
    scope = last("FROM registry.access.redhat.com/ubi9/python-311\nRUN x\n")
    assert scope.account() == ("/opt/app-root/src", 1001, 0)
    assert scope.expand("$X", "\\") is None


def test_a_stage_takes_over_the_whole_state() -> None:
    scope = last("FROM node:20 AS a\nENV A=1\nWORKDIR /w\nUSER node\nFROM a\nRUN x\n")
    assert (scope.env["A"], scope.workdir, scope.user) == ("1", "/w", "node")
    assert scope.account() == ("/home/node", 1000, 1000)


@pytest.mark.parametrize(
    ("before", "want"),
    [
        ("WORKDIR a\n", "/a"),
        ("WORKDIR /a\nWORKDIR b\n", "/a/b"),
        ("ENV D=/d\nWORKDIR $D/x\n", "/d/x"),
        ("ARG D\nWORKDIR $D/x\n", None),
        ("WORKDIR //a//b/../c/\n", "/a/c"),
    ],
)
def test_working_directory(before: str, want: str | None) -> None:
    assert last(f"FROM debian:12\n{before}RUN x\n").workdir == want


@pytest.mark.parametrize(
    ("user", "home"), [("root", "/root"), ("0:0", "/root"), ("1000", "/home/node"), ("x", None)]
)
def test_home(user: str, home: str | None) -> None:
    assert last(f"FROM node:20\nUSER {user}\nRUN x\n").account().home == home

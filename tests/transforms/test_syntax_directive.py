"""`# syntax` is added only for a flag that a rewrite brought in."""

from __future__ import annotations

from harness.made import facts

from reorder.syntax.parse import parse
from reorder.transforms import syntax_directive
from reorder.transforms.base import Proposal, Rewrite, Settings

AUTHORS = "FROM node:20\nCOPY . .\n"
REWRITTEN = "FROM node:20\nCOPY --parents a/package.json ./\nCOPY . .\n"


def proposals(text: str, authors: str) -> list[Proposal]:
    settings = Settings(original=parse(authors).instructions)
    return list(syntax_directive.propose(facts(text, {"a/package.json": "{}"}), settings))


def test_no_op_without_a_newer_flag() -> None:
    assert proposals(AUTHORS, AUTHORS) == []


def test_no_op_when_the_author_uses_the_flag_without_a_pin() -> None:
    assert proposals(REWRITTEN, REWRITTEN) == []


def test_no_op_when_a_pin_exists() -> None:
    pinned = "# syntax=docker/dockerfile:1.20\n"
    assert proposals(pinned + REWRITTEN, pinned + AUTHORS) == []


def test_a_flag_that_a_rewrite_brought_in() -> None:
    (rewrite,) = proposals(REWRITTEN, AUTHORS)
    assert isinstance(rewrite, Rewrite)
    assert str(rewrite.draft.build()) == "# syntax=docker/dockerfile:1\n" + REWRITTEN

"""Whatever the Dockerfile: no crash, a second run changes nothing, every change is proved."""

from __future__ import annotations

from harness.dockerfiles import FILES, builds
from harness.made import context
from hypothesis import given, settings

from reorder.api import rewrite
from reorder.config import Options
from reorder.equivalence.check import Objection, check
from reorder.syntax.parse import parse


@settings(max_examples=80, deadline=None)
@given(builds())
def test_rewrites_are_proved_and_final(text: str) -> None:
    before = context(FILES)
    result = rewrite(parse(text), "Dockerfile", before, Options())
    after = before if result.ignore is None else before.with_ignore(result.ignore.after)
    assert not isinstance(check(text, result.after, before, after), Objection)
    again = rewrite(parse(result.after), "Dockerfile", after, Options())
    assert again.after == result.after
    assert again.ignore is None


@settings(max_examples=40, deadline=None)
@given(builds())
def test_instructions_are_only_moved_added_or_given_flags(text: str) -> None:
    result = rewrite(parse(text), "Dockerfile", context(FILES), Options())
    kept = [line for line in text.splitlines() if line.startswith(("COPY", "ENV", "ARG", "#"))]
    lines = result.after.splitlines()
    assert all(lines.count(line) >= kept.count(line) for line in kept)
    assert result.after.endswith("\n") == text.endswith("\n")
    assert ("\r\n" in result.after) == ("\r\n" in text)

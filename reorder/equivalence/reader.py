"""The checker's own reading of a Dockerfile: simple, strict, and no code shared with `syntax`."""

from __future__ import annotations

import json
import re
from typing import Final

from reorder.equivalence import lines
from reorder.equivalence.expand import BadText
from reorder.equivalence.expand import words as raw_words
from reorder.equivalence.lines import Logical, Source
from reorder.equivalence.program import Inline, Program, Refused, Step, Unreadable
from reorder.equivalence.second import disagreement

FLAGS: Final = {
    "from": frozenset({"platform"}),
    "run": frozenset({"mount", "network", "security", "device"}),
    "copy": frozenset({"from", "chown", "chmod", "link", "parents", "exclude"}),
    "add": frozenset({"chown", "chmod", "link", "keep-git-dir", "checksum", "unpack", "exclude"}),
    "healthcheck": frozenset({"interval", "timeout", "start-period", "start-interval", "retries"}),
}
_REPEATED: Final = frozenset({"mount", "exclude", "device"})
_BARE: Final = frozenset({"link", "parents", "keep-git-dir", "unpack"})
_PLAIN: Final = frozenset(
    "arg cmd entrypoint env expose label maintainer shell stopsignal user volume workdir".split()
)
_JSON: Final = frozenset("add cmd copy entrypoint run shell volume".split())
_INLINE: Final = re.compile(r"(\d*)<<(-?)([\"']?)([A-Za-z_][A-Za-z0-9_.\-]*)\3")
_KEYWORD: Final = re.compile(r"[A-Za-z]+")


def read(text: str) -> Program | Unreadable:
    """The instructions of a Dockerfile; refused where BuildKit might read them differently."""
    try:
        src = lines.source(text)
        steps, bodies = _steps(src)
        _order(steps)
    except Refused as refusal:
        return Unreadable(refusal.reason, refusal.line)
    program = Program(steps, src.escape, src.directives)
    reason = disagreement(src, program, bodies)
    return program if reason is None else Unreadable(reason, 1)


def _steps(src: Source) -> tuple[tuple[Step, ...], frozenset[int]]:
    """The instructions, and the physical lines that heredoc bodies take (0-based)."""
    steps: list[Step] = []
    bodies: set[int] = set()
    at = src.start
    while (found := lines.logical(src, at)) is not None:
        step, at = _step(src, found)
        bodies.update(range(found.after, at))
        steps.append(step)
    return tuple(steps), frozenset(bodies)


def _step(src: Source, found: Logical) -> tuple[Step, int]:
    keyword, value = _split(found)
    if keyword == "onbuild":
        inner = Logical(value, found.line, found.after)
        trigger, at = _step(src, inner)
        if trigger.keyword in ("onbuild", "from", "maintainer"):
            raise Refused(f"ONBUILD {trigger.keyword.upper()} is not followed", found.line)
        return Step(keyword, value, (), value, None, (), found.line, trigger), at
    flags, rest = _flags(keyword, value, src.escape, found.line)
    words = _json(rest, found.line) if keyword in _JSON else None
    if keyword == "shell" and words is None:
        raise Refused("SHELL needs the JSON form", found.line)
    inlines: tuple[Inline, ...] = ()
    at = found.after
    if keyword in ("run", "copy", "add") and words is None and "<<" in rest:
        inlines, at = _inlines(src, rest, found)
    return Step(keyword, value, flags, rest, words, inlines, found.line), at


def _split(found: Logical) -> tuple[str, str]:
    word, _, value = _first_word(found.text)
    keyword = word.lower()
    if not _KEYWORD.fullmatch(word) or keyword not in _PLAIN | FLAGS.keys() | {"onbuild"}:
        raise Refused(f"{word} is not an instruction", found.line)
    return keyword, value.strip(" \t")


def _first_word(text: str) -> tuple[str, str, str]:
    for at, char in enumerate(text):
        if char in " \t":
            return text[:at], char, text[at + 1 :]
    return text, "", ""


def _flags(
    keyword: str, value: str, escape: str, line: int
) -> tuple[tuple[tuple[str, str | None], ...], str]:
    flags: list[tuple[str, str | None]] = []
    rest = value
    while rest.startswith("--"):
        word, _, after = _first_word(rest)
        name, equals, text = word[2:].partition("=")
        if name not in FLAGS.get(keyword, ()):
            raise Refused(f"{word} is not a flag of {keyword.upper()}", line)
        if not word.isascii() or any(char in word for char in ("'", '"', escape)):
            raise Refused(f"the flag {word} has quotes or escapes", line)
        if not equals and name not in _BARE:
            raise Refused(f"the flag {word} has no value", line)
        if name not in _REPEATED and any(name == key for key, _ in flags):
            raise Refused(f"the flag --{name} is given twice", line)
        flags.append((name, text if equals else None))
        rest = after.lstrip(" \t")
    return tuple(flags), rest


def _json(rest: str, line: int) -> tuple[str, ...] | None:
    if not rest.startswith("["):
        return None
    try:
        value = json.loads(rest)
    except ValueError:
        return None
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise Refused("the JSON form holds something that is not a string", line)
    return tuple(value)


def _inlines(src: Source, rest: str, found: Logical) -> tuple[tuple[Inline, ...], int]:
    at = found.after
    inlines: list[Inline] = []
    for word in _raw_words(rest, found.line):
        if not re.match(r"\d*<<(?!<)", word):
            continue
        match = _INLINE.fullmatch(word)
        if match is None:
            raise Refused(f"the heredoc {word} is not followed", found.line)
        _, dash, quote, name = match.groups()
        body: list[str] = []
        while True:
            if at == len(src.lines):
                raise Refused(f"the heredoc {name} does not end", found.line)
            line = src.lines[at].lstrip("\t") if dash else src.lines[at]
            at += 1
            if line == name:
                break
            body.append(line + src.endings[at - 1])
        inlines.append(Inline(name, "".join(body), not quote))
    if len({inline.name for inline in inlines}) != len(inlines):
        raise Refused("two heredocs of one instruction have the same name", found.line)
    return tuple(inlines), at


def _raw_words(text: str, line: int) -> tuple[str, ...]:
    """Words with their quotes, for finding heredocs (always with a backslash as escape)."""
    try:
        return raw_words(text, "\\")
    except BadText:
        raise Refused("a quote is open in a line with <<", line) from None


def _order(steps: tuple[Step, ...]) -> None:
    if not any(step.keyword == "from" for step in steps):
        raise Refused("there is no FROM", 1)
    for step in steps:
        if step.keyword == "from":
            return
        if step.keyword != "arg":
            raise Refused(f"{step.keyword.upper()} stands before the first FROM", step.line)

"""Which commit edited which instruction: the versions of a Dockerfile, matched one to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reorder.context.versions import Parsed, parsed, parsed_like
from reorder.syntax.nodes import Instruction
from reorder.syntax.parse import parse

SIMILAR = 0.5  # of the words and signs of two instructions, by difflib's ratio
MOST_PAIRS = 400  # compared word by word between two versions
MOST_WORDS = 400  # of one instruction that are compared
MOST_TEXT = 1 << 21  # characters of old versions; what is older is not looked at
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Version:
    """The text of a Dockerfile and the number of the commit that brought it; None: not yet one."""

    text: str
    commit: int | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What an instruction said before and after a commit, as keys; None: it was not there."""

    before: str | None
    after: str


def edits(versions: Iterable[Version], created: bool) -> Mapping[int, Mapping[int, Edit]]:
    """For each instruction of the first version, by its line, the commits that edited it.

    `versions` go from new to old; `created` tells that the file begins with the last one. One that
    does not parse is skipped over, and what it changed counts for the version that follows it.
    """
    current, *earlier = versions
    # What is on disk may have problems: they are reported elsewhere.
    nodes = parse(current.text).instructions
    at_hand = parsed(current.text)
    found: dict[int, dict[int, Edit]] = {node.line: {} for node in nodes}
    # For each instruction of the version at hand, its line in the first one while it is the same.
    lines: list[int | None] = [node.line for node in nodes]
    left = MOST_TEXT
    for version in earlier:
        left -= len(version.text)
        if left < 0:
            created = False
            break
        if version.text != current.text:
            before = parsed(version.text) if at_hand is None else parsed_like(version.text, at_hand)
            if before is None:
                continue
            older: list[int | None] = [None] * len(before.nodes)
            for node, line, origin in zip(nodes, lines, _between(nodes, before), strict=True):
                if line is None:
                    continue
                if origin is not None:
                    older[origin.at] = line
                if current.commit is not None and (origin is None or origin.edited):
                    was = None if origin is None else _said(before.nodes[origin.at])
                    found[line][current.commit] = Edit(was, _said(node))
            nodes, lines, at_hand = before.nodes, older, before
        current = version
    if created and current.commit is not None:
        for node, line in zip(nodes, lines, strict=True):
            if line is not None:
                found[line][current.commit] = Edit(None, _said(node))
    return {line: made for line, made in found.items() if made}


def _said(node: Instruction) -> str:
    return repr(_key(node))


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where an instruction was in the version before."""

    at: int
    edited: bool


def _between(newer: Sequence[Instruction], older: Parsed) -> tuple[_Origin | None, ...]:
    """See `_origins`; what both have in common at their beginning and end is not compared."""
    head, end = older.head, len(older.nodes) - older.tail
    middle = _origins(newer[head : len(newer) - older.tail], older.nodes[head:end])
    return (
        *(_Origin(at, edited=False) for at in range(head)),
        *(o and _Origin(o.at + head, o.edited) for o in middle),
        *(_Origin(at, edited=False) for at in range(end, len(older.nodes))),
    )


def _origins(
    newer: Sequence[Instruction], older: Sequence[Instruction]
) -> tuple[_Origin | None, ...]:
    """For each newer instruction the older one that it was: the same, or else a similar one."""
    from difflib import SequenceMatcher

    new_keys, old_keys = [_key(node) for node in newer], [_key(node) for node in older]
    found: list[_Origin | None] = [None] * len(newer)
    # The changed passage that an instruction lies in.
    new_block: dict[int, int] = {}
    old_block: dict[int, int] = {}
    blocks = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes()
    for number, (tag, old, old_end, new, new_end) in enumerate(blocks):
        if tag == "equal":
            found[new:new_end] = [_Origin(at, edited=False) for at in range(old, old_end)]
        else:
            old_block |= dict.fromkeys(range(old, old_end), number)
            new_block |= dict.fromkeys(range(new, new_end), number)
    for at in tuple(new_block):
        moved = next((was for was in old_block if old_keys[was] == new_keys[at]), None)
        if moved is not None:
            found[at] = _Origin(moved, edited=False)
            del old_block[moved], new_block[at]
    pairs = [
        (at, was)
        for at in new_block
        for was in old_block
        if newer[at].keyword == older[was].keyword
    ]
    if len(pairs) > MOST_PAIRS:
        pairs = [(at, was) for at, was in pairs if new_block[at] == old_block[was]][:MOST_PAIRS]
    scored = []
    for at, was in pairs:
        together = new_block[at] == old_block[was]
        score = _likeness(newer[at], older[was], together)
        if score >= SIMILAR:
            scored.append((-score, not together, abs(at - was), at, was))
    for *_, at, was in sorted(scored):
        if at in new_block and was in old_block:
            found[at] = _Origin(was, edited=True)
            del old_block[was], new_block[at]
    return tuple(found)


def _key(node: Instruction) -> tuple[object, ...]:
    """What an instruction says, without comments; blanks count in a command only."""
    args = node.args if node.keyword == "run" else " ".join(node.args.split())
    return node.keyword, node.flags, args, tuple(h.content for h in node.heredocs)


def _likeness(new: Instruction, old: Instruction, together: bool) -> float:
    """How far two instructions of one keyword are the same one; above 1: by what they name."""
    if _name(new) is not None and _name(new) == _name(old):
        return 2.0
    if new.keyword == "from" and together:
        return 1.0
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, tuple(_words(new)), tuple(_words(old)), autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < SIMILAR:
        return 0.0
    return matcher.ratio()


def _name(node: Instruction) -> str | None:
    """The name that a stage, or a single variable, has."""
    words = node.args.split()
    if node.keyword == "from":
        return words[2].lower() if len(words) == 3 and words[1].lower() == "as" else None
    if node.keyword in ("arg", "env") and node.words:
        return node.words[0].partition("=")[0]
    return None


def _words(node: Instruction) -> Iterator[str]:
    # Without flags: a command that gets a cache mount stays the same command.
    texts = [node.args, *(heredoc.content for heredoc in node.heredocs)]
    words = (found[0] for text in texts for found in _WORD.finditer(text))
    yield from (word for _, word in zip(range(MOST_WORDS), words, strict=False))

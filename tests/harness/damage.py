"""Seeded damage to a correct Dockerfile: every entry makes another image, or one that fails.

Works on text by instruction, with nothing of the product, so that it can judge the checker.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Dropping one of them changes the image whatever stands around it.
_DROPPED = frozenset(
    "run env label cmd entrypoint expose volume user stopsignal healthcheck arg onbuild".split()
)
_ALTERED = frozenset("run env label cmd entrypoint workdir user stopsignal volume".split())
_HEREDOC = re.compile(r"(?:^|\s)<<(-?)([\"']?)([A-Za-z_]\w*)\2(?=\s|$)")


@dataclass(frozen=True)
class Piece:
    """The lines of one instruction; keyword "" for comments, directives and blank lines."""

    keyword: str
    text: str

    @property
    def args(self) -> str:
        """What follows the keyword on the first line."""
        return self.text.lstrip().partition(" ")[2]


def damages(text: str, seed: int = 0) -> list[tuple[str, str]]:
    """Descriptions and damaged texts, always the same for the same text and seed."""
    pieces = split(text)
    chance = random.Random(seed)
    found: list[tuple[str, str]] = []
    for at, piece in enumerate(pieces):
        for what, replacement in _of_one(pieces, at, chance):
            number = "".join(p.text for p in pieces[:at]).count("\n") + 1
            damaged = "".join(p.text for p in (*pieces[:at], *replacement, *pieces[at + 1 :]))
            if damaged != text:
                found.append((f"line {number}, {piece.keyword.upper()}: {what}", damaged))
    return found


def split(text: str) -> list[Piece]:
    """Cut a Dockerfile into instructions and what stands between them."""
    escape = "`" if re.match(r"(#.*\n)*# *escape *= *`", text) else "\\"
    lines = text.splitlines(keepends=True)
    pieces: list[Piece] = []
    at = 0
    while at < len(lines):
        start = at
        bare = lines[at].strip()
        at += 1
        if not bare or bare.startswith("#"):
            pieces.append(Piece("", lines[start]))
            continue
        joined = bare
        while joined.endswith(escape) and at < len(lines):
            bare = lines[at].strip()
            if bare and not bare.startswith("#"):
                joined = joined[:-1] + bare
            at += 1
        keyword = joined.split()[0].lower()
        if keyword in ("run", "copy", "add"):
            for dash, _, name in _HEREDOC.findall(joined):
                while at < len(lines) and _ended(lines[at], dash) != name:
                    at += 1
                at += 1
        pieces.append(Piece(keyword, "".join(lines[start:at])))
    return pieces


def _ended(line: str, dash: str) -> str:
    line = line.rstrip("\r\n")
    return line.lstrip("\t") if dash else line


def _of_one(
    pieces: list[Piece], at: int, chance: random.Random
) -> Iterator[tuple[str, list[Piece]]]:
    piece = pieces[at]
    end = "" if piece.text.endswith("\n") else "\n"
    if piece.keyword in _DROPPED:
        yield "dropped", []
    if piece.keyword == "run":
        yield "doubled", [Piece("run", piece.text + end), piece]
        yield from _mounts(piece)
        yield from _chains(piece)
    if piece.keyword in _ALTERED and (altered := _altered(piece, chance)) is not None:
        yield "a word altered", [altered]
    if piece.keyword in ("copy", "add") and _is_last_copy(pieces, at):
        yield "dropped", []
        yield "another owner", [_owned(piece)]
        if "<<" not in piece.text and not piece.text.rstrip().endswith("]"):
            dest = piece.text.rstrip()
            yield "another destination", [Piece(piece.keyword, f"{dest}/damaged/\n")]


def _altered(piece: Piece, chance: random.Random) -> Piece | None:
    """One letter more in a word of the arguments."""
    head = re.match(r"\s*\w+((\s+\\\r?\n)?\s+--\S+)*\s*", piece.text)
    start = head.end() if head else 0
    found = re.finditer(r"[A-Za-z]{2,}(?![\w=\\])", piece.text)
    words = [match.end() for match in found if match.start() >= start]
    words = [at for at in words if not _in_comment(piece.text, at)]
    if not words:
        return None
    place = chance.choice(words)
    return Piece(piece.keyword, f"{piece.text[:place]}x{piece.text[place:]}")


def _in_comment(text: str, at: int) -> bool:
    """Whether a position is on a comment line between continuation lines."""
    return text[:at].rpartition("\n")[2].lstrip().startswith("#")


def _mounts(piece: Piece) -> Iterator[tuple[str, list[Piece]]]:
    mount = re.search(r"--mount=type=cache,\S*target=([^,\s]+)\S*\s*", piece.text)
    if mount is None:
        return
    text = piece.text
    place = mount.end(1)
    yield "the mount gone", [Piece("run", text[: mount.start()] + text[mount.end() :])]
    yield "another mount target", [Piece("run", f"{text[:place]}-damaged{text[place:]}")]
    if "uid=" in mount.group():
        wrong = text.replace("uid=", "uid=7", 1)
    else:
        wrong = f"{text[:place]},uid=4321{text[place:]}"
    yield "another mount owner", [Piece("run", wrong)]


def _chains(piece: Piece) -> Iterator[tuple[str, list[Piece]]]:
    """A command of a `&&` chain gone, or run before the one in front of it."""
    parts = piece.text.rstrip().split("&&")
    if len(parts) < 2 or "<<" in piece.text:
        return
    end = parts[-2].rstrip(" \t\\\r\n")
    yield "the last command dropped", [Piece("run", "&&".join([*parts[:-2], end]) + "\n")]
    head = re.match(r"\s*\w+((\s+\\\r?\n)?\s+--\S+)*\s+(\\\r?\n\s*)?", parts[0])
    if head is not None and len(parts) == 2 and "#" not in piece.text:
        first, last = end[head.end() :], parts[1].strip()
        swapped = f"{parts[0][: head.end()]}{last} && {first}\n"
        yield "two commands swapped", [Piece("run", swapped)]


def _owned(piece: Piece) -> Piece:
    text = re.sub(r"--chown=\S+\s+", "", piece.text)
    head = re.match(r"\s*\w+\s+", text)
    place = head.end() if head else 0
    return Piece(piece.keyword, f"{text[:place]}--chown=4321:4321 {text[place:]}")


def _is_last_copy(pieces: list[Piece], at: int) -> bool:
    """Whether no later COPY of the stage can write the same files again."""
    for later in pieces[at + 1 :]:
        if later.keyword == "from":
            return True
        if later.keyword in ("copy", "add"):
            return False
    return True

"""A RUN as the parts that could each be a RUN of its own, so that one and several are compared.

`RUN a && b` and `RUN a` / `RUN b` make the same image where `a` is understood: it leaves no
process, and nothing in what every RUN gets anew (/dev, /proc, /etc/hosts: BuildKit mounts them).
What a `set` or a `cd` in front of `a` did to the shell is done again in front of `b`.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import Final

from reorder.ecosystems.identity import without
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.run_caches import cache_words
from reorder.equivalence.runs import Understood
from reorder.shell.chain import Link, chain, stops_on_failure
from reorder.shell.nodes import Opaque

# BuildKit executor/oci: mounts.go, hosts.go, resolvconf.go. Writes below /dev, /proc and /sys are
# in no set of effects: a text that names a place there where something stays is not cut.
_ANEW: Final = Paths(files=frozenset({"/etc/hosts", "/etc/resolv.conf", "/etc/hostname"}))
_SET: Final = re.compile(r"set -[euxv]+")
_IN_MEMORY: Final = re.compile(r"/dev/(shm|mqueue)|/(proc|sys)\b|/dev(?![/\w])")


@dataclass(frozen=True, slots=True)
class Piece:
    """What the shell runs as one part; `rest` is the part together with all that follows."""

    text: str
    rest: str
    folders: tuple[str, ...] = ()  # absolute; the part that follows enters them again


def pieces(whole: Understood) -> tuple[Piece, ...]:
    """The parts of a RUN as far as its text tells, without the words that a cache mount drops."""
    if whole.shell is None:
        return (Piece(whole.script, whole.script),)
    script = whole.shell
    if isinstance(whole.effects, RunEffects):
        together = any(step.effects.together for step in whole.effects.steps)
        if together or any(install.scratch for install in whole.effects.installs):
            return (Piece(script, script),)  # its commands are known together only
        script = without(script, cache_words(whole.effects.caches))
    return cut(script, errexit=stops_on_failure(whole.scope.shell), cwd=whole.scope.cwd or "/")


def cut(script: str, *, errexit: bool, cwd: str) -> tuple[Piece, ...]:
    """Every part of a shell text that runs alike in a shell of its own; `errexit`: as by `-e`."""
    links = chain(script, errexit=errexit)
    if isinstance(links, Opaque) or not links:
        return (Piece(script, script),)
    found = []
    at = 0
    while at < len(links):
        first = last = _first(links, at)
        while links[last].held is not None and last + 1 < len(links):
            last += 1
        text = _text(script, links, first, last)
        rest = _text(script, links, first, len(links) - 1)
        found.append(Piece(text, rest, _folders(links[first], cwd)))
        at = last + 1
    return tuple(found)


def needs_the_rest(part: Understood, piece: Piece) -> bool:
    """Whether what follows a part may need the very RUN that the part has run in."""
    if piece.rest == piece.text or part.opaque or any(m.scratch for m in part.mounts):
        return True
    assert isinstance(part.effects, RunEffects)
    if _IN_MEMORY.search(f"{part.scope.cwd} {piece.text}"):
        return True
    written = replace(part.effects.writes, all_but=None)
    if written.overlaps(_ANEW):
        return True
    return any(written.contains(path) for path in piece.folders)


def _first(links: tuple[Link, ...], at: int) -> int:
    """The first command at or after a position that is more than a `set` or `cd` in front."""
    return next(
        (i for i in range(at, len(links)) if not links[i].repeated or links[i].held is not None), at
    )


def _text(script: str, links: tuple[Link, ...], first: int, last: int) -> str:
    front = [script[slice(*span)] for span in links[first].front]
    if first == last and links[first].plain:
        # Nothing is left to stop, to trace into a file or to find unset.
        command = script[slice(*links[first].span)]
        dumb = not any(mark in command for mark in "$`<>")
        front = [text for text in front if text != "set -e" and not (dumb and _SET.fullmatch(text))]
    return " && ".join([*front, script[links[first].span[0] : links[last].span[1]]])


def _folders(link: Link, cwd: str) -> tuple[str, ...]:
    """Where the `cd`s in front of a command go, and every folder on the way."""
    found: dict[str, None] = {}
    for folder in link.folders:
        cwd = posixpath.normpath(posixpath.join(cwd, folder))
        path = cwd
        while path != "/":
            found[path] = None
            path = posixpath.dirname(path)
    return tuple(found)

"""Whether two images are the same, and for each place where they differ, what to think of it.

What differs between two builds of one Dockerfile is noise, aspect by aspect: a log whose content
is new each time must still be there, with the same mode and owner.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from reorder.verify.image import Entry, Image

Aspect = Literal["presence", "type", "mode", "owner", "target", "content", "xattrs", "value"]
NOISE = "it also differs between two builds of the original"

# What a daemon of old writes about itself, or about the container of the last step.
_NOT_CONFIG = frozenset({"Image", "Hostname", "Domainname", "AttachStdin", "AttachStdout"})
_TOP = ("architecture", "os", "variant", "author")
_WORD = re.compile(r"[A-Za-z0-9]+")
_NUMBER = re.compile(r"\d+")
_BUCKET = re.compile(r"[0-9a-f]{2}")
_LONG = 6  # characters of a word that, with a digit in it, may be made up anew for each build


@dataclass(frozen=True, slots=True)
class Difference:
    """One path below `/`, or a key of the configuration (`config.Env`), and what differs there.

    The values are for people; None: it is not there.
    """

    what: str
    aspects: frozenset[Aspect]
    before: str | None
    after: str | None
    why: str = ""  # why it does not count; "" when it does
    diff: str = ""  # of a short text

    @property
    def words(self) -> str:
        """`mode 0644 -> mode 0755`, `only in the original: file`."""
        if self.after is None:
            return f"only in the original: {self.before}"
        if self.before is None:
            return f"only in the rewritten one: {self.after}"
        return f"{self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The comparison of one target. `entries` is how many paths the original image has."""

    differences: tuple[Difference, ...]
    expected: tuple[Difference, ...]
    noise: tuple[Difference, ...]
    entries: int

    @property
    def identical(self) -> bool:
        """Whether nothing differs that counts."""
        return not self.differences


class Expected(Protocol):
    """What a rewrite may change in an image."""

    def why(self, path: str, before: Entry | None, after: Entry | None) -> str:
        """The reason in words why this difference is expected; "" when it is not."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What differed between two builds of one Dockerfile, by path or key."""

    found: Mapping[str, Difference]

    def aspects(self, what: str) -> frozenset[Aspect]:
        """What need not be the same there."""
        return self.found[what].aspects if what in self.found else frozenset()

    @property
    def shapes(self) -> frozenset[str]:
        """Of the names that are new each time."""
        return frozenset(_shape(n) for n, one in self.found.items() if "presence" in one.aspects)


NO_NOISE = Noise({})


def noise(one: Image, other: Image) -> Noise:
    """The noise of a Dockerfile, from two builds of it."""
    return Noise(_differences(one, other))


def compare(before: Image, after: Image, known: Noise, expected: Expected) -> Verdict:
    """The image of the original and that of the rewritten one."""
    differences: list[Difference] = []
    excused: dict[str, Difference] = {}
    noisy = {
        what: replace(one, why=NOISE)
        for what, one in known.found.items()
        if not expected.why(what, before.tree.get(what), after.tree.get(what))
    }
    shapes = known.shapes
    for what, one in _differences(before, after).items():
        left = one.aspects - known.aspects(what)
        why = expected.why(what, before.tree.get(what), after.tree.get(what))
        if why:
            excused[what] = replace(one, why=why)
        elif left and not ("presence" in left and _shape(what) in shapes):
            differences.append(replace(one, aspects=left))
            noisy.pop(what, None)
        else:
            noisy[what] = replace(one, why=NOISE)
    by_name = tuple(noisy[what] for what in sorted(noisy))
    return Verdict(tuple(differences), tuple(excused.values()), by_name, len(before.tree))


def _differences(before: Image, after: Image) -> dict[str, Difference]:
    found = {one.what: one for one in _config(before.config, after.config)}
    for path in sorted(before.tree.keys() | after.tree.keys()):
        old, new = before.tree.get(path), after.tree.get(path)
        if old != new:
            aspects = _aspects(old, new)
            if aspects:
                found[path] = Difference(path, aspects, _said(old, aspects), _said(new, aspects))
    return found


def _config(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    old, new = before.get("config") or {}, after.get("config") or {}
    pairs = [(name, old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())]
    pairs = [pair for pair in pairs if pair[0] not in _NOT_CONFIG]
    pairs += [(name, before.get(name), after.get(name)) for name in _TOP]
    return [
        Difference(f"config.{name}", frozenset({"value"}), _value(one), _value(other))
        for name, one, other in pairs
        if (one or None) != (other or None)
    ]


def _value(value: object) -> str | None:
    import json

    return json.dumps(value) if value else None


def _aspects(old: Entry | None, new: Entry | None) -> frozenset[Aspect]:
    if old is None or new is None:
        return frozenset({"presence"})
    if old.kind != new.kind:
        return frozenset({"type"})
    found: set[Aspect] = set()
    if old.mode != new.mode and old.kind != "link":
        found.add("mode")
    if (old.uid, old.gid) != (new.uid, new.gid):
        found.add("owner")
    if old.content != new.content:
        found.add("target" if old.kind == "link" else "content")
    if old.xattrs != new.xattrs:
        found.add("xattrs")
    return frozenset(found)


def _said(entry: Entry | None, aspects: frozenset[Aspect]) -> str | None:
    if entry is None:
        return None
    words: list[str] = [entry.kind] if aspects & {"presence", "type"} else []
    if "mode" in aspects:
        words.append(f"mode {entry.mode:04o}")
    if "owner" in aspects:
        words.append(f"owner {entry.uid}:{entry.gid}")
    if "xattrs" in aspects:
        words.append(f"attributes {', '.join(name for name, _ in entry.xattrs) or 'none'}")
    if "target" in aspects:
        words.append(f"link to {entry.content}")
    if "content" in aspects:
        device = entry.kind == "device"
        words.append(entry.content if device else f"{entry.size:,} bytes, {entry.content[:12]}")
    return ", ".join(words)


def _shape(path: str) -> str:
    """A path whose numbers, and words that look random, are left open: `/log/2026-01-02-x1y2z3`.

    So is the folder of a name that is kept under its first letters, as in a store by content:
    `/0b/0b4d3612ebc1-a`, `/48/a7d440db861d` (Go's `cmd/internal/cache`, git's objects).
    """
    folder, name = posixpath.split(path)
    opened = _opened(name)
    above, last = posixpath.split(folder)
    if opened.startswith("*") and _BUCKET.fullmatch(last):
        return f"{_opened(above)}/*/{opened}"
    return f"{_opened(folder)}/{opened}"


def _opened(text: str) -> str:
    return _WORD.sub(lambda match: _word(match[0]), text)


def _word(word: str) -> str:
    plain = _NUMBER.sub("0", word)
    return "*" if len(word) >= _LONG and plain not in (word, "0") else plain

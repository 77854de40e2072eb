"""Reasons, grouped by what they say; the names in them are counted apart.

A reason is one sentence with names in it: programs in backquotes, paths, line numbers. Two reasons
are of one kind when they are equal without the names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reorder.report.style import visible

NONE: Final = "no reason was given"
LONGEST: Final = 300  # characters of a reason that are looked at
_UNKNOWN = re.compile(r"`([^`]*)` is not understood")
_ABOVE = re.compile(r"^.{1,200}? stays below [^:]*: ")
_ASIDE = re.compile(r" ?\([^()]*\)")  # which folders were looked at, and so on
_QUOTED = re.compile(r'`[^`]*`|"[^"]*"')
# What has a slash, a dollar, an at, a glob or an extension in it is a name, and so is a number.
_NAME = re.compile(
    r"""(?x)
    (?<![\w…-])(?:
      [^\s,;()`"…]*[/$@*\\~][^\s,;()`"…]*[^\s,;()`"….:]     # a path, a variable, an address
    | \.[A-Za-z][\w.-]*\w                                   # .npmrc
    | [\w+-]*[A-Za-z_][\w+-]*(?:\.[\w+-]+)*\.[A-Za-z][\w+-]* # package.json
    | [0-9a-f]{7,40}                                        # a commit
    | \d[\d,.]*\d|\d
    )(?![\w-])
    """
)
_LIST = re.compile(r"…(?:(?:, | and | or | )(?:… more|…))+")


@dataclass(frozen=True, slots=True)
class Said:
    """A reason, and where it was given."""

    repo: str
    reason: str
    where: str = ""  # `path:line`
    id: str = ""  # of the transform that gave it


@dataclass(frozen=True, slots=True)
class Kind:
    """Reasons that differ in names only. `names`: the most frequent first names, with counts."""

    text: str
    count: int
    repos: int
    example: Said
    names: tuple[tuple[str, int], ...] = ()
    ids: tuple[str, ...] = ()


def masked(reason: str) -> tuple[str, str]:
    """The kind of a reason, each name as `…`, and its first name ("" where it has none).

    What stays below a program that is not understood is of one kind with that program.
    """
    text = visible(" ".join(reason[:LONGEST].split())) or NONE
    unknown = _UNKNOWN.search(text)
    if unknown:
        words = unknown[1].split()
        return "`…` is not understood: it may read and write anything", words[0] if words else ""
    text = _ASIDE.sub("", _ABOVE.sub("", text)) or text
    found = [one for pattern in (_QUOTED, _NAME) for one in pattern.finditer(text)]
    names = [one for one in found if not one[0].replace(",", "").replace(".", "").isdigit()]
    first = min(names, key=lambda one: one.start(), default=None)
    kind = _QUOTED.sub(lambda found: f"{found[0][0]}…{found[0][0]}", text)
    kind = kind.replace("`…`", "…").replace('"…"', "…")
    kind = _LIST.sub("…", _NAME.sub("…", kind))
    return kind, first[0].strip('`"') if first else ""


def kinds(said: Iterable[Said]) -> tuple[Kind, ...]:
    """The kinds, those of most repositories first; the example is the first in the order given."""
    groups: dict[str, list[tuple[Said, str]]] = {}
    for one in said:
        text, name = masked(one.reason)
        groups.setdefault(text, []).append((one, name))
    found = [_kind(text, group) for text, group in groups.items()]
    return tuple(sorted(found, key=lambda kind: (-kind.repos, -kind.count, kind.text)))


def _kind(text: str, group: list[tuple[Said, str]]) -> Kind:
    # A name counts once for a repository: ten Dockerfiles that are alike need one answer.
    names = Counter(name for name, _ in {(name, one.repo) for one, name in group if name})
    return Kind(
        text,
        len(group),
        len({one.repo for one, _ in group}),
        group[0][0],
        tuple(sorted(names.items(), key=lambda item: (-item[1], item[0]))),
        tuple(sorted({one.id for one, _ in group if one.id})),
    )

"""mix.lock: whether `mix deps.get` leaves it as it is.

Mix writes it again only where its content would be another: a dependency that it lacks, a version
that no longer fits, an entry of a Hex so old that it has no checksum of the archive.

Source: Elixir 1.16 `mix/dep/lock.ex` (`write` compares with what is there), Hex 2.0
`lib/hex/mix.ex`, `lib/hex/utils.ex` (the fields of an entry); Version of Elixir (requirements).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from reorder.ecosystems.elixir.mix_project import WORKED_OUT, Project

_ENTRY: Final = re.compile(r'^\s*"(?P<name>\w+)":\s*\{:(?P<kind>\w+),\s*(?P<rest>.*)\},?\s*$')
_HEX: Final = re.compile(
    r':\w+,\s*"(?P<version>[^"]+)",\s*"[0-9a-f]+",.*"[\w:-]+",\s*"[0-9a-f]{64}"$'
)
_PART: Final = re.compile(r"^(~>|>=|<=|==|!=|>|<|!)?\s*(\d+(?:\.\d+){0,2})(-[\w.-]+)?$")


def entries(text: str) -> dict[str, tuple[str, str]]:
    """The kind (`hex`, `git`) and the other fields of each entry, by name."""
    found = (_ENTRY.match(line) for line in text.splitlines())
    return {match["name"]: (match["kind"], match["rest"]) for match in found if match is not None}


def why_rewritten(lock: Mapping[str, tuple[str, str]], projects: Sequence[Project]) -> str | None:
    """Why `mix deps.get` may change the lockfile; None: it stays as it is."""
    for project in projects:
        if project.unsure is not None:
            return project.unsure
        for dependency in project.dependencies:
            if dependency.has("path", "in_umbrella"):
                continue
            name = dependency.name
            if dependency.has(WORKED_OUT):
                return f"a function gives the options of {name}"
            if name not in lock:
                return f"it lacks {name}"
            kind, rest = lock[name]
            if dependency.has("git", "github"):
                if kind != "git" or not _same_git(rest, dependency.options):
                    return f"mix.exs asks for another {name} than it has"
                continue
            match = _HEX.match(rest)
            if kind != "hex" or match is None:
                return f"its entry for {name} is of another form than Hex writes today"
            if dependency.requirement is None:
                return f"which version of {name} mix.exs asks for is not written out"
            if not satisfies(match["version"], dependency.requirement):
                return f"it has {name} {match['version']}, which mix.exs no longer asks for"
    old = next(
        (name for name, (kind, rest) in lock.items() if kind == "hex" and _HEX.match(rest) is None),
        None,
    )
    return f"its entry for {old} is of another form than Hex writes today" if old else None


def satisfies(version: str, requirement: str) -> bool:
    """Whether a version surely fits a requirement; False also where that is not understood."""
    return any(
        all(_fits(version, part.strip()) for part in re.split(r"\s+and\s+", one))
        for one in re.split(r"\s+or\s+", requirement.strip())
    )


def _fits(version: str, part: str) -> bool:
    asked, have = _PART.match(part), _PART.match(version)
    if asked is None or have is None or have[1]:
        return False
    if have[3] or asked[3]:
        return asked[1] in (None, "==", "~>", ">=") and version == asked[2] + (asked[3] or "")
    numbers = [int(n) for n in have[2].split(".")]
    wanted = [int(n) for n in asked[2].split(".")]
    full = wanted + [0] * (3 - len(wanted))
    match asked[1]:
        case "~>":
            prefix = len(wanted) - 1 or 1
            return numbers >= full and numbers[:prefix] == wanted[:prefix]
        case ">=":
            return numbers >= full
        case "<=":
            return numbers <= full
        case ">":
            return numbers > full
        case "<":
            return numbers < full
        case "!=" | "!":
            return numbers != full
    return numbers == full


def _same_git(rest: str, options: Sequence[tuple[str, str | None]]) -> bool:
    given = dict(options)
    address = given.get("git") or (
        f"https://github.com/{given['github']}.git" if given.get("github") else None
    )
    if address is None or f'"{address}"' not in rest:
        return False
    named = [(key, given[key]) for key in ("branch", "tag", "ref", "sparse") if key in given]
    locked = rest.rpartition("[")[2]
    if len(named) != sum(f"{key}:" in locked for key in ("branch", "tag", "ref", "sparse")):
        return False
    return all(value is not None and f'{key}: "{value}"' in locked for key, value in named)

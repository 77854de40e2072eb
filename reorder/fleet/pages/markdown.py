"""A run as Markdown, for a wiki or an issue.

What comes from repositories stands in code spans wherever it is more than plain words: there it is
no markup, and mentions nobody (GitHub Flavored Markdown specification, 6.3 and 4.10).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reorder.fleet.pages import phrases
from reorder.fleet.pages.details import address
from reorder.fleet.pages.figures import About, Figures
from reorder.fleet.row import Row
from reorder.report.kinds import Kind
from reorder.report.style import visible
from reorder.report.words import seconds as spoken
from reorder.report.words import shortened

MOST: Final = 20
LONGEST: Final = 300  # characters of one cell
_PLAIN = re.compile(r"\(?[A-Za-z0-9…][A-Za-z0-9,;:'%…()-]*[.,;:!?)]*|->|-|\.{3}")
_PARTS = re.compile(r"(`+)(.+?)\1(?!`)")
_TITLES = (("Left alone", "refused"), ("Failed", "failed"), ("Ran out of time", "slow"))


def render(found: Figures, about: About) -> str:
    """The page; equal rows, equal bytes."""
    sections: Iterable[Iterable[str]] = (
        _head(found, about),
        _gains(found),
        _looks(found),
        *(_kinds(title, getattr(found, name)) for title, name in _TITLES),
        _kinds("What stands in the way most often", found.left, advised=True),
        _uses(found),
        _next(found, about),
    )
    return "\n\n".join("\n".join(lines) for section in sections if (lines := [*section])) + "\n"


def code(text: str) -> str:
    """A code span that holds any text on one line, in a table too."""
    line = shortened(text, LONGEST).replace("|", "\\|") or " "
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    pad = " " if line[:1] in "` " or line[-1:] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def prose(text: str) -> str:
    """A sentence: plain words as they are, what is in backquotes or looks like a name as code."""
    line, found, at = shortened(text, LONGEST), [], 0
    for part in _PARTS.finditer(line):
        found += [_words(line[at : part.start()]), code(part[2])]
        at = part.end()
    return "".join([*found, _words(line[at:])])


def _words(text: str) -> str:
    return "".join(
        word if not word.strip() or (_PLAIN.fullmatch(word) and "www" not in word) else code(word)
        for word in re.split(r"(\s+)", text)
    )


def _head(found: Figures, about: About) -> Iterator[str]:
    yield "# `reorder codemod`"
    yield ""
    if found.count("changed"):
        yield f"**{phrases.sentence(found)}** {phrases.basis(found)}"
        yield ""
    took = f" in {spoken(about.seconds)}" if about.seconds is not None else ""
    when = f", finished {prose(about.finished)}" if about.finished else ""
    yield f"{phrases.repositories(len(found.rows))}{took}{when}:"
    yield ""
    yield "| status | repositories |"
    yield "|---|---:|"
    for status, count in found.status:
        yield f"| {status} | {count:,} |"


def _gains(found: Figures) -> Iterator[str]:
    if not found.gains:
        return
    yield "## Where most is saved"
    yield ""
    yield "| repository | hours a year | a rebuild | change |"
    yield "|---|---:|---|---|"
    for gain in found.gains[:MOST]:
        took = phrases.pair(gain.row.saving)
        cells = (code(gain.row.repo), phrases.hours(gain.hours), took, _link(gain.row))
        yield f"| {' | '.join(cells)} |"
    if len(found.gains) > MOST:
        rest = sum(gain.hours for gain in found.gains[MOST:])
        yield f"| {len(found.gains) - MOST:,} more | {phrases.hours(rest)} | | |"


def _link(row: Row) -> str:
    if opened := address(row.pr):
        # A bar would end the cell of the table.
        return f"[pull request](<{opened.replace('|', '%7C')}>)"
    found = row.patch or row.branch  # a link to a file would lead nowhere from a wiki
    return code(found) if found else ""


def _looks(found: Figures) -> Iterator[str]:
    looks = phrases.first_looks(found, MOST)
    if looks:
        yield "## Needs a person"
        yield ""
    for look in looks:
        yield f"* {code(look.repo)}: {prose(look.why)}{look.others}"


def _kinds(title: str, kinds: Sequence[Kind], *, advised: bool = False) -> Iterator[str]:
    if not kinds:
        return
    yield f"## {title}"
    yield ""
    yield "| repositories | reason | for example |"
    yield "|---:|---|---|"
    for kind in kinds[:MOST]:
        named, hint = phrases.names(kind, code), phrases.hint(kind) if advised else ""
        said = prose(phrases.told(kind)) + (f" ({named})" if named else "")
        said += f" → {prose(hint)}" if hint else ""
        yield f"| {kind.repos:,} | {said} | {code(f'{kind.example.repo} {kind.example.where}')} |"
    if len(kinds) > MOST:
        rest = sum(kind.count for kind in kinds[MOST:])
        yield f"| | {len(kinds) - MOST:,} more kinds, {rest:,} times | |"


def _uses(found: Figures) -> Iterator[str]:
    if not found.uses:
        return
    yield "## What was changed"
    yield ""
    yield "| transform | changes | in repositories | not made | in repositories |"
    yield "|---|---:|---:|---:|---:|"
    for use in found.uses:
        counts = (use.changes, use.repos, use.refusals, use.refused_repos)
        yield f"| {code(use.id)} | {' | '.join(f'{count:,}' for count in counts)} |"


def _next(found: Figures, about: About) -> Iterator[str]:
    steps = tuple(phrases.next_steps(found, about))
    if steps:
        yield "## Next"
    for step in steps:
        # An indented block cannot be left by what stands in it.
        yield from ("", step.what, "", f"    {visible(step.command)}")

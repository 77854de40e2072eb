"""A run as one HTML page that needs nothing else. Needs the extra `html`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from reorder.fleet.pages import phrases
from reorder.fleet.pages.chart import BARS, chart
from reorder.fleet.pages.details import address, details
from reorder.fleet.pages.figures import About, Figures
from reorder.fleet.row import Row
from reorder.report.kinds import Kind
from reorder.report.style import visible
from reorder.report.words import seconds as spoken
from reorder.report.words import shortened

MOST: Final = 15
LOOKS: Final = 30
ROWS: Final = 10_000  # a browser gets slow with more; results.jsonl has them all
_LONGEST = 300
_TITLES = (("Left alone", "refused"), ("Failed", "failed"), ("Ran out of time", "slow"))


def render(found: Figures, about: About) -> str:
    """The page. Everything that comes from repositories is escaped; equal rows, equal bytes.

    The browser itself is told to load nothing and to run this page's own script only (Content
    Security Policy, level 2).
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("reorder.fleet.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (files("reorder.fleet.pages") / "templates/fleet.js").read_text(encoding="utf-8")
    looks = phrases.first_looks(found, LOOKS)
    shown = _shown(found)
    gained = {gain.row.repo: gain.hours for gain in found.gains}
    return environment.get_template("fleet.html").render(
        script=script,
        digest=b64encode(sha256(script.encode()).digest()).decode(),
        title=phrases.repositories(len(found.rows)),
        about=about,
        took=spoken(about.seconds) if about.seconds is not None else "",
        said=phrases.sentence(found) if found.count("changed") else "",
        basis=phrases.basis(found),
        mixed=len(found.versions) > 1 or len(found.configs) > 1,
        versions=[visible(version) for version in found.versions],
        status=found.status,
        files=(found.files, found.changed_files),
        total=phrases.hours(found.hours),
        middle=phrases.hours(found.middle),
        handed=(found.pulls, found.branches, found.patches),
        looks=[(visible(one.repo), shortened(one.why, _LONGEST) + one.others) for one in looks],
        steps=list(phrases.next_steps(found, about)),
        chart=chart(found),
        bars=BARS,
        charted=len(found.gains),
        kinds=[
            *((title, _kinds(getattr(found, name)), False) for title, name in _TITLES),
            ("What stands in the way most often", _kinds(found.left), True),
            ("Files that could not be read", _kinds(found.broken_files), False),
        ],
        uses=[replace(use, id=visible(use.id)) for use in found.uses],
        slowest=[(visible(row.repo), spoken(row.seconds)) for row in found.slowest[:5]],
        rows=[_row(row, gained.get(row.repo)) for row in shown],
        out=len(found.rows) - len(shown),
        data=details(shown),
    )


def _shown(found: Figures) -> Sequence[Row]:
    """All rows, or those that say most: failed, then changed by their gain, then the rest."""
    if len(found.rows) <= ROWS:
        return found.rows
    failed = [row for row in found.rows if not row.done]
    first = {row.repo: row for row in (*failed, *(gain.row for gain in found.gains), *found.rows)}
    return tuple(first.values())[:ROWS]


def _kinds(kinds: Sequence[Kind]) -> list[dict[str, Any]]:
    return [
        {
            "repos": kind.repos,
            "count": kind.count,
            "text": shortened(phrases.told(kind), _LONGEST),
            "names": phrases.names(kind),
            "ids": ", ".join(map(visible, kind.ids)),
            "example": shortened(f"{kind.example.repo} {kind.example.where}", _LONGEST),
            "reason": shortened(kind.example.reason, _LONGEST),
            "hint": phrases.hint(kind),
        }
        for kind in kinds[:MOST]
    ]


def _row(row: Row, gained: float | None) -> dict[str, Any]:
    changes = sum(len(file.changes) for file in row.files)
    refusals = sum(len(file.refusals) for file in row.files)
    return {
        "repo": visible(row.repo),
        "status": row.status,
        "hours": "" if gained is None else f"{gained:,.1f}",
        "sort": "" if gained is None else f"{gained:.4f}",
        "pair": phrases.pair(row.saving),
        "changes": changes,
        "refusals": refusals,
        "reason": shortened(row.reason or "; ".join(row.notes), 120),
        "seconds": f"{row.seconds:.1f}",
        "patch": quote(row.patch, errors="replace") if _inside(row.patch) else "",
        "pr": address(row.pr),
    }


def _inside(patch: str) -> bool:
    """Whether a patch is a file in the output folder, where the page is."""
    return bool(patch) and not patch.startswith("/") and ".." not in patch.split("/")

"""What the page unfolds for each repository, as data in which every text stands once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from reorder.fleet.row import FileRow, Row
from reorder.report.style import visible
from reorder.report.words import expected

MOST_FILES: Final = 200  # of one repository; results.jsonl has them all
MOST_LINES: Final = 200  # of one file
LONGEST: Final = 2000  # characters of one text


def details(rows: Sequence[Row]) -> dict[str, Any]:
    """`texts`, and for each row its parts; a number in them is a place in `texts`."""
    texts: dict[str, int] = {}

    def place(text: str) -> int:
        shown = visible(text[:LONGEST])
        return texts.setdefault(shown, len(texts))

    repos = [_repo(row, place) for row in rows]
    return {"texts": list(texts), "repos": repos}


def address(pr: str) -> str:
    """A link to a pull request; "" for what is not one that a browser should open."""
    try:
        parts = urlsplit(pr)
    except ValueError:
        return ""
    safe = parts.scheme in ("http", "https") and parts.netloc and pr.isprintable()
    return quote(pr, safe=":/?#[]@!$&'()*+,;=%~-._") if safe else ""


def _repo(row: Row, place: Any) -> dict[str, Any]:
    files = row.files[:MOST_FILES]
    return {
        "facts": [
            [place(name), place(value)]
            for name, value in (
                ("reason", row.reason),
                ("made from commit", row.commit),
                ("branch", row.branch),
                ("took", f"{row.seconds:.1f} s" if row.seconds else ""),
                ("builds a year", f"{row.saving.builds_a_year:,.0f}" if row.saving else ""),
                ("seconds from", row.saving.source if row.saving else ""),
            )
            if value
        ],
        "notes": [place(note) for note in row.notes],
        "files": [_file(file, place) for file in files],
        "more": len(row.files) - len(files),
    }


def _file(file: FileRow, place: Any) -> dict[str, Any]:
    refusals = sorted(file.refusals, key=lambda one: one.line)[:MOST_LINES]
    changes = sorted(file.changes, key=lambda one: one.line)[:MOST_LINES]
    estimate = expected(file.estimate) if file.estimate and file.status == "changed" else ""
    ignore = f"with {file.ignore}" if file.ignore else ""
    said = "; ".join(filter(None, (file.error, ignore, estimate)))
    return {
        "path": place(file.path),
        "status": place(file.status),
        "said": place(said),
        "changes": [
            [
                one.line,
                place(one.id + (" (unsafe)" if one.safety == "unsafe" else "")),
                place(one.message),
                [place(text) for text in one.assumptions],
            ]
            for one in changes
        ],
        "refusals": [[one.line, place(one.id), place(one.reason)] for one in refusals],
    }

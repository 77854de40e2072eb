"""The pages of a run in its output folder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from reorder.context.write import write_atomic
from reorder.fleet.pages import html, markdown
from reorder.fleet.pages.figures import About, Figures, figures
from reorder.fleet.row import Row

MARKDOWN: Final = "report.md"
HTML: Final = "report.html"
_NEEDS = ("jinja2", "pygal")


def write_pages(rows: Sequence[Row], folder: Path, about: About) -> tuple[Figures, tuple[str, ...]]:
    """Write `report.md` and `report.html`; the numbers, for the summary, and notes for the user.

    Without the extra `html` its page is left out, with a note; an older one is removed, for it
    would tell of another run. Raises InputError and OSError.
    """
    found = figures(rows)
    _put(folder / MARKDOWN, markdown.render(found, about))
    missing = [name for name in _NEEDS if find_spec(name) is None]
    if missing:
        (folder / HTML).unlink(missing_ok=True)
        what = " and ".join(missing)
        line = "pip install 'dockerfile-reorder[html]'"
        return found, (f"{HTML} is left out: it needs {what}; type: {line}",)
    _put(folder / HTML, html.render(found, about))
    return found, ()


def _put(path: Path, text: str) -> None:
    write_atomic(path, text.encode(), path.read_bytes() if path.exists() else None)

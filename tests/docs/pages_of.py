"""The longer pages of the documentation, which are part of the package."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

DOCS = Path(str(files("reorder") / "docs"))
ROOT = DOCS.parent.parent


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def script(name: str) -> str:
    """The script of the recipes that has a name."""
    found = re.search(rf"<!-- {re.escape(name)} -->\n```sh\n(.*?)^```$", page("fleet-tools.md"),
                      re.MULTILINE | re.DOTALL)  # fmt: skip
    assert found is not None, name
    return found[1]


def section(title: str) -> str:
    """What stands under a heading of the recipes."""
    return page("fleet-tools.md").partition(f"\n## {title}\n")[2].partition("\n## ")[0]

"""The transforms as SARIF rules: their help is what their modules say of them."""

from __future__ import annotations

import re

from reorder.transforms.ids import TITLES
from reorder.transforms.table import TRANSFORMS

_LABEL = re.compile(r"^(What it does|Why|Example|When it refuses|Safety): ", re.MULTILINE)


def rules() -> list[dict[str, object]]:
    """One `reportingDescriptor` per transform, in the order in which they run."""
    told = {transform.ID: getattr(transform, "__doc__", None) for transform in TRANSFORMS}
    return [_rule(name, title, told.get(name) or "") for name, title in TITLES.items()]


def _rule(name: str, title: str, told: str) -> dict[str, object]:
    short = _sentence(title)
    text = told.strip() or short
    return {
        "id": name,
        "name": "".join(part.capitalize() for part in name.split("-")),
        "shortDescription": {"text": short},
        "fullDescription": {"text": _sentence(text.partition("\n\n")[0])},
        "help": {"text": text, "markdown": _LABEL.sub(r"\n**\1:** ", text)},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["docker", "build-cache"]},
    }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."

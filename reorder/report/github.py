"""Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request.

Source: GitHub documentation, "Workflow commands for GitHub Actions"; what is escaped is that of
the toolkit that GitHub writes them with (actions/toolkit, `packages/core/src/command.ts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reorder.errors import visible
from reorder.report.diff import PatchPath
from reorder.report.findings import Finding, failure, findings
from reorder.result import Result

_LEVELS = {"change": "warning", "advice": "notice", "refusal": "notice"}
_TITLES = {"change": "{}", "advice": "advice: {}", "refusal": "refused: {}"}


def render(results: Sequence[Result], patch_path: PatchPath) -> str:
    """A command a line; "" where there is nothing to tell.

    Paths are from the root of the repository, where GitHub looks for them. No text from a file or
    of a name can begin a command of its own.
    """
    return "".join(f"{line}\n" for result in results for line in _lines(result, patch_path))


def _lines(result: Result, patch_path: PatchPath) -> Iterator[str]:
    failed = failure(result)
    path = visible(patch_path(result.path))
    if failed is not None:
        place = {"line": str(failed.line)} if failed.line else {}
        yield _command("error", {"file": path, **place, "title": "reorder"}, failed.message)
    for found in findings(result):
        where = {"file": path, "line": str(found.line), "endLine": str(found.end_line)}
        title = _TITLES[found.kind].format(found.id)
        yield _command(_LEVELS[found.kind], {**where, "title": f"reorder {title}"}, _told(found))


def _told(found: Finding) -> str:
    unsafe = " (unsafe)" if found.safety == "unsafe" else ""
    assumed = [f"Assumes: {assumption}" for assumption in found.assumptions]
    return "\n".join((found.message + unsafe, *assumed))


def _command(name: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

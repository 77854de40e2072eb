"""What `rewrite` says: data and diffs on stdout, everything for people on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal

from reorder.cli import output
from reorder.cli.patch_paths import patch_path
from reorder.cli.telling import Telling
from reorder.result import Result

Format = Literal["text", "json", "sarif", "github"]
Mode = Literal["diff", "write", "check"]


def tell(
    results: Sequence[Result], format_: Format, mode: Mode, wants: Telling, *, from_stdin: bool
) -> None:
    """Report a run. Errors were told when they happened."""
    if format_ == "text":
        _text(results, mode, wants, from_stdin)
    else:
        output.data(_data(results, format_))
    if wants.statistics:
        from reorder.report.statistics import render

        output.note("\n" + render(results, colour=output.colours(sys.stderr)))


def _data(results: Sequence[Result], format_: Format) -> str:
    match format_:
        case "sarif":
            from reorder.report.sarif import render
        case "github":
            from reorder.report.github import render
        case _:
            from reorder.report.json import render
    return render(results, patch_path)


def _text(results: Sequence[Result], mode: Mode, wants: Telling, from_stdin: bool) -> None:
    from reorder.report.text import summary

    if from_stdin and mode == "diff":
        output.data("".join(result.after for result in results))
    elif mode == "diff" or (mode == "check" and not wants.quiet):
        from reorder.report.diff import unified

        output.diff(unified(results, patch_path), pager=wants.pager and mode == "diff")
    if not wants.quiet:
        colour = output.colours(sys.stderr)
        written = mode == "write"
        output.note(summary(results, written=written, colour=colour, verbose=wants.verbose))

"""The report of an unexpected exception, ready to be pasted into an issue."""

from __future__ import annotations

import platform
import shlex
import traceback
from collections.abc import Sequence

from reorder import __version__

_FRAMES = 40  # enough for any honest traceback; a runaway recursion has thousands


def report(error: BaseException, arguments: Sequence[str], subject: str | None = None) -> str:
    """What happened, to what, and where. `subject` is the file it happened to."""
    trace = "".join(traceback.format_exception(error, limit=-_FRAMES)).rstrip()
    about = [
        f"version:  reorder {__version__}",
        f"python:   {platform.python_implementation()} {platform.python_version()}",
        f"platform: {platform.platform()}",
        f"command:  {shlex.join(['reorder', *arguments])}",
    ]
    if subject is not None:
        about.append(f"file:     {subject}")
    text = "\n".join(
        [
            "reorder: internal error. This is a bug of reorder, please report it with this text:",
            "",
            *about,
            "",
            trace,
        ]
    )
    return text.encode("utf-8", "backslashreplace").decode("utf-8")

"""The two streams. Data goes to stdout as bytes, everything for people to stderr."""

from __future__ import annotations

import os
import sys
from typing import IO

import click

from reorder.cli.exits import PIPE_CLOSED
from reorder.errors import visible


def data(text: str) -> None:
    """Write to stdout exactly; surrogate escapes become the bytes they stand for."""
    _echo(text.encode("utf-8", "surrogateescape"), err=False)


def diff(text: str, *, pager: bool = False) -> None:
    """Write a diff: as it is into a pipe, and for people coloured, with control characters shown.

    A terminal gets it by the user's pager where `pager` allows one. In a pipe only `--color always`
    colours: FORCE_COLOR is often set for all of a CI run, and would spoil a patch.
    """
    terminal = sys.stdout.isatty()
    if not text or not (terminal or _asked() is True):
        data(text)
        return
    from reorder.report.text import paint

    painted = paint(text, colour=colours(sys.stdout))
    if pager and terminal:
        from reorder.cli.pager import page

        if page(painted.encode("utf-8", "backslashreplace")):
            return
    data(painted + "\n" if terminal else painted)


def note(text: str) -> None:
    """Write a line or more to stderr."""
    _echo(text.encode("utf-8", "backslashreplace"), err=True)


def error(message: str) -> None:
    """Write the message of an error. Control characters are shown, never sent."""
    note("\n".join(map(visible, message.split("\n"))) + "\n")


def colours(stream: IO[str]) -> bool:
    """Whether to colour: as `--color` says; else a terminal that is able to, and the environment.

    NO_COLOR forbids (no-color.org), FORCE_COLOR asks for it where there is none (force-color.org).
    """
    asked = _asked()
    if asked is not None:
        return asked
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or rewritable(stream)


def _asked() -> bool | None:
    """What `--color` says; None: nothing."""
    context = click.get_current_context(silent=True)
    return None if context is None else context.color


def rewritable(stream: IO[str]) -> bool:
    """Whether what was written can be written over: a terminal that is able to."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _echo(raw: bytes, *, err: bool) -> None:
    if not raw:
        return
    try:
        click.echo(raw, nl=False, err=err)
    except BrokenPipeError:
        # The reader has gone: leave nothing in the buffer for the interpreter to complain about.
        stream = sys.stderr if err else sys.stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise SystemExit(PIPE_CLOSED) from None

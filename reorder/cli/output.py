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


def on_terminal(diff: str) -> str:
    """A diff for a terminal: control characters shown, coloured where that is wanted."""
    from reorder.report.text import paint

    return paint(diff, colour=colours(sys.stdout)) + "\n"


def note(text: str) -> None:
    """Write a line or more to stderr."""
    _echo(text.encode("utf-8", "backslashreplace"), err=True)


def error(message: str) -> None:
    """Write the message of an error. Control characters are shown, never sent."""
    note("\n".join(map(visible, message.split("\n"))) + "\n")


def colours(stream: IO[str]) -> bool:
    """Whether to colour: a terminal that is able to, and nobody said no (no-color.org)."""
    return rewritable(stream) and not os.environ.get("NO_COLOR")


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

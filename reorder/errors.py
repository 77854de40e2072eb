"""Errors a user can cause.

ReorderError
└── InputError   bad input or usage: one line on stderr, exit code 2
"""

from __future__ import annotations

# What no bound of a single reader foresaw: the interpreter's own bounds stand behind them all.
TOO_DEEP = "it, or a file that it names, nests too deeply to be read"
TOO_LARGE = "it, or a file that it names, is too large for the memory there is"


def visible(text: str) -> str:
    """Text without control characters and undecodable bytes: each is shown as an escape."""
    return "".join(
        char if char == "\t" or char.isprintable() else ascii(char)[1:-1] for char in text
    )


class ReorderError(Exception):
    """Base of every error that `reorder` raises on purpose."""


class InputError(ReorderError):
    """`path:line: what, and what to do`; line 0 means the whole file."""

    def __init__(self, path: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.message = message

    def __str__(self) -> str:
        path = visible(self.path)
        where = f"{path}:{self.line}" if self.line else path
        return f"{where}: {self.message}"

"""A Dockerfile as the checker reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inline:
    """A heredoc of a RUN, COPY or ADD; `body` has its raw lines."""

    name: str
    body: str
    expand: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction; `value` is everything after the keyword, `rest` what follows the flags."""

    keyword: str  # lower case
    value: str
    flags: tuple[tuple[str, str | None], ...]
    rest: str
    words: tuple[str, ...] | None  # of the JSON form
    inlines: tuple[Inline, ...]
    line: int
    trigger: Step | None = None  # of an ONBUILD

    def flag(self, name: str) -> str | None:
        """The value of a flag; "" for the bare form, None when it is absent."""
        return next((value or "" for key, value in self.flags if key == name), None)

    def flags_named(self, name: str) -> tuple[str, ...]:
        """Every value of a flag that may be repeated."""
        return tuple(value or "" for key, value in self.flags if key == name)


@dataclass(frozen=True, slots=True)
class Program:
    """The instructions in order, the escape character and the parser directives."""

    steps: tuple[Step, ...]
    escape: str
    directives: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Not surely what BuildKit would read, or nothing it would accept."""

    reason: str
    line: int


class Refused(Exception):
    """Ends a check that cannot go on: `reason` is a sentence part for the user."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line

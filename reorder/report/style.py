"""How text reaches a terminal: colours, and nothing from a file raw."""

from __future__ import annotations

from dataclasses import dataclass

from reorder.errors import visible as visible


@dataclass(frozen=True, slots=True)
class Style:
    """Escape codes, or none of them."""

    colour: bool

    def bold(self, text: str) -> str:
        return self._paint("1", text)

    def green(self, text: str) -> str:
        return self._paint("32", text)

    def yellow(self, text: str) -> str:
        return self._paint("33", text)

    def red(self, text: str) -> str:
        return self._paint("31", text)

    def dim(self, text: str) -> str:
        return self._paint("2", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


def number(count: int, noun: str) -> str:
    """`1 file`, `1,204 files`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

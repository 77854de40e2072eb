"""The text of an instruction as a builder prints it, as far as it can be told from the Dockerfile.

Source: BuildKit dockerfile2llb/convert.go (`dispatchRun`, `processCmdEnv`, `uppercaseCmd`): the
logical line with variables that are set replaced; quotes and escapes may go. What may differ
without making it another step is left out on both sides: blanks, quotes, flags but `--from`.
"""

from __future__ import annotations

from dataclasses import dataclass

from reorder.syntax.nodes import Instruction

_BLANKS_QUOTES = str.maketrans(dict.fromkeys(" \t\r\n\x0c\x0b\"'\\`"))
_CUT = 60  # of 72 and three dots (`limitString`), as blanks in it may be gone


@dataclass(frozen=True, slots=True)
class Pattern:
    """Pieces of text with anything between them, where variables stand."""

    pieces: tuple[str, ...]

    def matches(self, text: str) -> bool:
        """Whether a text from `canonical` may be this instruction's."""
        first, *middle = self.pieces
        if not middle:
            return text == first
        last = middle.pop()
        end = len(text) - len(last)
        if len(first) > end or not (text.startswith(first) and text.endswith(last)):
            return False
        at = len(first)
        for piece in middle:
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    def begins(self, text: str) -> bool:
        """Whether a text that was cut short may be the beginning of it."""
        first, *others = self.pieces
        if not others or not text.startswith(first):
            return first.startswith(text)
        return True  # what a variable stood for may be all the rest


def canonical(text: str) -> str:
    """A step of a log: the keyword, `--from`, and the rest without blanks and quotes."""
    keyword, *words = text.split() or [""]
    source = ""
    while words and words[0].startswith("--"):
        flag = words.pop(0)
        source = flag if flag.startswith("--from=") else source
    return _bare("".join((keyword.upper(), source, *words)))


def uncut(title: str) -> str | None:
    """What is left of a name that an old version cut to 72 bytes; None: it is whole."""
    whole = not title.endswith("...") or len(title.encode("utf-8", "replace")) < _CUT
    return None if whole else title.removesuffix("...")


def pattern(node: Instruction) -> Pattern:
    """What the log of a build has for an instruction."""
    source = node.flag("from") if node.keyword in ("copy", "add") else None
    flag = f"--from={source}" if source is not None else ""
    text = f"{node.keyword.upper()} {flag} {node.args}"
    if node.keyword == "run" and node.heredocs and node.args.lstrip().startswith("<<"):
        text += f" ({_summary(node.heredocs[0].content)})"
    return Pattern(tuple(_bare(piece) for piece in _pieces(text)))


def _summary(document: str) -> str:
    """BuildKit `summarizeHeredoc`."""
    lines = document.strip().splitlines() or [""]
    return lines[0] + ("..." if len(lines) > 1 else "")


def _bare(text: str) -> str:
    return text.translate(_BLANKS_QUOTES)


def _pieces(text: str) -> list[str]:
    """What stands between `$NAME`, `${…}` and `$1`; the text of a command, `$(…)`, stays."""
    found: list[str] = []
    start = at = 0
    while (dollar := text.find("$", at)) >= 0:
        at = _after_variable(text, dollar + 1)
        if at > dollar + 1:
            found.append(text[start:dollar])
            start = at
    return [*found, text[start:]]


def _after_variable(text: str, at: int) -> int:
    """The position after the variable whose name starts here; the same when there is none."""
    if at >= len(text):
        return at
    if text[at] == "{":
        depth = 0
        for end in range(at, len(text)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if not depth:
                return end + 1
        return at
    if not (text[at].isalpha() or text[at] == "_"):
        return at + 1 if text[at].isdigit() or text[at] in "$@*#?!-" else at
    while at < len(text) and (text[at].isalnum() or text[at] == "_"):
        at += 1
    return at

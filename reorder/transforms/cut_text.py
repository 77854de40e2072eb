"""The text of one RUN as two, in the author's layout."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from reorder.shell.chain import Link
from reorder.syntax import views
from reorder.syntax.addresses import addressed, body_start
from reorder.syntax.lines import split_lines
from reorder.syntax.nodes import Instruction
from reorder.transforms.described import divided


@dataclass(frozen=True, slots=True)
class Halves:
    """The sources of two instructions without line ends, and what belongs above the second."""

    first: str
    second: str
    leading: str  # what stands above the first
    above: str  # comment lines above the second


def cut(instruction: Instruction, links: tuple[Link, ...], at: int, newline: str) -> Halves | None:
    """A RUN cut after the link at `at`; None for a form whose text is not cut.

    Its flags, and the `set` and `cd` in force at the cut, stand in both halves; a comment stays
    with the command below it, one for a linter stands above both, that above the RUN where
    `divided` has it.
    """
    script = views.script(instruction)
    text, positions = addressed(instruction)
    if script.kind not in ("shell", "heredoc") or len(positions) != len(text):
        return None
    if script.kind == "shell" and instruction.heredocs:
        return None
    source = instruction.text
    opening = next(link for link in links if not link.repeated)
    begin = positions[opening.span[0]]
    end, following = positions[links[at].span[1] - 1] + 1, positions[links[at + 1].span[0]]
    gap = source[end:following]
    tail = _again(text, links, opening, links[at + 1]) + source[following:].rstrip("\r\n")
    leading, told = divided(instruction.leading, source[begin:end], source[following:])
    if script.kind == "shell":
        comments = [line.strip() + newline for line in _comments(gap)]
        return Halves(
            source[:end],
            _uncommented(source[:begin]) + tail,
            leading,
            "".join([told, *comments]),
        )
    edge = body_start(instruction)
    close = split_lines(source.rstrip("\r\n"))[-1]
    head = source[:edge] + _uncommented(source[edge:begin])
    behind, _, _ = gap.partition("\n")
    remark = " " + behind[behind.index("#") :].rstrip() if "#" in behind else ""
    comments = _comments(gap.removeprefix(behind))
    first = f"{source[:end]}{remark}{newline}{close}"
    if not remark and not _comments(source[edge:begin]):
        first = _single(instruction, text, links[: at + 1]) or first
    single = _single(instruction, text, links[at + 1 :])
    if single is not None and not _comments(source[following:]):
        flush = [line.strip() + newline for line in comments]
        return Halves(first, single, leading, "".join([told, *flush]))
    return Halves(first, f"{head}{''.join(comments)}{tail}", leading, told)


def _again(text: str, links: tuple[Link, ...], first: Link, second: Link) -> str:
    """The `set` and `cd` that came into force after the first command."""
    found = ""
    for link, follower in pairwise(links):
        if link.span in second.front and link.span not in first.front:
            joined = "&&" in text[link.span[1] : follower.span[0]]
            found += text[slice(*link.span)] + (" && " if joined else "; ")
    return found


def _comments(text: str) -> list[str]:
    """The comment lines in what stands between two commands."""
    return [line for line in split_lines(text) if line.lstrip().startswith("#")]


def _uncommented(head: str) -> str:
    return "".join(line for line in split_lines(head) if not line.lstrip().startswith("#"))


def _single(instruction: Instruction, text: str, links: tuple[Link, ...]) -> str | None:
    """A half of a heredoc as a plain RUN, where one command on one line is left."""
    commands = [link for link in links if not link.repeated]
    if len(commands) != 1 or not commands[0].plain:
        return None
    command = text[slice(*commands[0].span)]
    front = {text[slice(*span)] for span in commands[0].front}
    if "\n" in command or "\\" in command or command.startswith("-") or front - {"set -e"}:
        return None
    first = next(at for at, token in enumerate(instruction.tokens) if token.kind == "text")
    head = "".join(token.text for token in instruction.tokens[:first])
    return f"{head}{command}"

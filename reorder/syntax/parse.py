"""Text to tree. Never fails: what BuildKit rejects is a `Problem`, and the tree holds all text.

The grammar is BuildKit's frontend/dockerfile/parser; its facts stand with the parts that this
module puts together: directives, lines, split, arguments, heredoc, validate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reorder.syntax import directives, heredoc, lines, validate
from reorder.syntax.arguments import Arguments, arguments
from reorder.syntax.gotext import SPACE
from reorder.syntax.nodes import File, Instruction, Problem, Token
from reorder.syntax.split import Split, split
from reorder.syntax.tokens import tokens_of
from reorder.syntax.values import WordError

BOM = "\ufeff"


def parse(text: str) -> File:
    """The tree of a Dockerfile; `str(parse(text)) == text` for every text.

    `text` is UTF-8, decoded with `surrogateescape`. `problems` are in the order of their lines.
    """
    mark = BOM if text.startswith(BOM) else ""
    physical = lines.split_lines(text[len(mark) :])
    block = directives.read(physical)
    body = read(physical, block.size, block.escape)
    problems = [*block.problems, *body.problems, *_long_lines(physical)]
    problems += validate.file_problems(body.instructions)
    first = physical[0] if physical else ""
    return File(
        header=mark + "".join(physical[: block.size]),
        instructions=tuple(body.instructions),
        trailing=body.trailing,
        directives=block.directives,
        escape=block.escape,
        newline="\r\n" if first.endswith("\r\n") else "\n",
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
    )


@dataclass(frozen=True, slots=True)
class Body:
    """What follows the directives."""

    instructions: tuple[Instruction, ...]
    trailing: str
    problems: tuple[Problem, ...]


def read(physical: list[str], start: int, escape: str) -> Body:
    """The instructions of the lines from index `start` on."""
    instructions: list[Instruction] = []
    problems: list[Problem] = []
    index = leading = start
    while index < len(physical):
        content = physical[index].lstrip(SPACE)
        if not content or content[0] == "#":
            index += 1
            continue
        instruction, end, problem = _read_one(physical, leading, index, escape)
        if problem is not None:
            problems.append(Problem(instruction.line, problem))
        instructions.append(instruction)
        index = leading = end
    return Body(tuple(instructions), "".join(physical[leading:]), tuple(problems))


def _read_one(
    physical: list[str], leading: int, start: int, escape: str
) -> tuple[Instruction, int, str | None]:
    logical = lines.join(physical, start, escape)
    parts = _parts(logical.text, escape)
    problem = parts.problem
    end = logical.end
    bodies = heredoc.Bodies((), end, terminated=True)
    if parts.takes_heredocs:
        try:
            found = heredoc.find(logical.text)
        except WordError as error:
            problem = problem or str(error)
        else:
            bodies = heredoc.read(found, physical, end) if found else bodies
            if not bodies.terminated:
                problem = problem or f"unterminated heredoc {found[len(bodies.heredocs) - 1].name}"
    tail = (
        Token("newline", logical.newline),
        *([Token("heredoc", "".join(physical[end : bodies.end]))] if bodies.end > end else []),
    )
    instruction = _build(parts, logical, tail, bodies, start, "".join(physical[leading:start]))
    return instruction, bodies.end, problem or validate.instruction_problem(instruction)


@dataclass(frozen=True, slots=True)
class _Parts:
    keyword: str
    split: Split
    args: str
    arguments: Arguments
    escape: str
    inner: _Parts | None
    problem: str | None

    @property
    def takes_heredocs(self) -> bool:
        command = self.inner or self
        return command.keyword in ("add", "copy", "run") and not command.arguments.is_json


def _parts(line: str, escape: str, *, nested: bool = False) -> _Parts:
    cut = split(line, escape)
    keyword = line[slice(*cut.keyword)].lower()
    args = line[slice(*cut.args)]
    if keyword != "onbuild":
        read_arguments = arguments(keyword, args, escape)
        problem = cut.problem or read_arguments.problem
        return _Parts(keyword, cut, args, read_arguments, escape, None, problem)
    # A trigger of a trigger is an error anyway, so that there is no need to go deeper.
    if nested or not args:
        return _Parts(keyword, cut, args, Arguments(), escape, None, cut.problem)
    inner = _parts(args, escape, nested=True)
    words = (args[slice(*inner.split.keyword)], *inner.arguments.words)
    problem = cut.problem or inner.problem
    return _Parts(keyword, cut, args, Arguments(words), escape, inner, problem)


def _build(
    parts: _Parts,
    logical: lines.Logical,
    tail: Sequence[Token],
    bodies: heredoc.Bodies,
    start: int,
    leading: str,
) -> Instruction:
    head = [Token("space", logical.indent)] if logical.indent else []
    inner = None
    if parts.inner is not None:
        tokens = tokens_of(logical, parts.inner.split, parts.split.args[0])
        inner = _instruction(parts.inner, "", (*tokens, *tail), bodies, start)
    tokens = tokens_of(logical, parts.split, 0)
    return _instruction(parts, leading, (*head, *tokens, *tail), bodies, start, inner)


def _instruction(
    parts: _Parts,
    leading: str,
    tokens: tuple[Token, ...],
    bodies: heredoc.Bodies,
    start: int,
    inner: Instruction | None = None,
) -> Instruction:
    return Instruction(
        leading=leading,
        tokens=tokens,
        keyword=parts.keyword,
        flags=parts.split.flags,
        args=parts.args,
        words=parts.arguments.words,
        is_json=parts.arguments.is_json,
        heredocs=bodies.heredocs,
        line=start + 1,
        end_line=bodies.end,
        inner=inner,
        escape=parts.escape,
    )


def _long_lines(physical: list[str]) -> list[Problem]:
    message = f"line greater than max allowed size of {lines.MAX_LINE}"
    return [
        Problem(number, message)
        for number, line in enumerate(physical, start=1)
        if lines.is_too_long(line)
    ]

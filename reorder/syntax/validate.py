"""What BuildKit's instruction parser rejects in a line that its line parser accepts.

Facts: BuildKit frontend/dockerfile/instructions/parse.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from reorder.syntax import flags
from reorder.syntax.gotext import SPACE
from reorder.syntax.health import health
from reorder.syntax.heredoc import delimiter_or_none
from reorder.syntax.nodes import Instruction, Problem
from reorder.syntax.runflags import run_flags

Check = Callable[[Instruction], "str | None"]

_STAGE_NAME = re.compile(r"[a-z][a-z0-9\-_.]*\Z")


def file_problems(instructions: Sequence[Instruction]) -> list[Problem]:
    """What is wrong with the order of well-formed instructions."""
    found: list[Problem] = []
    for instruction in instructions:
        if instruction.keyword == "from":
            return found
        if instruction.keyword != "arg" and not found:
            name = instruction.keyword.upper()
            message = f"no build stage in current context: {name} before FROM"
            found.append(Problem(instruction.line, message))
    if not instructions:
        return [Problem(1, "file with no instructions")]
    return found or [Problem(instructions[-1].line, "file with no FROM")]


def instruction_problem(instruction: Instruction) -> str | None:
    """Why BuildKit rejects one instruction, or None."""
    keyword = instruction.keyword
    check = _CHECKS.get(keyword)
    if check is None:
        return f"unknown instruction: {keyword.upper()}"
    if keyword not in flags.UNCHECKED and not _is_health_none(instruction):
        problem = flags.problem(keyword, instruction.flags)
        if problem is not None:
            return problem
    return check(instruction)


def _is_health_none(instruction: Instruction) -> bool:
    words = instruction.words
    return instruction.keyword == "healthcheck" and bool(words) and words[0].upper() == "NONE"


def _anything(_instruction: Instruction) -> None:
    return None


def _some(instruction: Instruction) -> str | None:
    if instruction.words:
        return None
    return f"{instruction.keyword.upper()} requires at least one argument"


def _one(instruction: Instruction) -> str | None:
    if len(instruction.words) == 1:
        return None
    return f"{instruction.keyword.upper()} requires exactly one argument"


def _names(instruction: Instruction) -> str | None:
    words = instruction.words
    named = words if instruction.keyword == "arg" else words[0::3]
    if any(not word or word.startswith("=") for word in named):
        return f"{instruction.keyword.upper()} names can not be blank"
    return _some(instruction)


def _from(instruction: Instruction) -> str | None:
    words = instruction.words
    if len(words) == 3 and words[1].casefold() == "as":
        if _STAGE_NAME.match(words[2].lower()):
            return None
        return (
            f"invalid name for build stage: {words[2]!r}, "
            "name can't start with a number or contain symbols"
        )
    return None if len(words) == 1 else "FROM requires either one or three arguments"


def _copy(instruction: Instruction) -> str | None:
    keyword = instruction.keyword.upper()
    if len(instruction.words) < 2:
        return f"{keyword} requires at least two arguments, a source and a destination"
    if delimiter_or_none(instruction.words[-1]):
        return f"{keyword} cannot accept a heredoc as a destination"
    return None


def _onbuild(instruction: Instruction) -> str | None:
    if instruction.inner is None:
        return "ONBUILD requires at least one argument"
    trigger = instruction.inner.keyword.upper()
    if trigger == "ONBUILD":
        return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
    if trigger in ("FROM", "MAINTAINER"):
        return f"{trigger} isn't allowed as an ONBUILD trigger"
    return None


def _shell(instruction: Instruction) -> str | None:
    if instruction.words and not instruction.is_json:
        return "SHELL requires the arguments to be in JSON form"
    return _some(instruction)


def _volume(instruction: Instruction) -> str | None:
    if any(not word.strip(SPACE) for word in instruction.words):
        return "VOLUME specified can not be an empty string"
    return _some(instruction)


_CHECKS: dict[str, Check] = {
    "add": _copy,
    "arg": _names,
    "cmd": _anything,
    "copy": _copy,
    "entrypoint": _anything,
    "env": _names,
    "expose": _some,
    "from": _from,
    "healthcheck": health,
    "label": _names,
    "maintainer": _one,
    "onbuild": _onbuild,
    "run": run_flags,
    "shell": _shell,
    "stopsignal": _one,
    "user": _one,
    "volume": _volume,
    "workdir": _one,
}

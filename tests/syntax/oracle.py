"""The official Go parser (PyPI `dockerfile`, BuildKit 0.12.5) beside ours, line by line.

`python -m tests.syntax.oracle FOLDER` compares every file below a folder and prints the figures; it
exits 1 when a file does not round-trip or a disagreement has no cause in `CAUSES`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import dockerfile

from reorder.syntax.nodes import Instruction
from reorder.syntax.parse import parse

# Why BuildKit of today, which we follow, and the binding's old version read a file differently.
CAUSES = {
    "blanks": "since BuildKit 0.21, blanks may stand between << and the delimiter",
    "json": "since BuildKit 0.15, text after a JSON array makes the line no JSON",
    "escape": "since BuildKit 0.21, the escape directive holds for flags too",
    "check": "since BuildKit 0.14, `# check=` is a parser directive",
    "NUL": "the binding cuts texts at a NUL",
    "chain": "ONBUILD ONBUILD is rejected a step later, we do not look into it",
    "trigger": "the binding does not hand out the heredocs of an ONBUILD",
    "bytes": "a flag that BuildKit cuts within a character is refused here",
}

# Messages of the steps after the line parser, which the binding does not reach.
_LATER = re.compile(
    r"no build stage in|file with no FROM|unknown instruction|unknown flag|duplicate flag"
    r"|missing a value on flag|expecting boolean value|names can not be blank| requires "
    r"|invalid name for build stage|cannot accept a heredoc|invalid network mode|^security "
    r"|^--|ONBUILD|can not be an empty string|in HEALTHCHECK|after HEALTHCHECK|HEALTHCHECK NONE"
)


def disagreements(text: str) -> list[str]:
    """What the two parsers say differently of a file; [] when they agree."""
    file = parse(text)
    try:
        commands = dockerfile.parse_string(text)
    except ValueError as error:
        return [] if file.problems else [f"only the binding rejects it: {error}"]
    early = [problem for problem in file.problems if not _LATER.search(problem.message)]
    if early:
        return [f"only we reject it: {early[0].message}"]
    if len(commands) != len(file.instructions):
        return [f"{len(file.instructions)} instructions, the binding has {len(commands)}"]
    return [
        difference
        for instruction, command in zip(file.instructions, commands, strict=True)
        for difference in _differences(instruction, command)
    ]


def cause(text: str, difference: str) -> str | None:
    """The key in CAUSES that explains a difference, or None."""
    file = parse(text)
    signs = {
        "NUL": "\0" in text or "\\u0000" in text,
        "bytes": "takes for a blank" in difference,
        "trigger": "heredocs" in difference and any(i.inner for i in file.instructions),
        "blanks": re.search(r"<<-?(\\[ \t]*\r?\n)?[ \t\r]", text) is not None,
        "json": re.search(r"\[.*\].*[^ \t\r\n]", text, re.DOTALL) is not None,
        "escape": file.escape == "`" and "flags" in difference,
        "check": file.directive("check") is not None,
        "chain": any(i.inner and i.inner.keyword == "onbuild" for i in file.instructions),
    }
    return next((name for name, found in signs.items() if found), None)


def _differences(instruction: Instruction, command: dockerfile.Command) -> list[str]:
    inner = instruction.inner or instruction
    compared = {
        "keyword": (instruction.keyword, (command.cmd or "").lower()),
        "trigger": (inner.keyword if instruction.inner else "", (command.sub_cmd or "").lower()),
        "JSON": (inner.is_json, command.json),
        "flags": (_flags(instruction), command.flags),
        "arguments": (_arguments(inner), command.value),
        "lines": (
            (instruction.line, instruction.end_line),
            (command.start_line, command.end_line),
        ),
        "heredocs": (
            [(heredoc.name, heredoc.fd, heredoc.content) for heredoc in instruction.heredocs],
            [tuple(heredoc) for heredoc in command.heredocs],
        ),
    }
    return [
        f"line {instruction.line}: {what}: {ours!r}, the binding has {theirs!r}"
        for what, (ours, theirs) in compared.items()
        if ours != theirs
    ]


def _flags(instruction: Instruction) -> tuple[str, ...]:
    return tuple(
        f"--{flag.name}" if flag.value is None else f"--{flag.name}={flag.value}"
        for flag in instruction.flags
    )


def _arguments(instruction: Instruction) -> tuple[str, ...]:
    words = instruction.words
    if instruction.keyword in ("env", "label"):
        return tuple(word for index, word in enumerate(words) if index % 3 != 2)
    return words


def _compare(folder: Path) -> int:
    figures: Counter[str] = Counter()
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        figures["files"] += 1
        file = parse(text)
        figures["rejected"] += bool(file.problems)
        figures["instructions"] += len(file.instructions)
        if str(file) != text:
            figures["round trips failed"] += 1
        if not _is_utf8(text):
            # The binding takes text only.
            figures["not UTF-8, round trip only"] += 1
            continue
        for difference in disagreements(text)[:1]:
            explained = cause(text, difference)
            figures[f"explained: {CAUSES[explained]}" if explained else "unexplained"] += 1
            if explained is None:
                print(f"{path}: {difference}")
    for name, number in sorted(figures.items()):
        print(f"{number:8} {name}")
    return 1 if figures["round trips failed"] or figures["unexplained"] else 0


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


if __name__ == "__main__":
    sys.exit(_compare(Path(sys.argv[1])))

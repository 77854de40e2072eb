"""Typed readings of instructions. Every text is as written: expansion is up to the caller.

Facts: BuildKit frontend/dockerfile/instructions/parse.go (`parseFrom`, `parseSourcesAndDest`),
dockerfile2llb/convert.go (`dispatchRun`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reorder.syntax.flags import is_true
from reorder.syntax.heredoc import chomped, delimiter_or_none
from reorder.syntax.mounts import Mount, mount, mounts
from reorder.syntax.nodes import Instruction
from reorder.syntax.words import pairs

__all__ = [
    "Copy",
    "From",
    "Inline",
    "Mount",
    "Script",
    "copy",
    "from_",
    "mount",
    "mounts",
    "pairs",
    "script",
    "value",
]


@dataclass(frozen=True, slots=True)
class From:
    """`stage` is in lower case, as the builder keeps it; None when the stage has no name."""

    image: str
    stage: str | None
    platform: str | None


@dataclass(frozen=True, slots=True)
class Inline:
    """A heredoc source: a file of that name. The builder expands the text if `expand` is set."""

    name: str
    text: str
    expand: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A COPY or an ADD. `checksum`, `keep_git_dir` and `unpack` are ADD's alone."""

    sources: tuple[str, ...]  # without the heredocs
    dest: str
    inline: tuple[Inline, ...] = ()
    from_: str | None = None
    chown: str | None = None
    chmod: str | None = None
    link: bool = False
    parents: bool = False
    exclude: tuple[str, ...] = ()
    checksum: str | None = None
    keep_git_dir: bool | None = None
    unpack: bool | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """What a RUN, CMD, ENTRYPOINT or HEALTHCHECK runs.

    * "shell": the shell in force runs `text`; with heredocs in a larger command, `text` holds the
      command line, the bodies and the delimiters.
    * "heredoc": `RUN <<EOF`; the shell in force runs the body, which is `text`.
    * "shebang": the same, but the body starts with `#!`: it is a file that runs itself.
    * "exec": `argv` is run without a shell; `text` is the source of it.

    Of a RUN, offsets in `text` are what `edit.delete` and `edit.replace` take.
    """

    kind: Literal["shell", "heredoc", "shebang", "exec"]
    text: str
    argv: tuple[str, ...] = ()


def from_(instruction: Instruction) -> From:
    """A FROM. Raises ValueError for another or a broken instruction."""
    words = instruction.words
    if instruction.keyword != "from" or len(words) not in (1, 3):
        raise ValueError("not a valid FROM")
    stage = words[2].lower() if len(words) == 3 else None
    return From(words[0], stage, instruction.flag("platform"))


def copy(instruction: Instruction) -> Copy:
    """A COPY or ADD. Raises ValueError for another or a broken instruction."""
    if instruction.keyword not in ("copy", "add") or len(instruction.words) < 2:
        raise ValueError("not a valid COPY or ADD")
    *sources, dest = instruction.words
    # A name that is used twice stands for the last body both times.
    bodies = {heredoc.name: heredoc for heredoc in instruction.heredocs}
    plain: list[str] = []
    inline: list[Inline] = []
    for source in sources:
        start = delimiter_or_none(source)
        if start is None:
            plain.append(source)
            continue
        content = bodies[start.name].content if start.name in bodies else ""
        text = chomped(content) if start.chomp else content
        inline.append(Inline(start.name, text, start.expand))
    return Copy(
        sources=tuple(plain),
        dest=dest,
        inline=tuple(inline),
        from_=instruction.flag("from"),
        chown=instruction.flag("chown"),
        chmod=instruction.flag("chmod"),
        link=is_true(instruction.flag("link")),
        parents=is_true(instruction.flag("parents")),
        exclude=instruction.flag_values("exclude"),
        checksum=instruction.flag("checksum"),
        keep_git_dir=_switch(instruction.flag("keep-git-dir")),
        unpack=_switch(instruction.flag("unpack")),
    )


def _switch(value: str | None) -> bool | None:
    return None if value is None else is_true(value)


def script(instruction: Instruction) -> Script:
    """What runs. Raises ValueError for an instruction that runs nothing."""
    if instruction.keyword not in ("run", "cmd", "entrypoint", "healthcheck"):
        raise ValueError(f"{instruction.keyword.upper()} has no command")
    if instruction.keyword == "healthcheck":
        argv = instruction.words[1:]
        text = instruction.args[len("".join(instruction.words[:1])) :].strip()
        return Script("exec", text, argv) if instruction.is_json else Script("shell", text)
    if instruction.is_json:
        return Script("exec", instruction.args, instruction.words)
    if not instruction.heredocs:
        return Script("shell", instruction.args)
    if delimiter_or_none(instruction.args):
        first = instruction.heredocs[0]
        body = chomped(first.content) if first.chomp else first.content
        return Script("shebang" if body.startswith("#!") else "heredoc", body)
    bodies = "".join(f"\n{heredoc.content}{heredoc.name}" for heredoc in instruction.heredocs)
    return Script("shell", instruction.args + bodies)


def value(instruction: Instruction) -> str:
    """The one argument of a USER, WORKDIR, STOPSIGNAL or MAINTAINER; "" when it is missing."""
    return instruction.words[0] if instruction.words else ""

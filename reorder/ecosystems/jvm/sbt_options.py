"""The command line of sbt: commands of the build, and options of the launcher and its script.

Source: `sbt --help` of the script that comes with sbt 1.10, and the reference manual's "Command
Line Reference". What is not an option is a command, or a task with its project (`core/assembly`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.shell.nodes import Arg, Opaque


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What follows `sbt`: options, each with the words it came from, and commands."""

    options: tuple[tuple[Arg, ...], ...]
    commands: tuple[Arg, ...]

    def has(self, *names: str) -> bool:
        """Whether one of the options was given."""
        return any(words[0].text.lstrip("-") in names for words in self.options)

    def properties(self) -> Iterator[tuple[str, str]]:
        """Every `-Dname=value`."""
        for words in self.options:
            if words[0].text.startswith("-D"):
                name, _, value = words[0].text[2:].partition("=")
                yield name, value

    def projects(self) -> tuple[str, ...] | None:
        """The projects of which tasks are asked; None: of all, or it is not known."""
        found = [_TASK.match(command.text) for command in self.commands]
        names = [match[1] for match in found if match is not None]
        return tuple(dict.fromkeys(names)) if len(names) == len(found) and names else None


def read_command_line(args: Sequence[Arg]) -> CommandLine | Opaque:
    """The options and commands; `Opaque` where an option is not known."""
    options: list[tuple[Arg, ...]] = []
    commands: list[Arg] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        if not arg.text.startswith("-") or arg.text == "-":
            commands.append(arg)
            continue
        name = arg.text.lstrip("-")
        if name in _VALUES and rest:
            options.append((arg, rest.pop(0)))
        elif name in _FLAGS or arg.text[:2] in ("-D", "-J", "-X") or "=" in name:
            options.append((arg,))
        else:
            return Opaque(f"`sbt {arg.text}` is not understood")
    return CommandLine(tuple(options), tuple(commands))


_TASK: Final = re.compile(r"^([A-Za-z][\w-]*)/(?:[A-Za-z][\w-]*/)?[A-Za-z]\w*$")
_VALUES: Final = frozenset(
    "mem java-home sbt-jar sbt-version sbt-dir sbt-boot sbt-cache ivy color supershell timings "
    "jvm-debug sbtopts-file server-timeout".split()
)
_FLAGS: Final = frozenset(
    "h help v verbose version V numeric-version script-version d debug warn error debug-inc batch "
    "no-colors no-share no-global no-hide-jdk-warnings no-server no-sbtn client "
    "allow-empty".split()
)

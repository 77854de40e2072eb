"""Words for messages."""

from __future__ import annotations

from reorder.graph.facts import Node
from reorder.syntax.nodes import Instruction

# What follows the value of an option in `pnpm --filter a install`.
_VERBS = frozenset({"ci", "fetch", "i", "install", "sync"})


def shortened(command: str) -> str:
    """A long command by its main call: the first that is neither set-up nor clean-up."""
    if len(command) <= 80:
        return command
    parts = command.split(" && ")
    rest = [p for p in parts if p.split(" ")[0] not in ("cd", "mkdir", "echo", "touch")]
    return (rest or parts)[0]


def listed(names: tuple[str, ...], most: int = 4) -> str:
    """`a, b and c`, or `a, b, c and 5 more`."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
    if len(names) > 1:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return "".join(names)


def tool_of(node: Node) -> str:
    """The command that installs, as the author wrote it: "`npm ci`"."""
    run = node.understood
    if run is not None:
        for step in run.steps:
            if step.effects.install is not None:
                words = [arg.text for arg in step.call.args if not arg.text.startswith("-")]
                tool = step.effects.tool
                start = words.index(tool) if tool in words else 0
                verb = next((word for word in words[start + 1 :] if word in _VERBS), None)
                named = [words[start], verb] if verb else words[start : start + 2]
                return f"`{' '.join(named)}`"
    return "the install"


def what(node: Node, most: int = 50) -> str:
    """An instruction in one short line, without line ends and mounts: "`RUN npm ci`"."""
    text = " ".join(_plain(node.instruction).split())
    return f"`{text if len(text) <= most else text[: most - 3] + '...'}`"


def _plain(instruction: Instruction) -> str:
    if instruction.heredocs:
        return instruction.text
    keyword = instruction.text.split(None, 1)[0]
    flags = [
        f"--{flag.name}" + (f"={flag.value}" if flag.value is not None else "")
        for flag in instruction.flags
        if flag.name != "mount"
    ]
    return " ".join((keyword, *flags, instruction.args))


def open_sets(node: Node) -> tuple[str, ...]:
    """A pattern names more files one day; its COPY lines have to follow."""
    steps = node.understood.steps if node.understood is not None else ()
    found = {
        arg.text: None
        for step in steps
        if step.effects.install is not None
        for arg in step.call.args
        if arg.kind == "glob"
    }
    return tuple(
        f"a file that `{pattern}` matches later has to be copied too: `--check` finds it missing"
        for pattern in found
    )

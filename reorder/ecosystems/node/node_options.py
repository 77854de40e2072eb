"""The command lines of yarn, pnpm and bun: options with and without values, then operands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reorder.shell.nodes import Arg, Opaque


@dataclass(frozen=True, slots=True)
class Known:
    """The options of one tool; names without dashes."""

    values: frozenset[str]  # take a value
    flags: frozenset[str]  # may be written with `no-` before them
    short: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Line:
    """Options by name, the last one counts (None: the value is not known), and the operands."""

    options: Mapping[str, str | None] = field(hash=False)
    operands: tuple[Arg, ...]

    @property
    def command(self) -> str:
        """The first operand, "" when there is none."""
        return self.operands[0].text if self.operands else ""

    def on(self, *names: str) -> bool:
        """Whether a switch is on."""
        return any(self.options.get(name, "false") not in ("false", "0") for name in names)

    def off(self, *names: str) -> bool:
        """Whether a switch is switched off."""
        return any(self.options.get(name) in ("false", "0") for name in names)


def read_line(
    tool: str, args: Sequence[Arg], known: Known, verbatim: frozenset[str] = frozenset()
) -> Line | Opaque:
    """The words after the command's name; an option that is not named makes it `Opaque`.

    What follows a command of `verbatim` (`run`, `exec`) belongs to another program.
    """
    options: dict[str, str | None] = {}
    operands: list[Arg] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        text = arg.text.strip("\"'") if arg.kind == "unknown" else arg.text
        if text == "--" or (operands and operands[0].text in verbatim):
            operands += rest if text == "--" else [arg, *rest]
            break
        if not text.startswith("-") or text == "-":
            if arg.kind == "unknown" and text.startswith(("$", "`")):
                return Opaque(f"`{tool}` gets `{arg.text}`, whose value is not known")
            operands.append(arg)
            continue
        head, equals, value = text.partition("=")
        name = known.short.get(head[1:], head) if not head.startswith("--") else head[2:]
        negated = name.removeprefix("no-") if name.startswith("no-") else None
        if arg.kind == "unknown" and ("$" in head or not equals):
            return Opaque(f"`{tool}` gets `{arg.text}`, whose value is not known")
        if equals:
            options[name] = value if arg.kind == "literal" else None
        elif name in known.values:
            if not rest:
                return Opaque(f"`{tool} {arg.text}` lacks its value")
            word = rest.pop(0)
            options[name] = word.text if word.kind == "literal" else None
        elif name in known.flags:
            options[name] = "true"
        elif negated is not None and negated in known.flags:
            options[negated] = "false"
        else:
            return Opaque(f"`{tool} {arg.text}` is not an option that is known")
        if name not in known.values and name not in known.flags and negated not in known.flags:
            return Opaque(f"`{tool} {arg.text}` is not an option that is known")
    return Line(options, tuple(operands))

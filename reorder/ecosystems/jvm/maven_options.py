"""The command line of Maven: goals and phases, and options with the words they came from.

Source: `mvn --help` of Maven 3.6 to 3.9, and commons-cli's GNU parser (`-Pdev` and `-P dev`,
`--file x` and `--file=x`; there are no bundles of short options).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.shell.nodes import Arg, Opaque


@dataclass(frozen=True, slots=True)
class Option:
    """One option by its short name; `value` is None where it has none, or one that is not known."""

    name: str
    value: str | None
    words: tuple[Arg, ...]

    @property
    def known(self) -> bool:
        """Whether every word of it is known."""
        return all(word.kind == "literal" for word in self.words)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What follows `mvn`, in order."""

    parts: tuple[Option | str, ...]  # a str is a goal or a phase

    @property
    def goals(self) -> tuple[str, ...]:
        """The goals and phases."""
        return tuple(part for part in self.parts if isinstance(part, str))

    @property
    def options(self) -> tuple[Option, ...]:
        """The options."""
        return tuple(part for part in self.parts if isinstance(part, Option))

    def has(self, *names: str) -> bool:
        """Whether one of the options was given."""
        return any(option.name in names for option in self.options)

    def last(self, name: str) -> Option | None:
        """The option that counts where it was given more than once."""
        return next((o for o in reversed(self.options) if o.name == name), None)

    def properties(self) -> Iterator[tuple[str, str | None]]:
        """Every `-Dname=value`; a bare name is `true`, an unknown value None."""
        for option in self.options:
            if option.name == "-D":
                text = option.words[-1].text if option.value is None else option.value
                name, equals, value = text.removeprefix("-D").partition("=")
                yield name, (value if equals else "true") if option.known else None


def read_command_line(args: Sequence[Arg]) -> CommandLine | Opaque:
    """The options and goals; `Opaque` where a goal is not known or an option is not Maven's."""
    parts: list[Option | str] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        if not arg.text.lstrip("\"'").startswith("-"):
            if arg.kind == "unknown":
                return Opaque(f"Maven gets `{arg.text}`, whose value is not known")
            parts.append(arg.text)
            continue
        found = _option(arg)
        if found is None:
            return Opaque(f"`{arg.text}` is not an option of Maven that is known")
        if found.name in _WITH_VALUE and found.value is None and found.known:
            if not rest:
                return Opaque(f"`{arg.text}` lacks its value")
            word = rest.pop(0)
            value = word.text if word.kind != "unknown" else None
            found = Option(found.name, value, (arg, word))
        parts.append(found)
    return CommandLine(tuple(parts))


def _option(arg: Arg) -> Option | None:
    text = arg.text.lstrip("\"'")
    known = arg.kind != "unknown"
    if text.startswith("--"):
        name, equals, value = text.partition("=")
        short = _LONG.get(name)
        return (short and Option(short, value if equals and known else None, (arg,))) or None
    if text in _FLAGS or text in _WITH_VALUE:
        return Option(text, None, (arg,))
    joined = next((short for short in _JOINED if text.startswith(short)), None)
    if joined is None:
        return None
    return Option(joined, text.removeprefix(joined).removeprefix("=") if known else None, (arg,))


_WITH_VALUE: Final = frozenset("-f -s -gs -t -gt -pl -P -D -T -l -rf -b -emp -ep --color".split())
_FLAGS: Final = frozenset(
    "-am -amd -B -C -c -cpu -e -fae -ff -fn -h -itr -llr -N -npr -npu -nsu -ntp -o -q -U -up -V -v "
    "-X -canf".split()
)
_JOINED: Final = ("-pl", "-gs", "-gt", "-rf", "-D", "-P", "-T", "-f", "-s", "-t", "-l")
_LONG: Final = {
    "--also-make": "-am",
    "--also-make-dependents": "-amd",
    "--batch-mode": "-B",
    "--builder": "-b",
    "--color": "--color",
    "--define": "-D",
    "--errors": "-e",
    "--fail-at-end": "-fae",
    "--fail-fast": "-ff",
    "--fail-never": "-fn",
    "--file": "-f",
    "--global-settings": "-gs",
    "--global-toolchains": "-gt",
    "--help": "-h",
    "--ignore-transitive-repositories": "-itr",
    "--lax-checksums": "-c",
    "--legacy-local-repository": "-llr",
    "--log-file": "-l",
    "--no-plugin-registry": "-npr",
    "--no-plugin-updates": "-npu",
    "--no-snapshot-updates": "-nsu",
    "--no-transfer-progress": "-ntp",
    "--non-recursive": "-N",
    "--offline": "-o",
    "--activate-profiles": "-P",
    "--projects": "-pl",
    "--quiet": "-q",
    "--resume-from": "-rf",
    "--settings": "-s",
    "--show-version": "-V",
    "--strict-checksums": "-C",
    "--threads": "-T",
    "--toolchains": "-t",
    "--update-snapshots": "-U",
    "--version": "-v",
    "--debug": "-X",
}

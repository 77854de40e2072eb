"""The command line of Gradle: tasks, and options with the words they came from.

Source: `gradle --help` of 4.4.1 and the user guide's "Command-Line Interface Reference" (4.4 to
9). Short options do not come in bundles. What Gradle itself does not know belongs to the task
before it (`--tests X`), so that the words after it are not told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.shell.nodes import Arg


@dataclass(frozen=True, slots=True)
class Option:
    """One option of Gradle's own by its long name; `value` is None where none is known."""

    name: str
    value: str | None
    words: tuple[Arg, ...]

    @property
    def known(self) -> bool:
        """Whether every word of it is known."""
        return all(word.kind == "literal" for word in self.words)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What follows `gradle`, in order."""

    options: tuple[Option, ...]
    tasks: tuple[Arg, ...]
    others: tuple[Arg, ...]  # options of tasks, and what may be their values

    def has(self, *names: str) -> bool:
        """Whether one of the options was given."""
        return any(option.name in names for option in self.options)

    def last(self, name: str) -> Option | None:
        """The option that counts where it was given more than once."""
        return next((o for o in reversed(self.options) if o.name == name), None)

    def all(self, name: str) -> Iterator[Option]:
        """Every option of a name."""
        return (option for option in self.options if option.name == name)

    def properties(self) -> Iterator[tuple[str, str | None]]:
        """Every `-Dname=value`; an unknown value is None."""
        for option in self.all("-D"):
            name, _, value = (option.value or "").partition("=")
            yield name, value if option.known else None


def read_command_line(args: Sequence[Arg]) -> CommandLine:
    """The options of Gradle and the rest of the words after the command."""
    options: list[Option] = []
    tasks: list[Arg] = []
    others: list[Arg] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        text = arg.text.lstrip("\"'")
        if not text.startswith("-"):
            (others if others and others[-1].text.startswith("-") else tasks).append(arg)
            continue
        name, joined = _split(text)
        if name in FLAGS and joined is None:
            options.append(Option(name, None, (arg,)))
        elif name in VALUES and joined is not None:
            options.append(Option(name, joined, (arg,)))
        elif name in VALUES and rest:
            word = rest.pop(0)
            value = word.text if word.kind == "literal" else None
            options.append(Option(name, value, (arg, word)))
        else:
            others.append(arg)
    return CommandLine(tuple(options), tuple(tasks), tuple(others))


def _split(text: str) -> tuple[str, str | None]:
    """The long name of an option, and what is joined to it."""
    if text.startswith("--"):
        name, equals, value = text.partition("=")
        return _LONG.get(name, name), value if equals else None
    name = text[:2]
    if name in ("-D", "-P") and len(text) > 2:
        return name, text[2:]
    if text in _SHORT:
        return _SHORT[text], None
    if name in ("-x", "-p", "-b", "-c", "-g", "-I", "-t", "-F") and len(text) > 2:
        return _SHORT[name], text[2:].removeprefix("=")
    return text, None


_SHORT: Final = {
    "-?": "--help",
    "-h": "--help",
    "-v": "--version",
    "-V": "--show-version",
    "-a": "--no-rebuild",
    "-b": "--build-file",
    "-c": "--settings-file",
    "-g": "--gradle-user-home",
    "-p": "--project-dir",
    "-I": "--init-script",
    "-x": "--exclude-task",
    "-m": "--dry-run",
    "-S": "--full-stacktrace",
    "-s": "--stacktrace",
    "-i": "--info",
    "-d": "--debug",
    "-w": "--warn",
    "-q": "--quiet",
    "-t": "--continuous",
    "-u": "--no-search-upward",
    "-M": "--write-verification-metadata",
    "-F": "--dependency-verification",
    "-U": "--refresh-dependencies",
    "-D": "-D",
    "-P": "-P",
}
_LONG: Final = {"--system-prop": "-D", "--project-prop": "-P"}
VALUES: Final = frozenset(
    "-D -P --build-file --settings-file --gradle-user-home --project-dir --init-script "
    "--exclude-task --project-cache-dir --console --console-unicode --max-workers --priority "
    "--warning-mode --include-build --update-locks --write-verification-metadata "
    "--dependency-verification --configuration-cache-problems --isolated-projects".split()
)
FLAGS: Final = frozenset(
    "--help --version --show-version --no-rebuild --dry-run --full-stacktrace --stacktrace --info "
    "--debug --warn --quiet --continuous --no-search-upward --offline --refresh-dependencies "
    "--refresh-keys --export-keys --rerun-tasks --daemon --no-daemon --foreground --stop --status "
    "--parallel --no-parallel --build-cache --no-build-cache --configure-on-demand "
    "--no-configure-on-demand --configuration-cache --no-configuration-cache --continue "
    "--no-continue --scan --no-scan --profile --watch-fs --no-watch-fs --write-locks "
    "--problems-report --no-problems-report --recompile-scripts --property-upgrade-report".split()
)

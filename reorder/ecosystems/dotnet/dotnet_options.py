"""The words of a dotnet command.

Source: "dotnet restore", "dotnet build", "dotnet publish", "dotnet test", "dotnet pack",
"dotnet run", "dotnet tool restore" (learn.microsoft.com, .NET 9), "MSBuild command-line reference".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Arg, Call, Opaque

_VALUES: Final = frozenset(
    "-c --configuration -f --framework -r --runtime -o --output -v --verbosity -s --source "
    "--packages --configfile --lock-file-path --version-suffix --os -a --arch --filter -l --logger "
    "--settings --collect --results-directory -d --diag --launch-profile --project --tool-manifest "
    "--add-source -p --property --manifest --artifacts-path -e --environment -bl".split()
) - {"-bl", "-d"}
_SWITCHES: Final = frozenset(
    "p property m maxcpucount nologo v verbosity t target restore r bl nr clp flp fl graph tl "
    "warnaserror nowarn isolate".split()
)
# What a restore has to be told too, so that it resolves for what is built.
CARRIED: Final = frozenset(
    "-r --runtime --os -a --arch -s --source --packages --configfile --lock-file-path "
    "--artifacts-path --locked-mode --use-lock-file --use-current-runtime --ucr -p --property "
    "--ignore-failed-sources --force --no-cache --no-http-cache --disable-parallel".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of dotnet with its words read."""

    call: Call
    verb: str  # `restore`, `tool restore`
    options: tuple[tuple[str, tuple[Arg, ...]], ...]  # name, and its words as they are written
    operands: tuple[Arg, ...]

    def has(self, *names: str) -> bool:
        """Whether an option was given."""
        return any(name in names for name, _ in self.options)

    def value(self, *names: str) -> Arg | None:
        """The value of an option, as a word; None where it was not given."""
        for name, words in reversed(self.options):
            if name in names:
                last = words[-1]
                for mark in ("=", ":"):
                    if len(words) == 1 and mark in last.text:
                        return replace(last, text=last.text.partition(mark)[2])
                return last if len(words) > 1 else None
        return None

    @property
    def target(self) -> str | None:
        """The project, solution or folder that is named, absolute; None: the working folder."""
        told = self.operands[0] if self.operands else None
        if self.verb == "run":
            told = self.value("--project")
        if told is None or told.kind != "literal":
            return None
        return absolute(told.text.replace("\\", "/"), self.call.cwd)


def read_command(call: Call) -> Asked | Opaque:
    """The verb, the options and what they apply to."""
    args = list(call.args[1:])
    verb = ""
    if args and args[0].kind != "literal":
        return Opaque(f"`dotnet` gets `{args[0].text}`, whose value is not known")
    if args and not args[0].text.startswith("-"):
        verb = args.pop(0).text
        if verb in ("tool", "nuget", "workload", "sln", "solution", "new", "package") and args:
            verb = f"{verb} {args.pop(0).text}"
    options: list[tuple[str, tuple[Arg, ...]]] = []
    operands: list[Arg] = []
    while args:
        arg = args.pop(0)
        text = arg.text.strip("\"'") if arg.kind == "unknown" else arg.text
        if text == "--":
            break
        if text.startswith("/") and _name(text)[1:].lower() in _SWITCHES:
            text = "-" + text[1:]  # MSBuild's other spelling
            options.append((_name(text), (arg,)))
        elif text.startswith("-"):
            name = _name(text)
            takes = name in _VALUES and not any(mark in text for mark in "=:")
            options.append((name, (arg, args.pop(0)) if takes and args else (arg,)))
        elif text.startswith("@"):
            return Opaque(f"`dotnet` reads its options from {text[1:]}")
        else:
            operands.append(arg)
    return Asked(call, verb, tuple(options), tuple(operands))


def _name(text: str) -> str:
    for mark in ("=", ":"):
        text = text.partition(mark)[0]
    return text

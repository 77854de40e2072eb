"""The words of a go command, and the modules it works with.

Source: `go help` (`-C dir` stands right after the verb or any part of it; checked with Go 1.26).
"""

from __future__ import annotations

from dataclasses import dataclass

from reorder.ecosystems.contract import Image
from reorder.ecosystems.go.go_modules import Modules, modules
from reorder.ecosystems.go.go_work import made_workspace
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Arg, Call, Opaque


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of go with its words read."""

    call: Call
    verb: str  # `build`, `mod download`
    words: tuple[Arg, ...]  # what follows the verb, without -C
    folder: str  # where it works: `-C` applied
    change: str | None  # the text of -C
    found: Modules | None

    def has(self, *names: str) -> bool:
        """Whether a flag was given, with one dash or two."""
        heads = {arg.text.lstrip("-").partition("=")[0] for arg in self.flags}
        return any(name in heads for name in names)

    @property
    def flags(self) -> tuple[Arg, ...]:
        """The words that start with a dash."""
        return tuple(arg for arg in self.words if arg.text.startswith("-"))

    @property
    def flag_text(self) -> str:
        """The flags of the call and of GOFLAGS; an unknown GOFLAGS counts as nothing."""
        goflags = self.call.env.get("GOFLAGS", "") or ""
        return " ".join((goflags, *(arg.text for arg in self.words)))


def read_command(call: Call, image: Image) -> Asked | Opaque:
    """The verb (`build`, `mod download`) and what follows it; `Opaque` where they are not known."""
    args = list(call.args[1:])
    change: str | None = None
    words: list[str] = []
    while args and len(words) < (2 if words[:1] in (["mod"], ["work"]) else 1):
        arg = args.pop(0)
        if arg.kind != "literal":
            return Opaque(f"`go` gets `{arg.text}`, whose value is not known")
        if not _is_change(arg):
            words.append(arg.text)
            arg = args.pop(0) if args and _is_change(args[0]) else arg
        if _is_change(arg):
            change = arg.text.partition("=")[2] or (args.pop(0).text if args else "")
            if not change or "$" in change:
                return Opaque("`go -C` with a folder that is not known")
    folder = absolute(change or ".", call.cwd)
    workspace = call.env.get("GOWORK", "") or None
    found = modules(folder, image.files, workspace, made_workspace(image.told))
    return Asked(call, " ".join(words), tuple(args), folder, change, found)


def _is_change(arg: Arg) -> bool:
    return arg.text.partition("=")[0] in ("-C", "--C")


def vendored(asked: Asked) -> bool:
    """Whether `vendor/` serves the modules: by -mod, or by itself since Go 1.14."""
    if "-mod=vendor" in asked.flag_text:
        return True
    return asked.found is not None and asked.found.vendored and "-mod=mod" not in asked.flag_text

"""The words of a `bundle` call.

Source: bundle-install(1) of Bundler 1.17 to 2.5 (`--path`, `--deployment`, `--without` and others
are remembered in the settings of the project); Bundler 4 has removed these. Options are read as
Thor reads them: `--without` takes every word up to the next option.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reorder.ecosystems.given import bare
from reorder.ecosystems.words import unknown
from reorder.shell.nodes import Arg, Call, Opaque


@dataclass(frozen=True, slots=True)
class Asked:
    """A call with its words read. A value is None where it is not known."""

    call: Call
    verb: str
    operands: tuple[Arg, ...]
    options: Mapping[str, str | None] = field(hash=False)

    @property
    def remembered(self) -> bool:
        """Whether an option is written to the settings of the project."""
        return not _REMEMBERED.isdisjoint(self.options)


def read_words(call: Call) -> Asked | Opaque:
    """The verb (`install` for a bare `bundle`), its operands and options."""
    rest = list(call.args[1:])
    if rest and re.fullmatch(r"_[\d.]+\w*_", rest[0].text):
        rest.pop(0)  # `bundle _2.5.6_ install`
    operands: list[Arg] = []
    options: dict[str, str | None] = {}
    while rest:
        arg = rest.pop(0)
        text = bare(arg)
        if operands and operands[0].text in ("config", "exec"):
            operands.append(arg)
        elif not text.startswith("-") or text == "-":
            if arg.kind == "unknown":
                return unknown(call, arg)
            operands.append(arg)
        else:
            name, value = _option(text)
            if arg.kind == "unknown" and name not in _HARMLESS:
                return Opaque(f"`bundle {arg.text}` is not understood")
            if value is None and name in _TAKES:
                value = _value(name, rest)
            options[name] = value
    verb = operands[0].text if operands else "install"
    known = set(_FLAGS) | set(_TAKES)
    odd = next((name for name in options if name not in known), None)
    if odd is not None and verb in _VERBS:
        return Opaque(f"`bundle {verb} {odd}` is not understood")
    return Asked(call, _SAME.get(verb, verb), tuple(operands[1:]), options)


def _option(text: str) -> tuple[str, str | None]:
    if text.startswith("--"):
        name, equals, value = text.partition("=")
        return name, value if equals else None
    return _SHORT.get(text[:2], text), text[2:].lstrip("=") or None


def _value(name: str, rest: list[Arg]) -> str | None:
    """The words after an option that belong to it."""
    found: list[str | None] = []
    while rest and not rest[0].text.startswith("-"):
        arg = rest.pop(0)
        found.append(None if arg.kind == "unknown" else arg.text)
        if name not in _MANY:
            break
    known = [text for text in found if text is not None]
    return " ".join(known) if known and len(known) == len(found) else None


_MANY: Final = frozenset({"--without", "--with", "--standalone"})
_TAKES: Final = _MANY | frozenset(
    "--gemfile --jobs --path --retry --shebang --trust-policy --binstubs --target-rbconfig".split()
)
_HARMLESS: Final = frozenset({"--jobs", "--retry"})
_SHORT: Final = {
    "-j": "--jobs",
    "-r": "--retry",
    "-P": "--trust-policy",
    "-V": "--verbose",
    "-q": "--quiet",
    "-v": "--version",
}
_FLAGS: Final = frozenset(
    "--clean --no-clean --deployment --no-deployment --frozen --no-frozen --full-index --local "
    "--no-cache --no-prune --quiet --system --redownload --force --prefer-local --no-color "
    "--verbose --dry-run --version".split()
)
_REMEMBERED: Final = frozenset(
    "--clean --no-clean --deployment --no-deployment --frozen --no-frozen --path --system "
    "--binstubs --without --with --shebang --no-prune".split()
)
_VERBS: Final = frozenset({"install", "i", "check", "clean"})
_SAME: Final = {"i": "install"}

"""`jar`: listing and unpacking an archive; making one is not understood.

Source: the `jar` tool of JDK 8, 17 and 21 (`jar --help`, and the man page): the old form has its
letters first with or without a dash (`jar xf app.jar`), the new one long options; it unpacks into
the working folder, since JDK 21 into `--dir`.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.paths import NOTHING
from reorder.ecosystems.words import absolute, as_files, as_trees, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "jar"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"jar"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call reads and writes; None for a jar that is made or changed."""
    words = list(call.args[1:])
    if not words or words[0].kind != "literal":
        return None
    letters = words.pop(0).text
    long = letters in ("--extract", "--list")
    mode = letters[2:3] if long else next(iter(letters.lstrip("-")), "")
    mode = {"e": "x", "l": "t"}.get(mode, mode) if long else mode
    if mode not in ("x", "t") or not (long or set(letters.lstrip("-")) <= set("xtvfk0")):
        return None
    archive = _archive(words, named="f" in letters and not long)
    if archive is None:
        return None
    if archive.kind == "unknown":
        return unknown(call, archive)
    if any(word.text.startswith("-") for word in words):
        return None
    if mode == "x" and absolute(".", call.cwd) == "/":
        return Opaque("`jar` unpacks into the root folder")
    reads = image.system | as_files(archive, call.cwd)
    writes = as_trees(Arg(".", "literal", (0, 0)), call.cwd) if mode == "x" else NOTHING
    return CommandEffects("jar", reads | writes, writes, env=_ENV)


def _archive(words: list[Arg], named: bool) -> Arg | None:
    """The archive's word, taken out of the words that follow the mode."""
    if named:
        return words.pop(0) if words else None
    for at, word in enumerate(words):
        if word.text.startswith("--file="):
            words.pop(at)
            text = word.text.partition("=")[2]
            return Arg(text, word.kind, word.span)
        if word.text in ("--file", "-f") and at + 1 < len(words):
            words.pop(at)
            return words.pop(at)
    return None


_ENV: Final = frozenset("PATH JAVA_* JDK_JAVA_OPTIONS _JAVA_OPTIONS LANG LC_* TZ TMPDIR".split())

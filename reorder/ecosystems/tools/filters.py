"""Text filters: they read their operands and write to the next command, or to named files.

Source: POSIX.1-2017 "Utilities", GNU sed manual. A sed script is accepted when each command in it
is a substitution, a deletion, a print or an added text, none of which names another file.
"""

from __future__ import annotations

import re
from typing import Final

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.folders import folder_needed
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.words import Words, as_files, as_trees, split_words, unknown
from reorder.shell.nodes import Arg, Call, Opaque

_WITH_VALUE: Final[dict[str, str]] = {
    "grep": "-e -f -m -A -B -C --include --exclude --exclude-dir --max-count",
    "egrep": "-e -f -m -A -B -C",
    "fgrep": "-e -f -m -A -B -C",
    "sed": "-e -f -l --expression --file",
    "cut": "-d -f -c -b --delimiter --fields",
    "sort": "-k -t -o -S -T --key --output",
    "uniq": "-f -s -w",
    "tr": "",
    "tee": "",
    "basename": "-s",
    "dirname": "",
    "seq": "-f -s -w",
    "tac": "-s",
    "rev": "",
    "nl": "",
    "column": "-s -t",
    "base64": "-w --wrap",
    "od": "-A -j -N -t -w",
    "strings": "-n",
    "comm": "",
    "diff": "",
    "cmp": "",
    "paste": "-d",
    "fold": "-w",
    "jq": "--indent",
}
_SCRIPTED: Final = frozenset({"grep", "egrep", "fgrep", "sed", "jq"})
_NO_FILES: Final = frozenset({"tr", "basename", "dirname", "seq"})
FILTERS: Final = frozenset(_WITH_VALUE)

_PATTERN: Final = "|".join(
    (
        r"/(?:\\.|[^/\\\n])*/",
        *(rf"\\{d}(?:\\.|[^{d}\\\n])*{d}" for d in map(re.escape, "|#,:%!@")),
    )
)
_LINE: Final = rf"(?:\d+|\$|(?:{_PATTERN})I?)"
_ADDRESS: Final = rf"(?:{_LINE}(?:,(?:[+~]?\d+|{_LINE}))?)?\s*!?\s*"
_COMMANDS: Final = (
    *(
        rf"[sy]{d}(\\.|[^{d}\\])*{d}(\\.|[^{d}\\])*{d}[gpiI0-9]*"
        for d in map(re.escape, "/|#,@:%!~_+")
    ),
    *("[dpqnNDPGHghx=]", r"[aic](\\.|[^\\\n])*"),
)
_SED: Final = re.compile(rf"\s*{_ADDRESS}({'|'.join(_COMMANDS)})\s*", re.DOTALL)


def filter_effects(call: Call, name: str) -> CommandEffects | Opaque:
    """What `grep`, `sed`, `sort`, `tee` … do; `Opaque` for a script or an operand not known."""
    words = split_words(call, frozenset(_WITH_VALUE[name].split()) - {""})
    if isinstance(words, Opaque):
        return words
    if words.has("-f", "--file", "--from-file") and name in _SCRIPTED:
        return Opaque(f"`{name} -f` takes its script from a file")
    operands = _files(name, words)
    if isinstance(operands, str):
        return Opaque(operands)
    bad = next((arg for arg in operands if arg.kind == "unknown"), None)
    if bad is not None:
        return unknown(call, bad)
    whole = words.has("-r", "-R", "--recursive") and name.endswith("grep")
    named = NOTHING
    for arg in operands:
        named |= (as_trees if whole else as_files)(arg, call.cwd)
    in_place = name == "sed" and any(o.startswith(("-i", "--in-place")) for o, _ in words.options)
    writes = named if in_place or name == "tee" else NOTHING
    if name == "uniq" and len(operands) > 1:
        writes |= as_files(operands[1], call.cwd)
    output = words.value("-o", "--output") if name == "sort" else None
    if output is not None:
        writes |= as_files(Arg(output, "literal", (0, 0)), call.cwd)
    reads = named if name != "tee" or words.has("-a", "--append") else Paths()
    for path in writes.files - reads.files:
        reads |= folder_needed(path, call.cwd)
    return CommandEffects(name, reads, writes, env=frozenset({"PATH", "LANG", "LC_*"}))


def _files(name: str, words: Words) -> tuple[Arg, ...] | str:
    """The operands that are files; a text when the script among them is not understood."""
    operands = tuple(arg for arg in words.operands if arg.text != "-")
    if name in _NO_FILES:
        return ()
    if name in ("grep", "egrep", "fgrep"):
        return operands if words.has("-e") else operands[1:]
    if name == "jq":
        if words.has("--arg", "--argjson", "--slurpfile", "--rawfile", "--args", "-L"):
            return "`jq` with arguments of its own is not understood"
        return operands[1:]
    if name != "sed":
        return operands
    scripts = [value or "" for option, value in words.options if option in ("-e", "--expression")]
    if not scripts:
        if not operands or operands[0].kind == "unknown":
            return "which script `sed` runs is not known"
        scripts, operands = [operands[0].text], operands[1:]
    for script in scripts:
        if not sed_is_plain(script):
            return f"the script of `sed` ({script}) is not understood"
    return operands


def sed_is_plain(script: str) -> bool:
    """Whether a sed script names no other file and runs nothing."""
    return all(map(_SED.fullmatch, _split(script)))


def _split(script: str) -> list[str]:
    """The commands of a script; one with text that holds a `;` stays whole."""
    return [script] if _SED.fullmatch(script) else re.split(r"[;\n]", script)

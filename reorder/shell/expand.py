"""Words to arguments: parameter expansion, field splitting, patterns, quote removal.

POSIX.1-2017, Shell Command Language, 2.6. What shells disagree on, and what is not computed, is an
"unknown" argument. A name that a pattern stands for is taken to have no blank or wildcard in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from reorder.shell.lexer import BLANKS
from reorder.shell.nodes import Arg
from reorder.shell.state import UNKNOWN, State, Value
from reorder.shell.tree import Odd, Part, Seq, Simple, Sub, Text, Tilde, Var, Word

_WILD = "*?["


@dataclass(slots=True)
class _Field:
    """One argument as it grows: its pieces, and how each came to be."""

    quoted: list[str] = field(default_factory=list)  # never a pattern
    bare: list[str] = field(default_factory=list)  # a pattern where it has wildcards
    text: str = ""
    glob: bool = False
    begun: bool = False

    def add(self, text: str, *, quoted: bool, glob: bool = False) -> None:
        self.text += text
        self.glob |= glob
        if not glob:
            (self.quoted if quoted else self.bare).append(text)
        self.begun |= quoted or bool(text)


def arguments(word: Word, state: State, text: str) -> tuple[Arg, ...]:
    """The arguments a word becomes: none, one or several. `text` is the shell text."""
    source = text[slice(*word.span)]
    unknown = (Arg(source, "unknown", word.span),)
    if _is_all_params(word) and state.params is not None:
        return tuple(_param(value, source, word) for value in state.params)
    fields = [_Field()]
    for part in word.parts:
        value = part_value(part, state)
        if value is None:
            value = Value("")
        if value.text is None:
            return unknown
        quoted = isinstance(part, Tilde) or getattr(part, "quoted", False)
        if value.glob or quoted or isinstance(part, Text):
            fields[-1].add(value.text, quoted=quoted, glob=value.glob)
            continue
        if "\\" in value.text or _keeps_quotes(part, value.text):
            return unknown
        for index, piece in enumerate(_split(value.text)):
            if index and fields[-1].begun:
                fields.append(_Field())
            fields[-1].add(piece, quoted=False)
    kinds = [(item, _kind(item)) for item in fields if item.begun]
    if any(kind is None for _, kind in kinds):
        return unknown
    return tuple(
        Arg(item.text, "glob" if kind == "glob" else "literal", word.span) for item, kind in kinds
    )


def single(word: Word, state: State) -> Value:
    """The value of a word that is neither split nor matched: an assignment, a redirection."""
    text, glob, wild = "", False, False
    for part in word.parts:
        value = part_value(part, state) or Value("")
        if value.text is None:
            return UNKNOWN
        text += value.text
        glob |= value.glob
        wild |= not value.glob and any(char in value.text for char in _WILD + "\\")
    return UNKNOWN if glob and wild else Value(text, glob)


def part_value(part: Part, state: State) -> Value | None:
    """What one part expands to; None for a variable that is unset for sure."""
    match part:
        case Text(text):
            return Value(text)
        case Tilde():
            return state.lookup("HOME") or UNKNOWN
        case Sub(Seq((Simple((), (Word((Text("pwd", False),)),), ()),))):
            return Value(state.cwd)
        case Var():
            return _parameter(part, state)
        case Sub() | Odd():
            return UNKNOWN


def _parameter(part: Var, state: State) -> Value | None:
    value = state.lookup(part.name)
    if part.op in ("", "?", ":?"):
        return value
    if value is not None and (value.text is None or value.glob):
        return UNKNOWN if value.text is None or part.op not in ("-", ":-", "=", ":=") else value
    text = value.text if value else None
    word = part.word or Word((), (0, 0))
    match part.op:
        case "-" | "=":
            return single(word, state) if text is None else value
        case ":-" | ":=":
            return single(word, state) if not text else value
        case "+":
            return Value("") if text is None else single(word, state)
        case ":+":
            return single(word, state) if text else Value("")
        case "length":
            return Value(str(len(text or "")))
        case "#" | "##" | "%" | "%%":
            return _trimmed(text or "", part.op, word, state)
        case "/" | "//":
            return _replaced(text or "", part.op, word)
    return UNKNOWN


def _trimmed(text: str, op: str, word: Word, state: State) -> Value:
    """`${x#pattern}` and the like."""
    pattern = single(word, state)
    literal = all(isinstance(part, Text) and not part.quoted for part in word.parts)
    if pattern.text is None or pattern.glob or any(char in pattern.text for char in "[]\\()"):
        return UNKNOWN
    if not literal and any(char in pattern.text for char in _WILD):
        return UNKNOWN
    cuts = range(len(text) + 1) if op in ("#", "%%") else range(len(text), -1, -1)
    for cut in cuts:
        head, tail = text[:cut], text[cut:]
        if op[0] == "#" and fnmatchcase(head, pattern.text):
            return Value(tail)
        if op[0] == "%" and fnmatchcase(tail, pattern.text):
            return Value(head)
    return Value(text)


def _replaced(text: str, op: str, word: Word) -> Value:
    """`${x/a/b}` for plain text."""
    if len(word.parts) != 1 or not isinstance(word.parts[0], Text) or word.parts[0].quoted:
        return UNKNOWN
    old, slash, new = word.parts[0].text.partition("/")
    if not slash or not old or old[0] in "#%/" or any(char in old + new for char in "*?[]\\&()/"):
        return UNKNOWN
    return Value(text.replace(old, new, 1 if op == "/" else -1))


def _kind(item: _Field) -> str | None:
    """ "literal" or "glob"; None where a pattern has quoted wildcards or shells differ."""
    bare = "".join(item.bare)
    opening = bare.find("[")
    wild = "*" in bare or "?" in bare or 0 <= opening < bare.rfind("]")
    if not wild and not item.glob:
        return "literal"
    if "[^" in bare or "\\" in item.text or any(char in _WILD for char in "".join(item.quoted)):
        return None
    return None if wild and item.glob else "glob"


def _split(text: str) -> list[str]:
    """Fields, with an empty one at an end that has blanks."""
    found = text.replace("\t", " ").replace("\n", " ").split(" ")
    return [found[0], *filter(None, found[1:-1]), *found[1:][-1:]]


def _keeps_quotes(part: Part, text: str) -> bool:
    """Whether quotes inside `${x:-"…"}` may decide how the value is split."""
    quoted = (
        isinstance(part, Var)
        and part.word is not None
        and any(isinstance(inner, Text) and inner.quoted for inner in part.word.parts)
    )
    return quoted and (not text or any(char in text for char in BLANKS + _WILD))


def _is_all_params(word: Word) -> bool:
    match word.parts:
        case (Text("", True), Var("@", "", None, True)):
            return True
    return False


def _param(value: Value, source: str, word: Word) -> Arg:
    if value.text is None:
        return Arg(source, "unknown", word.span)
    return Arg(value.text, "glob" if value.glob else "literal", word.span)

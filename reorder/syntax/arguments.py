"""The arguments of an instruction, as BuildKit's parser lists them.

Facts: BuildKit frontend/dockerfile/parser/line_parsers.go, and the dispatch table of parser.go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reorder.syntax.gotext import BLANKS, SPACE, SPACES, runes
from reorder.syntax.jsonform import NotStringsError, strings

# HEALTHCHECK looks for blanks byte by byte, so that a byte that is not UTF-8 can be one.
_BYTE_BLANKS = "\t\v\f\r \udc85\udca0"


@dataclass(frozen=True, slots=True)
class Arguments:
    """`problem` is set when the parser rejects the line."""

    words: tuple[str, ...] = ()
    is_json: bool = False
    problem: str | None = None


def arguments(keyword: str, text: str, escape: str) -> Arguments:
    """The arguments of any instruction but ONBUILD. `keyword` is in lower case."""
    read = _READERS.get(keyword)
    # BuildKit gives an instruction that it does not know one empty argument.
    return read(text, escape) if read else Arguments(("",))


def split_words(text: str, escape: str) -> list[str]:
    """Words, quotes and escapes left in them; neither ends a word (BuildKit: parseWords)."""
    text = runes(text)
    if "'" not in text and '"' not in text and escape not in text:
        return [word for word in SPACES.split(text) if word]
    words: list[str] = []
    start, index, size, quote = -1, 0, len(text), ""
    dropped = False
    while index < size:
        char = text[index]
        if start < 0:
            if char in SPACE:
                index += 1
                continue
            start = index
        if not quote and char in SPACE:
            words.append(text[start:index])
            start = -1
        elif char == escape and quote != "'":
            # An escape that ends the text is dropped.
            dropped = index + 1 == size
            index += 1
        elif not quote and char in "'\"":
            quote = char
        elif char == quote:
            quote = ""
        index += 1
    if start >= 0:
        last = text[start : size - 1] if dropped else text[start:]
        words.extend([last] if last else [])
    return words


def _json_or_text(text: str, _escape: str) -> Arguments:
    try:
        array = strings(text)
    except NotStringsError as error:
        return Arguments(problem=str(error))
    if array is not None:
        return Arguments(array, is_json=True)
    return Arguments((text,) if text else ())


def _json_or_list(text: str, escape: str) -> Arguments:
    try:
        array = strings(text)
    except NotStringsError as error:
        return Arguments(problem=str(error))
    return _list(text, escape) if array is None else Arguments(array, is_json=True)


def _list(text: str, _escape: str) -> Arguments:
    return Arguments(tuple(BLANKS.split(text)) if text else ())


def _text(text: str, _escape: str) -> Arguments:
    return Arguments((text,) if text else ())


def _names(text: str, escape: str) -> Arguments:
    return Arguments(tuple(split_words(text, escape)))


def _pairs(keyword: str) -> Callable[[str, str], Arguments]:
    """Name, value and "=" of each pair; "" in place of "=" for the form `KEY rest of the line`."""

    def read(text: str, escape: str) -> Arguments:
        words = split_words(text, escape)
        if not words:
            return Arguments()
        if "=" not in words[0]:
            parts = BLANKS.split(text, maxsplit=1)
            if len(parts) < 2:
                return Arguments(problem=f"{keyword} must have two arguments")
            return Arguments((parts[0], parts[1], ""))
        listed: list[str] = []
        for word in words:
            name, equals, value = word.partition("=")
            if not equals:
                return Arguments(problem=f"can't find = in {word!r}: must be name=value")
            listed += (name, value, "=")
        return Arguments(tuple(listed))

    return read


def _health(text: str, escape: str) -> Arguments:
    parts = BLANKS.split(text, maxsplit=1)
    if not parts[0]:
        return Arguments()
    command = _json_or_text(parts[1].lstrip(_BYTE_BLANKS) if len(parts) > 1 else "", escape)
    return Arguments((parts[0], *command.words), command.is_json, command.problem)


_READERS: dict[str, Callable[[str, str], Arguments]] = {
    "add": _json_or_list,
    "arg": _names,
    "cmd": _json_or_text,
    "copy": _json_or_list,
    "entrypoint": _json_or_text,
    "env": _pairs("ENV"),
    "expose": _list,
    "from": _list,
    "healthcheck": _health,
    "label": _pairs("LABEL"),
    "maintainer": _text,
    "run": _json_or_text,
    "shell": _json_or_text,
    "stopsignal": _text,
    "user": _text,
    "volume": _json_or_list,
    "workdir": _text,
}

KEYWORDS = frozenset(_READERS) | {"onbuild"}

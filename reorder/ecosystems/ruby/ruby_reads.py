"""Which files a Ruby text reads that is run to know the dependencies: a Gemfile, a gemspec, and
what these `require`.

Only words that are known to read nothing are passed over: the words of the Gemfile's and the
gemspec's own language, names that the text itself sets, and methods of values. A file that is read
counts where its name can be worked out (`File.read(".ruby-version")`, `File.expand_path("../x",
__FILE__)`, `require_relative`); anything else makes the reads unknown.

Source: Ruby 3.3 documentation of Kernel, File and Dir; Bundler 2.5 `dsl.rb`, `ruby_dsl.rb`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.ruby.ruby_words import (
    ACTS,
    ASKS,
    KEYWORDS,
    LIBRARY,
    PURE,
    QUESTIONS,
    READS,
    SAFE_CONSTANTS,
)
from reorder.ecosystems.script_tokens import Token, holes, tokens
from reorder.ecosystems.words import absolute

_MOST_FILES: Final = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text runs: its own path, the working folder, and where `require` looks first."""

    path: str
    cwd: str
    words: frozenset[str]  # the words of its own language
    load: tuple[str, ...] = ()
    lenient: bool = False  # lists of files may be made by any means: nothing comes of them


# Collects while the texts are read, so it is not frozen.
@dataclass(slots=True)
class Found:
    """What some texts read, look for and do not find, and the variables that they ask."""

    files: dict[str, None] = field(default_factory=dict)
    looked: dict[str, None] = field(default_factory=dict)
    variables: set[str] | None = field(default_factory=set)  # None: any
    problem: str | None = None
    constants: set[str] = field(default_factory=set)  # that the texts define

    def refuse(self, reason: str) -> None:
        """Keeps the first reason."""
        self.problem = self.problem or reason


def collect(found: Found, code: Sequence[Token], place: Place, files: Files) -> None:
    """Add what a text reads; what it requires is read too."""
    known = place.words | _named(code)
    found.constants |= _constants(code)
    at = 0
    while at < len(code):
        token = code[at]
        before = code[at - 1] if at else None
        if token.kind == "odd":
            _odd(found, token, place)
        elif token.kind == "constant" and not _after_dot(before):
            at = _constant(found, code, at, place, files)
        elif token.kind == "word" and not _after_dot(before):
            _word(found, code, at, place, files, known)
        elif token.kind == "word" and token.text in ACTS:
            found.refuse(f"{_name(place)} calls `{token.text}`, which may run anything")
        if token.holes:
            collect(found, holes(token, "ruby"), replace(place, words=known), files)
        at += 1


def read_file(found: Found, path: str, place: Place, files: Files) -> None:
    """A file that a text reads, or looks for."""
    there = files.exists(path)
    if files.origin(path) is not None:
        found.files[path] = None
    elif there is False:
        found.looked[path] = None
    elif there:
        found.refuse(f"{_name(place)} looks for the folder {path}")
    else:
        found.refuse(f"{_name(place)} reads {path}, which does not come from the build context")


def text_value(code: Sequence[Token], at: int, place: Place) -> tuple[str | None, int]:
    """The text that an expression gives, and where it ends; None where it cannot be worked out."""
    token = code[at] if at < len(code) else None
    if token is None:
        return None, at
    if token.kind == "string":
        return (None if token.holes else token.text), at + 1
    if token.kind == "word" and token.text == "__dir__":
        return posixpath.dirname(place.path), at + 1
    if token.kind == "word" and token.text == "__FILE__":
        return place.path, at + 1
    if token.kind == "op" and token.text == "(":
        value, end = text_value(code, at + 1, place)
        return value, end + 1
    if token.kind == "constant" and token.text == "File" and _is(code, at + 1, "."):
        return _file_call(code, at + 2, place)
    return None, at + 1


def _file_call(code: Sequence[Token], at: int, place: Place) -> tuple[str | None, int]:
    method = code[at].text if at < len(code) else ""
    paren = _is(code, at + 1, "(")
    at += 2 if paren else 1
    values: list[str | None] = []
    while at < len(code) and not _is(code, at, ")"):
        value, at = text_value(code, at, place)
        values.append(value)
        if not _is(code, at, ","):
            break
        at += 1
    end = at + 1 if paren else at
    parts = [value for value in values if value is not None]
    if len(parts) != len(values) or not parts:
        return None, end
    if method == "join":
        return posixpath.join(parts[0], *(part.lstrip("/") for part in parts[1:])), end
    if method in ("expand_path", "absolute_path", "realpath"):
        return absolute(parts[0], parts[1] if len(parts) > 1 else place.cwd), end
    return (posixpath.dirname(parts[0]) if method == "dirname" else None), end


def _constant(
    found: Found,
    code: Sequence[Token],
    at: int,
    place: Place,
    files: Files,
) -> int:
    """Reads what a constant and the method after it name; the result is the last token used."""
    name = code[at].text
    first = name.partition("::")[0].partition(".")[0]
    if name == "ENV":
        _variable(found, code, at)
        return at
    if name in ("File", "IO") and _is(code, at + 1, "."):
        method = code[at + 2].text if at + 2 < len(code) else ""
        if method in PURE:
            return at
        if method not in READS:
            found.refuse(f"{_name(place)} calls `{name}.{method}`")
            return at
        paren = _is(code, at + 3, "(")
        value, _ = text_value(code, at + (4 if paren else 3), place)
        if value is not None:
            read_file(found, absolute(value, place.cwd), place, files)
        elif not (place.lenient and method in QUESTIONS):
            found.refuse(f"{_name(place)} reads a file whose name is not known (`File.{method}`)")
        return at + 2
    if name in ("Dir", "IO", "Pathname", "Find", "FileList") and place.lenient:
        return at
    if first not in SAFE_CONSTANTS and first not in found.constants:
        found.refuse(f"{_name(place)} uses `{name}`, which may read any file")
    return at


def _word(
    found: Found,
    code: Sequence[Token],
    at: int,
    place: Place,
    files: Files,
    known: frozenset[str],
) -> None:
    name = code[at].text
    if name in ("require", "require_relative", "load"):
        paren = _is(code, at + 1, "(")
        value, _ = text_value(code, at + (2 if paren else 1), place)
        _require(found, name, value, place, files)
    elif name not in known and name not in KEYWORDS and name[:1] not in "@$":
        found.refuse(f"{_name(place)} uses `{name}`, which may read any file")


def _require(found: Found, how: str, value: str | None, place: Place, files: Files) -> None:
    if value is None:
        found.refuse(f"{_name(place)} has a `{how}` whose file is not known")
        return
    if how == "require_relative":
        folders: tuple[str, ...] = (posixpath.dirname(place.path),)
    else:
        folders = ("/",) if value.startswith("/") else place.load
        folders = (place.cwd,) if value.startswith(".") else folders
    names = [value] if value.endswith(".rb") else [f"{value}.rb"]
    for folder in folders:
        for name in names:
            path = absolute(name, folder)
            text = files.read(path)
            if text is None:
                found.looked[path] = None
                continue
            if path in found.files or len(found.files) > _MOST_FILES:
                return
            found.files[path] = None
            inner = Place(path, place.cwd, LIBRARY, place.load, place.lenient)
            collect(found, tokens(text, "ruby"), inner, files)
            return
    if how == "require_relative" or value.startswith((".", "/")):
        found.refuse(f"{_name(place)} requires {value}, which does not come from the build context")


def _odd(found: Found, token: Token, place: Place) -> None:
    if place.lenient and token.text.startswith("`git "):
        return
    what = "a command" if token.text.startswith(("`", "%x")) else "a text that is not followed"
    found.refuse(f"{_name(place)} has {what}: `{token.text.strip('`')[:40]}`")


def _variable(found: Found, code: Sequence[Token], at: int) -> None:
    rest = code[at + 1 : at + 5]
    name = next((t for t in rest if t.kind == "string"), None)
    asks = rest and (rest[0].text == "[" or (len(rest) > 1 and rest[1].text in ASKS))
    if not asks or name is None or name.holes:
        found.variables = None
    elif found.variables is not None:
        found.variables.add(name.text)


def _named(code: Sequence[Token]) -> frozenset[str]:
    """Names that the text itself sets: variables, methods, parameters of blocks."""
    found: set[str] = set()
    bar = False
    for at, token in enumerate(code):
        if token.text == "|" and token.kind == "op":
            bar = not bar
        if token.kind != "word":
            continue
        before = code[at - 1].text if at else ""
        assigned = _is(code, at + 1, "=") or (_is(code, at + 1, "|") and _is(code, at + 2, "|"))
        if bar or before in ("def", "for") or assigned or before == "rescue":
            found.add(token.text)
        if before == "def":
            inner = at + 1
            while inner < len(code) and code[inner].kind != "line":
                found.add(code[inner].text)
                inner += 1
    return frozenset(found)


def _constants(code: Sequence[Token]) -> frozenset[str]:
    """Constants that the text itself defines."""
    return frozenset(
        part
        for at, token in enumerate(code)
        if token.kind == "constant"
        and (_is(code, at + 1, "=") or (at and code[at - 1].text in ("module", "class")))
        for part in (token.text, token.text.partition("::")[0])
    )


def _after_dot(token: Token | None) -> bool:
    return token is not None and token.kind == "op" and token.text in (".", "&.", "::")


def _is(code: Sequence[Token], at: int, text: str) -> bool:
    return 0 <= at < len(code) and code[at].kind == "op" and code[at].text == text


def _name(place: Place) -> str:
    return posixpath.basename(place.path)

"""A Gemfile as data: the gems it asks for, and every file that is read to know them.

It is Ruby, so only what is written plainly is taken for known: `gem "x", "~> 1.0"`, blocks of
groups, platforms, sources and paths, `gemspec`, `eval_gemfile`, `ruby file:`. A gem below an `if`
may be asked for or not.

Source: Bundler 2.5 `dsl.rb` and `ruby_dsl.rb` (`ruby file:` is relative to the root,
`eval_gemfile` to the file that has it).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.ruby.ruby_reads import Found, Place, collect, read_file, text_value
from reorder.ecosystems.script_tokens import Token, tokens
from reorder.ecosystems.words import absolute


@dataclass(frozen=True, slots=True)
class Gem:
    """One `gem` line; `requirement` is None where it is not written out."""

    name: str
    requirement: frozenset[str] | None
    own_source: bool  # from git, a path, or a source of its own: Gemfile.lock marks it with `!`


@dataclass(frozen=True, slots=True)
class Local:
    """A folder with a gemspec: `gemspec`, `path: "…"`. An empty name: whatever is there."""

    folder: str
    name: str = ""


# Collects while the files are read, so it is not frozen.
@dataclass(slots=True)
class Gemfile:
    """What a Gemfile and those it evaluates ask for."""

    found: Found
    gems: list[Gem] = field(default_factory=list)
    locals: list[Local] = field(default_factory=list)
    gemspecs: list[Local] = field(default_factory=list)
    unsure: str | None = None  # why the list of gems is not known, though the files are


def read_gemfile(path: str, cwd: str, files: Files) -> Gemfile:
    """A Gemfile (absolute path) as `bundle` reads it in a folder."""
    gemfile = Gemfile(Found())
    _evaluate(gemfile, path, path, cwd, files)
    return gemfile


def _evaluate(gemfile: Gemfile, path: str, root: str, cwd: str, files: Files) -> None:
    text = files.read(path)
    if text is None:
        there = files.exists(path)
        gemfile.found.looked[path] = None
        why = "is not in the build context" if there is False else "cannot be read"
        gemfile.found.refuse(f"{path} {why}")
        return
    if path in gemfile.found.files:
        return
    gemfile.found.files[path] = None
    code = tokens(text, "ruby")
    place = Place(path, cwd, _WORDS)
    collect(gemfile.found, code, place, files)
    blocks: list[str] = []  # what each open block means: "", "cond", or the path of its gems
    for statement in statements(code):
        _statement(gemfile, statement, blocks, place, root, files)


def statements(code: Sequence[Token]) -> Iterator[list[Token]]:
    """The statements of a Ruby or Elixir text: a line that cannot end there goes on."""
    current: list[Token] = []
    depth = 0
    for at, token in enumerate(code):
        ends = token.kind == "line" or (token.kind == "op" and token.text == ";")
        if not ends:
            depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "op" else 0
            current.append(token)
            continue
        following = next((t for t in code[at + 1 :] if t.kind != "line"), None)
        dotted = following is not None and following.kind == "op" and following.text in (".", "&.")
        open_ = current and current[-1].kind in ("op", "key") and current[-1].text not in _LAST
        if current and not depth and not open_ and not dotted:
            yield current
            current = []
    if current:
        yield current


def _statement(
    gemfile: Gemfile,
    statement: list[Token],
    blocks: list[str],
    place: Place,
    root: str,
    files: Files,
) -> None:
    first = statement[0].text if statement[0].kind == "word" else ""
    opens = any(t.kind == "word" and t.text == "do" for t in statement)
    trailing = any(t.kind == "word" and t.text in ("if", "unless") for t in statement[1:])
    unsure = trailing or "cond" in blocks
    if first == "end":
        del blocks[-1:]
        return
    if first in _CONDITIONS:
        blocks.append("cond")
        return
    inner = next((block for block in reversed(blocks) if block not in ("", "cond")), "")
    if first == "gem":
        _gem(gemfile, statement, place, root, unsure, inner)
    elif first == "gemspec":
        value = _option(statement, "path", place)
        gemfile.gemspecs.append(Local(absolute(value or ".", posixpath.dirname(root))))
    elif first in ("path", "git", "github", "source") and opens:
        value, _ = text_value(statement, _after(statement), place)
        blocks.append(f"path {value}" if first == "path" else "source")
        return
    elif first == "eval_gemfile":
        value, _ = text_value(statement, _after(statement), place)
        if value is None:
            gemfile.found.refuse("the Gemfile evaluates another one whose name is not known")
        else:
            _eval(gemfile, absolute(value, posixpath.dirname(place.path)), root, place, files)
    elif first == "ruby":
        named = _option(statement, "file", place)
        if named is not None:
            read_file(gemfile.found, absolute(named, posixpath.dirname(root)), place, files)
        elif any(t.kind == "key" and t.text == "file" for t in statement):
            gemfile.found.refuse("which file `ruby file:` names is not known")
    elif first == "plugin":
        gemfile.found.refuse("the Gemfile asks for a plugin of Bundler, which may do anything")
    elif any(t.kind == "word" and t.text == "gem" for t in statement):
        gemfile.unsure = gemfile.unsure or "its gems are made by a loop or a method"
    if opens:
        meant = "" if first in _PLAIN_BLOCKS else "cond"
        blocks.append(meant)


def _eval(gemfile: Gemfile, path: str, root: str, place: Place, files: Files) -> None:
    if files.exists(path) is False:
        gemfile.found.looked[path] = None  # as behind `if File.exist?`
        return
    _evaluate(gemfile, path, root, place.cwd, files)


def _gem(
    gemfile: Gemfile, statement: list[Token], place: Place, root: str, unsure: bool, inner: str
) -> None:
    at = _after(statement)
    name, at = text_value(statement, at, place)
    if unsure or name is None:
        what = f"`{name}`" if name else "a gem"
        gemfile.unsure = gemfile.unsure or f"whether it asks for {what} depends on a condition"
    requirement: set[str] | None = set()
    options = next((i for i in range(at, len(statement)) if _is_option(statement, i)), None)
    for token in statement[at : options if options is not None else len(statement)]:
        if token.kind == "word" and token.text in ("if", "unless"):
            break
        if token.kind == "string" and not token.holes:
            requirement = None if requirement is None else requirement | {token.text}
        elif token.kind != "op" or token.text not in ("(", ")", ",", "[", "]"):
            requirement = None
    path = _option(statement, "path", place)
    own = bool(inner) or any(_is_option(statement, i, _SOURCES) for i in range(len(statement)))
    if name is None:
        gemfile.found.variables = None
        return
    known = None if requirement is None else frozenset(map(_normal, requirement)) - {">= 0"}
    gemfile.gems.append(Gem(name, known, own))
    if path is None and _has_option(statement, "path"):
        gemfile.found.refuse(f"where the gem {name} lies is not known")
    folder = posixpath.dirname(root)
    if path is None and inner.startswith("path "):
        path = inner.removeprefix("path ")
    if path is not None:
        gemfile.locals.append(Local(absolute(path, folder), name))


def _normal(text: str) -> str:
    """`1.0` and `=1.0` as Gemfile.lock writes them: `= 1.0`."""
    text = text.strip()
    number = text.lstrip("<>=~! ")
    return f"{text[: len(text) - len(number)].strip() or '='} {number}"


def _after(statement: Sequence[Token]) -> int:
    """Where the arguments of the first word start."""
    return 2 if len(statement) > 1 and statement[1].text == "(" else 1


def _option(statement: Sequence[Token], name: str, place: Place) -> str | None:
    """The value of `name: "…"` or `:name => "…"`, where it is plain."""
    for at in range(len(statement)):
        if _is_option(statement, at, frozenset({name})):
            start = at + (1 if statement[at].kind == "key" else 2)
            return text_value(statement, start, place)[0]
    return None


def _has_option(statement: Sequence[Token], name: str) -> bool:
    return any(_is_option(statement, at, frozenset({name})) for at in range(len(statement)))


def _is_option(statement: Sequence[Token], at: int, names: frozenset[str] | None = None) -> bool:
    token = statement[at]
    arrow = at + 1 < len(statement) and statement[at + 1].text == "=>"
    if token.kind != "key" and not (token.kind in ("symbol", "string") and arrow):
        return False
    return names is None or token.text in names


_SOURCES: Final = frozenset("git github gist bitbucket gitlab path source".split())
_CONDITIONS: Final = frozenset("if unless case while until begin def module class for".split())
_PLAIN_BLOCKS: Final = frozenset("group platforms platform install_if env git_source".split())
_LAST: Final = frozenset({")", "]", "}", "|"})  # what may end a statement
_WORDS: Final = frozenset(
    "source gem group platforms platform path git github gist bitbucket gitlab git_source gemspec "
    "install_if env plugin eval_gemfile ruby gemfile".split()
)

"""What Bundler reads of a gem that lies in a folder: its gemspec, what that requires, its programs.

The list of the gem's files has no say in an install, unless its programs come out of it: for each
that is there Bundler makes a starter. So the folder of programs (`bin`, `exe`) is part of the
closure, and a list that `git ls-files` makes is only good where the programs are written out.

Source: Bundler 2.5 `source/path.rb` (`load_spec_files`, `generate_bin`), RubyGems 3.5
`installer.rb` (`generate_bin`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.ruby.gemfile import Local, statements
from reorder.ecosystems.ruby.ruby_reads import Found, Place, collect
from reorder.ecosystems.script_tokens import Token, tokens


@dataclass(frozen=True, slots=True)
class Gemspecs:
    """The gemspecs of a local gem, and folders that are read whole."""

    folders: tuple[str, ...] = ()
    problem: str | None = None


def read_gemspecs(local: Local, found: Found, files: Files, *, deep: bool) -> Gemspecs:
    """Add what Bundler reads of a gem in a folder; `deep` looks two levels below it too."""
    levels = ("", "*/", "*/*/") if deep else ("",)
    base = local.folder.rstrip("/")
    paths = [path for level in levels for path in files.glob(f"{base}/{level}*.gemspec")]
    if not paths:
        return Gemspecs(problem=f"there is no gemspec in {local.folder}")
    folders: dict[str, None] = {}
    for path in paths:
        text = files.read(path)
        if text is None:
            return Gemspecs(problem=f"{path} does not come from the build context")
        problem = _read(path, text, found, files, folders)
        if problem is not None:
            return Gemspecs(problem=problem)
    return Gemspecs(tuple(folders))


def _read(path: str, text: str, found: Found, files: Files, folders: dict[str, None]) -> str | None:
    home = posixpath.dirname(path)
    name = posixpath.basename(path)
    if text.startswith("---"):
        return f"{name} is YAML, which is not understood"
    found.files[path] = None
    code = tokens(text, "ruby")
    place = Place(path, home, _WORDS, (f"{home}/lib", home), lenient=True)
    lists = [part for part in _assignments(code) if part[0] in _LISTS]
    collect(found, _without_lists(code), place, files)
    by_git = any(
        t.kind == "odd" or t.text == "ls-files" or "git ls-files" in t.text
        for _, value in lists
        for t in value
    )
    for attribute, value in lists:
        plain = all(t.kind in ("string", "list", "op", "symbol") for t in value)
        if attribute == "extensions" and value and not _empty(value):
            return f"{name} compiles an extension out of the source"
        if attribute != "executables" or _empty(value):
            continue
        if by_git and not plain:
            return f"`git ls-files` in {name} tells which programs the gem has"
        programs = (f"{home}/{part}" for part in ("bin", "exe"))
        folders |= {folder: None for folder in programs if files.under(folder)}
    if files.glob(f"{home}/lib/rubygems_plugin*.rb"):
        return f"{home}/lib/rubygems_plugin.rb runs within the install"
    return None


def _assignments(code: Sequence[Token]) -> list[tuple[str, list[Token]]]:
    """`spec.files = …`: the attribute and the tokens of its value."""
    found = []
    for statement in statements(code):
        words = statement
        if len(words) > 3 and words[1].text == "." and words[3].text in ("=", "<<", "+="):
            found.append((words[2].text, words[4:]))
    return found


def _without_lists(code: Sequence[Token]) -> list[Token]:
    """The text without the values that are lists of files."""
    found: list[Token] = []
    for statement in statements(code):
        listed = len(statement) > 3 and statement[1].text == "." and statement[3].text == "="
        if not (listed and statement[2].text in _LISTS):
            found += [*statement, Token("line", "\n")]
    return found


def _empty(value: Sequence[Token]) -> bool:
    return all(t.kind == "op" or (t.kind == "list" and not t.text.strip()) for t in value)


_LISTS: Final = frozenset(
    "files test_files executables extensions extra_rdoc_files rdoc_options default_executable "
    "bindir require_paths".split()
)
_WORDS: Final = frozenset("gem spec s".split())

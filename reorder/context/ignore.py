"""`.dockerignore`: which paths BuildKit leaves out of the build context.

Sources: moby/patternmatcher `ignorefile/ignorefile.go`, `patternmatcher.go`; tonistiigi/fsutil
`filter.go` (`Walk`), the code that really lists a context. Where the two decide differently (an
exception for a folder above what is excluded) the listing wins, as it does in a build.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reorder.context.automaton import Automaton, State
from reorder.context.gopath import SPACES, BadPattern, clean, match
from reorder.context.goregexp import Chars, Sequence, parse_regexp

MAX_LINE = 65_535  # bytes: bufio.Scanner's buffer
_REGEXP_CHARS = frozenset(".+()$")  # what Moby's bitmap really escapes: `{`, `|` and `}` fall out


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line that counts. `text` is cleaned and has no `!`."""

    text: str
    exception: bool
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why every build with this ignore file fails (or why we cannot read it), and where."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class _Folder:
    """What is known of a folder: the state behind its `/` and which patterns hold for all below."""

    state: State
    listing: int  # patterns that fsutil's walk has seen match, one bit each
    matched: int  # patterns that match it or a folder above


@dataclass(frozen=True, slots=True)
class Ignore:
    """Parsed rules. With a `problem` there are no patterns and nothing is excluded."""

    patterns: tuple[Pattern, ...]
    problem: Problem | None
    _automaton: Automaton = field(repr=False, compare=False)
    _exceptions: int = field(repr=False)
    _folders: dict[str, _Folder] = field(repr=False, compare=False)

    def excluded(self, path: str) -> bool:
        """Whether a listing leaves a path out. `path` is relative, clean, with `/`."""
        excluded, _, _, _ = self._look(path)
        return excluded

    def hollow(self, path: str) -> bool:
        """Whether a listed file arrives without its content.

        fsutil opens files by another rule (the last match of the path or a folder above) than it
        lists them by; a file that it lists and then refuses to open is sent empty (`send.go`).
        """
        excluded, _, matched, _ = self._look(path)
        last = 1 << matched.bit_length() >> 1
        return not excluded and last != 0 and not self._exceptions & last

    def may_enter(self, folder: str) -> bool:
        """Whether something in a folder may be listed: it is not excluded, or has exceptions."""
        if not self.excluded(folder):
            return True
        exceptions = [_without_glob(p.text) for p in self.patterns if p.exception]
        if any(char in text for text in exceptions for char in "*[]?^\\"):
            return True
        return any((text + "/").startswith(folder + "/") for text in exceptions)

    def _look(self, path: str) -> tuple[bool, int, int, State]:
        parent, slash, name = path.rpartition("/")
        above = self._folder(parent) if slash else self._folders[""]
        state = above.state
        step = self._automaton.step
        for char in name:
            state = state.steps.get(char) or step(state, char)
        excluded, listing = self._walk(above.listing, state.matched)
        return excluded, listing, above.matched | state.matched, state

    def _folder(self, path: str) -> _Folder:
        folder = self._folders.get(path)
        if folder is None:
            for at, char in enumerate(path):  # from the top, so that depth costs no recursion
                if char == "/" and path[:at] not in self._folders:
                    self._add(path[:at])
            folder = self._add(path)
        return folder

    def _add(self, path: str) -> _Folder:
        _, listing, matched, state = self._look(path)
        folder = _Folder(self._automaton.step(state, "/"), listing, matched)
        self._folders[path] = folder
        return folder

    def _walk(self, above: int, own: int) -> tuple[bool, int]:
        """`MatchesUsingParentResults`: in order, patterns that would change nothing are skipped.

        What was skipped is not recorded: for what lies below only that path itself is tried.
        """
        if not self._exceptions:
            return bool(above | own), above | own
        excluded, seen, left = False, 0, above | own
        while left:
            bit = left & -left
            left ^= bit
            exception = bool(self._exceptions & bit)
            if above & bit or exception == excluded:
                seen |= bit
                excluded = not exception
        return excluded, seen


def parse_ignore(text: str) -> Ignore:
    """The rules of an ignore file's text; never raises, see `Ignore.problem`."""
    try:
        patterns, alternatives = _read(text)
        automaton = Automaton(alternatives)
        problem = None
    except _Bad as bad:
        patterns, problem, automaton = (), bad.problem, Automaton(())
    except BadPattern as bad:
        patterns, problem, automaton = (), Problem(0, str(bad)), Automaton(())
    exceptions = sum(1 << bit for bit, pattern in enumerate(patterns) if pattern.exception)
    return Ignore(patterns, problem, automaton, exceptions, {"": _Folder(automaton.start, 0, 0)})


class _Bad(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def _read(text: str) -> tuple[tuple[Pattern, ...], list[tuple[Sequence, ...]]]:
    patterns = []
    compiled = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if len(line) > MAX_LINE // 4 and len(line.encode(errors="surrogateescape")) > MAX_LINE:
            raise _Bad(Problem(number, "the line is too long for BuildKit"))
        cleaned = _clean_line(line)
        if not cleaned:
            continue
        exception = cleaned.startswith("!")
        try:
            if cleaned == "!":
                raise BadPattern("an exception of nothing")
            pattern = Pattern(cleaned[exception:], exception, number)
            match(pattern.text, ".")
            compiled.append(_compile(pattern.text))
        except BadPattern as bad:
            raise _Bad(Problem(number, f"{line.strip(SPACES)!r} is not a pattern: {bad}")) from bad
        patterns.append(pattern)
    return tuple(patterns), compiled


def _clean_line(line: str) -> str:
    """What `ignorefile.ReadAll` and then `patternmatcher.New` make of a line; "" is left out."""
    line = "" if line.startswith("#") else line.strip(SPACES)
    exception = line.startswith("!")
    line = line[exception:].strip(SPACES)
    if line:
        line = clean(line)
        line = line[1:] if len(line) > 1 and line[0] == "/" else line
    line = ("!" * exception + line).strip(SPACES)
    return clean(line) if line else ""


def _compile(text: str) -> tuple[Sequence, ...]:
    """`Pattern.compile`: an exact text, a prefix (`x**`), a suffix (`**x`), or a regexp."""
    if text.startswith("\ufeff**"):
        raise BadPattern("a byte order mark before **")  # Moby cuts it in two there
    kind = "exact"
    out = ["^"]
    at = skipped = int(text.startswith("\ufeff"))  # text/scanner drops it
    while at < len(text):
        char = text[at]
        first = at == skipped
        at += 1
        if char == "*" and text.startswith("*", at):
            at += 2 if text.startswith("*/", at) else 1
            if at < len(text):
                out.append("(.*/)?")
                kind = "regexp"
            elif kind == "exact":
                kind = "prefix"
            else:
                out.append(".*")
                kind = "regexp"
            kind = "suffix" if first else kind
        elif char in "*?":
            out.append("[^/]*" if char == "*" else "[^/]")
            kind = "regexp"
        elif char == "\\":
            out.append(char + text[at : at + 1])
            kind = "regexp" if at < len(text) else kind
            at += 1
        else:
            out.append("\\" + char if char in _REGEXP_CHARS else char)
            kind = "regexp" if char in "[]" else kind
    if kind == "exact":
        return (("begin", *_literal(text), "end"),)
    if kind == "prefix":
        return (("begin", *_literal(text[:-2])),)
    if kind == "suffix":
        whole = ("begin", *_literal(text[3:]), "end")
        tail = (*_literal(text[2:]), "end")
        return (tail, whole) if text.startswith("**/") else (tail,)
    return parse_regexp("".join(out) + "$")


def _literal(text: str) -> Sequence:
    return tuple(Chars(((char, char),), exact=True) for char in text)


def _without_glob(text: str) -> str:
    return text.removesuffix("/**").removesuffix("/*")

"""`.dockerignore` decisions are Moby's; the tables were answered by its own matcher."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reorder.context.ignore import parse_ignore


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("foo[", 1, id="class-not-closed"),
        pytest.param("!", 1, id="exception-of-nothing"),
        pytest.param("a\n!/", 2, id="exception-of-the-root"),
        pytest.param("a\n\n# b\nfoo\\", 4, id="nothing-after-the-backslash"),
        pytest.param("foo\\ ", 1, id="blank-after-the-backslash-is-trimmed"),
        pytest.param("[]a]", 1, id="empty-class"),
        pytest.param("x*[", 1, id="only-the-regexp-compiler-sees-it"),
        pytest.param("x*[b-a]", 1, id="range-runs-backwards"),
        pytest.param("a{1001}*", 1, id="repetition-out-of-bounds"),
        pytest.param("*{2}", 1, id="repetition-of-a-repetition"),
        pytest.param("[[:nope:]]", 1, id="unknown-posix-class"),
        pytest.param("\\q", 1, id="escape-go-does-not-know"),
        pytest.param("a\n\ufeff**b", 2, id="byte-order-mark-that-is-cut-in-two"),
        pytest.param("a\n" + "b" * 65_536, 2, id="line-too-long-for-the-scanner"),
    ],
)
def test_what_fails_the_build_is_a_problem_with_its_line(text: str, line: int) -> None:
    ignore = parse_ignore(text)
    assert ignore.problem is not None
    assert ignore.problem.line == line
    assert ignore.patterns == ()
    assert not ignore.excluded("a")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("# *\n\n  \n", id="comments-and-blanks"),
        pytest.param("\ufeff# *", id="comment-behind-a-byte-order-mark"),
        pytest.param("/", id="root"),
        pytest.param(".", id="dot"),
        pytest.param("../foo", id="outside"),
        pytest.param("FOO", id="case-matters"),
        pytest.param("!foo", id="exception-of-nothing-excluded"),
        pytest.param("b" * 65_535, id="longest-line"),
    ],
)
def test_nothing_is_excluded(text: str) -> None:
    ignore = parse_ignore(text)
    assert ignore.problem is None
    assert not [path for path in ("foo", "a", "a/foo", "# *") if ignore.excluded(path)]


# Patterns, what they exclude, what they leave: semantics of the 25 vectors and the extras.
VECTORS = [
    ("foo", "foo foo/bar", "a/foo foobar"),
    ("/foo", "foo", "a/foo"),
    ("foo/", "foo foo/x", "a/foo"),
    ("./foo/../bar", "bar", "foo"),
    ("*", "a/b .hidden", ""),
    ("*.md", "README.md", "docs/a.md"),
    ("**/*.md", "README.md docs/x/a.md", "a.mdx"),
    ("*/*.md", "docs/a.md", "README.md docs/x/a.md"),
    ("**/foo", "foo a/b/foo/c", "afoo"),
    ("**foo", "xfoo a/xfoo/y", "foox"),
    ("foo/**", "foo/a/b", "foo"),
    ("foo**", "foobar/x foo", "a/foo"),
    ("a/**/b", "a/b a/x/y/b", "a/xb"),
    ("*\n!README.md", "docs/README.md", "README.md"),
    ("docs\n!docs/README.md", "docs/x", "docs/README.md"),
    ("*.md\n!README*.md\nREADME-secret.md", "README-secret.md x.md", "README.md"),
    ("!foo\nfoo", "foo", ""),
    ("# c\n #d\n\\#e", "#d #e", "c"),
    ("foo\n! /foo", "", "foo"),
    ("x\n/!x", "", "x"),
    ("[!a]x", "ax !x", "bx"),
    ("dir/*\n!dir/sub/keep", "dir/sub/other dir/sub", "dir/sub/keep dir"),
    ("*\n!src\nsrc/test", "src/test/x other", "src/a"),
    ("**", "a a/b", ""),
    ("foo\\*", "foo*", "foox"),
    ("a\\b", "a a/b", "ab"),
    ("x\\d", "x1", "xd"),
    ("x\\s", "", "xs x"),
    (".*", ".git/config", "a/.git"),
    ("**/*\n!**/*.go", "p/b.c", "p/b.go"),
    ("[^a]b", "bb", "ab b"),
    ("[a-c]x", "ax cx", "dx -x"),
    ("[[:digit:]]x", "1x", "ax"),
    ("[[:^digit:]]x", "ax", "1x"),
    ("[\\d]x", "1x", "dx"),
    ("a|b*", "abc xb", "xc"),
    ("a{2}?", "aab", "a{2}b ab"),
    ("*.{js,ts}", "a.{js,ts}", "a.js"),
    ("a*\\", "ab$c", "ab"),
    ("é?", "éé", "é"),
    ("+(a)$.*", "+(a)$.b", "aaab"),
    ("a\r\nb\r\n", "a b", "c"),
    ("\ufeffa", "a", "b"),
    ("\x85a\u3000", "a", ""),
    ("b\n\ufeffa", "\ufeffa", "a"),
    ("b\n\ufeffa*", "a", "\ufeffa"),
    ("\udce9?", "\udce9a \udce8a", "aa"),
    ("\udce9", "\udce9", "\udce8"),
]


@pytest.mark.parametrize(("text", "out", "kept"), VECTORS, ids=[repr(row[0]) for row in VECTORS])
def test_vectors(text: str, out: str, kept: str) -> None:
    ignore = parse_ignore(text)
    assert ignore.problem is None
    assert [path for path in out.split() if not ignore.excluded(path)] == []
    assert [path for path in kept.split() if ignore.excluded(path)] == []


def test_a_path_may_contain_what_separates_the_table() -> None:
    assert not parse_ignore("# c").excluded("# c")
    assert parse_ignore("a b").excluded("a b")
    assert parse_ignore("a?b").excluded("a\nb")
    assert not parse_ignore("**/a*b").excluded("x\ny/ab"), "a dot is no newline"


def test_an_exception_above_what_is_excluded_does_not_bring_it_back() -> None:
    # The last match says otherwise; fsutil, which lists the context, does not record `!a` for `a`.
    ignore = parse_ignore("a/b\n!a")
    assert ignore.excluded("a/b")
    assert not ignore.excluded("a/c")


def test_a_file_that_is_listed_but_not_opened_is_hollow() -> None:
    ignore = parse_ignore("*\n!a/b/c\na")
    assert not ignore.excluded("a/b/c")
    assert ignore.hollow("a/b/c")
    assert not ignore.hollow("a/b"), "what is not listed is not sent at all"
    assert not parse_ignore("*\n!a/b/c").hollow("a/b/c")


@pytest.mark.parametrize(
    ("text", "folder", "entered"),
    [
        pytest.param("a", "a", False, id="no-exceptions"),
        pytest.param("a\n!b/c", "a", False, id="exception-elsewhere"),
        pytest.param("a\n!ab", "a", False, id="exception-shares-letters-only"),
        pytest.param("a\n!a/b/c", "a/d", False, id="exception-in-a-sibling"),
        pytest.param("a", "b", True, id="not-excluded"),
        pytest.param("a\n!a/b/c", "a", True, id="exception-below"),
        pytest.param("a\n!a/b/c", "a/b", True, id="exception-right-below"),
        pytest.param("a\n!a/b/**", "a/b", True, id="trailing-glob-is-a-prefix"),
        pytest.param("a\n!**/c", "a", True, id="exception-with-a-wildcard"),
    ],
)
def test_may_enter(text: str, folder: str, entered: bool) -> None:
    assert parse_ignore(text).may_enter(folder) is entered


def test_hostile_patterns_take_linear_time() -> None:
    # A backtracking matcher would not come back from one of these.
    ignore = parse_ignore("*a" * 30 + "b\n" + "**/a/" * 30 + "b\n")
    assert not ignore.excluded("a" * 250)
    assert not ignore.excluded("a/" * 2000 + "c")


def test_patterns_that_are_too_large_are_a_problem() -> None:
    assert parse_ignore("a{1000}*\n" * 300).problem is not None


SEGMENTS = st.sampled_from(["a", "b", "ab", "*", "**", "?", "a*", "*b", "[ab]", "**a"])
LINES = st.tuples(st.sampled_from(["", "!"]), st.lists(SEGMENTS, min_size=1, max_size=3))
PATHS = st.lists(st.sampled_from(["a", "b", "ab", "ba"]), min_size=1, max_size=4)


@given(st.lists(LINES, max_size=5), PATHS)
def test_agrees_with_a_direct_reading(lines: list[tuple[str, list[str]]], path: list[str]) -> None:
    patterns = [(bool(mark), "/".join(segments)) for mark, segments in lines]
    ignore = parse_ignore("\n".join("!" * mark + text for mark, text in patterns))
    listed, opened = _direct(patterns, path)
    assert ignore.excluded("/".join(path)) is not listed
    assert ignore.hollow("/".join(path)) is (listed and not opened)


def _direct(patterns: list[tuple[bool, str]], path: list[str]) -> tuple[bool, bool]:
    """fsutil's walk and its open, one pattern and one folder after the other."""
    expressions = [re.compile(_expression(text)) for _, text in patterns]
    above = [False] * len(patterns)
    matched = False
    for depth in range(1, len(path) + 1):
        here = "/".join(path[:depth])
        matched, seen = False, []
        for (exception, _), expression, known in zip(patterns, expressions, above, strict=True):
            tried = known or exception == matched
            seen.append(known or (tried and expression.fullmatch(here) is not None))
            matched = not exception if seen[-1] else matched
        above = seen
    closed = False
    for (exception, _), expression in zip(patterns, expressions, strict=True):
        if any(expression.fullmatch("/".join(path[: depth + 1])) for depth in range(len(path))):
            closed = not exception
    return not matched, not closed


def _expression(pattern: str) -> str:
    rest = pattern.removeprefix("**")
    if rest != pattern and not any(char in rest for char in "*?["):
        return "(.*/)?" + rest[1:] if rest.startswith("/") else ".*" + rest

    def one(found: re.Match[str]) -> str:
        if not found[0].startswith("**"):
            return "[^/]*" if found[0] == "*" else "[^/]"
        return ".*" if found.end() == len(pattern) else "(.*/)?"

    return re.sub(r"\*\*/?|\*|\?", one, pattern)

"""Build scripts: comments, strings and calls in Groovy, Kotlin and Scala."""

from __future__ import annotations

import pytest

from reorder.ecosystems.jvm.build_script import (
    Token,
    calls_of,
    depths,
    filled,
    literals,
    strings,
    tokens,
    without_blocks,
)


def script(text: str) -> tuple[Token, ...]:
    found = tokens(text)
    assert found is not None
    return found


def named(text: str, name: str = "include") -> list[tuple[str, ...] | None]:
    return [literals(arguments) for _, arguments in calls_of(script(text), name)]


def test_a_script_that_is_too_big_is_not_read() -> None:
    assert tokens(" " * 400_001) is None


@pytest.mark.parametrize(
    "text",
    ["// include 'a'", "/* include 'a' */", "x = 'include a'", "it.include 'a'", "include { }"],
)
def test_what_is_no_call(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    "text", ["include name", 'include "$x"', "include(projects)", "include it"]
)
def test_arguments_that_are_not_literal(text: str) -> None:
    assert named(text) == [None]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("include 'a'", ("a",)),
        ("include 'a', // first\n  'b:c'\nrest 'x'", ("a", "b:c")),
        ('include(":a", ":b")', (":a", ":b")),
        ("include(*arrayOf('a', \"b\"))", ("a", "b")),
        ('include(listOf("a"))', ("a",)),
        ("include ':a' // include ':b'", (":a",)),
        ("if (x) { include 'a' }", ("a",)),
    ],
)
def test_literal_arguments(text: str, names: tuple[str, ...]) -> None:
    assert named(text) == [names]


def test_strings_are_filled_or_left_out() -> None:
    text = 'a(\'x\'); b("$rootDir/y"); c("${project.rootDir}/z"); d("$other/w"); e(\'$rootDir\')'
    values = {"rootDir": "/app", "project.rootDir": "/app"}
    assert list(strings(script(text), values)) == ["x", "/app/y", "/app/z", "$rootDir"]


def test_triple_quotes_hold_marks_of_comments() -> None:
    assert list(strings(script("x = \"\"\"a // b\"\"\"; y = '''c'''"), {})) == ["a // b", "c"]


def test_filled() -> None:
    assert filled("$it.gradle", {"it": "a"}) is None  # it may be a property of `it`
    assert filled("${it}.gradle", {"it": "a"}) == "a.gradle"
    assert filled("plain", {}) == "plain"


def test_blocks_are_left_out() -> None:
    kept = without_blocks(script("a { doLast { b { c } } d }"), frozenset({"doLast"}))
    assert [token.text for token in kept] == ["a", "{", "doLast", "d", "}"]


def test_depths() -> None:
    assert depths(script("a { b { c } } d")) == (0, 0, 1, 1, 2, 1, 0, 0)

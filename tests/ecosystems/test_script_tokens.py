"""Words of Ruby and Elixir: what is not code first, then strings, then the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reorder.ecosystems.script_tokens import holes, tokens


def texts(code: str, language: str = "ruby") -> list[tuple[str, str]]:
    found = tokens(code, "ruby" if language == "ruby" else "elixir")
    return [(token.kind, token.text) for token in found if token.kind != "line"]


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("# File.read('x')\n", "ruby"),
        ("=begin\nFile.read\n=end\n", "ruby"),
        ("# File.read('x')", "elixir"),
    ],
)
def test_comments_are_gone(code: str, language: str) -> None:
    assert texts(code, language) == []


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("x = `git x`", "ruby"),
        ("x = %x(git x)", "ruby"),
        ('x = "open', "ruby"),
        ("x = <<~A\n#{File.read}\nA\n", "ruby"),
        ('x = """\n#{a}\n"""', "elixir"),
    ],
)
def test_what_is_not_followed_is_odd(code: str, language: str) -> None:
    assert "odd" in [kind for kind, _ in texts(code, language)]


@pytest.mark.parametrize(
    ("code", "language", "kind", "text"),
    [
        ("'a # b'", "ruby", "string", "a # b"),
        (r'"a \" b"', "ruby", "string", r"a \" b"),
        ("%w[a b]", "ruby", "list", "a b"),
        ("%q(a (b) c)", "ruby", "string", "a (b) c"),
        ("%r{^a/}", "ruby", "string", "^a/"),
        ("~w(a b)a", "elixir", "list", "a b"),
        ("~r/a/i", "elixir", "string", "a"),
        ('"""\nFile\n"""', "elixir", "string", "\nFile\n"),
        (":a", "ruby", "symbol", "a"),
        ("a: 1", "ruby", "key", "a"),
        ('"a b": 1', "ruby", "key", "a b"),
        ("A::B", "ruby", "constant", "A::B"),
        ("Mix.Project", "elixir", "constant", "Mix.Project"),
        ("exist?", "ruby", "word", "exist?"),
        ("__dir__", "ruby", "word", "__dir__"),
        ("/a b/i", "ruby", "string", "/a b/i"),
    ],
)
def test_one_token(code: str, language: str, kind: str, text: str) -> None:
    assert texts(code, language)[0] == (kind, text)


def test_a_division_is_no_pattern() -> None:
    assert texts("a / b / c")[1] == ("op", "/")


def test_a_heredoc_without_code_is_a_string() -> None:
    assert texts('x = <<~TEXT.strip\n  File.read("x")\nTEXT\ny') == [
        ("word", "x"),
        ("op", "="),
        ("string", ""),
        ("op", "."),
        ("word", "strip"),
        ("word", "y"),
    ]


def test_code_in_a_string_is_kept() -> None:
    (token,) = tokens('"a #{b "c"} d"', "ruby")
    assert [(inner.kind, inner.text) for inner in holes(token, "ruby")] == [
        ("word", "b"),
        ("string", "c"),
    ]
    assert tokens("'a #{b}'", "ruby")[0].holes == ()
    assert tokens("'a #{b}'", "elixir")[0].holes == ("b",)


@given(st.text(alphabet="aA:%w[](){}#\"'`/~<-_=?\n \\0.", max_size=60), st.booleans())
def test_any_text(text: str, ruby: bool) -> None:
    for token in tokens(text, "ruby" if ruby else "elixir"):
        assert token.text or token.kind in ("string", "list", "symbol", "key", "odd")

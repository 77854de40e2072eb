"""Go's path rules; the tables were answered by `path/filepath` itself."""

from __future__ import annotations

import pytest

from reorder.context.gopath import BadPattern, clean, has_wildcard, inside, match


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("", "."),
        (".", "."),
        ("a", "a"),
        ("/", "/"),
        ("//", "/"),
        ("./a//b/", "a/b"),
        ("a/../..", ".."),
        ("../../a", "../../a"),
        ("/../a", "/a"),
        ("a/..", "."),
        ("/a/../..", "/"),
    ],
)
def test_clean(path: str, cleaned: str) -> None:
    assert clean(path) == cleaned


@pytest.mark.parametrize(
    ("path", "name"), [("", ""), (".", ""), ("../f", "f"), ("/a/./b/", "a/b"), ("a/../..", "")]
)
def test_inside(path: str, name: str) -> None:
    assert inside(path) == name


@pytest.mark.parametrize(
    ("text", "found"),
    [("a", False), ("a\\*b", False), ("a]", False), ("a*", True), ("\\\\[", True)],
)
def test_has_wildcard(text: str, found: bool) -> None:
    assert has_wildcard(text) is found


@pytest.mark.parametrize("pattern", ["[", "a\\", "[a", "[]a]", "[-a]", "[a-]", "[^]", "[\udce9]"])
def test_malformed(pattern: str) -> None:
    with pytest.raises(BadPattern):
        match(pattern, "a")


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("", "a"),
        ("a", ""),
        ("*", "a/b"),
        ("a*", "b"),
        ("*.md", "docs/a.md"),
        ("**", "a/b"),
        ("?", "/"),
        ("[!a]", "b"),
        ("a*b", "a/b"),
        ("a*[", "b"),
        ("ab", "abc"),
        ("*a", "ab"),
    ],
)
def test_no_match(pattern: str, name: str) -> None:
    assert not match(pattern, name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("", ""),
        ("*", ""),
        ("*", ".hidden"),
        ("a/*/c", "a/b/c"),
        ("package-lock.json*", "package-lock.json"),
        ("*a*b", "xaxb"),
        ("*ab", "aab"),
        ("[^a]", "/"),
        ("[a-c]?", "bé"),
        ("\\*", "*"),
        ("[\\]]", "]"),
        ("[^a]", "\udce9"),
        ("[\ufffd]", "\udce9"),
    ],
)
def test_match(pattern: str, name: str) -> None:
    assert match(pattern, name)

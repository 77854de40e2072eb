"""Word processing: every form of a substitution, quotes, escapes, and values that are not known."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reorder.syntax.parse import parse
from reorder.syntax.words import (
    UNKNOWN,
    Unknown,
    WordError,
    expand,
    expand_body,
    expand_words,
    pairs,
)

VALUES: dict[str, str | Unknown] = {
    "x": "val",
    "e": "",
    "p": "a/b/a.tar.gz",
    "w": "b c",
    "1": "one",
    "n": "l1\nl2",
    "u": UNKNOWN,
}


@pytest.mark.parametrize(
    ("word", "result"),
    [
        # plain
        ("a/b-c.d", "a/b-c.d"),
        ("$x", "val"),
        ("$x/y", "val/y"),
        ("${x}y", "valy"),
        ("$xy", ""),
        ("$none", ""),
        ("a${none}b", "ab"),
        ("$e", ""),
        ("$", "$"),
        ("a$", "a$"),
        ("$/", "$/"),
        ("$w/x", "b c/x"),
        ("$1", "one"),
        ("$12", ""),
        ("$@$*$#$?$-$$$!$0", ""),
        # quotes and escapes
        ("'$x'", "$x"),
        ("'a\\b'", "a\\b"),
        ('"$x"', "val"),
        ('"a\'b"', "a'b"),
        ("'a\"b'", 'a"b'),
        ('"a\\"b"', 'a"b'),
        ('"\\$x"', "$x"),
        ('"a\\b"', "a\\b"),
        ('"a\\\\b"', "a\\b"),
        ("\\$x", "$x"),
        ("c\\d", "cd"),
        ("a\\ b", "a b"),
        ("a\\", "a"),
        ("\\'x", "'x"),
        ("a<b<<c", "a<b<<c"),
        # forms
        ("${x:-d}", "val"),
        ("${e:-d}", "d"),
        ("${none:-d}", "d"),
        ("${x-d}", "val"),
        ("${e-d}", ""),
        ("${none-d}", "d"),
        ("${none-}", ""),
        ("${x:+d}", "d"),
        ("${e:+d}", ""),
        ("${none:+d}", ""),
        ("${x+d}", "d"),
        ("${e+d}", "d"),
        ("${none+d}", ""),
        ("${x:?m}", "val"),
        ("${x?m}", "val"),
        ("${e?m}", ""),
        ("${none:-${x}}", "val"),
        ("${none:-${e:-${x}}}", "val"),
        ("${none:-'$x'}", "$x"),
        ('${none:-"$x y"}', "val y"),
        ("${none:-\\}}", "}"),
        # patterns
        ("${p#*/}", "b/a.tar.gz"),
        ("${p##*/}", "a.tar.gz"),
        ("${p%.*}", "a/b/a.tar"),
        ("${p%%.*}", "a/b/a"),
        ("${p#x}", "a/b/a.tar.gz"),
        ("${p#?/}", "b/a.tar.gz"),
        ("${p#\\*}", "a/b/a.tar.gz"),
        ("${p%[a-z]z}", "a/b/a.tar.gz"),
        ("${none#x}", ""),
        ("${p/a/X}", "X/b/a.tar.gz"),
        ("${p//a/X}", "X/b/X.tXr.gz"),
        ("${p//\\//_}", "a_b_a.tar.gz"),
        ("${p/a*r/X}", "X.gz"),
        ("${x//*/X}", "X"),
        ("${x/none/X}", "val"),
        ("${p//a/}", "/b/.tr.gz"),
        ("${n#*}", "l1\nl2"),
        ("${n##*}", "\nl2"),
    ],
)
def test_expand(word: str, result: str) -> None:
    assert expand(word, VALUES.get) == result


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("${}", "bad substitution"),
        ("${:x}", "bad substitution"),
        ("${{x}}", "bad substitution"),
        ("${", "missing '}'"),
        ("${x", "unsupported modifier"),
        ("${x:-a", "missing '}'"),
        ("${x/a", "missing '/'"),
        ("${x/a/b", "missing '}'"),
        ("${x:1}", "unsupported modifier (:1)"),
        ("${x^^}", "unsupported modifier (^)"),
        ("${x,,}", "unsupported modifier (,)"),
        ("${x:#a}", "unsupported modifier (:#)"),
        ("${x:/a/b}", "unsupported modifier (:/)"),
        ("${none:?}", "none: is not allowed to be unset"),
        ("${none?stop}", "none: stop"),
        ("${e:?}", "e: is not allowed to be empty"),
        ("${x#\\a}", "invalid escape '\\a'"),
        ("'a", "single-quote"),
        ('"a', "double-quote"),
        ("it's", "single-quote"),
        ("${a:-" * 60 + "}" * 60, "nested too deeply"),
    ],
)
def test_rejected(word: str, message: str) -> None:
    with pytest.raises(WordError) as error:
        expand(word, VALUES.get)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("word", "result"),
    [
        pytest.param("${u:+}", "", id="empty either way"),
        pytest.param("${x:-$u}", "val", id="the default is not used"),
        pytest.param("${none:+$u}", "", id="the alternative is not used"),
        pytest.param("'$u'", "$u", id="quoted"),
        pytest.param("\\$u", "$u", id="escaped"),
        pytest.param("${none#$u}", "", id="a pattern on nothing"),
    ],
)
def test_a_value_that_is_not_known_may_not_matter(word: str, result: str) -> None:
    assert expand(word, VALUES.get) == result


@pytest.mark.parametrize(
    "word",
    "$u a${u}b ${u:-d} ${u-d} ${u:+d} ${u+d} ${u:?m} ${u#a} ${u/a/b} ${x/$u/b} ${x/a/$u} "
    '${none:-$u} ${x#$u} "$u" ${none:-${u}}'.split(),
)
def test_a_value_that_is_not_known(word: str) -> None:
    found = expand(word, VALUES.get)
    assert isinstance(found, Unknown)
    assert found == UNKNOWN
    assert found.name == "u"


def test_the_escape_of_the_file() -> None:
    assert expand("c:\\$x`$x", VALUES.get, "`") == "c:\\val$x"
    assert expand('"`"\\"', VALUES.get, "`") == '"\\'


def test_bytes_that_are_not_utf8_become_the_replacement_character() -> None:
    assert expand("\udcff$x", VALUES.get) == "\ufffdval"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("80 81", ("80", "81")),
        ("$w", ("b", "c")),
        ('"$w"', ("b c",)),
        ("a$w", ("ab", "c")),
        ("'' a", ("a",)),
        ("$e", ()),
        ("a\\ b", ("a b",)),
        ("80${none:-81}", ("81",)),  # as BuildKit has it: the default takes the word's buffer
    ],
)
def test_words_after_expansion(text: str, words: tuple[str, ...]) -> None:
    assert expand_words(text, VALUES.get) == words


def test_words_that_are_not_known() -> None:
    assert expand_words("80 $u", VALUES.get) == UNKNOWN


def test_a_heredoc_body_keeps_its_quotes() -> None:
    assert expand_body("'$x' \"${x}\" \\$x it's\n", VALUES.get) == "'val' \"val\" $x it's\n"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ENV A=1 B='x y'", (("A", "1"), ("B", "'x y'"))),
        ("ENV A b  c ", (("A", "b  c"),)),
        ("ENV A= B=", (("A", ""), ("B", ""))),
        ("LABEL a.b=c=d", (("a.b", "c=d"),)),
        ("ARG A", (("A", None),)),
        ("ARG A= B=c D", (("A", ""), ("B", "c"), ("D", None))),
        ("RUN A=1", ()),
    ],
)
def test_pairs(line: str, found: tuple[tuple[str, str | None], ...]) -> None:
    assert pairs(parse(f"FROM a\n{line}\n").instructions[1]) == found


@given(st.text("ax$ue{}:-+?#%/*'\"\\ <"))
def test_any_word_gives_a_result_or_a_word_error(word: str) -> None:
    found: object = None
    with suppress(WordError):
        found = expand(word, VALUES.get)
    assert found is None or isinstance(found, (str, Unknown))


def test_patterns_that_backtracking_would_not_end() -> None:
    values = {"v": "a" * 1000, "long": "a" * 1001}
    stars = "*a" * 30 + "b"
    assert expand("${v#" + stars + "}", values.get) == values["v"]
    assert expand("${v%%" + stars + "}", values.get) == values["v"]
    assert expand("${v##" + "*" * 60 + "}", values.get) == ""
    assert expand("${v//*" + "a" * 60 + "b/}", values.get) == values["v"]
    assert expand("${long#a}", values.get) == UNKNOWN
    assert expand("${v#" + "a" * 65 + "}", values.get) == UNKNOWN


def test_values_do_not_grow_without_end() -> None:
    value: str | Unknown = "x" * 1000
    for _ in range(40):
        value = expand("$a$a", {"a": value}.get)
    assert value == UNKNOWN

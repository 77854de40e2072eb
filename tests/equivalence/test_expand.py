from __future__ import annotations

import pytest

from reorder.equivalence.expand import BadText, expand, pairs
from reorder.equivalence.values import Value, plain, symbol

KNOWN = {
    "a": plain("1"),
    "e": plain(""),
    "arg": symbol("build argument", "arg", "x", text="x"),
    "none": symbol("build argument", "none"),
}


@pytest.mark.parametrize(
    "text",
    ["'a", '"a', "${a", "${}", "${:x}", "${a:1}", "${a^^}", "${gone:?no}", "${a#1}", "${a/1/2}"],
)
def test_bad_or_not_followed(text: str) -> None:
    with pytest.raises(BadText):
        expand(text, KNOWN.get)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x$a-${a}", "x1-1"),
        ("$gone", ""),
        ("'$a'", "$a"),
        ('"$a"', "1"),
        ("\\$a", "$a"),
        ('"\\$a"', "$a"),
        ("c\\d", "cd"),
        ("${gone:-w$a}", "w1"),
        ("${e:-w}", "w"),
        ("${e-w}", ""),
        ("${a:+w}", "w"),
        ("${e:+w}", ""),
        ("${e+w}", "w"),
        ("${gone:-'}'}", "}"),
        ("$1", ""),
        ("a$", "a$"),
    ],
)
def test_known_values(text: str, wanted: str) -> None:
    assert expand(text, KNOWN.get) == plain(wanted)


def test_backtick_as_escape() -> None:
    assert expand("c:\\d`$a", KNOWN.get, "`") == plain("c:\\d$a")


def test_an_argument_is_known_only_by_default() -> None:
    found = expand("/opt/$arg", KNOWN.get)
    assert found.text == "/opt/x"
    assert not found.certain
    assert found != expand("/opt/x", KNOWN.get)
    assert found == expand("/opt/${arg}", KNOWN.get)


@pytest.mark.parametrize("text", ["$none", "a$none", "${none:-a}", "${none:+a}"])
def test_an_unknown_value_stays_unknown(text: str) -> None:
    assert expand(text, KNOWN.get).text is None


def test_a_default_of_an_argument_is_kept_apart() -> None:
    one, other = expand("${arg:-a}", KNOWN.get), expand("${arg:-b}", KNOWN.get)
    assert one.text == other.text == "x"
    assert one != other


def test_pairs() -> None:
    assert pairs("a=1 b='x y' c", "\\") == (("a", "1"), ("b", "'x y'"), ("c", None))
    with pytest.raises(BadText):
        pairs("a='", "\\")


def test_values_add_up() -> None:
    assert plain("a") + plain("b") == plain("ab")
    assert (plain("a") + Value("\0x\0", None)).text is None

"""Reasons with different names in them are of one kind; different reasons are not."""

from __future__ import annotations

import pytest
from fleet.made_rows import EVIL, texts
from hypothesis import given, settings

from reorder.report.kinds import LONGEST, Said, kinds, masked


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("archived", "a fork"),
        ("the value of `$A` is not known", "the user of `a` is not known"),
        ("it reads package.json", "it writes package.json"),
        ("took longer than 600 s", "needs more than 600 MB"),
    ],
)
def test_different_reasons_stay_apart(one: str, other: str) -> None:
    assert masked(one)[0] != masked(other)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("`make` is not known", "`./x.sh --y` is not known"),
        ("the RUN of line 24 may change pyproject.toml", "the RUN of line 3 may change go.mod"),
        ("it uses /root/.cache, as it is", "it uses $HOME/x, as it is"),
        ("branch a/b has commits", "branch reorder/faster-rebuilds has commits"),
        ("no COPY brings a.json, b.json and 5 more", "no COPY brings c.json"),
        ("would take 76.8 s without", "would take 1,204 s without"),
        ("unknown (no folder has .yarn)", "unknown (no COPY names a file)"),
        (
            "`curl` stays below the source: `sh` is not understood: it may read and write anything",
            "`./x y` is not understood: it may read and write anything",
        ),
        ("error at 0123abcdef0 in history", "error at fedcba98765 in history"),
    ],
)
def test_names_do_not_count(one: str, other: str) -> None:
    assert masked(one)[0] == masked(other)[0]


def test_plain_words_are_no_names() -> None:
    reason = "the build context is not known; name it with --context"
    assert masked(reason) == (reason, "")


def test_the_program_that_is_not_understood_is_the_name() -> None:
    said = "`apt-get` stays below the source: `python3 -c` is not understood: it may read and write"
    assert masked(said)[1] == "python3"


def test_no_reason_is_a_kind_too() -> None:
    assert masked(" \n")[0] == "no reason was given"


def test_a_number_is_no_name() -> None:
    assert masked("the RUN of line 24 may change go.mod")[1] == "go.mod"


def test_a_repository_counts_once() -> None:
    said = [Said("a", "`x` is odd", "f:1", "order"), Said("a", "`x` is odd", "g:2", "split-run")]
    (kind,) = kinds([*said, Said("b", "`x` is odd"), Said("b", "`y` is odd")])
    assert (kind.repos, kind.count, kind.example) == (2, 4, said[0])
    assert kind.names == (("x", 2), ("y", 1))
    assert kind.ids == ("order", "split-run")


def test_what_most_repositories_have_is_first() -> None:
    said = [Said("a", "rare")] * 5 + [Said("b", "common"), Said("c", "common")]
    assert [kind.text for kind in kinds(said)] == ["common", "rare"]


@settings(deadline=None)
@given(texts)
def test_any_reason_has_a_kind_without_raw_characters(reason: str) -> None:
    kind, name = masked(reason + EVIL)
    assert (kind + name).isprintable()
    assert "\x1b" not in kind + name


def test_a_very_long_reason_is_looked_at_in_part() -> None:
    assert len(masked("a/" * 500_000)[0]) <= LONGEST

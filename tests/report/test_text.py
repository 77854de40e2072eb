from __future__ import annotations

import pytest

from reorder.report.style import visible
from reorder.report.text import paint, summary
from reorder.result import Advice, Change, Estimate, IgnoreChange, Refusal, Result

CHANGED = Result(
    "app/Dockerfile",
    "app",
    "changed",
    "FROM a\n",
    "FROM b\n",
    (
        Change("cache-mount", 4, "safe", "keeps the pip cache"),
        Change("manifest-first", 3, "unsafe", "installs first", ("pip reads only its manifest",)),
    ),
    (Refusal("order", 7, "the command is not known"),),
    ignore=IgnoreChange("app/.dockerignore", None, "a\nb\nc\nd\ne\n", ("a", "b", "c", "d", "e")),
)
UNCHANGED = Result("b/Dockerfile", "b", "unchanged")


def test_no_file_says_so() -> None:
    assert summary([], written=False) == "No Dockerfile found.\n"


def test_an_unchanged_file_is_only_counted() -> None:
    assert summary([UNCHANGED], written=False) == "0 files would change, 1 unchanged.\n"


def test_an_error_is_only_counted_as_it_was_told_before() -> None:
    error = Result("x", "", "error", error="x: no such file")
    assert summary([error], written=False) == "0 files would change, 0 unchanged, 1 error.\n"


def test_every_line_can_be_opened_and_is_in_the_order_of_the_file() -> None:
    assert summary([CHANGED, UNCHANGED], written=False, verbose=True) == (
        "app/Dockerfile:3: manifest-first (unsafe): installs first\n"
        "    assumes: pip reads only its manifest\n"
        "app/Dockerfile:4: cache-mount: keeps the pip cache\n"
        "app/.dockerignore: would be created with a, b, c, d and 1 more\n"
        "app/Dockerfile:7: refused order: the command is not known\n"
        "\n"
        "1 file would change, 1 unchanged, 1 refusal.\n"
    )


def test_refusals_and_assumptions_are_only_counted_where_nobody_asked() -> None:
    told = summary([CHANGED, UNCHANGED], written=False)
    assert "refused" not in told
    assert "assumes" not in told
    assert told.endswith(
        "1 file would change, 1 unchanged, 1 refusal.\n"
        "Not told: 1 refusal and 1 assumption; --verbose tells.\n"
    )


def test_why_a_file_was_skipped_is_always_told() -> None:
    skipped = Result("x", ".", "skipped", refusals=(Refusal("order", 1, "it is off"),))
    told = summary([skipped], written=False)
    assert told.startswith("x:1: refused order: it is off\n")
    assert "Not told" not in told


def test_advice_stands_with_the_changes() -> None:
    result = Result("x", ".", "unchanged", "a", "a", advice=(Advice("order", 4, "move it"),))
    assert summary([result], written=False).startswith("x:4: advice order: move it\n")


@pytest.mark.parametrize(
    ("after", "estimate"),
    [
        pytest.param("a", Estimate(48, 9, 500), id="the file stays as it is"),
        pytest.param("b", Estimate(48.1, 48.2, 500), id="the seconds read alike"),
        pytest.param("b", None, id="nothing was weighed"),
    ],
)
def test_no_saving_is_told_where_there_is_none(after: str, estimate: Estimate | None) -> None:
    result = Result("x", ".", "changed", "a", after, estimate=estimate)
    assert "expected" not in summary([result], written=False)


def test_a_changed_file_has_its_saving() -> None:
    result = Result("x", ".", "changed", "a", "b", estimate=Estimate(48, 9, 500))
    told = "x: expected rebuild 48 s -> 9.0 s (over the last 500 commits)\n"
    assert summary([result], written=False).startswith(told)


def test_written_is_told_as_done() -> None:
    ignore = IgnoreChange(".dockerignore", "a\n", "a\nb\n", ("b",))
    told = summary([Result("x", ".", "changed", "", "", ignore=ignore)], written=True)
    assert told == ".dockerignore: extended with b\n\n1 file changed, 0 unchanged.\n"


def test_skipped_and_plural_counts() -> None:
    refusals = (Refusal("order", 1, "x"), Refusal("order", 2, "y"))
    told = summary([Result("a", ".", "skipped", refusals=refusals)], written=False)
    assert told.endswith("\n0 files would change, 0 unchanged, 1 skipped, 2 refusals.\n")


def test_colour_only_on_request() -> None:
    assert "\x1b" not in summary([CHANGED], written=False)
    assert "\x1b[32mmanifest-first\x1b[0m" in summary([CHANGED], written=False, colour=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 日本\ttab", "plain é 日本\ttab"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\nb", "a\\nb"),
        ("caf\udce9", "caf\\udce9"),
        ("abc\u202etxt", "abc\\u202etxt"),
    ],
)
def test_control_characters_are_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_nothing_from_a_file_reaches_the_terminal_raw() -> None:
    evil = "\x1b[2J"
    hostile = Result(
        f"{evil}x",
        ".",
        "changed",
        changes=(Change("order", 1, "safe", evil, (evil,)),),
        refusals=(Refusal("order", 1, evil),),
        ignore=IgnoreChange(f"{evil}y", None, "", (evil,)),
    )
    assert evil not in summary([hostile], written=False, colour=True, verbose=True)


def test_paint_colours_by_line_and_hides_line_ends_of_crlf() -> None:
    painted = paint("diff --git a/x b/x\n@@ -1 +1 @@\n-a\r\n+b\x1b[2J\r\n c\n")
    assert painted.split("\n") == [
        "\x1b[1mdiff --git a/x b/x\x1b[0m",
        "\x1b[2m@@ -1 +1 @@\x1b[0m",
        "\x1b[31m-a\x1b[0m",
        "\x1b[32m+b\\x1b[2J\x1b[0m",
        " c",
        "",
    ]

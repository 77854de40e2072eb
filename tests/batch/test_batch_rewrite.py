"""Many files at once, with a stand-in for the pipeline."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reorder.batch.edits import Edit, edits
from reorder.batch.rewrite import attempt, error_row, rewrite_all
from reorder.config import Options
from reorder.errors import InputError
from reorder.result import Change, IgnoreChange, Result

OPTIONS = Options()


def lines_added(
    wanted: Mapping[str, Callable[[str], str]], disk: str | None = None
) -> Callable[[Path, Options, Mapping[Path, str]], Result]:
    """A pipeline for files of one context, each of which wants a line in `.dockerignore`.

    `wanted` maps a file to a function from the ignore text to the line it wants, "" for none.
    """

    def rewrite(path: Path, options: Options, ignores: Mapping[Path, str]) -> Result:
        assert options is OPTIONS
        seen = ignores.get(Path(os.path.abspath(".dockerignore")), disk)
        line = wanted[str(path)](seen or "")
        text = f"for {(seen or '') + line}"
        if not line:
            return Result(str(path), ".", "changed", "old", text)
        ignore = IgnoreChange(".dockerignore", seen, (seen or "") + line, (line,))
        said = (Change("dockerignore", 1, "safe", f"adds {line}"),)
        return Result(str(path), ".", "changed", "old", text, said, ignore=ignore)

    return rewrite


def nothing(_: str) -> str:
    return ""


def once(line: str) -> Callable[[str], str]:
    return lambda seen: "" if line in seen else line


def results(rewrite: Callable[..., Result], *paths: str) -> tuple[Result, ...]:
    return tuple(outcome.result for outcome in rewrite_all(paths, lambda _: OPTIONS, rewrite))


def test_no_file_has_no_outcome() -> None:
    assert rewrite_all((), lambda _: OPTIONS, lines_added({})) == ()


def test_a_bad_file_does_not_stop_the_others() -> None:
    def rewrite(path: Path, options: Options, ignores: Mapping[Path, str]) -> Result:
        if str(path) == "bad":
            raise InputError("bad", "unknown instruction", 3)
        return Result(str(path), ".", "unchanged")

    assert results(rewrite, "a", "bad", "b") == (
        Result("a", ".", "unchanged"),
        error_row("bad", "bad:3: unknown instruction"),
        Result("b", ".", "unchanged"),
    )


def test_a_bug_is_an_error_row_and_keeps_its_exception() -> None:
    bug = ZeroDivisionError("x")

    def rewrite() -> Result:
        raise bug

    outcome = attempt("a", rewrite)
    assert outcome.bug is bug
    assert outcome.result == error_row("a", "a: internal error (ZeroDivisionError)")


def test_files_without_ignore_changes_are_done_once() -> None:
    calls: list[str] = []

    def rewrite(path: Path, options: Options, ignores: Mapping[Path, str]) -> Result:
        calls.append(str(path))
        return Result(str(path), ".", "changed", "a", "b")

    results(rewrite, "a", "b")
    assert calls == ["a", "b"]


def test_a_later_file_starts_from_the_ignore_text_of_an_earlier_one() -> None:
    first, second = results(lines_added({"a": once("A"), "b": nothing}), "a", "b")
    assert (first.after, second.after) == ("for A", "for A")
    assert second.ignore is None


def test_an_earlier_file_is_done_again_for_the_final_ignore_text() -> None:
    rewrite = lines_added({"a": once("A"), "b": once("B")}, disk="x")
    first, second = results(rewrite, "a", "b")
    assert (first.after, second.after) == ("for xAB", "for xAB")
    assert first.changes == (Change("dockerignore", 1, "safe", "adds A"),)
    assert first.ignore == IgnoreChange(".dockerignore", "x", "xAB", ("A",))
    assert second.ignore == IgnoreChange(".dockerignore", "xAB", "xAB", ("B",))
    assert edits([first, second])[1] == Edit(".dockerignore", "x", "xAB")


def test_what_a_file_adds_when_done_again_is_kept() -> None:
    def more(seen: str) -> str:
        return "A" if "A" not in seen else "C" if "B" in seen and "C" not in seen else ""

    first, second = results(lines_added({"a": more, "b": once("B")}), "a", "b")
    assert (first.after, second.after) == ("for ABC", "for ABC")
    assert first.ignore == IgnoreChange(".dockerignore", None, "ABC", ("A", "C"))
    assert second.ignore == IgnoreChange(".dockerignore", "ABC", "ABC", ("B",))


def test_an_ignore_file_that_never_comes_to_rest_is_a_bug() -> None:
    rewrite = lines_added({"a": lambda _: "A", "b": lambda _: "B"})
    with pytest.raises(RuntimeError, match="do not come to rest"):
        rewrite_all(("a", "b"), lambda _: OPTIONS, rewrite)


def test_one_context_under_two_names_is_one() -> None:
    inner = lines_added({"a": once("A"), "b": once("B")})

    def rewrite(path: Path, options: Options, ignores: Mapping[Path, str]) -> Result:
        result = inner(path, options, ignores)
        return replace(result, context=os.getcwd()) if str(path) == "b" else result

    first, second = results(rewrite, "a", "b")
    assert (first.after, second.after) == ("for AB", "for AB")


def test_another_context_is_not_done_again() -> None:
    calls: list[str] = []

    def rewrite(path: Path, options: Options, ignores: Mapping[Path, str]) -> Result:
        calls.append(str(path))
        context = str(path.parent)
        ignore = IgnoreChange(f"{context}/.dockerignore", None, "x", ("x",))
        return Result(str(path), context, "changed", "a", "b", ignore=ignore)

    results(rewrite, "a/Dockerfile", "b/Dockerfile")
    assert calls == ["a/Dockerfile", "b/Dockerfile"]


def test_who_shares_an_ignore_file_with_a_failure_is_left_alone() -> None:
    inner = lines_added({"a": once("A"), "b": once("B")})
    calls: list[str] = []

    def rewrite(path: Path, options: Options, ignores: Mapping[Path, str]) -> Result:
        calls.append(str(path))
        if calls == ["a", "b", "a"]:
            raise InputError("a", "is gone")
        return inner(path, options, ignores)

    first, second = results(rewrite, "a", "b")
    assert first == error_row("a", "a: is gone")
    assert second.status == "error"
    assert second.error == "b: left alone, because it shares an ignore file with a, which failed"

"""The 33 pitfalls of the parser: input, and what BuildKit reads in it."""

from __future__ import annotations

import pytest

from reorder.syntax.nodes import File
from reorder.syntax.parse import parse
from reorder.syntax.views import copy, from_, script
from reorder.syntax.words import UNKNOWN, WordError, expand, expand_words, pairs


def lines(text: str, *, top: str = "FROM a\n") -> list[str]:
    """Keyword and arguments of each instruction after the first line of an accepted file."""
    file = accepted(text, top=top)
    return [f"{i.keyword} {i.args}".rstrip() for i in file.instructions[1:]]


def accepted(text: str, *, top: str = "FROM a\n") -> File:
    file = parse(top + text)
    assert file.problems == ()
    return file


def problem(text: str, *, top: str = "FROM a\n") -> str:
    problems = parse(top + text).problems
    assert problems, "accepted"
    return problems[0].message


def test_01_a_comment_above_a_directive_disables_it() -> None:
    assert lines("# c\n# escape=`\nFROM a\nRUN x \\\n y\n", top="") == ["run x  y"]


def test_02_a_blank_line_above_a_directive_disables_it() -> None:
    assert lines("\n# escape=`\nFROM a\nRUN x \\\n y\n", top="") == ["run x  y"]


def test_03_with_backtick_a_backslash_at_the_end_is_data() -> None:
    found = lines("# escape=`\nFROM a\nCOPY c:\\x c:\\y\\\nCMD z\n", top="")
    assert found == ["copy c:\\x c:\\y\\", "cmd z"]


def test_04_bad_directives() -> None:
    assert "only one syntax" in problem("# syntax=x\n# syntax=x\nFROM a\n", top="")
    assert "invalid escape token" in problem("# escape=x\nFROM a\n", top="")


def test_05_a_shebang_hides_escape_but_not_syntax() -> None:
    file = parse("#!/bin/x\n# escape=`\nFROM a\n")
    assert (file.escape, file.directives) == ("\\", ())
    file = parse("#!/bin/x\n# syntax=y\nFROM a\n")
    assert (file.directive("syntax"), file.header) == ("y", "#!/bin/x\n# syntax=y\n")


def test_06_comments_and_blank_lines_in_a_continuation() -> None:
    assert lines("RUN a \\\n# c \\\n\n  && b\n") == ["run a   && b"]


def test_07_blank_lines_do_not_end_a_continuation() -> None:
    assert lines("RUN x \\\n\nCMD y\n") == ["run x CMD y"]


def test_08_doubled_escapes_do_not_continue() -> None:
    assert lines("RUN foo \\\\\nCMD x\n") == ["run foo \\\\", "cmd x"]
    assert lines("RUN foo \\\\\\\nCMD x\n") == ["run foo \\\\\\", "cmd x"]


def test_09_joined_without_a_blank_from_the_line_of_the_escape() -> None:
    file = accepted("\\\nRUN foo\\\nbar\n")
    assert file.instructions[1].args == "foobar"
    assert file.instructions[1].line == 2


def test_10_blanks_after_the_escape() -> None:
    assert lines("RUN a \\\t \n b\n") == ["run a  b"]


def test_11_two_heredocs() -> None:
    file = accepted("RUN cat <<A && cat <<'B' > /x\n1\nA\n2\nB\nCMD x\n")
    found = [(h.name, h.content, h.expand) for h in file.instructions[1].heredocs]
    assert found == [("A", "1\n", True), ("B", "2\n", False)]
    assert file.instructions[2].keyword == "cmd"


def test_12_tabs_of_a_chomped_heredoc() -> None:
    run = accepted("RUN <<-E\n\tx\n\tE\n").instructions[1]
    assert run.heredocs[0].chomp
    assert run.heredocs[0].content == "\tx\n"
    assert script(run).text == "x\n"


def test_13_blanks_around_a_terminator() -> None:
    assert "unterminated heredoc" in problem("RUN <<E\nx\n E\n")
    assert "unterminated heredoc" in problem("RUN <<E\nx\nE \n")


def test_14_shift_in_arithmetic() -> None:
    assert "unterminated heredoc" in problem("RUN echo $((1 << 3))\n")
    assert lines("RUN echo $((1<<3))\n") == ["run echo $((1<<3))"]


def test_15_what_is_no_heredoc() -> None:
    assert lines("RUN cat <<<w\nCMD x\n") == ["run cat <<<w", "cmd x"]
    assert lines("RUN cat<<E\nCMD x\n") == ["run cat<<E", "cmd x"]


def test_16_an_apostrophe_hides_a_heredoc() -> None:
    assert "unknown instruction: X" in problem("RUN echo it's <<E\nx\nE\n")


def test_17_a_heredoc_in_a_shell_comment_swallows_lines() -> None:
    assert lines("RUN echo hi # <<E\nCMD x\nE\n") == ["run echo hi # <<E"]


def test_18_no_heredoc_in_json() -> None:
    assert lines('RUN ["cat","<<E"]\nCMD x\n') == ['run ["cat","<<E"]', "cmd x"]
    file = accepted('COPY ["<<E","/x"]\n')
    assert [(inline.name, inline.text) for inline in copy(file.instructions[1]).inline] == [
        ("E", "")
    ]


def test_19_inline_files() -> None:
    view = copy(accepted('COPY <<a <<"b" /d/\n1\na\n2\nb\n').instructions[1])
    assert [(f.name, f.text, f.expand) for f in view.inline] == [
        ("a", "1\n", True),
        ("b", "2\n", False),
    ]
    assert (view.sources, view.dest) == ((), "/d/")
    broken = copy(parse("FROM a\nCOPY << a /d/\n1\na\n").instructions[1])
    assert broken.sources == ("<<", "a")


def test_20_a_trigger_with_a_heredoc() -> None:
    (_, trigger) = accepted("ONBUILD RUN <<E\nx\nE\n").instructions
    assert trigger.inner is not None
    assert trigger.inner.text == "RUN <<E\nx\nE\n"
    assert trigger.heredocs == trigger.inner.heredocs
    assert trigger.heredocs[0].content == "x\n"


@pytest.mark.parametrize("args", ["['a']", '["a" "b"]', '["a",]', '["a"] && b', '["a",1e999]'])
def test_21_broken_json_is_shell_form(args: str) -> None:
    (_, run) = accepted(f"RUN {args}\n").instructions
    assert (run.is_json, run.words) == (False, (args,))


def test_21_an_element_that_is_no_string() -> None:
    assert "comprised of strings only" in problem('CMD [ "a", 1 ]\n')


def test_22_paths_with_blanks() -> None:
    quoted = accepted('COPY "a b" /x\n').instructions[1]
    assert quoted.words == ('"a', 'b"', "/x")
    with pytest.raises(WordError):
        expand(quoted.words[0], lambda name: None)
    assert accepted("COPY a\\ b /x\n").instructions[1].words == ("a\\", "b", "/x")
    assert accepted('COPY ["a b","/x"]\n').instructions[1].words == ("a b", "/x")
    with pytest.raises(WordError):
        expand("it's", lambda name: None)


def test_23_flags_of_copy() -> None:
    assert copy(accepted("COPY x --chown=1 y\n").instructions[1]).sources == ("x", "--chown=1")
    assert "missing a value on flag: --link" in problem("COPY --link= x y\n")
    assert "missing a value on flag: --from" in problem("COPY --from x y\n")
    assert "duplicate flag" in problem("COPY --chown=1 --chown=1 x y\n")
    assert copy(accepted("COPY -- --x y\n").instructions[1]).sources == ("--x",)


@pytest.mark.parametrize("line", ["RUN --foo x", "CMD --foo", "ENV --a=1 B=2"])
def test_24_unknown_flags(line: str) -> None:
    assert "unknown flag" in problem(line)


@pytest.mark.parametrize("line", ["ARG --foo X=1", "STOPSIGNAL --foo 9", "HEALTHCHECK --x NONE"])
def test_24_flags_that_nobody_reads(line: str) -> None:
    assert accepted(line).instructions[1].flags


def test_25_forms_of_env() -> None:
    assert pairs(accepted("ENV A b c\n").instructions[1]) == (("A", "b c"),)
    assert pairs(accepted("ENV G = h\n").instructions[1]) == (("G", "= h"),)
    assert "can't find =" in problem("ENV A=1 B\n")
    assert pairs(accepted("ENV A=b #c=d\n").instructions[1]) == (("A", "b"), ("#c", "d"))


def test_26_stage_names() -> None:
    first, second = accepted("FROM a AS Foo\nFROM Foo\n", top="").instructions
    assert (from_(first).stage, from_(second).image) == ("foo", "Foo")
    assert "invalid name for build stage" in problem("FROM a as 1x\n", top="")
    assert "either one or three arguments" in problem("FROM a b\n", top="")
    assert "either one or three arguments" in problem("FROM a # c\n", top="")


def test_27_before_the_first_from() -> None:
    assert "no build stage" in problem("ARG X\nRUN y\n", top="")
    assert parse("ARG X\nFROM a\n").problems == ()


def test_28_volume_in_brackets() -> None:
    assert accepted("VOLUME [ /e ]\n").instructions[1].words == ("[", "/e", "]")
    assert "at least one argument" in problem("EXPOSE \n")


def test_29_the_rest_of_the_line_is_one_argument() -> None:
    workdir, user = accepted('WORKDIR "a b"\nUSER a b\n').instructions[1:]
    assert expand(workdir.words[0], lambda name: None) == "a b"
    assert user.words == ("a b",)


def test_30_line_ends() -> None:
    assert lines("\ufeffFROM a\r\nRUN x \\\r\n  y\r\n", top="") == ["run x   y"]
    run = accepted("FROM a\r\nRUN <<E\r\nx\r\nE\r\n", top="").instructions[1]
    assert run.heredocs[0].content == "x\r\n"
    assert lines("RUN a\rRUN b\n") == ["run a\rRUN b"]
    assert "max allowed size" in problem("RUN " + "x" * 70_000)


def test_31_a_run_without_a_command() -> None:
    assert lines("RUN\nRUN --mount=type=cache,target=/x\nRUN []\n") == ["run", "run", "run []"]


def test_32_healthcheck_and_case() -> None:
    assert "Missing command" in problem("HEALTHCHECK CMD\n")
    assert lines("healthcheck none\ncOpY a b\n") == ["healthcheck none", "copy a b"]
    assert accepted("fRoM a\n", top="").instructions[0].keyword == "from"


def test_33_flags_are_read_by_bytes() -> None:
    assert copy(accepted("COPY --exclude=é . .\n").instructions[1]).exclude == ("Ã©",)


def test_expose_splits_after_expansion() -> None:
    assert expand_words("$P 90", {"P": "80 81"}.get) == ("80", "81", "90")
    assert expand_words("$P", lambda name: UNKNOWN) == UNKNOWN

"""Where a shell text may be cut: reasons against it first, then cuts, then against a real `sh`."""

from __future__ import annotations

import pytest

from reorder.shell.chain import Link, chain, stops_on_failure
from reorder.shell.nodes import Opaque


def links(text: str, *, errexit: bool = False) -> tuple[Link, ...]:
    found = chain(text, errexit=errexit)
    assert not isinstance(found, Opaque), found
    return found


def shown(text: str, *, errexit: bool = False) -> str:
    """The commands, `+` where what they are joined to needs the same shell, `|` where not."""
    found = links(text, errexit=errexit)
    signs = ["+" if link.held else "|" for link in found[:-1]]
    texts = [text[slice(*link.span)] for link in found]
    return texts[0] + "".join(f" {s} {t}" for s, t in zip(signs, texts[1:], strict=True))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("npm ci; make", "a failure of `npm ci` does not end the script"),
        ("npm ci\nmake\n", "a failure of `npm ci` does not end the script"),
        ("set -e; a && npm ci; make", "a failure of `a && npm ci` does not end the script"),
        ("set -e; if a; then b; fi; make", "does not end the script"),
        ("set -e; { a; }; make", "does not end the script"),
        ("set -e; (a); make", "does not end the script"),
        ("set -e; ! a; make", "does not end the script"),
        ("set -e; a || b && c; make", "does not end the script"),
        ("set -e && (a; b) && make", "`&&` keeps `set -e` from acting within `(a; b)`"),
        ("set -e; if a; then b; fi && make", "`&&` keeps `set -e` from acting"),
        ("set -e && a $(b; c) && make", "`&&` keeps `set -e` from acting"),
        ("(set -e; a; b) && make", "`&&` keeps `set -e` from acting"),
        ("set +e; a; make", "what `set` does to the shell"),
        ("set -- x && npm ci && make", "what `set` does to the shell"),
        ("set -ef && npm ci && make", "what `set` does to the shell"),
        ("set -o allexport && npm ci && make", "what `set` does to the shell"),
        ("export A=1 && npm ci && make", "what `export` does to the shell"),
        ("A=1 && npm ci && make", "A is set for what follows"),
        ("A=$(cat v) && npm ci && make", "A is set for what follows"),
        ("A=1 : && npm ci && make", "A is set for what follows"),
        (": ${A:=1} && npm ci && make", "A is set for what follows"),
        (": ${B-${A=1}} && npm ci && make", "A is set for what follows"),
        (": $((A = 1)) && npm ci && make", "A is set for what follows"),
        ("umask 2 && npm ci && make", "what `umask` does"),
        ("ulimit -n 9 && npm ci && make", "what `ulimit` does"),
        ("trap 'rm x' EXIT && npm ci && make", "what `trap` does"),
        (". ./env && npm ci && make", "what `.` does"),
        ("eval x && npm ci && make", "what `eval` does"),
        ("exec 3>x && npm ci && make", "what `exec` does"),
        ("command cd x && npm ci && make", "what `command` does"),
        ("read A < x && npm ci && make", "what `read` does"),
        ("printf -v A x && npm ci && make", "`printf -v` sets a variable"),
        ("cd && npm ci && make", "what `cd` does"),
        ("cd - && npm ci && make", "what `cd` does"),
        ("cd $X && npm ci && make", "what `cd` does"),
        ("cd ~ && npm ci && make", "what `cd` does"),
        ("cd a* && npm ci && make", "what `cd` does"),
        ("cd a > x && npm ci && make", "what `cd` does"),
        ("pushd a && npm ci && make", "what `pushd` does"),
        ("\"c\"d - && npm ci && make", "what `cd` does"),
        ("$X a && npm ci && make", "a command whose name is not known"),
        ("f() { cd x; } && npm ci && make", "the function f is defined"),
        ("for d in a b; do x; done && make && y", "the loop sets d"),
        ("if a; then cd x; fi && npm ci && make", "what `cd` does"),
        ("while a; do cd x; done && npm ci && make", "what `cd` does"),
        ("case x in a) cd x;; esac && npm ci && make", "what `cd` does"),
        ("{ cd x; } && npm ci && make", "what `cd` does"),
        ("{ A=1; } > x && npm ci && make", "A is set for what follows"),
        ("exit 0 && npm ci && make", "`exit` may end the script"),
        ("npm ci && echo $?", "`$?` is about the shell"),
        ("npm ci && echo ${?}", "`${?` is about the shell"),
        ("npm ci && echo $_", "`$_` is about the shell"),
        ("npm ci && echo $$", "`$$` is about the shell"),
        ("npm ci && echo $-", "`$-` is about the shell"),
        ("npm ci && echo $OLDPWD", "`OLDPWD` is about the shell"),
        ("npm ci && cat <<E\nx\nE\n", "here-document"),
    ],
)  # fmt: skip
def test_the_first_command_is_held(text: str, reason: str) -> None:
    first = next(link for link in links(text) if not link.repeated)
    assert first.held is not None
    assert reason in first.held


def test_what_a_command_keeps_holds_all_that_follows() -> None:
    assert shown("a && export X=1 && b && c") == "a | export X=1 + b + c"


@pytest.mark.parametrize("text", ["a & b", "npm ci && (a & b)", "if", "a 'b", "x=(1 2) && a"])
def test_what_is_not_read_is_not_cut(text: str) -> None:
    found = chain(text)
    assert isinstance(found, Opaque) or all(link.held for link in found[:-1])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("npm ci && make", "npm ci | make"),
        ("npm ci && npm run build || true", "npm ci && npm run build || true"),
        ("a || b && c && d", "a || b | c | d"),
        ("a; b && c", "a + b | c"),
        ("a | b && c > f && (d; e)", "a | b | c > f | (d; e)"),
        ("X=1 a && $BIN/b && echo $_X && c", "X=1 a | $BIN/b | echo $_X | c"),
        ("(cd x; A=1) && b", "(cd x; A=1) | b"),
        ("if a; then b; fi && c", "if a; then b; fi | c"),
        ("! a && b", "! a | b"),
        ("set -e\na # one\n# two\nb\n", "set -e | a | b"),
        ("set -euo pipefail; a | b; c || d; e", "set -euo pipefail | a | b | c || d | e"),
        ("set -o errexit; a; b", "set -o errexit | a | b"),
        ("set -e && ! a | b && c", "set -e | ! a | b | c"),
        ("set -e && a || b && c", "set -e && a || b + c"),
        ("set -e && (a; b)", "set -e | (a; b)"),
        ("a; set -e; b; c", "a + set -e | b | c"),
        ("a &&\\\n b", "a | b"),
        ("pwd && true && printf x && hash -r", "pwd | true | printf x | hash -r"),
    ],
)
def test_cuts(text: str, wanted: str) -> None:
    assert shown(text) == wanted


def test_a_shell_that_was_started_with_e() -> None:
    assert shown("a; b", errexit=True) == "a | b"


@pytest.mark.parametrize(
    ("shell", "wanted"),
    [
        (("/bin/sh", "-c"), False),
        (("/bin/bash", "--noprofile", "-c"), False),
        (("/bin/bash", "-o", "pipefail", "-c"), False),
        (("/bin/sh", "-ec"), True),
        (("/bin/bash", "-euxo", "pipefail", "-c"), True),
    ],
)
def test_shells_that_stop_on_failure(shell: tuple[str, ...], wanted: bool) -> None:
    assert stops_on_failure(shell) is wanted


def test_set_and_cd_are_in_force_for_what_follows() -> None:
    text = "set -ex; a; cd web; b; cd ../api && c"
    found = [link for link in links(text) if not link.repeated]
    fronts = [[text[slice(*span)] for span in link.front] for link in found]
    assert fronts == [["set -ex"], ["set -ex", "cd web"], ["set -ex", "cd web", "cd ../api"]]
    assert [link.folders for link in found] == [(), ("web",), ("web", "../api")]


@pytest.mark.parametrize(
    ("text", "plain"),
    [("npm ci", True), ("(a)", False), ("a | b", False), ("a $(b; c)", False), ("a `b`", False)],
)
def test_what_set_e_means_nothing_to(text: str, plain: bool) -> None:
    assert links(text)[0].plain is plain

"""What `calls` says of single constructs; what is not understood comes first."""

from __future__ import annotations

import pytest

from reorder.shell.calls import calls
from reorder.shell.nodes import Call, Opaque

ENV = {"HOME": "/root", "PATH": "/usr/bin:/bin", "VERSION": "3.12", "FLAGS": "-a -b", "ARG": None}


def understood(text: str) -> tuple[Call, ...]:
    found = calls(text, "/app", ENV)
    assert not isinstance(found, Opaque), found.reason
    return found


def shown(text: str) -> list[str]:
    """Each call's words; `?` marks an unknown one, `*` a pattern."""
    marks = {"literal": "", "unknown": "?", "glob": "*"}
    return [" ".join(marks[a.kind] + a.text for a in call.args) for call in understood(text)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("if true; then a", "syntax", id="an if without end"),
        pytest.param("a 'b", "syntax", id="an open quote"),
        pytest.param("a ) b", "syntax", id="a stray parenthesis"),
        pytest.param("a\r\nb", "carriage return", id="windows line ends"),
        pytest.param("a \0", "null character", id="a null character"),
        pytest.param("server & client", "background", id="background"),
        pytest.param("a && b &", "background", id="a list in the background"),
        pytest.param('eval "$(x)"', "`eval`", id="eval"),
        pytest.param("source ./env && a", "`source ./env` runs a script", id="source"),
        pytest.param(". /etc/profile; a", "`. /etc/profile` runs a script", id="dot"),
        pytest.param("alias a=b; a", "`alias`", id="alias"),
        pytest.param("trap 'rm x' EXIT; a", "`trap`", id="trap"),
        pytest.param("command eval a", "`eval`", id="eval behind command"),
        pytest.param("diff <(a) b", "process substitution", id="process substitution"),
        pytest.param("a &> f", "`&>`", id="both outputs, which sh reads as background"),
        pytest.param("cd - && a", "`cd -`", id="cd to the folder before"),
        pytest.param("cd $ARG && a", "$ARG", id="cd to an unknown folder"),
        pytest.param("cd $(mktemp -d) && a", "$(mktemp -d)", id="cd to a computed folder"),
        pytest.param("cd x-* && a", "x-*", id="cd to a pattern"),
        pytest.param("cd x || true; a", "depends on a condition", id="cd that may fail"),
        pytest.param("if a; then cd x; fi; b", "depends on a condition", id="cd in a branch"),
        pytest.param("a || cd x; b", "depends on a condition", id="cd as the alternative"),
        pytest.param("while a; do cd x; b; done", "depends on a condition", id="cd in a loop"),
        pytest.param("CDPATH=/x; cd y && a", "CDPATH", id="cd with a search path"),
        pytest.param("popd", "`popd`", id="popd of nothing"),
        pytest.param("$ARG install", "$ARG", id="an unknown command may be a builtin"),
        pytest.param('"$(which a)" b', "not known", id="a computed command may be a builtin"),
        pytest.param("$(dirname /x/y) b", "not known", id="a slash inside a substitution"),
        pytest.param("f() { f; }; f", "calls itself", id="recursion"),
        pytest.param("if a; then f() { b; }; fi; f", "condition", id="a function that may exist"),
        pytest.param("IFS=,; a $ARG", "IFS", id="another field separator"),
        pytest.param("set -f; a *", "`set -f`", id="patterns switched off"),
        pytest.param("shopt -s dotglob; a *", "dotglob", id="patterns that match more"),
        pytest.param("exec > log; a", "`exec`", id="exec redirects the rest"),
        pytest.param("(( x = 1 ))", "`((`", id="an arithmetic command"),
        pytest.param("select x in a; do b; done", "select", id="select"),
        pytest.param("for ((i=0;i<3;i++)); do a; done", "for", id="a loop of bash"),
        pytest.param("case x in a) b ;& c) d ;; esac", "falls through", id="case falls through"),
        pytest.param("a `b \\`c\\``", "backslash", id="nested backticks"),
        pytest.param("a > $FLAGS", "redirection", id="a redirection to two words"),
        pytest.param("env -S 'a b'", "`env`", id="env splits a string"),
        pytest.param("sh -c 'eval x'", "`eval`", id="an opaque inner script"),
        pytest.param("sh -c 'if'", "syntax", id="a broken inner script"),
        pytest.param("time cd x && a", "time", id="time is a keyword or a program"),
        pytest.param("a && \\ b", "escaped blank", id="an escaped blank before a word"),
        pytest.param("while A=1 B=2\na; do b; done", "a line ends", id="assignments on a line"),
        pytest.param("printf -v X a", "printf -v", id="printf sets a variable"),
        pytest.param("return; a", "`return`", id="return without a function"),
        pytest.param("break; a", "loop", id="break without a loop"),
        pytest.param("( " * 80 + "a" + " )" * 80, "nested", id="nested too deeply"),
        pytest.param("a\n" * 2001, "too many calls", id="too many calls"),
    ],
)
def test_opaque(text: str, reason: str) -> None:
    found = calls(text, "/app", ENV)
    assert isinstance(found, Opaque), found
    assert reason in found.reason


def test_a_start_up_file_of_bash_is_opaque() -> None:
    assert isinstance(calls("a", "/", {"BASH_ENV": "/root/.env"}), Opaque)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("# only a comment", id="a comment"),
        pytest.param("set -eux -o pipefail; export A=b; A=c; unset A", id="the shell's own state"),
        pytest.param("true; :; false; pwd; exit 0; a", id="no programs, and none after exit"),
        pytest.param("f() { a; }", id="a function that is not called"),
        pytest.param("if false; then a; fi; true || b; false && c", id="branches not taken"),
        pytest.param("true > /dev/null 2>&1", id="no file"),
    ],
)
def test_no_calls(text: str) -> None:
    assert understood(text) == ()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("a 'b  c' \"d $VERSION\" e\\ f", ["a b  c d 3.12 e f"], id="quotes"),
        pytest.param('a $FLAGS "$FLAGS"', ["a -a -b -a -b"], id="a known variable is split"),
        pytest.param("a $ARG $NONE", ["a ?$ARG ?$NONE"], id="a variable that may be anything"),
        pytest.param("unset VERSION; a x$VERSION ${VERSION:-y}", ["a x y"], id="unset"),
        pytest.param("a ${NONE:-x}", ["a ?${NONE:-x}"], id="the base image may set it"),
        pytest.param("a ${VERSION%.*} ${VERSION##*.} ${#VERSION}", ["a 3 12 4"], id="trimmed"),
        pytest.param("a ${VERSION/./_} ${VERSION^^}", ["a 3_12 ?${VERSION^^}"], id="replaced"),
        pytest.param("a ~ ~/x ~bob x~ '~'", ["a /root /root/x ?~bob x~ ~"], id="tilde"),
        pytest.param("a {b,c} {1..3} {} x{y}", ["a ?{b,c} ?{1..3} {} x{y}"], id="braces"),
        pytest.param("a *.txt '*' \\* [ x[ab]", ["a **.txt * * [ *x[ab]"], id="patterns"),
        pytest.param("a '*'/* [^a]*", ["a ?'*'/* ?[^a]*"], id="patterns that are not sure"),
        pytest.param("a $'b' $((1+1))", ["a ?$'b' ?$((1+1))"], id="what shells disagree on"),
        pytest.param("a $(b c) `d`", ["b c", "d", "a ?$(b c) ?`d`"], id="substitutions"),
        pytest.param("a $(pwd)/x $PWD", ["a /app/x /app"], id="the folder"),
        pytest.param('a "$(b "$(c)")"', ["c", 'b ?"$(c)"', 'a ?"$(b "$(c)")"'], id="nested"),
        pytest.param("X=$(a); b $X", ["a", "b ?$X"], id="an assigned substitution"),
        pytest.param("X=1; X+=2; a $X", ["a ?$X"], id="what only bash appends"),
        pytest.param("X=1 a $X", ["a ?$X"], id="a prefix is not seen by its own words"),
        pytest.param("a | b |& c", ["a", "b", "c"], id="pipes"),
        pytest.param("! a || (b; c) && { d; }", ["a", "b", "c", "d"], id="lists"),
        pytest.param("a <<EOF && b\n$(c)\nEOF\nd", ["c", "a", "b", "d"], id="a heredoc"),
        pytest.param("a <<'EOF'\n$(c)\nEOF", ["a"], id="a quoted heredoc"),
        pytest.param('a <<< "$(b)"', ["b", "a"], id="a here-string"),
        pytest.param("a # b\nc # d", ["a", "c"], id="comments"),
        pytest.param("a \\\n  b\\\nc", ["a bc"], id="continued lines"),
        pytest.param(
            "[ -f x ] && [[ $ARG == y* || -d z ]] && test -e w",
            ["[ -f x ]", "[[ ?$ARG == y* || -d z ]]", "test -e w"],
            id="tests",
        ),
        pytest.param("case $ARG in a|b) c ;; *) d $(e) ;; esac", ["c", "e", "d ?$(e)"], id="case"),
        pytest.param("for x in a 'b c'; do d $x; done", ["d a", "d b c"], id="a literal loop"),
        pytest.param(
            "for x in $ARG y; do d $x; done; e $x", ["d ?$x", "d y", "e ?$x"], id="a loop"
        ),
        pytest.param("for x in *.c; do :; done", [": **.c"], id="a listing that no round reads"),
        pytest.param("while read x; do a $x; done < f", [":", "a ?$x"], id="read"),
        pytest.param("x=1; while a $x; do x=2; done; b $x", ["a ?$x", "b ?$x"], id="carried over"),
        pytest.param(
            "for x in a b; do c; [ $x ] && break; done", ["c", "[ a ]", "c", "[ b ]"], id="break"
        ),
        pytest.param("f() { a $1 \"$@\"; }; f x 'y z'", ["a x x y z"], id="parameters"),
        pytest.param("f() { a $1; }; f $ARG x", ["a ?$1"], id="unknown parameters"),
        pytest.param("f() { return; a; }; f; b", ["b"], id="return"),
        pytest.param("V=/x; ls; $V/bin/a b", ["ls", "/x/bin/a b"], id="a command by its path"),
        pytest.param("${ARG}/bin/a b", ["?${ARG}/bin/a b"], id="an unknown program, but a program"),
        pytest.param("local x; a &&\n\n b", ["a", "b"], id="blank lines"),
        pytest.param("if a; then b; elif c; then d; else e; fi", list("abcde"), id="if"),
        pytest.param('export A=x/*; a "$A"', ["a x/*"], id="an assignment is no pattern"),
        pytest.param('export A=$FLAGS; a "$A"', ['a ?"$A"'], id="export, which sh splits"),
        pytest.param("a é 'ü' b", ["a é ü b"], id="letters of two bytes"),
        pytest.param("a \udcff b", ["a \udcff b"], id="bytes that are not UTF-8"),
        pytest.param(
            "find . -name '*.o' -exec rm {} \\; | xargs rm",
            ["find . -name *.o -exec rm {} ;", "xargs rm"],
            id="left to others",
        ),
        pytest.param(
            "a() (b); a && pushd x && c && popd && d", ["b", "cd x", "c", "d"], id="pushd"
        ),
    ],
)
def test_words(text: str, want: list[str]) -> None:
    assert shown(text) == want


def test_a_loop_over_a_pattern_keeps_the_pattern() -> None:
    text = (
        'for d in CTFd/plugins/*; do if [ -f "$d/requirements.txt" ]; then '
        'pip install --no-cache-dir -r "$d/requirements.txt"; fi; done;'
    )
    pattern = "*CTFd/plugins/*/requirements.txt"
    assert shown(text) == [f"[ -f {pattern} ]", f"pip install --no-cache-dir -r {pattern}"]
    assert not any(call.always for call in understood(text))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("cd x; a", ["/app", "/app/x"], id="a relative folder"),
        pytest.param("cd /x/../y/ && cd .. && a", ["/app", "/y", "/"], id="normalised"),
        pytest.param("cd; a", ["/app", "/root"], id="home"),
        pytest.param("(cd x && a); b", ["/app", "/app/x", "/app"], id="a subshell"),
        pytest.param("cd x | a; b", ["/app", "/app", "/app"], id="a pipe"),
        pytest.param("a $(cd x && b)", ["/app", "/app/x", "/app"], id="a substitution"),
        pytest.param("cd x || exit 1; a", ["/app", "/app/x"], id="a failure that ends the script"),
        pytest.param("cd x || { b; exit 1; }; a", ["/app", "/app", "/app/x"], id="and says so"),
        pytest.param(
            "if a; then cd x; else cd x; fi; b", ["/app"] * 3 + ["/app/x"], id="both ways"
        ),
        pytest.param(
            "for d in x y; do cd $d; a; cd ..; done",
            ["/app", "/app/x", "/app/x", "/app", "/app/y", "/app/y"],
            id="a loop",
        ),
        pytest.param("env -C x a", ["/app/x"], id="env"),
        pytest.param("sh -c 'cd x; a'; b", ["/app", "/app/x", "/app"], id="another shell"),
    ],
)
def test_folder(text: str, want: list[str]) -> None:
    assert [call.cwd for call in understood(text)] == want


@pytest.mark.parametrize(
    ("text", "name", "want"),
    [
        pytest.param("a", "VERSION", "3.12", id="as given"),
        pytest.param("export X=1; a", "X", "1", id="exported"),
        pytest.param("VERSION=4; a", "VERSION", "4", id="exported before"),
        pytest.param("X=1; a", "X", None, id="the base image may export it"),
        pytest.param("X=1 a", "X", "1", id="prefix"),
        pytest.param("X=1 a; b", "X", "absent", id="the prefix of another command"),
        pytest.param("export X=$ARG; a", "X", None, id="exported, unknown"),
        pytest.param("unset VERSION; a", "VERSION", "absent", id="unset"),
        pytest.param("(export X=1); a", "X", "absent", id="a subshell"),
        pytest.param("if b; then export X=1; fi; a", "X", None, id="a branch"),
        pytest.param("env -i a", "VERSION", "absent", id="env -i"),
        pytest.param("env -u VERSION X=1 a", "X", "1", id="env"),
        pytest.param("sudo a", "VERSION", None, id="sudo decides"),
        pytest.param("sh -c 'X=1; a'", "X", None, id="not exported by another shell"),
        pytest.param("bash -lc a", "PATH", None, id="a login shell reads profiles"),
        pytest.param("export PATH=/x:$PATH; a", "PATH", "/x:/usr/bin:/bin", id="PATH"),
    ],
)
def test_environment(text: str, name: str, want: str | None) -> None:
    assert understood(text)[-1].env.get(name, "absent") == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("a; b", "ab", id="in a row"),
        pytest.param("a && b && c", "abc", id="each failure fails the script"),
        pytest.param("a && b; c", "ac", id="a failure goes unnoticed"),
        pytest.param("a && b || c", "a", id="alternatives"),
        pytest.param("a || b && c", "ac", id="and after or"),
        pytest.param("(a && b); c", "ac", id="a subshell that is not last"),
        pytest.param("a; (b && c)", "abc", id="a subshell that is last"),
        pytest.param("a && b | c", "abc", id="the end of a pipe"),
        pytest.param("{ a && b; } | c", "ac", id="the start of a pipe"),
        pytest.param("! (a && b)", "a", id="negated"),
        pytest.param("if a; then b; fi; c", "ac", id="if"),
        pytest.param("[ x ] || exit 1; b", "[b", id="a failing exit"),
        pytest.param("a || exit 0; b", "a", id="a succeeding exit"),
        pytest.param("(a || exit 1; b); c", "ac", id="an exit that only leaves the subshell"),
        pytest.param("a || exec b; c", "a", id="exec"),
        pytest.param("f() { a; }; f; b", "b", id="functions"),
        pytest.param("sh -c 'a && b'; c", "ac", id="another shell that is not last"),
        pytest.param("sh -c 'a && b'", "ab", id="another shell that is last"),
    ],
)
def test_always(text: str, want: str) -> None:
    assert "".join(call.name for call in understood(text) if call.always) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("a 2>&1 >/dev/null </dev/null 3>&-", [], id="no file"),
        pytest.param(
            "a <x >>y >|z",
            [("a", "read", "x"), ("a", "append", "y"), ("a", "write", "z")],
            id="all",
        ),
        pytest.param("a > f b", [("a", "write", "f")], id="words behind it"),
        pytest.param("a && b > f | c", [("b", "write", "f")], id="belongs to one command"),
        pytest.param("> f", [(":", "write", "f")], id="no command"),
        pytest.param("{ a; b; } > f", [(":", "write", "f")], id="a group"),
        pytest.param("export X > f", [(":", "write", "f")], id="no program"),
        pytest.param("for x in a; do b; done < f", [(":", "read", "f")], id="a loop"),
        pytest.param(
            "sh -c 'a >x' >y", [(":", "write", "y"), ("a", "write", "x")], id="another shell"
        ),
        pytest.param("a > $ARG", [("a", "write", "$ARG")], id="unknown"),
        pytest.param("cat > f <<EOF && b\nx\nEOF", [("cat", "write", "f")], id="with a heredoc"),
    ],
)
def test_redirects(text: str, want: list[tuple[str, str, str]]) -> None:
    found = [(c.name, r.op, r.target.text) for c in understood(text) for r in c.redirects]
    assert found == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("a; é 'b c'", ["a", "é", "'b c'"], id="words"),
        pytest.param("X=1; a --b=$X", ["a", "--b=$X"], id="an expansion"),
        pytest.param("a $FLAGS", ["a", "$FLAGS", "$FLAGS"], id="a split expansion"),
        pytest.param("sh -c 'a \"b c\"'", ["a", '"b c"'], id="inside a plain quoted script"),
        pytest.param("sh -c \"sh -c 'a b'\"", ["a", "b"], id="two shells deep"),
        pytest.param('sh -c "a $FLAGS"', ['"a $FLAGS"'] * 3, id="a script that was computed"),
        pytest.param("sudo -E a b", ["a", "b"], id="behind a wrapper"),
        pytest.param("a `b`", ["b", "a", "`b`"], id="backticks"),
        pytest.param('a "x`b`" ${Y:-z}', ["b", "a", '"x`b`"', "${Y:-z}"], id="a word in pieces"),
    ],
)
def test_spans(text: str, want: list[str]) -> None:
    assert [text[slice(*arg.span)] for call in understood(text) for arg in call.args] == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("a; X=1 b c > f; d", "X=1 b c > f", id="with assignment and redirection"),
        pytest.param("a && sudo b -c; d", "sudo b -c", id="with its wrapper"),
        pytest.param("a; sh -c 'b c'; d", "b c", id="inside another shell"),
    ],
)
def test_the_span_of_a_call(text: str, want: str) -> None:
    assert text[slice(*understood(text)[1].span)] == want

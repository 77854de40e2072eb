"""The calls of random scripts, against what a real `sh` runs.

`r` (succeeds) and `f` (fails) are programs that write their words, folder and environment to a log.
A `cd` that fails ends the script, as `calls` takes for granted.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from reorder.shell.calls import calls
from reorder.shell.nodes import Call, Opaque

PREAMBLE = """cd() { command cd "$@" 2>/dev/null || exit 77; }
"""
# One write for each call, so that the two ends of a pipe do not mix.
PROGRAM = """#!/bin/sh
set -- "${A-unset}" "${V-unset}" "${C-unset}" "$PWD" "${0##*/}" "$@"
IFS=$(printf '\037')
printf '%s\036' "$*" >>"$LOG"
[ "${0##*/}" = r ]
"""
WATCHED = ("A", "V", "C")  # variables whose value in a program's environment is recorded
ENV = {"A": "one", "B": "two  words", "E": "", "S": "*.txt"}
WORDS = (
    *("x", "'q r'", '"$A"', "$A", "$B", '"$B"', "$E", '"$E"', "$V", '"$V"', "$C", "a$B.c", "$1"),
    *(
        "${A:-no}",
        "${E:-yes no}",
        "${E-x}",
        "${C:-y}",
        "${A:+set}",
        "${D:=d}",
        "$D",
        "${W:-'q  w'}",
    ),
    *("${A%e}", "${A#?}", "${B%% *}", "${#A}", "$(r s)", "$((1+1))", "$PWD", "$(pwd)", '"$@"'),
    *(
        "*.txt",
        "a/*",
        '"*"',
        "$S",
        "~",
        "~/x",
        "x=~",
        "[",
        "{a}",
        "a\\ b",
        '"a\\$b"',
        "$",
        "a#b",
        "é",
    ),
    "'$A'",
)
FOLDERS = ("a", "b", "..", ".", "a/b", '"$A"', "$TOP", "~", "a/../b", "$V", "/")
words = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
WRAPPED = (
    *("A=z r", "V=z W=1 r", "command r", "env -u A V=k r", "exec r"),
    *("sh -c 'V=1; r \"$V\" $A $0 $1' z", "exec env -i LOG=$LOG PATH=$PATH f"),
)
BUILTINS = (
    *("true", "false", ":", "exit", "exit 0", "exit 1", "exit 3", "return", "return 1", "set -e"),
    *("break", "continue", "unset A", "unset V", "set -- p 'q r'", "set -- * b", "shift"),
    *("g", "g x", "g $B", "g a/* z", "h"),
)
PLAIN = st.one_of(
    st.tuples(st.sampled_from(("r", "r", "f")), words).map(" ".join),
    st.tuples(st.just("cd"), st.sampled_from(FOLDERS)).map(" ".join),
    st.tuples(
        st.sampled_from(("V=", "A=", "export V=", "export C=", "V=1 C=", "D=", "unset D; E=")),
        st.sampled_from(("x", '"$A"', "'a b'", '"$V$V"', "$A", '"$(r t)"', "", "a/*", "*")),
    ).map("".join),
    st.tuples(st.sampled_from(WRAPPED), words).map(" ".join),
    st.sampled_from(BUILTINS),
)


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(" && ".join),
        two.map(" || ".join),
        two.map("; ".join),
        two.map("\n".join),
        two.map(lambda p: f"{{ {p[0]}; }} | ( {p[1]} )"),
        inner.map(lambda c: f"( {c} )"),
        inner.map(lambda c: f"{{ {c}; }}"),
        inner.map(lambda c: f"! ( {c} )"),
        st.tuples(inner, inner, inner).map(lambda p: f"if {p[0]}; then {p[1]}; else {p[2]}; fi"),
        two.map(lambda p: f"if {p[0]}; then {p[1]}; fi"),
        two.map(lambda p: f"if {p[0]}; then r c; elif {p[1]}; then r d; fi"),
        st.tuples(words, inner).map(lambda p: f"for V in {p[0]}; do {p[1]}; done"),
        inner.map(lambda c: f"while {c}; do r w; break; done"),
        inner.map(lambda c: f"until false; do {c}; V=u; break; done"),
        st.tuples(st.sampled_from(WORDS), inner, inner).map(
            lambda p: f"case {p[0]} in x|one) {p[1]} ;; *) {p[2]} ;; esac"
        ),
        st.tuples(st.sampled_from(WORDS), inner).map(lambda p: f"case {p[0]} in x) {p[1]} ;; esac"),
        inner.map(lambda c: f"g() {{ {c}; }}\ng 1 2"),
        inner.map(lambda c: f"h() ( {c} )\nh $A"),
        inner.map(lambda c: f"g() {{ local V; {c}; V=loc; }}; g"),
    )


def ends(script: str) -> bool:
    """Whether no loop can go on for ever."""
    return not ("continue" in script and ("while" in script or "until" in script))


scripts = st.recursive(PLAIN, grow, max_leaves=12).filter(ends)


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders in which every short `cd` works, below a path without symbolic links."""
    top = Path(os.path.realpath(tmp_path_factory.mktemp("sh")))
    for first in ("a", "b", "one"):
        for second in ("a", "b", "one"):
            (top / first / second / "a" / "b").mkdir(parents=True)
    (top / "bin").mkdir()
    for name in ("r", "f"):
        (top / "bin" / name).write_text(PROGRAM)
        (top / "bin" / name).chmod(0o755)
    return top


def environment(top: Path) -> dict[str, str]:
    path = f"{top}/bin:{os.environ['PATH']}"
    return {**ENV, "HOME": str(top / "b"), "TOP": str(top), "LOG": str(top / "log"), "PATH": path}


def recorded(script: str, top: Path) -> tuple[int, list[tuple[str, ...]]]:
    """The exit status, and for each call the watched variables, its folder and its words."""
    log = top / "log"
    log.write_bytes(b"")
    done = subprocess.run(
        ["sh", "-c", PREAMBLE + script],
        cwd=top,
        env=environment(top),
        capture_output=True,
        timeout=20,
        check=False,
    )
    rows = log.read_bytes().decode("utf-8", "surrogateescape").split("\x1e")[:-1]
    return done.returncode, [tuple(row.split("\x1f")) for row in rows]


def fits(call: Call, row: tuple[str, ...]) -> bool:
    """Whether the call can be what was recorded."""
    for name, real in zip(WATCHED, row, strict=False):
        if (said := call.env.get(name, "unset")) is not None and said != real:
            return False
    cwd, *argv = row[len(WATCHED) :]
    return call.cwd == cwd and _args_fit([(a.text, a.kind) for a in call.args], argv)


def _args_fit(args: list[tuple[str, str]], row: list[str]) -> bool:
    if not args:
        return not row
    (text, kind), rest = args[0], args[1:]
    if kind == "unknown" or (kind == "glob" and row[:1] != [text]):
        return any(_args_fit(rest, row[n:]) for n in range(len(row) + 1))
    return bool(row) and row[0] == text and _args_fit(rest, row[1:])


def in_order(needles: list[Call], rows: list[tuple[str, ...]]) -> bool:
    left: Iterator[tuple[str, ...]] = iter(rows)
    return all(any(fits(call, row) for row in left) for call in needles)


def understood(script: str, top: Path) -> list[Call] | None:
    found = calls(script, str(top), environment(top))
    if isinstance(found, Opaque):
        return None
    return [call for call in found if call.name in ("r", "f")]


@given(script=scripts)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_recorded_call_is_found_and_sure_calls_happen(script: str, top: Path) -> None:
    found = understood(script, top)
    event("opaque" if found is None else "understood")
    if found is None:
        return
    status, rows = recorded(script, top)
    for row in rows:
        assert any(fits(call, row) for call in found), (row, found)
    sure = [call for call in found if call.always]
    if status == 0:
        if "|" in script.replace("||", ""):
            counts = Counter(row[len(WATCHED) + 1] for row in rows)
            assert all(n <= counts[name] for name, n in Counter(c.name for c in sure).items())
        else:
            assert in_order(sure, rows), (sure, rows)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("cd a; r 1; cd ../b && r 2; r 3", id="folders"),
        pytest.param("(cd a; V=1; r $V); r $V in", id="subshell keeps its changes"),
        pytest.param("for V in x 'y z' $B; do r $V; done; r \"$V\"", id="literal loop"),
        pytest.param("V=a; V=$V$V; A=9 r $A; r $V ${V#a} ${V:-n} ${E:-n}", id="assignments"),
        pytest.param("g() { r g $1 $#; shift; r \"$@\"; }; g 1 '2 3' 4; r end", id="functions"),
        pytest.param("if false; then r n; elif true; then r y; fi; r z", id="known branches"),
    ],
)
def test_a_deterministic_script_is_found_exactly(script: str, top: Path) -> None:
    found = understood(script, top)
    status, rows = recorded(script, top)
    assert found is not None
    assert status == 0
    assert len(found) == len(rows)
    assert all(fits(call, row) for call, row in zip(found, rows, strict=True)), (found, rows)

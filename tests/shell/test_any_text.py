"""`calls` on texts nobody wrote: it answers, and its spans are those of the text."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reorder.shell.calls import calls
from reorder.shell.nodes import Opaque
from reorder.shell.wrappers import program, unwrap

PIECES = (
    *(
        "a",
        "cd x",
        "$A",
        '"$A"',
        "${A:-b}",
        "${",
        "$(",
        "`",
        "'",
        '"',
        "\\",
        "\\\n",
        "\n",
        " ",
        "  ",
    ),
    *("&&", "||", "|", ";", ";;", "&", "(", ")", "{ ", " }", "!", "#", "=", "A=", "<", ">", ">>"),
    *("<<E", "\nE\n", "<<<", "2>&1", "[ ", " ]", "[[ ", " ]]", "if ", "; then ", "; else ", "; fi"),
    *(
        "for x in ",
        "; do ",
        "; done",
        "while ",
        "case ",
        " in ",
        " esac",
        "f() ",
        "~",
        "*",
        "{a,b}",
    ),
    *(
        "sh -c ",
        "env ",
        "sudo ",
        "exec ",
        "export ",
        "exit",
        "$((",
        "))",
        "é",
        "\udcff",
        "\t",
        "\0",
    ),
    *("{", "{1..", "→", "\U0010ffff", "<<-E", "<<'E'", "\n E\n"),
)
PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
scripts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
)


@given(text=scripts)
@example(text="sh -c 'é \"b c\"' > é")
@example(text="\ud800")
@example(text="a" * 200_001)
@example(text="{\U0010ffff")  # ended the process
@example(text="a && " * 3_900 + "a")
@example(text=")" * 5_000)
@example(text="$(" * 500 + ")" * 500)
@settings(max_examples=600, deadline=None)
def test_every_text_has_an_answer(text: str) -> None:
    found = calls(text, "/app", {"A": "x y", "HOME": "/root"})
    if isinstance(found, Opaque):
        assert found.reason
        return
    for call in found:
        start, end = call.span
        assert 0 <= start <= end <= len(text)
        assert call.cwd.startswith("/")
        assert unwrap(call) == call or program(call) in ("time", "exec", "env")
        for arg in (*call.args, *(redirect.target for redirect in call.redirects)):
            source = text[slice(*arg.span)]
            assert source
            if arg.kind == "unknown":
                assert "sh -c" in text or arg.text == source
            elif PLAIN.fullmatch(source) and arg.text != ":" and source not in ("cd", "pushd"):
                assert arg.text == source

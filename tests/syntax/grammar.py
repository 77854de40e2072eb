"""Random Dockerfiles for property tests: well-formed ones, and pieces put together at random."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(["A", "b_1", "PATH", "x"])
BLANK = st.sampled_from([" ", "  ", "\t"])
COMMENT = st.sampled_from(["# note", "#", "  # indented \\", "# RUN x", "# <<E"])
TRIVIA = st.lists(st.one_of(st.just(""), COMMENT), max_size=2)
TEXT = st.sampled_from(
    [
        "make",
        "a && b",
        "echo 'x y'",
        'echo "$HOME"',
        "pip install -r r.txt",
        "cat <<<w",
        "é ☃",
        "a#b",
    ]
)
WORD = st.sampled_from(["a", ".", "./", "/x/", "$V/y", "${V:-d}", "*.txt", "é", "a\\ b", '"q"'])
FLAG = st.sampled_from(["--chown=1:2", "--link", "--from=b", "--chmod=644", "--exclude=x"])
MOUNT = st.sampled_from(
    ["--mount=type=cache,target=/c", "--device=x", '--mount=type=bind,"source=a b"']
)
JSON = st.lists(st.sampled_from(["a", "b c", 'q"', "é"]), min_size=1, max_size=3)


def _spread(words: list[str], breaks: list[int], escape: str, newline: str) -> str:
    """Words on one line, or on continuation lines with comments and blank lines between."""
    gaps = [" ", "  ", f" {escape}{newline}    ", f" {escape} \t{newline}# c{newline}\t"]
    gaps.append(f" {escape}{newline}{newline} ")
    out = words[0]
    for word, gap in zip(words[1:], breaks, strict=False):
        out += gaps[gap] + word
    return out


@st.composite
def commands(draw: st.DrawFn, escape: str, newline: str) -> str:
    """The source of one instruction other than FROM, without what ends it."""
    kind = draw(
        st.sampled_from("run run-json heredoc copy env legacy arg line list onbuild".split())
    )
    keyword = {"line": "WORKDIR USER STOPSIGNAL".split(), "list": "EXPOSE VOLUME".split()}
    words: list[str] = []
    tail = ""
    if kind in ("run", "onbuild"):
        words = ["RUN", *draw(st.lists(MOUNT, max_size=2)), *draw(TEXT).split(" ")]
        words = ["ONBUILD", *words] if kind == "onbuild" else words
    elif kind == "run-json":
        quoted = ", ".join('"' + text.replace('"', '\\"') + '"' for text in draw(JSON))
        return f"{draw(st.sampled_from(['RUN', 'CMD', 'entrypoint']))} [{quoted}]"
    elif kind == "heredoc":
        dash = draw(st.sampled_from(["", "-"]))
        words = draw(st.sampled_from([["RUN"], ["RUN", "cat"], ["COPY"]]))
        words = [*words, f"<<{dash}E", *(["/d"] if words == ["COPY"] else [])]
        body = draw(st.lists(st.sampled_from(["x", "\ty \\", "# z", "", "COPY a b"]), max_size=3))
        tail = "".join(newline + line for line in [*body, "\tE" if dash else "E"])
    elif kind == "copy":
        words = ["COPY", *{flag.partition("=")[0]: flag for flag in draw(st.lists(FLAG))}.values()]
        words += draw(st.lists(WORD, min_size=2, max_size=4))
    elif kind in ("env", "arg"):
        words = [kind.upper(), *(f"{name}=1" for name in draw(st.lists(NAMES, min_size=1)))]
    elif kind == "legacy":
        words = ["ENV", draw(NAMES), "=", "some", "text"]
    else:
        words = [draw(st.sampled_from(keyword[kind])), draw(WORD)]
    breaks = draw(st.lists(st.integers(0, 4), min_size=len(words), max_size=len(words)))
    return _spread(words, breaks, escape, newline) + tail


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """A Dockerfile that BuildKit accepts."""
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    escape = draw(st.sampled_from(["\\", "\\", "`"]))
    lines = ["# syntax=docker/dockerfile:1"] if draw(st.booleans()) else []
    lines += ["# escape=`"] if escape == "`" else []
    lines += draw(TRIVIA)
    lines.append(draw(st.sampled_from(["FROM a", "FROM a AS b", "from --platform=x a"])))
    for _ in range(draw(st.integers(0, 6))):
        lines += draw(TRIVIA)
        lines.append(draw(st.sampled_from(["", " "])) + draw(commands(escape, newline)))
    lines += draw(TRIVIA)
    mark = "\ufeff" if draw(st.booleans()) else ""
    return mark + newline.join(lines) + draw(st.sampled_from([newline, ""]))


_PIECES = """
    FROM RUN COPY ADD ENV ARG LABEL CMD HEALTHCHECK ONBUILD SHELL VOLUME EXPOSE NONE a b=c as --
    --from=a --chown=1 --link= --mount=from=$x --x --exclude=é <<E <<-E <<'E' 3<<F E F ' " \\ `
    ["a"] ['a'] [1] [1e999] [ ] $x ${x} ${x:-y} ${x è it's $((1<<3)) #c
""".split()
_JOINTS = [" ", " ", "\n", "\n", "\t", "\r\n", "\\\n", "`\n", "\n# c\n", "\v", "\r", "\x85", "\0"]
_ESCAPE = "# escape=`\nFROM a\n"
_TOPS = ["", "FROM a\n", _ESCAPE, "# syntax=x\n", "#!/x\n# syntax=y\n", "\ufeffFROM a\n"]


@st.composite
def scraps(draw: st.DrawFn) -> str:
    """Pieces of Dockerfiles in any order, most of them rejected."""
    parts = st.tuples(st.sampled_from(_PIECES), st.sampled_from([*_JOINTS, ""]))
    return draw(st.sampled_from(_TOPS)) + "".join(a + b for a, b in draw(st.lists(parts)))

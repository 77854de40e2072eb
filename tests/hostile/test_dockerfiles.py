"""Dockerfiles that are worst cases: many, long or deep."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile.run_bounded import ends_well, write

from reorder.api import rewrite_text
from reorder.config import Options
from reorder.errors import InputError
from reorder.opened import MOST_BYTES, MOST_INSTRUCTIONS, MOST_LAYERS

MANY = {
    "instructions": "FROM a\n" + "".join(f"ENV A{i}=1\n" for i in range(30_000)),
    "stages": "".join(f"FROM a AS s{i}\n" for i in range(10_000)),
    "heredocs": "FROM a\n" + "".join(f"RUN <<A{i}\nx\nA{i}\n" for i in range(10_000)),
    "arguments": "".join(f"ARG A{i}=${{A{i - 1}}}\n" for i in range(5000)) + "FROM a\n",
    "layers": "FROM a\n" + "RUN make\n" * (MOST_LAYERS + 1),
    "bytes": "FROM a\n" + "#\n" * MOST_BYTES,
    "one instruction": "FROM a\nRUN echo" + " \\\n a" * MOST_BYTES,
}
# At the bounds, and within them.
WORST = {
    "settings": "FROM a\n" + "".join(f"ENV A{i}=1\n" for i in range(MOST_INSTRUCTIONS - 1)),
    "chain": "FROM a AS s0\n"
    + "".join(f"FROM s{i - 1} AS s{i}\n" for i in range(1, MOST_INSTRUCTIONS)),
    "opaque": "FROM a\nCOPY . .\n" + "".join(f"RUN make {i}\n" for i in range(MOST_LAYERS - 1)),
    "doubling": "FROM a\nENV A=xxxxxxxx\n" + "ENV A=$A$A$A$A\n" * 100 + "RUN echo $A\n",
    "substitutions": "FROM a\nARG X=" + "${a:-" * 9000 + "}" * 9000 + "\nRUN echo $X\n",
    "many heredocs": "FROM a\nRUN " + " ".join(f"<<A{i}" for i in range(2000)) + "\nx\n",
    "continuations": "FROM a\nRUN echo" + " \\\n a" * 90_000 + "\n",
    "flags": "FROM a\nRUN " + "--mount=type=cache,target=/a " * 2000 + "make\n",
    "json": "FROM a\nRUN " + "[" * 50_000 + "\n",
    "sources": "FROM a\nCOPY " + "a " * 20_000 + "/b\n",
    "patterns": "FROM a\nCOPY " + "**/" * 500 + "*a*a*a*a*a*a*a*a*a*a*b [a-[a-[ /b/\n",
}
SHELL = {
    "subshells": "(" * 9000 + "x" + ")" * 9000,
    "open subshells": "(" * 19_000,
    "braces": "{ " * 9000,
    "command substitutions": "echo " + "$(" * 9000 + ")" * 9000,
    "backquotes": "echo " + "`\\" * 9000,
    "arithmetic": "echo $((" + "(" * 18_000,
    "chain": "true" + " && true" * 2400,
    "long chain": "true" + " && true" * 60_000,
    "pipes": "a" + "|a" * 9900,
    "ifs": "if a; then " * 1500 + "b" + "; fi" * 1500,
    "loops": "for i in a b c d e f g h; do " * 600 + "b" + "; done" * 600,
    "cases": "case a in a) " * 1200,
    "functions": "".join(f"f{i}() {{ f{i - 1}; f{i - 1}; }}; " for i in range(1, 500)) + "f499",
    "itself": "f() { f | f & }; f",
    "quotes": "echo 'a\"$(",
    "expansions": "echo " + "${a:-" * 3500 + "}" * 3500,
    "lists": "for i in " + "{a,b}" * 40 + "; do echo $i; done",
    "ranges": "echo {1..1000000000} {a..z}{a..z}{a..z}{a..z}{a..z}{a..z}",
    "assignments": "A=aaaaaaaaaa; " + "A=$A$A$A$A$A$A$A$A; " * 400 + "echo $A",
    "shells": "sh -c " * 3000 + "x",
    "quoted shells": "eval " * 3000 + "'eval \"eval x\"'",
    "wrappers": "env sudo nice timeout 1 xargs exec " * 400 + "pip install x",
    "heredoc": "cat <<A\n" + "x $(y\n" * 3000 + "A",
    "globs": "rm -rf " + "*/" * 3000 + " " + "[" * 3000,
    "packages": "apt-get update && apt-get install -y " + "a " * 9000,
    "pip": "pip install " + "-r r.txt " * 2000,
}


@pytest.mark.parametrize("name", MANY)
def test_more_than_a_bound_is_one_error_with_the_number(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"Dockerfile": MANY[name]})
    ended = ends_well(tmp_path, "--check", "Dockerfile")
    assert ended.code == 2
    assert ended.err.startswith("Dockerfile:")
    assert any(char.isdecimal() for char in ended.err.splitlines()[0])


@pytest.mark.parametrize("name", WORST)
def test_the_worst_within_the_bounds_ends(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"Dockerfile": WORST[name], "a": ""})
    ends_well(tmp_path, "--check", "Dockerfile")


def test_proofs_without_end_are_refused_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reorder.api.MOST_WORK", 100)
    text = "FROM python:3\nCOPY . .\n" + "".join(f"RUN pip install a{i}\n" for i in range(8))
    with pytest.raises(InputError, match="more than 100 steps of proof"):
        rewrite_text(text, "Dockerfile", Options(context=tmp_path, history=False))


@pytest.mark.parametrize("name", SHELL)
def test_a_shell_text_that_is_a_worst_case_ends(tmp_path: Path, name: str) -> None:
    script = SHELL[name]
    run = f"RUN <<EOT\n{script}\nEOT\n" if "\n" in script else f"RUN {script}\n"
    write(
        tmp_path,
        {
            "Dockerfile": f"FROM debian\nWORKDIR /a\nCOPY . .\n{run}RUN make\n",
            "build.sh": f"#!/bin/sh\ndocker build .\n{script}\ndocker push a\n",
            "r.txt": "-r r.txt\n-r ./r.txt\n",
        },
    )
    ends_well(tmp_path, "--check", "Dockerfile")
    ends_well(tmp_path, "ci", "--check")

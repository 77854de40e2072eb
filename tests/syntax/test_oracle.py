"""Parity with the official parser, as the binding `dockerfile` has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from syntax.grammar import dockerfiles, scraps
from syntax.oracle import CAUSES, cause, disagreements

SAME = {
    "directives": "# syntax=x\n# escape=`\nFROM a\nRUN x `\n y\n",
    "a late directive": "# c\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "comments in a continuation": "FROM a\nRUN x \\\n# c \\\n\n  y\nCMD z\n",
    "odd escapes": "FROM a\nRUN a \\\\\nRUN b \\\\\\\nRUN c\\\nd\n",
    "heredocs": "FROM a\nRUN cat <<A <<-'B' 3<<C\n1\nA\n\t2\n\tB\n3\nC\nCMD x\n",
    "no heredoc": 'FROM a\nRUN cat <<<w && a<<b && echo "<<c" \\<<d\n',
    "a quote hides a heredoc": "FROM a\nRUN echo it's <<E\n",
    "JSON": 'FROM a\nCMD ["a","b c"]\nENTRYPOINT []\nSHELL ["x"]\nVOLUME ["/a"]\n',
    "JSON that is none": 'FROM a\nCMD [\'a\']\nCMD ["a" "b"]\nCMD ["a",]\nVOLUME [ /e ]\n',
    "flags": 'FROM --platform=x a\nCOPY --from=b --chown="1 2" --link x y\nCOPY -- --x y\n',
    "flags by bytes": "FROM a\nCOPY --exclude=é . .\n",
    "ENV": "ENV A=b C='d e' F=\"g h\"\nENV G h  i\nENV J = k\nLABEL a.b=c\\ d\n",
    "ARG": "ARG A B=c D='e f'\nFROM a\n",
    "ONBUILD": 'FROM a\nONBUILD RUN --network=none x\nONBUILD COPY ["a","b"]\n',
    "HEALTHCHECK": 'FROM a\nHEALTHCHECK --interval=1s CMD ["a"]\nHEALTHCHECK none\n',
    "CRLF and a byte order mark": "\ufeffFROM a\r\nRUN x \\\r\n  y\r\nRUN <<E\r\nz\r\nE\r\n",
    "bare": "FROM a\nRUN\nCMD\nENTRYPOINT\nFOO bar\n",
    "rejected JSON": 'FROM a\nCMD ["a", 1]\n',
    "rejected ENV": "FROM a\nENV A\n",
    "rejected directive": "# escape=x\nFROM a\n",
    "rejected heredoc": "FROM a\nRUN <<E\n",
}

# (text, key in CAUSES): what BuildKit does today, the binding does not yet.
DIFFERENT = [
    ("FROM a\nRUN cat << E\nx\nE\n", "blanks"),
    ('FROM a\nRUN ["a"] && b\n', "json"),
    ("# escape=`\nFROM a\nCOPY --chown=a\\b x y\n", "escape"),
    ("# check=skip=all\n# escape=`\nFROM a\nRUN x `\n y\n", "check"),
    ('FROM a\nCMD ["a\\u0000b"]\n', "NUL"),
    ("FROM a\nONBUILD ONBUILD FOO x\n", "chain"),
    ("FROM a\nONBUILD RUN <<E\nx\nE\n", "trigger"),
    ("FROM a\nCOPY --chown=à x y\n", "bytes"),
]


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_same_reading(text: str) -> None:
    assert disagreements(text) == []


@pytest.mark.parametrize(("text", "key"), DIFFERENT, ids=[key for _, key in DIFFERENT])
def test_different_for_a_listed_cause(text: str, key: str) -> None:
    found = disagreements(text)
    assert found
    assert cause(text, found[0]) == key


def test_every_cause_has_a_case() -> None:
    assert {key for _, key in DIFFERENT} == set(CAUSES)


@given(dockerfiles())
def test_random_files_read_the_same(text: str) -> None:
    assert disagreements(text) == []


@given(scraps())
def test_random_scraps_differ_for_listed_causes_only(text: str) -> None:
    unexplained = [found for found in disagreements(text) if cause(text, found) is None]
    assert unexplained == []

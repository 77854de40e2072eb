"""A version that is parsed where it differs is the version parsed as a whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reorder.context.versions import Parsed, parsed, parsed_like

BASE = """FROM a AS one
# why
RUN x \\
  && y

COPY <<EOF /file
content
EOF
RUN z
FROM b
COPY --from=one / /
CMD run
"""
LINES = [
    *BASE.splitlines(keepends=True), "RUN <<EOF\n", "RUN q \\\n", "# c\n", "\n", "# escape=`\n",
    "RUN q `\n", "EOF\n", "bad\n", "ARG A\n",
]  # fmt: skip


def said(version: Parsed | None) -> object:
    """What a version says, but for the numbers of lines inside its instructions."""
    if version is None:
        return None
    texts = [(node.text, node.args, node.heredocs) for node in version.nodes]
    return version.lines, texts, version.ends, version.escape, version.header


def compared(new: str, old: str = BASE) -> Parsed | None:
    before = parsed(old)
    assert before is not None
    found = parsed_like(new, before)
    assert said(found) == said(parsed(new))
    return found


@pytest.mark.parametrize(
    "new",
    [
        pytest.param("", id="nothing"),
        pytest.param(BASE.replace("FROM", "NOT", 1), id="no FROM"),
        pytest.param(BASE.replace("RUN z", "RUNS z"), id="no instruction"),
        pytest.param(BASE.replace("RUN z", "RUN <<END"), id="an open heredoc"),
    ],
)
def test_no_version(new: str) -> None:
    assert compared(new) is None


@pytest.mark.parametrize(
    ("new", "head", "tail"),
    [
        pytest.param(BASE, 7, 0, id="equal"),
        pytest.param(BASE.replace("RUN z", "RUN y"), 3, 3, id="one instruction"),
        pytest.param(BASE + "USER a\n", 7, 0, id="one more"),
        pytest.param(BASE.replace("CMD run\n", ""), 6, 0, id="one less"),
        pytest.param(BASE.replace("content", "text"), 2, 4, id="in a heredoc"),
        pytest.param(BASE.replace("# why", "# how"), 1, 5, id="a comment"),
        pytest.param(BASE.replace("RUN z", "RUN z \\"), 0, 0, id="the next one is swallowed"),
        pytest.param(BASE.replace("RUN z", "RUN z \\\n # c"), 0, 0, id="swallowed, a comment"),
        pytest.param("# escape=`\n" + BASE.replace("\\", "`"), 0, 0, id="other directives"),
        pytest.param("\ufeff" + BASE, 7, 0, id="a byte order mark"),
    ],
)
def test_what_is_shared(new: str, head: int, tail: int) -> None:
    found = compared(new)
    assert found is not None
    assert (found.head, found.tail) == (head, tail)


@given(st.lists(st.sampled_from(LINES)), st.integers(0, 12), st.integers(0, 12))
def test_it_is_the_whole(inserted: list[str], start: int, end: int) -> None:
    lines = BASE.splitlines(keepends=True)
    compared("".join([*lines[:start], *inserted, *lines[end:]]))

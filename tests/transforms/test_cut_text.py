"""The text of two RUNs out of one: layouts, comments, heredocs; no byte changes that need not."""

from __future__ import annotations

import pytest

from reorder.shell.chain import chain
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.parse import parse
from reorder.transforms.cut_text import Halves, cut


def halves(text: str, at: int = 0) -> Halves | None:
    node = parse(f"FROM a\n{text}").instructions[-1]
    links = chain(views.script(node).text)
    assert not isinstance(links, Opaque)
    return cut(node, links, at, "\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("RUN <<EOF\n#!/bin/sh\na && b\nEOF\n", id="another interpreter"),
        pytest.param("RUN a && cat <<EOF\nx\nEOF\n", id="a heredoc of the command"),
    ],
)
def test_a_form_that_is_not_cut(text: str) -> None:
    assert halves(text) is None


@pytest.mark.parametrize(
    ("text", "at", "first", "second", "above"),
    [
        pytest.param("RUN a && b\n", 0, "RUN a", "RUN b", "", id="one line"),
        pytest.param("run  --network=none a&&b", 0, "run  --network=none a",
                     "run  --network=none b", "", id="keyword, flag and blanks stay"),
        pytest.param("RUN a && \\\n    b && \\\n    c\n", 0, "RUN a", "RUN b && \\\n    c", "",
                     id="operator at the end"),
        pytest.param("RUN a \\\n && b \\\n && c\n", 1, "RUN a \\\n && b", "RUN c", "",
                     id="operator at the start"),
        pytest.param("RUN \\\n    a && \\\n    b\n", 0, "RUN \\\n    a", "RUN \\\n    b", "",
                     id="keyword alone"),
        pytest.param("RUN --mount=type=ssh \\\n  # one\n  a && \\\n  # two\n  b\n", 0,
                     "RUN --mount=type=ssh \\\n  # one\n  a", "RUN --mount=type=ssh \\\n  b",
                     "# two\n", id="comments"),
        pytest.param("RUN set -eux; \\\n\ta; \\\n\tb;\n", 1, "RUN set -eux; \\\n\ta",
                     "RUN set -eux; \\\n\tb;", "", id="set in both"),
        pytest.param("RUN cd x && a && b\n", 1, "RUN cd x && a", "RUN cd x && b", "",
                     id="cd in both"),
        pytest.param("RUN a && cd x && b && c\n", 2, "RUN a && cd x && b", "RUN cd x && c", "",
                     id="cd of later"),
        pytest.param("RUN set -e; a; set -x; b; c\n", 3, "RUN set -e; a; set -x; b",
                     "RUN set -e; set -x; c", "", id="set of later"),
        pytest.param("# hadolint ignore=DL3\n# why\nRUN a && b\n", 0, "RUN a", "RUN b",
                     "# hadolint ignore=DL3\n# why\n", id="a word to a linter"),
        pytest.param("RUN <<EOF\nset -e\na\nb\nEOF\n", 1, "RUN a", "RUN b", "",
                     id="heredoc to plain"),
        pytest.param("RUN <<EOF\nset -ex\na\nb\nEOF\n", 1, "RUN <<EOF\nset -ex\na\nEOF",
                     "RUN <<EOF\nset -ex\nb\nEOF", "", id="heredoc with more options"),
        pytest.param("RUN <<EOF\nset -e\n# one\na # here\n# two\nb\nc\nEOF\n", 1,
                     "RUN <<EOF\nset -e\n# one\na # here\nEOF",
                     "RUN <<EOF\nset -e\n# two\nb\nc\nEOF", "", id="comments in a heredoc"),
        pytest.param("RUN <<EOF\nset -e\na\nb\n# two\nc\nEOF\n", 2, "RUN <<EOF\nset -e\na\nb\nEOF",
                     "RUN c", "# two\n", id="comment above what is left"),
        pytest.param("RUN <<-EOF\n\tset -e\n\ta\n\tb\n\tc\n\tEOF\n", 2,
                     "RUN <<-EOF\n\tset -e\n\ta\n\tb\n\tEOF", "RUN c", "", id="tabs"),
        pytest.param("RUN <<EOF\na && (b;\nc)\nEOF\n", 0, "RUN a", "RUN <<EOF\n(b;\nc)\nEOF", "",
                     id="two lines are left"),
    ],
)  # fmt: skip
def test_halves(text: str, at: int, first: str, second: str, above: str) -> None:
    found = halves(text, at)
    assert found is not None
    assert (found.first, found.second, found.above) == (first, second, above)
    for half in (first, second):
        parsed = parse(f"FROM a\n{half}\n")
        assert len(parsed.instructions) == 2
        assert not parsed.problems

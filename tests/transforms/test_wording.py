"""Words for messages: what is left out of an instruction first."""

from __future__ import annotations

import pytest

from reorder.graph.facts import derive
from reorder.syntax.parse import parse
from reorder.transforms.wording import listed, what


def said(text: str) -> str:
    return what(derive(parse(f"FROM debian:12\n{text}\n"), None).nodes[1])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("RUN a \\\n  && b", "`RUN a && b`", id="line ends"),
        pytest.param("RUN a \\\n  # why\n  && b", "`RUN a && b`", id="comments"),
        pytest.param("RUN --mount=type=ssh \\\n  --network=none a", "`RUN --network=none a`",
                     id="mounts"),
        pytest.param("RUN " + "x" * 60, "`RUN " + "x" * 43 + "...`", id="what is too long"),
    ],
)  # fmt: skip
def test_what_is_left_out(text: str, wanted: str) -> None:
    assert said(text) == wanted


@pytest.mark.parametrize(
    "text", ["COPY --link --from=build /a /b", 'CMD ["x"]', "run <<EOF a\nEOF", "ENV A=1 B=2"]
)
def test_the_rest_is_the_authors(text: str) -> None:
    assert said(text) == f"`{' '.join(text.split())}`"


def test_a_list_ends_before_it_is_long() -> None:
    assert listed(("a",)) == "a"
    assert listed(("a", "b", "c")) == "a, b and c"
    assert listed(("a", "b", "c", "d", "e")) == "a, b, c and 2 more"

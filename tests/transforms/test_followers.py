"""Which small steps move along with the one they belong to: those that stay first."""

from __future__ import annotations

import pytest

from reorder.context.volatile import Volatile
from reorder.cost.model import Model
from reorder.cost.rebuilds import by_class
from reorder.graph.facts import derive
from reorder.syntax.parse import parse
from reorder.transforms.followers import with_followers

DOWNLOAD = "RUN curl -fsSL -o /usr/local/bin/tool https://example.org/tool"


def moved(*follow: str) -> int:
    """How many of the steps below a download go with it above a COPY."""
    lines = ("FROM debian:12", "COPY --from=example.org/x / /srv/src/", DOWNLOAD, *follow)
    facts = derive(parse("\n".join(lines) + "\n"), None)
    model = Model(facts, by_class(Volatile({}), "none"))
    return len(with_followers(model, facts.stages[0], [1], [2])) - 1


@pytest.mark.parametrize(
    "follow",
    [
        pytest.param((), id="nothing follows"),
        pytest.param(("RUN mkdir /srv/other",), id="it has nothing to do with it"),
        pytest.param(("RUN cp /usr/local/bin/tool /srv/src/tool",), id="it needs the copy too"),
        pytest.param(("RUN ./build",), id="it is not understood"),
        pytest.param(
            ("RUN ./build", "RUN chmod 755 /usr/local/bin/tool"), id="it does not follow directly"
        ),
    ],
)
def test_steps_that_stay(follow: tuple[str, ...]) -> None:
    assert moved(*follow) == 0


def test_steps_that_go_along() -> None:
    assert moved("RUN chmod 755 /usr/local/bin/tool") == 1
    assert moved("RUN chmod 755 /usr/local/bin/tool", "RUN ln -s tool /usr/local/bin/t") >= 1

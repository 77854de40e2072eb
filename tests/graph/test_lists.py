"""Package lists and their install: what may change places without the other first."""

from __future__ import annotations

import pytest

from reorder.graph.facts import dependencies, derive
from reorder.syntax.parse import parse


def held(*steps: str) -> bool:
    """Whether the first RUN has to stay below an ENV that only the last step needs."""
    text = "\n".join(("FROM debian:12", "ENV A=1", *(f"RUN {step}" for step in steps)))
    facts = derive(parse(text + "\n"), None)
    return (1, 2) in dependencies(facts.body(facts.stages[0]))


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(("apt-get install -y git", "echo $A"), id="no lists"),
        pytest.param(("apt-get update", "apt-get install -y git"), id="the install needs nothing"),
        pytest.param(("apt-get update", "apk add git=$A"), id="another manager"),
        pytest.param(
            ("apt-get update", "apt-get install -y git", "echo $A"), id="the install comes first"
        ),
        pytest.param(
            ("apt-get update && apt-get install -y git", "apt-get install -y x=$A"),
            id="the lists are used where they are fetched",
        ),
    ],
)
def test_lists_that_may_move(steps: tuple[str, ...]) -> None:
    assert not held(*steps)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(("apt-get update", "apt-get install -y git=$A"), id="the install stays"),
        pytest.param(("apt-get update", "./install.sh"), id="what is not understood may install"),
        pytest.param(
            ("apt-get update", "apt-get install -y git", "apt-get install -y x=$A"),
            id="a second install",
        ),
        pytest.param(
            ("apt-get update", "apt-get install -y git", "./x && apt-get install -y y"),
            id="an install after what is not understood",
        ),
        pytest.param(("apk update", "apk add git=$A"), id="apk"),
    ],
)
def test_lists_stay_below_what_their_install_stays_below(steps: tuple[str, ...]) -> None:
    assert held(*steps)

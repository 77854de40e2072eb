"""Where a RUN may be cut: texts without such a place first."""

from __future__ import annotations

import pytest

from reorder.graph.facts import derive
from reorder.shell.chain import chain
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.parse import parse
from reorder.transforms.cuts import cuts


def heads(script: str) -> list[str]:
    """What stands before each cut."""
    node = derive(parse(f"FROM debian:12\nRUN {script}\n"), None).nodes[1]
    text = views.script(node.instruction).text
    links = chain(text)
    assert not isinstance(links, Opaque)
    return [text[: links[cut.at].span[1]].rpartition("&& ")[2] for cut in cuts(node, text, links)]


@pytest.mark.parametrize(
    "script", ["make && apt-get install -y git", "mkdir a && rm -rf a && make"]
)
def test_no_place_for_a_cut(script: str) -> None:
    assert heads(script) == []


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("apt-get install -y git && make", ["apt-get install -y git"]),
        (
            "apt-get install -y git && rm -rf /var/lib/apt/lists/* && make",
            ["apt-get install -y git", "rm -rf /var/lib/apt/lists/*"],
        ),
        ("apt-get install -y git && rm -rf /root/x && make", ["apt-get install -y git"]),
        (
            "apt-get install -y git && mkdir /a && rm -rf /var/lib/apt/lists/* && make",
            ["apt-get install -y git"],
        ),
    ],
)
def test_behind_what_downloads_and_the_clean_ups_that_follow(
    script: str, wanted: list[str]
) -> None:
    assert heads(script) == wanted

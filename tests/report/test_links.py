from __future__ import annotations

import pytest
from harness.made import facts

from reorder.graph.facts import Node, dependencies
from reorder.report.links import link, sentence

FILES = {"requirements.txt": "flask==3.0.0\n", "src/a.py": "", "src/b.py": ""}
BARRIER = "RUN ./unknown"


def pair(first: str, later: str) -> tuple[Node, Node, str]:
    found = facts(f"FROM python:3.12-slim\nWORKDIR /app\n{first}\n{later}\n", FILES)
    body = found.body(found.stages[0])
    return body[-2], body[-1], dependencies(body)[body[-2].at, body[-1].at]


@pytest.mark.parametrize(
    ("first", "later", "told"),
    [
        pytest.param("COPY . .", BARRIER, "it may read anything", id="the later one is opaque"),
        pytest.param(
            BARRIER,
            "COPY . .",
            "that may write anything: `./unknown` is not understood",
            id="the first one is opaque",
        ),
        pytest.param(
            "COPY . .",
            "RUN pip install -r requirements.txt",
            "it reads /app/requirements.txt, which that writes",
            id="a file",
        ),
        pytest.param(
            "COPY src /app/d",
            "COPY src/a.py /app/d/",
            "both write /app/d/a.py",
            id="the same file twice",
        ),
        pytest.param("ENV A=1", "RUN echo $A", "it reads $A, which that writes", id="a variable"),
        pytest.param(
            "WORKDIR /srv",
            "COPY src/a.py .",
            "it reads the working directory, which that writes",
            id="the working directory",
        ),
        pytest.param(
            "COPY src/a.py .",
            "WORKDIR /srv",
            "it writes the working directory, which that reads",
            id="the working directory is left",
        ),
        pytest.param(
            "ENV A=1",
            "ENV B=1",
            "both write the list of variables",
            id="a part of the image config",
        ),
    ],
)
def test_sentence(first: str, later: str, told: str) -> None:
    assert sentence(*pair(first, later)) == told


def test_what_many_files_share_is_counted() -> None:
    first, later, reason = pair("COPY . .", BARRIER)
    found = link(first.effects, later.effects, reason)
    told = "/app/requirements.txt, /app/src/a.py and /app/src/b.py"
    assert (found.kind, found.what) == ("reads", told)


def test_every_pair_has_words() -> None:
    lines = (
        "ARG V=1", "ENV PATH=/x:$PATH", "COPY src /app/src", "RUN apt-get install -y git", BARRIER,
        "USER 1000", "WORKDIR /srv", "COPY --chown=app src/a.py /srv/", "RUN mkdir -p /srv/x/y",
        "LABEL v=$V", "RUN pip install -r /app/requirements.txt", "CMD x", "SHELL [\"sh\"]",
    )  # fmt: skip
    found = facts("\n".join(("FROM python:3.12-slim", *lines, *lines)) + "\n", FILES)
    edges = dependencies(found.body(found.stages[0]))
    assert len(edges) > 50
    for (first, later), reason in edges.items():
        told = link(found.nodes[first].effects, found.nodes[later].effects, reason)
        assert told.what, (first, later)

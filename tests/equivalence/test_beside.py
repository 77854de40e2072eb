"""The folders above a mount point: who may look for them, make them or give them an owner."""

from __future__ import annotations

import pytest
from harness.pairs import Pair

from reorder.equivalence.check import Objection, Proof

FILES = {"requirements.txt": "flask\n", "a.txt": "x\n"}
START = "FROM python:3.12-slim AS one\nWORKDIR /app\nCOPY requirements.txt .\n"
INSTALL = "RUN pip install -r requirements.txt\n"
MOUNTED = INSTALL.replace("RUN", "RUN --mount=type=cache,target=/root/.cache/pip")


def verdict(text: str) -> Proof | Objection:
    assert INSTALL in text or "pip install" in text
    after = text.replace("RUN pip", "RUN --mount=type=cache,target=/root/.cache/pip pip")
    after = after.replace("RUN mkdir", "RUN --mount=type=cache,target=/root/.cache/pip mkdir")
    return Pair(text, after, FILES).verdict()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("RUN mkdir /root/.cache && pip install -r requirements.txt\n",
                     "made for the mount", id="made in the same RUN"),
        pytest.param(INSTALL + "RUN echo x > /root/.cache/note\n", "uses /root/.cache",
                     id="a file beside it"),
        pytest.param(INSTALL + "RUN touch /root/.cache/note\n", "uses /root/.cache", id="touch"),
        pytest.param(INSTALL + "COPY --chown=1000 a.txt /root/.cache/x/\n", "another owner",
                     id="a copy with an owner"),
        pytest.param(INSTALL + "COPY --chmod=700 a.txt /root/.cache/x/\n", "another owner",
                     id="a copy with a mode"),
        pytest.param(INSTALL + "COPY a.txt /root/.cache\n", "decides what is copied",
                     id="a file there, or in there"),
        pytest.param(INSTALL + "USER 1000\nWORKDIR /root/.cache/y\n", "another owner",
                     id="a working folder of a user"),
        pytest.param(INSTALL + "FROM one\nRUN touch /root/.cache/note\n", "uses /root/.cache",
                     id="in a stage that starts from it"),
        pytest.param(INSTALL + "FROM debian\nCOPY --from=one /root/.cache /c\n", "only there",
                     id="taken by another stage"),
        pytest.param(INSTALL + "FROM debian\nRUN --mount=from=one,source=/root/.cache,target=/c "
                     "cp -r /c /d\n", "only there", id="mounted by another stage"),
    ],
)  # fmt: skip
def test_a_folder_that_somebody_uses(text: str, wanted: str) -> None:
    found = verdict(START + text)
    assert isinstance(found, Objection)
    assert wanted in found.reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(INSTALL, id="nobody does"),
        pytest.param(INSTALL + "COPY a.txt /root/.cache/x/\n", id="a copy that makes the same"),
        pytest.param("COPY a.txt /root/.cache/\n" + INSTALL + "RUN touch /root/.cache/note\n",
                     id="a copy has made it before"),
        pytest.param("RUN touch /root/.cache/a\n" + INSTALL + "RUN touch /root/.cache/note\n",
                     id="a step has used it before"),
        pytest.param(INSTALL + "RUN touch /root/note\n", id="the home is always there"),
        pytest.param(INSTALL + "FROM debian\nCOPY --from=one /app /app\n", id="another folder"),
    ],
)  # fmt: skip
def test_a_folder_that_nobody_misses(text: str) -> None:
    assert isinstance(verdict(START + text), Proof)


BESIDE = "RUN --mount=type=cache,target=/srv/c/p cp requirements.txt /srv/c/y\n"
BOUND = "RUN --mount=source=a.txt,target=/srv/c/a.txt cp /srv/c/a.txt /srv/c/y\n"


@pytest.mark.parametrize("first", [BESIDE, BOUND], ids=["cache", "bind"])
@pytest.mark.parametrize(
    "then",
    ["RUN echo x > /srv/c/log\n", "COPY --chown=1000 a.txt /srv/c/z\n", "COPY a.txt /srv/c\n"],
)
def test_who_needs_what_a_mount_of_the_author_makes_stays_below_it(first: str, then: str) -> None:
    found = Pair(START + first + then, START + then + first, FILES).verdict()
    assert isinstance(found, Objection)

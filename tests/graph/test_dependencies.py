"""The commutation table of semantics.md section 3.1, pair by pair."""

from __future__ import annotations

import pytest
from harness.made import facts

from reorder.graph.facts import dependencies

FILES = {"a.txt": "a", "b.txt": "b", "src/c.txt": "c", "passwd": "x"}
APT = "RUN apt-get install -y git"


def related(first: str, second: str, before: str = "") -> str | None:
    """The resource that keeps two adjacent instructions in order, or None."""
    text = f"FROM debian:12\nWORKDIR /app\n{before}{first}\n{second}\n"
    found = facts(text, FILES)
    body = found.body(found.stages[0])
    return dependencies(body).get((body[-2].at, body[-1].at))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("ARG X=1", "RUN ./unknown", id="an unknown command reads all variables"),
        pytest.param("ENV A=1", "ENV B=2", id="Config.Env keeps the order"),
        pytest.param("ENV A=1", "ARG A=2", id="ENV and ARG of one name: the last one wins"),
        pytest.param("ARG V=1", "LABEL v=$V", id="a label that uses a variable"),
        pytest.param("RUN ./a", "RUN ./b", id="two commands that are not understood"),
        pytest.param("RUN ./a", "COPY a.txt .", id="a command not understood may read the file"),
        pytest.param("RUN ./a", "WORKDIR /x", id="RUN runs in the working directory"),
        pytest.param("USER 1000", "RUN ./a", id="RUN runs as the user"),
        pytest.param("USER 1000", "WORKDIR /x", id="WORKDIR creates folders as the user"),
        pytest.param("WORKDIR /x", "COPY a.txt .", id="a relative destination"),
        pytest.param("WORKDIR /x", "WORKDIR y", id="a relative working directory"),
        pytest.param("COPY a.txt /x", "COPY b.txt /x", id="two files for one path"),
        pytest.param("COPY . .", "COPY a.txt .", id="the same file twice"),
        pytest.param(APT, "COPY --chown=app a.txt .", id="a named owner is looked up"),
        pytest.param("COPY passwd /etc/passwd", APT, id="a file among the system's own"),
        pytest.param("SHELL [\"/bin/bash\", \"-c\"]", APT, id="the shell of a RUN"),
        pytest.param("SHELL [\"/bin/bash\", \"-c\"]", "CMD x", id="the shell of a CMD"),
        pytest.param("LABEL a=1", "LABEL a=2", id="one label twice"),
        pytest.param("CMD a", "CMD b", id="the last CMD wins"),
        pytest.param("ONBUILD RUN a", "ONBUILD RUN b", id="triggers keep their order"),
        pytest.param("COPY --chown=1 src /new/x", "WORKDIR /new", id="who makes it owns it"),
    ],
)  # fmt: skip
def test_keeps_the_order(first: str, second: str) -> None:
    assert related(first, second) is not None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("COPY . .", APT, id="system packages and the application's folder"),
        pytest.param("COPY a.txt /x/", "COPY b.txt /y/", id="different paths"),
        pytest.param("COPY a.txt .", "USER 1000", id="COPY does not copy as the user"),
        pytest.param("COPY a.txt /app/", "WORKDIR /app", id="both create the folder as root"),
        pytest.param("ARG X=1", "COPY a.txt .", id="a variable the copy does not use"),
        pytest.param("LABEL a=1", "RUN ./a", id="a label is only config"),
        pytest.param("LABEL a=1", "LABEL b=1", id="different labels"),
        pytest.param("CMD a", "ENTRYPOINT b", id="CMD and ENTRYPOINT of one stage"),
        pytest.param("EXPOSE 80", "EXPOSE 81", id="ports are a set"),
        pytest.param("VOLUME /d", "RUN ./a", id="a volume is only config"),
        pytest.param("SHELL [\"/bin/bash\", \"-c\"]", "CMD [\"x\"]", id="a CMD in the JSON form"),
    ],
)  # fmt: skip
def test_may_change_places(first: str, second: str) -> None:
    assert related(first, second) is None


def test_a_home_that_nobody_knows_has_no_folder_in_common_with_others() -> None:
    text = "FROM example.org/x\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm cache clean --force\n"
    assert dependencies(facts(text, {"package.json": "{}"}).body(facts(text, {}).stages[0]))

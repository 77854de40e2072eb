"""`reorder graph` on a real disk."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from reorder.cli import graphviz
from reorder.cli.main import main
from reorder.errors import InputError

TEXT = (
    'FROM debian:12 AS a\nCOPY x /y\nFROM debian:12\nCOPY --from=a /y "/é&"\nRUN <<E\necho ]]>\nE\n'
)
HOSTILE = r"FROM a" "\n" r'RUN echo "\N \" ]]> </svg> &lt; %% $$ `x` é ' "\x07 \\\n  more\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(TEXT)
    (tmp_path / "x").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere: no such file or folder\n"),
        (["broken"], "broken:2: unknown instruction: FOO\n"),
        (["--format", "png"], "Invalid value for '--format'"),
        (["--context", "nowhere"], "Invalid value for '--context'"),
        (["a", "b"], "Got unexpected extra argument (b)"),
    ],
)
def test_bad_input(
    arguments: list[str], told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken").write_text("FROM a\nFOO b\n")
    assert main(["graph", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_svg_without_a_program(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def svg(dot: str, name: str) -> str:
        raise InputError(name, "svg needs Graphviz")

    monkeypatch.setattr(graphviz, "svg", svg)
    assert main(["graph", "Dockerfile", "--format", "svg"]) == 2
    assert capsys.readouterr() == ("", "Dockerfile: svg needs Graphviz\n")


def test_the_only_dockerfile_of_the_folder_as_mermaid(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["graph"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith('flowchart TD\n  subgraph s0["a"]\n    n0["1: FROM debian:12 AS a"]\n')
    assert err == ""


def test_from_stdin(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"FROM a\nCOPY x /\n")))
    assert main(["graph", "-", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["path"] == "-"
    assert found["nodes"][1]["writes"]["files"] == ["/x"]


@pytest.mark.parametrize("text", [TEXT, HOSTILE])
def test_the_picture_shows_every_instruction(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Dockerfile").write_text(text)
    assert main(["graph", "--format", "svg"]) == 0
    picture = capsys.readouterr().out
    root = fromstring(picture[picture.index("<svg") :])
    shown = "\n".join(
        element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")
    )
    for line, row in enumerate(text.split("\n"), 1):
        if row.startswith(("FROM", "COPY")):
            assert f"{line}: {row}" in shown.replace("\xa0", " ")
    if text is HOSTILE:
        assert r'2: RUN echo "\N \" ]]> </svg> &lt; %% $$ `x` ' in shown.replace("\xa0", " ")


def test_what_is_printed_is_dot_on_request(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["graph", ".", "--format", "dot"]) == 0
    assert capsys.readouterr().out.startswith("digraph Dockerfile {\n")

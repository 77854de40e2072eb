"""The program that draws, real and in its ways to fail."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from reorder.cli import graphviz
from reorder.errors import InputError

DOT = 'digraph g { a [label="é & <b>"]; a -> b; }'


@pytest.fixture
def no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)


@pytest.mark.usefixtures("no_program")
def test_without_a_program_the_line_to_type_is_told() -> None:
    with pytest.raises(InputError) as caught:
        graphviz.svg(DOT, "Dockerfile")
    told = "Dockerfile: svg needs Graphviz; type: pip install 'dockerfile-reorder[svg]'"
    assert str(caught.value) == told


def test_what_the_program_says_is_told() -> None:
    with pytest.raises(InputError, match=r"x: .* failed: .*syntax error"):
        graphviz.svg("digraph {", "x")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (subprocess.TimeoutExpired("dot", 60), "took more than 60 s; try --format dot"),
        (PermissionError(13, "Permission denied"), "cannot be run: Permission denied"),
    ],
)
def test_a_program_that_does_not_answer(
    error: Exception, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(InputError, match=told):
        graphviz.svg(DOT, "x")


def test_a_picture_is_xml_with_the_text() -> None:
    from defusedxml.ElementTree import fromstring

    picture = graphviz.svg(DOT, "x")
    assert "é &amp; &lt;b&gt;" in picture
    # The document type that Graphviz writes is refused by a careful reader: it is left out.
    root = fromstring(picture[picture.index("<svg") :])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_dot_comes_before_its_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\necho drawn\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert graphviz.svg(DOT, "x") == "drawn\n"

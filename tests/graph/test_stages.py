"""Which stage a name or number means."""

from __future__ import annotations

import pytest

from reorder.graph.stages import family, source_stage, stages, targets, used_by
from reorder.graph.windows import windows_line
from reorder.syntax.parse import parse

TEXT = "FROM x AS a\nFROM a AS b\nFROM y\nCOPY --from=A /x /x\nRUN --mount=from=1,target=/m x\n"


def test_base_and_parent() -> None:
    found = stages(parse(TEXT))
    assert [stage.name for stage in found] == ["a", "b", None]
    assert [stage.parent for stage in found] == [None, 0, None]


@pytest.mark.parametrize(
    ("value", "want"), [("a", 0), ("A", 0), ("1", 1), ("2", None), ("c", None), ("x", None)]
)
def test_source_stage(value: str, want: int | None) -> None:
    found = source_stage(value, 2, stages(parse(TEXT)))
    assert (found.index if found else None) == want


def test_family() -> None:
    found = stages(parse(TEXT))
    assert [stage.index for stage in family(found, found[0])] == [0, 1]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("FROM x\n", [0]),
        ("FROM x\nFROM y\n", [1]),
        ("FROM x AS a\nFROM y\n", [0, 1]),
        ("FROM x AS a\nFROM y AS a\nFROM z\n", [1, 2]),
    ],
    ids=["one", "the last", "a name", "the later of two names"],
)
def test_targets(text: str, want: list[int]) -> None:
    assert [stage.index for stage in targets(stages(parse(text)))] == want


def test_a_build_needs_bases_sources_and_mounts() -> None:
    text = (
        "FROM x AS a\nFROM x AS b\nFROM x AS c\nFROM x AS unused\nFROM a\nCOPY --from=b / /\n"
        "RUN --mount=from=c,target=/c x\n"
    )
    file = parse(text)
    known = stages(file)
    assert used_by(file, known, known[-1:]) == {0, 1, 2, 4}
    assert used_by(file, known, known[3:4]) == {3}


def test_a_base_is_matched_to_the_lower_case_name_only() -> None:
    assert stages(parse("FROM x AS Foo\nFROM Foo\n"))[1].parent is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("FROM debian:12\nRUN ./x\n", None),
        ('FROM debian:12\nSHELL ["/bin/bash", "-c"]\n', None),
        ('FROM mcr.microsoft.com/powershell\nSHELL ["pwsh", "-c"]\n', None),
        ("# escape=`\nFROM app\n", 1),
        ("FROM golang:1.23 AS a\n\nFROM golang:1.23-windowsservercore\n", 3),
        ('FROM app\nSHELL ["C:\\\\Windows\\\\cmd.exe", "/S"]\n', 2),
    ],
)
def test_a_windows_image(text: str, line: int | None) -> None:
    assert windows_line(parse(text)) == line

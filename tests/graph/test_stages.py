"""Which stage a name or number means."""

from __future__ import annotations

import pytest

from reorder.graph.stages import family, source_stage, stages
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


def test_a_base_is_matched_to_the_lower_case_name_only() -> None:
    assert stages(parse("FROM x AS Foo\nFROM Foo\n"))[1].parent is None

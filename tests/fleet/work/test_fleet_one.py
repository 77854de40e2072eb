"""What a repository's row says."""

from __future__ import annotations

import pytest

from reorder.fleet.row import FileRow, Row
from reorder.fleet.work.one import _untouched
from reorder.result import Refusal

LOG = "Dockerfile: the original does not build: Collecting x\n  y\nERROR: exit code: 1\n"
REFUSED = FileRow("Dockerfile", "unchanged", refusals=(Refusal("order", 1, "no"),))


@pytest.mark.parametrize(
    ("files", "status", "reason"),
    [
        ((), "unchanged", "no Dockerfile found"),
        ((FileRow("Dockerfile", "unchanged"),), "unchanged", "nothing to change"),
        ((REFUSED,), "refused", "no"),
        ((REFUSED, FileRow("x", "error", error="x:1: bad")), "error", "x:1: bad"),
        (
            (FileRow("Dockerfile", "error", error=LOG),),
            "error",
            "Dockerfile: the original does not build: ERROR: exit code: 1",
        ),
    ],
)
def test_why_nothing_changes(files: tuple[FileRow, ...], status: str, reason: str) -> None:
    found = _untouched(Row("a", "unchanged", files=files))
    assert (found.status, found.reason) == (status, reason)

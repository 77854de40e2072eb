"""The table of transforms and the names the command line knows."""

from __future__ import annotations

from reorder.transforms.ids import IDS
from reorder.transforms.table import TRANSFORMS


def test_every_transform_has_a_name_and_every_name_a_transform() -> None:
    assert sorted(transform.ID for transform in TRANSFORMS) == sorted(IDS)


def test_every_transform_is_documented_under_the_same_headings() -> None:
    for transform in TRANSFORMS:
        page = transform.__doc__ or ""
        for heading in ("What it does:", "Why:", "When it refuses:", "Safety:"):
            assert heading in page, f"{transform.ID} has no `{heading}`"

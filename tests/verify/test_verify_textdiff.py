"""What the contents of files tell that differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from verify.layouts import image, layer, member, oci

from reorder.verify.difference import NO_NOISE, Verdict, compare
from reorder.verify.image import Entry
from reorder.verify.textdiff import SAME_JSON, with_diffs


class Nothing:
    """No difference is expected."""

    def why(self, path: str, before: Entry | None, after: Entry | None) -> str:
        return ""


def told(folder: Path, name: str, before: bytes, after: bytes, **fields: int) -> Verdict:
    layers = [layer(member(name, before)), layer(member(name, after, **fields))]
    paths = [oci(folder / f"{at}.tar", [one]) for at, one in enumerate(layers)]
    images = [image(folder / f"{at}-again.tar", one) for at, one in enumerate(layers)]
    return with_diffs(compare(images[0], images[1], NO_NOISE, Nothing()), paths[0], paths[1])


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param("a.json", b'{"a": 1}', b'{"a": 2}', id="another-value"),
        pytest.param("a.json", b'{"a": 1}', b'{"a": true}', id="another-type"),
        pytest.param("a.json", b"[1, 2]", b"[2, 1]", id="a-list-has-an-order"),
        pytest.param("a.json", b'{"a": 1}', b'{"a": 1', id="broken"),
        pytest.param("a.txt", b"1", b"1 ", id="no-object"),
        pytest.param("a.json", b"[" * 100_000, b"[" * 100_001, id="too-deep"),
        pytest.param(
            "x/package.json",
            b'{"exports": {"a": 1, "b": 2}}',
            b'{"exports": {"b": 2, "a": 1}}',
            id="the-order-counts-there",
        ),
    ],
)
def test_a_difference_of_contents_counts(
    tmp_path: Path, name: str, before: bytes, after: bytes
) -> None:
    verdict = told(tmp_path, name, before, after)
    assert [one.what for one in verdict.differences] == [f"/{name}"]
    assert verdict.differences[0].diff


def test_the_same_json_in_another_order_is_noise(tmp_path: Path) -> None:
    verdict = told(tmp_path, "info", b'{"a": {"x": 1, "y": 2}}', b'{"a": {"y": 2, "x": 1}}')
    assert verdict.identical
    assert [(one.what, one.why) for one in verdict.noise] == [("/info", SAME_JSON)]


def test_but_not_another_mode(tmp_path: Path) -> None:
    verdict = told(tmp_path, "info", b'{"x": 1, "y": 2}', b'{"y": 2, "x": 1}', mode=0o600)
    assert [one.what for one in verdict.differences] == ["/info"]

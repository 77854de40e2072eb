"""Rows that no run made."""

from __future__ import annotations

from hypothesis import strategies as st

from reorder.fleet.row import STATUSES, FileRow, Row, Saving
from reorder.result import Change, Estimate, Refusal

EVIL = "<script>alert(1)</script>\x1b[31m\n| `@team` [x](javascript:1) </script><!-- \u2028 \udcff"
texts = st.text(st.characters(codec=None), max_size=30) | st.just(EVIL)
lines = st.integers(1, 10_000)
seconds = st.floats(0, 1e6)
ids = st.sampled_from(("order", "cache-mount"))
changes = st.builds(
    Change, ids, lines, st.sampled_from(("safe", "unsafe")), texts, st.tuples(texts)
)
refusals = st.builds(Refusal, ids, lines, texts)
estimates = st.builds(Estimate, seconds, seconds, st.integers(0, 500), st.booleans(), texts)
files = st.builds(
    FileRow,
    path=texts,
    status=st.sampled_from(("changed", "unchanged", "skipped", "error")),
    changes=st.lists(changes, max_size=2).map(tuple),
    refusals=st.lists(refusals, max_size=2).map(tuple),
    estimate=st.none() | estimates,
    ignore=texts,
    error=texts,
)
rows = st.builds(
    Row,
    repo=texts,
    status=st.sampled_from(STATUSES),
    reason=texts,
    commit=texts,
    files=st.lists(files, max_size=2).map(tuple),
    saving=st.none() | st.builds(Saving, seconds, seconds, st.floats(0, 1e5)),
    branch=texts,
    patch=texts,
    pr=texts,
    opened=texts,
    notes=st.lists(texts, max_size=2).map(tuple),
    seconds=seconds,
    version=texts,
    config=texts,
)

OPAQUE = "`make` is not understood: it may read and write anything"
CHANGE = Change("manifest-first", 3, "safe", "copy go.mod first", ("it reads go.mod only",))


def changed(name: str, hours: float = 10.0, *refused: str) -> Row:
    """A repository whose Dockerfile was changed, with the reasons of what was not."""
    return Row(
        f"host/team/{name}",
        "changed",
        commit="c" * 40,
        files=(
            FileRow(
                "app/Dockerfile",
                "changed",
                (CHANGE,),
                tuple(Refusal("order", at, text) for at, text in enumerate(refused, start=7)),
                Estimate(60.0, 2.0, 500),
            ),
        ),
        saving=Saving(60.0, 24.0, hours * 100),
        patch=f"patches/host/team/{name}.patch",
        seconds=2.0,
        version="1.0",
        config="abc",
    )


ROWS = (
    changed("shop", 40.0, OPAQUE),
    changed("blog", 4.0, OPAQUE.replace("make", "./build.sh --all"), "the base image is not known"),
    Row("host/team/old", "refused", "archived", seconds=0.1, version="1.0", config="abc"),
    Row("host/team/off", "unchanged", "nothing to change", seconds=1, version="1.0", config="abc"),
    Row("host/team/gone", "error", "git clone: repository `x` not found", seconds=9, version="1.0"),
    Row("host/team/slow", "timeout", "took longer than 600 s", seconds=600, version="1.0"),
)

"""Results of every shape, made up by hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from reorder.result import Advice, Change, Estimate, IgnoreChange, Refusal, Result
from reorder.transforms.ids import IDS

ODD = "ab:,%{}[]() \t\x1b\u202eé日\udce9"
words = st.text(st.sampled_from(ODD), max_size=12)
paths = st.text(st.sampled_from("ab/. :%#?\né\udce9"), min_size=1, max_size=8).map(
    lambda name: name.replace("//", "/").strip("/.") or "x"
)
ids = st.sampled_from(IDS)
numbers = st.integers(1, 4)
text_lines = st.lists(st.sampled_from(["FROM a", "RUN b", "# é", "", "RUN \u2028"]), max_size=5)


@st.composite
def texts(draw: st.DrawFn) -> str:
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    mark, odd, end = (draw(st.sampled_from(["", mark])) for mark in ("\ufeff", "#\udce9", newline))
    return mark + newline.join([*draw(text_lines), odd]) + end


seconds = st.floats(0, 1e6)
estimates = st.builds(
    Estimate, seconds, seconds, st.integers(0, 500), st.booleans(), note=words
) | st.none()  # fmt: skip
changes = st.builds(
    Change, ids, numbers, st.sampled_from(["safe", "unsafe"]), words,
    st.lists(words, max_size=2).map(tuple),
)  # fmt: skip
refusals = st.lists(st.builds(Refusal, ids, numbers, words), max_size=2).map(tuple)
advice = st.lists(st.builds(Advice, ids, numbers, words), max_size=2).map(tuple)


@st.composite
def results(draw: st.DrawFn) -> Result:
    """One Dockerfile."""
    path = draw(paths)
    status = draw(st.sampled_from(["changed", "unchanged", "skipped", "error"]))
    if status == "error":
        return Result(path, "", "error", error=draw(st.sampled_from([f"{path}:3: a", "b"])))
    before = draw(texts())
    result = Result(
        path,
        ".",
        "skipped" if status == "skipped" else "unchanged",
        before,
        before,
        refusals=draw(refusals),
        advice=draw(advice),
        estimate=draw(estimates),
    )
    if status != "changed":
        return result
    ignore = None
    if draw(st.booleans()):
        was = draw(st.none() | texts())
        ignore = IgnoreChange(f"{path}.dockerignore", was, (was or "") + "x\n", ("x",))
    mark = "\ufeff" if before.startswith("\ufeff") else ""  # no rewrite adds one or takes it away
    return replace(
        result,
        status="changed",
        after=mark + draw(texts()).removeprefix("\ufeff"),
        changes=tuple(draw(st.lists(changes, min_size=1, max_size=3))),
        ignore=ignore,
    )

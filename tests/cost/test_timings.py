"""Which step of a build log an instruction is."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.made import context, facts
from hypothesis import given, settings
from hypothesis import strategies as st

from reorder.cost.timings import read_timings
from reorder.errors import InputError
from reorder.graph.facts import derive
from reorder.syntax.parse import parse

LOGS = Path(__file__).parent / "logs"
AUTHORS = (LOGS / "Dockerfile").read_text()


def log(*steps: str) -> str:
    """A plain log; a step is `name => seconds`."""
    lines = []
    for number, step in enumerate(steps, 5):
        name, _, seconds = step.partition(" => ")
        lines.append(f"#{number} {name}\n#{number} {f'DONE {seconds}s' if seconds else 'CACHED'}\n")
    return "".join(lines)


def measured(text: str, *steps: str, lines: tuple[int, ...] | None = None) -> list[float | None]:
    """The seconds of every step of a Dockerfile; `lines` are the author's."""
    found = derive(parse(text), context(), lines)
    timings = read_timings(log(*steps), "build.log")
    counted = ("run", "copy", "add", "workdir")
    return [timings.seconds(found, n) for n in found.nodes.values() if n.keyword in counted]


def in_file(name: str, text: str = AUTHORS) -> list[float | None]:
    found = facts(text)
    timings = read_timings((LOGS / name).read_text(), name)
    return [timings.seconds(found, node) for node in found.nodes.values()]


def test_neither_plain_nor_rawjson() -> None:
    with pytest.raises(InputError, match="no step of a build is in it"):
        read_timings("Hello.\n", "notes.txt")


def test_another_file() -> None:
    assert measured("FROM a\nRUN x\nCOPY . .\n", "[2/3] RUN y => 1", "[3/3] ADD . . => 2") == [
        None,
        None,
    ]


def test_another_stage() -> None:
    text = "FROM a AS one\nRUN make\nFROM a AS two\nRUN make\nFROM one\nRUN make\n"
    assert measured(text, "[two 2/2] RUN make => 7", "[stage-2 1/1] RUN make => 9") == [None, 7, 9]


def test_a_cached_step() -> None:
    assert measured("FROM a\nRUN x\nRUN y\n", "[2/3] RUN x", "[3/3] RUN y => 2") == [None, 2]


def test_the_trigger_of_the_base_image() -> None:
    steps = ("[1/3] FROM a => 1", "[2/3] ONBUILD COPY . . => 9", "[3/3] COPY . . => 2")
    assert measured("FROM a\nCOPY . .\n", *steps) == [2]


def test_a_longer_or_shorter_text_is_another_step() -> None:
    text = "FROM a\nRUN make all\nRUN true\nRUN false\n"
    assert measured(text, "[2/3] RUN make => 7", "[3/3] RUN make all install => 8") == [None] * 3


def test_a_changed_step_needs_its_place() -> None:
    text = "FROM a\nRUN npm ci\nRUN b\n"
    assert measured(text, "[2/3] RUN npm ci -f => 7", "[3/3] RUN b => 1") == [7, 1]
    assert measured(text, "[2/4] RUN npm ci -f => 7", "[3/4] RUN b => 1") == [None, 1]
    assert measured(text, "[2/3] COPY . . => 7", "[3/3] RUN b => 1") == [None, 1]
    assert measured(text, "[2/3] RUN npm ci -f => 7", "[3/3] RUN c => 1") == [None, None]


def test_the_place_of_another_step() -> None:
    text = "FROM a\nRUN x\nRUN y\n"
    assert measured(text, "[2/3] RUN y => 7", "[3/3] RUN z => 1") == [None, 7]


def test_one_step_that_became_two() -> None:
    after = "FROM a\nCOPY x .\nRUN npm ci\nRUN npm run build\n"
    steps = ("[2/3] COPY x . => 1", "[3/3] RUN npm ci && npm run build => 9")
    assert measured(after, *steps, lines=(1, 2, 3, 3)) == [1, None, None]


def test_what_is_no_step() -> None:
    found = facts("FROM a\nENV A=b\nRUN x\n")
    timings = read_timings(log("[2/2] ENV A=b => 1"), "x")
    assert timings.seconds(found, found.nodes[1]) is None


def test_real_logs() -> None:
    none = [None, None]
    run = [1.3, 0.7, 0.0, 0.0, 0.5]
    assert in_file("plain.log") == [*none, 0.0, 0.0, *run, 0.0, 0.1, 0.0, None]
    assert in_file("platforms.log") == [*none, None, 0.0, *run, None, 0.0, 0.0, None]
    raw = [None if s is None else round(s, 1) for s in in_file("rawjson.log")]
    assert raw == [*none, None, 0.0, *run, 0.0, 0.0, 0.0, None]  # WORKDIR came from the cache
    assert [s for s in in_file("cached.log") if s is not None] == [0.0]


@pytest.mark.parametrize("name", ["plain.log", "rawjson.log"])
def test_a_step_that_moved_or_got_a_mount(name: str) -> None:
    steps = AUTHORS.split("RUN for f")
    last = "RUN --mount=type=cache,target=/x for f" + steps[1].partition("\n")[0]
    moved = AUTHORS.replace("RUN <<EOT", f"{last}\nRUN <<EOT")
    assert [s for s in in_file(name, moved) if s and s > 0.4] == [
        s for t in (1.2, 0.4, 0.6, 0.4) for s in in_file(name) if s and t < s < t + 0.2
    ]


def test_the_only_stage_by_any_name() -> None:
    for name in ("2/2", "stage-0 2/2", "web 2/2", "web stage-0 2/2", "linux/amd64 2/2"):
        assert measured("FROM a\nRUN make\n", f"[{name}] RUN make => 7") == [7]
        assert measured("FROM a AS b\nRUN make\n", f"[{name}] RUN make => 7") == [7]


def test_of_several_targets_the_one_of_this_file() -> None:
    text = "FROM a\nCOPY . .\nRUN make\n"
    web = ("[web 2/3] COPY . . => 1", "[web 3/3] RUN make => 5")
    assert measured(text, "[api 2/3] COPY . . => 2", "[api 3/3] RUN ninja => 9", *web) == [1, 5]


def test_of_several_platforms_the_slowest() -> None:
    steps = ("[linux/amd64 2/2] RUN make => 5", "[linux/arm64 2/2] RUN make => 50")
    assert measured("FROM a\nRUN make\n", *steps) == [50]


def test_variables_that_the_builder_replaced() -> None:
    text = 'FROM a\nARG V\nRUN get "v${V:-1}" $(uname) $x\nCOPY --from=$S $V/a "b c"\nWORKDIR /$V\n'
    steps = (
        '[2/4] RUN get "v9" $(uname) $x => 1',
        "[3/4] COPY --from=img 9/a b c => 2",
        "[4/4] WORKDIR /9 => 3",
    )
    assert measured(text, *steps) == [1, 2, 3]


def test_variables_that_make_it_ambiguous() -> None:
    text = "FROM a\nRUN make $A\nRUN make $A $B\n"
    assert measured(text, "[2/3] RUN make 1 => 1", "[3/3] RUN make 1 2 => 2") == [1, 2]
    assert measured(text, "[2/9] RUN make 1 => 1", "[3/9] RUN make 1 2 => 2") == [None] * 2


def test_steps_of_the_same_text_keep_their_order() -> None:
    text = "FROM a\nRUN make\nRUN --network=none make\n"
    assert measured(text, "[3/3] RUN make => 5", "[2/3] RUN make => 1") == [1, 5]
    assert measured(text, "[2/2] RUN make => 5") == [5, 5]
    assert measured("FROM a\nRUN make\n", "[3/3] RUN make => 5", "[2/3] RUN make => 1") == [3]


def test_text_that_an_old_version_cut() -> None:
    whole = "[builder 2/3] RUN apt-get update && apt-get install -y alpha beta gamma delta epsilon"
    steps = (f"{whole[:72]}... => 5", "[builder 3/3] RUN ./... => 1")
    text = f"FROM a AS builder\n{whole.partition('] ')[2]}\nRUN ./... x\nRUN ./...\n"
    assert measured(text, *steps) == [5, None, 1]


def test_two_heredocs() -> None:
    text = "FROM a\nRUN <<EOF\nx\ny\nEOF\nRUN <<EOF\nz\nEOF\n"
    assert measured(text, "[2/3] RUN <<EOF (x...) => 1", "[3/3] RUN <<EOF (z) => 2") == [1, 2]


def test_a_rewritten_step_by_the_line_of_the_author() -> None:
    steps = (
        "[2/4] COPY . . => 1",
        "[3/4] RUN pip install --no-cache-dir -r r.txt => 9",
        "[4/4] RUN make => 5",
    )
    after = "FROM a\nCOPY r.txt .\nRUN --mount=type=cache,target=/c pip install -r r.txt\n"
    found = measured(after + "COPY . .\nRUN make\n", *steps, lines=(1, 2, 3, 2, 4))
    assert found == [None, 9, 1, 5]


@settings(deadline=None)
@given(st.text(max_size=300), st.text(alphabet="RUNCOPYADD $\\{}\"'<EOF-=\n[]/.a", max_size=300))
def test_any_log_with_any_file(text: str, more: str) -> None:
    whole = "FROM a\nCOPY . .\nRUN make\n" + text + "\n" + more
    if parse(whole).problems:  # nobody derives facts of what BuildKit would not take
        whole = "FROM a\nCOPY . .\nRUN make\n"
    found = facts(whole)
    timings = read_timings(log("[2/3] RUN make => 7", f"[3/3] {more.split(chr(10))[0]} => 1"), "x")
    for node in found.nodes.values():
        assert timings.seconds(found, node) in (None, 1.0, 4.0, 7.0)

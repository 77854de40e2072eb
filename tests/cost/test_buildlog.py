"""Reading the steps of a progress log."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reorder.cost.buildlog import Step, read_steps, write_steps
from reorder.errors import InputError


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_steps(text, "build.log")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def seconds(text: str) -> dict[str, float | None]:
    return {step.name: step.seconds for step in read_steps(text, "build.log")}


def vertex(name: str, took: str = "", digest: str = "sha256:a", **more: object) -> str:
    begin, end = "2024-01-02T03:04:05Z", f"2024-01-02T03:04:{took}Z"
    times = {"started": begin, "completed": end} if took else {}
    return json.dumps({"vertexes": [{"digest": digest, "name": name, **times, **more}]}) + "\n"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "hello\n", "#1 [internal] load\n#1 DONE 0.1s\n", "{}"]
)
def test_nothing_of_a_build(text: str) -> None:
    assert refused(text) == (
        "build.log: no step of a build is in it; "
        "give the log of a build with --progress=plain or --progress=rawjson"
    )


def test_the_classic_builder() -> None:
    text = "Step 1/2 : FROM debian\n ---> 12\nStep 2/2 : RUN make\n ---> Running in 34\n"
    assert refused(text).startswith("build.log: the classic builder does not log times; give")


def test_a_line_that_is_cut() -> None:
    text = vertex("[2/2] RUN make", "06") + '{"vertexes":[{"dig\n'
    assert refused(text).startswith("build.log:2: the line is no JSON; give")


@pytest.mark.parametrize(
    "text",
    [
        "#5 [2/2] RUN make\n#5 CACHED\n",
        "#5 [2/2] RUN make\n#5 0.1 oh\n#5 ERROR: exit code: 2\n",
        "#5 [2/2] RUN make\n#5 CANCELED\n",
        vertex("[2/2] RUN make", "06", cached=True),
        vertex("[2/2] RUN make", "06", error="exit code: 2"),
        vertex("[2/2] RUN make"),
    ],
)
def test_nothing_ran(text: str) -> None:
    assert "no step in it ran to its end" in refused(text)


@pytest.mark.parametrize(
    "line",
    [
        "#7 ...",
        "#7 0.312 DONE 99.0s",
        "#7 0.312 CACHED",
        "#7 sha256:0a1b 12.3MB / 30.1MB 0.4s done",
        "#7 WARN: be careful",
        "#7 [2/3] RUN make",  # printed again when others were printed in between
        "#7 DONE soon",
        "DONE 99.0s",
        "#8 DONE 99.0s",
        "#8 [internal] load build context",
        "",
    ],
)
def test_what_is_no_new_measure(line: str) -> None:
    before, after = "#7 [2/3] RUN make\n", "#7 DONE 12.3s\n"
    for text in (before + line + "\n" + after, before + after + line + "\n"):
        assert seconds(text) == {"[2/3] RUN make": 12.3}


@pytest.mark.parametrize(
    "front",
    [
        "2024-01-02T03:04:05.1234567Z ",
        "build\tBuild and push\t2024-01-02T03:04:05.1234567Z ",
        "[2024-01-02 03:04:05] ",
        "[03:04:05] ",
        "\x1b[34m",
    ],
)
def test_what_ci_puts_in_front(front: str) -> None:
    text = "".join(f"{front}{line}\n" for line in ("#7 [a 2/3] RUN make\x1b[0m", "#7 DONE 3.0s"))
    assert seconds(text) == {"[a 2/3] RUN make": 3.0}


@pytest.mark.parametrize(
    ("title", "step"),
    [
        ("[2/3] RUN make", Step((), "", 2, 3, "RUN make", 1.0)),
        ("[ 2/13] RUN make", Step((), "", 2, 13, "RUN make", 1.0)),
        ("[builder  2/13] RUN make", Step((), "builder", 2, 13, "RUN make", 1.0)),
        ("[linux/amd64 2/3] RUN a]", Step(("linux/amd64",), "", 2, 3, "RUN a]", 1.0)),
        (
            "[web linux/arm64->amd64 b 2/3] RUN make",
            Step(("web", "linux/arm64->amd64"), "b", 2, 3, "RUN make", 1.0),
        ),
    ],
)
def test_names(title: str, step: Step) -> None:
    assert read_steps(f"#7 {title}\n#7 DONE 1.0s\n", "x") == (step,)


def test_a_log_from_windows() -> None:
    assert seconds("#7 [a 2/3] RUN make\r\n#7 DONE 3.0s\r\n") == {"[a 2/3] RUN make": 3.0}
    assert seconds(vertex("[2/3] RUN make", "07").replace("\n", "\r\n")) == {"[2/3] RUN make": 2.0}


def test_docker_18() -> None:
    text = (
        '#7 [2/3] RUN make\n#7       digest: sha256:0a\n#7         name: "[2/3] RUN make"\n'
        "#7      started: 2019-02-06 21:14:46.1 +0000 UTC\n#7     duration: 1m2.5s\n"
    )
    assert seconds(text) == {"[2/3] RUN make": 62.5}


def test_two_builds_in_one_log() -> None:
    one = "#7 [a 2/3] RUN make\n#7 DONE 8.0s\n"
    cached = "#7 [a 2/3] RUN make\n#7 CACHED\n"
    other = "#7 [b 2/3] RUN test\n#7 DONE 2.0s\n"
    assert seconds(one + cached + other) == {"[a 2/3] RUN make": 8.0, "[b 2/3] RUN test": 2.0}
    assert seconds(cached + one) == {"[a 2/3] RUN make": 8.0}


def test_rawjson_is_reported_again_and_again() -> None:
    name = "[a 2/3] RUN make"
    text = vertex(name) + "WARNING: of the client\n" + vertex(name, "07") + '{"logs":[]}\n[]\n'
    assert seconds(text) == {name: 2.0}
    assert seconds(text + vertex(name, "07")) == {name: 2.0}


def test_a_download_from_a_registry_cache_is_no_measure() -> None:
    name = "[2/3] RUN make"
    plain = (
        f"#7 {name}\n#7 CACHED\n#7 {name}\n#7 sha256:0a1b 9.1MB / 9.1MB 0.4s done\n"
        f"#7 extracting sha256:0a1b 3.3s done\n#7 DONE 4.2s\n"
        f"#7 {name}\n#7 extracting sha256:0c1d 0.7s done\n#7 DONE 5.1s\n"
    )
    # As BuildKit 0.32 has it: cached, then a span for the pull and one for each layer.
    pulled = vertex(name, "09").replace("03:04:05Z", "03:04:06Z")
    raw = vertex(name, "05", cached=True) + vertex(name) + vertex(name, "06") + pulled
    for log in (plain, raw):
        assert "no step in it ran to its end" in refused(log)
        other = "#8 [3/3] RUN test\n#8 DONE 2.0s\n" if log is plain else ""
        other = other or vertex("[3/3] RUN test", "07", digest="sha256:b")
        assert seconds(log + other) == {name: None, "[3/3] RUN test": 2.0}


def test_rawjson_that_ran_and_was_cached_by_the_next_build_keeps_its_measure() -> None:
    name = "[2/3] RUN make"
    cached = vertex(name, "09", cached=True).replace("03:04:05Z", "03:04:09Z")
    assert seconds(vertex(name, "07") + cached) == {name: 2.0}


def test_rawjson_that_runs_twice_adds_up() -> None:
    later = vertex("[2/3] RUN make", "09").replace("03:04:05Z", "03:04:08Z")
    assert seconds(vertex("[2/3] RUN make", "07") + later) == {"[2/3] RUN make": 3.0}


def test_rawjson_with_nanoseconds_and_zones() -> None:
    text = vertex("[2/3] RUN make", "07.123456789").replace("05Z", "05.1+00:00")
    assert seconds(text) == {"[2/3] RUN make": pytest.approx(2.023456)}


@pytest.mark.parametrize("broken", ["never", "2024-13-45T99:99:99Z", 7, None, {}])
def test_rawjson_with_odd_times(broken: object) -> None:
    text = vertex("[3/3] RUN a", "06", "sha256:b") + vertex("[2/3] RUN make", "07", started=broken)
    assert seconds(text)["[2/3] RUN make"] is None


def test_a_linked_copy_is_one_step() -> None:
    text = vertex("[2/3] COPY --link a /", "07") + vertex("[2/3] LINK COPY --link a /", "06", "b")
    assert seconds(text) == {"[2/3] COPY --link a /": 2.0}


def test_what_is_written_is_read() -> None:
    steps = (
        Step(("linux/amd64",), "builder", 3, 8, "RUN echo 'ü' && make", 12.25),
        Step((), "", 4, 8, "COPY . .", None),
    )
    text = write_steps(steps)
    assert text.splitlines()[1] == '{"step": "[4/8] COPY . .", "seconds": null}'
    assert read_steps(text, "x") == steps


@pytest.mark.parametrize("value", ['"1"', "-1", "true", "1e999", "NaN", "[]", "9" * 400])
def test_written_seconds_that_are_no_seconds(value: str) -> None:
    text = '{"step": "[1/2] RUN a", "seconds": 1}\n{"step": "[2/2] RUN b", "seconds": %s}\n'
    assert seconds(text % value) == {"[1/2] RUN a": 1.0, "[2/2] RUN b": None}


LINES = st.sampled_from(
    [
        "#7 [2/3] RUN make", "#7 DONE 1.5s", "#7 CACHED", "#7 ...", "#9 [a 1/2] COPY . .", "#7 ",
        '{"vertexes":[{"name":"[1/1] RUN a"}]}', '{"step":"[1/1] RUN a","seconds":1}', "{", "]",
        '{"vertexes":{}}', '{"vertexes":[1,{"name":1}]}', "#7 [/] x", "#7 []", "#7 [a", "{}",
        "2024-01-02T03:04:05Z #7 DONE 1s", "#7 duration: 1h",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.one_of(LINES, st.text(max_size=60))))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        steps = read_steps(text, "x")
    except InputError:
        return
    assert any(step.seconds is not None for step in steps)
    assert read_steps(write_steps(steps), "x") == steps

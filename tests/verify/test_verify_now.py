"""Which step a line of a log says has begun."""

from __future__ import annotations

import json

import pytest

from reorder.verify.now import begun


def vertexes(*found: object) -> str:
    return json.dumps({"vertexes": list(found)})


NAME = "[builder 3/8] RUN make"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "#7 0.312 [builder 3/8] RUN make",
        "#7 DONE 1.2s",
        "#7 CACHED",
        "make: [all] Error 1",
        '{"vertexes"',
        '{"vertexes":{}}',
        '{"vertexes":[1,null]}',
        '{"statuses":[]}',
        vertexes({"name": NAME}),
        vertexes({"name": NAME, "started": "2026-01-02T03:04:05Z", "completed": "2026"}),
        vertexes({"started": "2026-01-02T03:04:05Z"}),
    ],
)
def test_nothing_begins(line: str) -> None:
    assert begun(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        f"#7 {NAME}",
        f"#12 {NAME}\r",
        vertexes({"name": NAME, "started": "2026-01-02T03:04:05Z"}),
        vertexes(
            {"name": "[1/8] FROM x", "started": "2026-01-02T03:04:05Z"},
            {"name": NAME, "started": "2026-01-02T03:04:05Z"},
            {"name": "[4/8] COPY . ."},
        ),
    ],
)
def test_buildkit(line: str) -> None:
    assert begun(line) == NAME


def test_buildah() -> None:
    assert begun("[1/2] STEP 3/3: RUN make") == "STEP 3/3: RUN make"
    assert begun("STEP 2: RUN make") == "STEP 2: RUN make"

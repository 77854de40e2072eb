"""What `verify` says, in its three forms."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reorder.cost import buildlog
from reorder.report import verify_html, verify_json, verify_text
from reorder.verify.difference import Difference, Verdict
from reorder.verify.outcome import Measure, Rebuild, Target, Verification
from reorder.verify.steps import Step

EVIL = "/a\x1b[31m<script>alert(1)</script>\udcff"


def step(text: str, seconds: float | None) -> Step:
    return Step(buildlog.Step((), "", 2, 3, text, seconds), cached=seconds is None)


def measure(seconds: float, *times: float | None) -> Measure:
    return Measure(seconds, tuple(step("RUN x", time) for time in times))


LOST = Difference("/app/x", frozenset({"presence"}), "file", None)
CHANGED = Difference("/app/y", frozenset({"mode"}), "mode 0644", "mode 0755")
TEXT = Difference("/app/z", frozenset({"content"}), "3 bytes, a", "4 bytes, b", diff="-a\n+b")
NOISE = Difference("/log", frozenset({"content"}), "a", "b", why="noise it is")
CACHE = Difference("/cache/a", frozenset({"presence"}), "file", None, why="a cache")

SAME = Verdict((), (CACHE,), (NOISE,), 1234)
OTHER = Verdict((LOST, CHANGED, TEXT), (), (), 12)
SOURCE = Rebuild("source", "main.py", measure(20.0, 9.0, 9.0), measure(0.8, None, 0.1), SAME)
NOTHING = Rebuild("nothing", "", measure(0.4, None), measure(0.2, None))


def found(verdict: Verdict = SAME, *rebuilds: Rebuild, **fields: object) -> Verification:
    targets = (Target("", verdict, 31.0, 30.0, 33.0), Target("web", SAME, 1.0, 1.0, 1.0))
    return Verification("Dockerfile", "fake 1", "one and other", targets, rebuilds, **fields)  # type: ignore[arg-type]


def test_identical() -> None:
    text = verify_text.render(found(SAME, SOURCE, NOTHING))
    assert "identical  the image (1,234 paths; cold build 30 s -> 33 s)" in text
    assert "identical  stage web (1,234 paths)" in text
    assert "expected: /cache/a: a cache" in text
    assert "noise: /log: noise it is" in text
    assert text.endswith("Proved: 2 images, the same before and after.\n")


def test_rebuilds_stand_side_by_side() -> None:
    lines = verify_text.render(found(SAME, SOURCE, NOTHING)).splitlines()
    rows = [line.split() for line in lines if "(" in line and "+" in line and "steps" not in line]
    assert rows == [
        ["a", "source", "main.py", "20.0", "(2+0)", "0.8", "(1+1)", "25.0x"],
        ["nothing", "0.4", "(0+1)", "0.2", "(0+1)", "2.0x"],
    ]


def test_different() -> None:
    text = verify_text.render(found(OTHER))
    assert "different  the image: 3 differences" in text
    assert "  /app/x: only in the original: file" in text
    assert "  /app/y: mode 0644 -> mode 0755" in text
    assert "      -a\n      +b\n" in text
    assert text.endswith("The rewritten Dockerfile is not proved.\n")


def test_many_differences_are_counted() -> None:
    many = tuple(Difference(f"/{n}", frozenset({"presence"}), "file", None) for n in range(30))
    text = verify_text.render(found(Verdict(many, (), (), 1)))
    assert "and 10 more; --format json has them all" in text


def test_a_rewritten_one_that_does_not_build() -> None:
    broken = found(SAME, failed=("RUN x", "boom"), failed_target="web")
    text = verify_text.render(broken)
    assert (
        "the rewritten one does not build (stage web), the original does:\n  RUN x\n  boom" in text
    )
    assert "not proved" in text
    assert "boom" in verify_html.render(broken)
    assert json.loads(verify_json.render(broken))["failed"] == {
        "target": "web",
        "log": ["RUN x", "boom"],
    }


@pytest.mark.parametrize("blame", [True, False])
def test_a_rebuild_that_fails(blame: bool) -> None:
    row = Rebuild("source", "main.py", None, None, None, "the original does not\nboom", blame)
    text = verify_text.render(found(SAME, row))
    assert "a source main.py\n  the original does not\n  boom\n" in text
    assert ("not proved" in text) is blame
    assert "boom" in verify_html.render(found(SAME, row))
    assert json.loads(verify_json.render(found(SAME, row)))["rebuilds"][0]["blame"] is blame


def test_a_rebuild_that_differs() -> None:
    row = Rebuild("source", "main.py", measure(1.0), measure(1.0), OTHER)
    assert "  different: 3 differences\n  /app/x" in verify_text.render(found(SAME, row))
    assert "Images after a source main.py" in verify_html.render(found(SAME, row))


def test_nothing_to_verify() -> None:
    nothing = Verification("Dockerfile", "fake 1", "", nothing=True)
    assert "nothing to verify" in verify_text.render(nothing)
    assert "Nothing to verify" in verify_html.render(nothing)
    assert json.loads(verify_json.render(nothing))["nothing"] is True


def test_json_has_everything() -> None:
    data = json.loads(verify_json.render(found(OTHER, SOURCE)))
    assert data["identical"] is False
    assert data["targets"][0]["seconds"] == {"before": 31.0, "again": 30.0, "after": 33.0}
    assert data["targets"][0]["differences"][2]["diff"] == "-a\n+b"
    assert data["rebuilds"][0]["after"] == {
        "seconds": 0.8,
        "ran": 1,
        "cached": 1,
        "steps": [{"text": "RUN x", "cached": True}, {"text": "RUN x", "cached": False}],
    }


EVERYTHING_EVIL = Verification(
    EVIL,
    EVIL,
    EVIL,
    (Target(EVIL, Verdict((Difference(EVIL, frozenset(), EVIL, EVIL, EVIL, EVIL),) * 2,
                          (Difference(EVIL, frozenset(), EVIL, EVIL, EVIL),), (), 1), 1, 1, 1),),
    (Rebuild("commit", EVIL, None, None, None, EVIL),
     Rebuild("file", EVIL, measure(1.0), measure(1.0), SAME)),
    failed=(EVIL,),
    failed_target=EVIL,
)  # fmt: skip


def test_nothing_hostile_reaches_a_terminal() -> None:
    text = verify_text.render(EVERYTHING_EVIL)
    assert "\x1b" not in text
    assert text.encode()
    assert "\\x1b" in text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("verification", [EVERYTHING_EVIL, found(OTHER, SOURCE, NOTHING)])
def test_html_is_whole_and_escaped_and_needs_nothing_else(verification: Verification) -> None:
    page = verify_html.render(verification)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert "://" not in page
    assert page.encode()
    assert "\x1b" not in page


def test_json_fields_are_those_of_the_readme() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"^## JSON\n(.*?)^## ", readme, re.MULTILINE | re.DOTALL)
    data = verify_json.render(found(OTHER, SOURCE, failed=("x",)))
    assert set(re.findall(r'"(\w+)":', data)) <= set(re.findall(r"`(\w+)`", section))

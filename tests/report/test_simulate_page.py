"""The page of `simulate`: complete in itself, safe, and alive in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from report.test_simulate_report import FOUND, PAIR

from reorder.report.simulate_html import render
from reorder.simulate.outcome import Pair, Side, Simulated

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>graph</text></svg>'


def page(found: Simulated = FOUND) -> str:
    return render([found], "local", {found.path: (SVG, SVG)})


def test_nothing_is_requested_from_outside() -> None:
    text = page()
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*", text) == []
    assert "@import" not in text
    assert "url(" not in text
    assert "<script" not in text


def test_what_comes_from_files_is_escaped() -> None:
    evil = "RUN <script>alert(1)</script> \x1b[31m"
    side = Side((replace(PAIR.before.steps[0], text=evil),), (1.0,))
    found = replace(
        FOUND,
        path="<b>x</b>",
        commits=FOUND.commits[:1],
        pairs=dict.fromkeys(FOUND.pairs, Pair(side, side)),
        result=replace(FOUND.result, before=evil, after=evil),
    )
    text = page(found)
    assert "<script" not in text
    assert "<b>x" not in text
    assert "\x1b" not in text


def test_the_same_page_each_time() -> None:
    assert page() == page()


def test_each_kind_of_builder_has_its_view() -> None:
    text = page()
    for profile in FOUND.pairs:
        assert f'class="view view-{profile}"' in text
    assert len(re.findall(r'type="radio"[^>]* checked', text)) == 1


def test_a_step_that_changed_places_is_linked_to_where_it_went() -> None:
    text = page()
    assert '<a class="moved" href="#local-0-a4">→ 4</a>' in text
    assert '<a class="moved" href="#local-0-b2">← 2</a>' in text
    assert 'id="local-0-a4"' in text


def test_it_renders_in_a_browser_without_a_complaint(tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not there; apt-get install chromium")
        pytest.skip("chromium is not there; apt-get install chromium")
    file = tmp_path / "page.html"
    file.write_text(page(), encoding="utf-8")
    for width, scheme in ((1280, "light"), (400, "dark")):
        done = _visit(browser, file, tmp_path / f"profile-{width}", width, scheme)
        assert "CONSOLE" not in done.stderr, done.stderr
        # As the browser understood it: style rules apply, and the chart is drawn.
        assert done.stdout.count("<path") > 2
        assert "view-registry" in done.stdout


def _visit(
    browser: str, file: Path, profile: Path, width: int, scheme: str
) -> subprocess.CompletedProcess[str]:
    flags = (
        "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
        "--disable-background-networking --disable-component-update --disable-sync "
        "--enable-logging=stderr --dump-dom"
    ).split()
    if scheme == "dark":
        flags.append("--blink-settings=preferredColorScheme=0")
    words = [*flags, f"--window-size={width},900", f"--user-data-dir={profile}", file.as_uri()]
    return subprocess.run(
        [browser, *words], capture_output=True, text=True, timeout=120, check=True
    )

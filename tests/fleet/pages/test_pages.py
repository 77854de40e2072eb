"""The summary and the pages: safe, the same each time, and of use to who ordered the run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fleet.made_rows import EVIL, ROWS, changed, rows
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reorder.fleet.pages import html, markdown, text
from reorder.fleet.pages.figures import About, figures
from reorder.fleet.row import Row, mapped

COMMAND = "reorder codemod --repos repos.txt --output out"
ABOUT = About(COMMAND, "out", "2026-11-22 03:10 UTC", 200.0)
RENDERED: dict[str, Callable[..., str]] = {
    "html": html.render,
    "markdown": markdown.render,
    "text": text.render,
}
every = pytest.mark.parametrize("render", RENDERED.values(), ids=RENDERED)
some_rows = st.lists(rows, max_size=3)


class Parsed(HTMLParser):
    """The tags of a page and their addresses, as a browser would see them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@every
def test_an_empty_run_has_a_page(render: Callable[..., str]) -> None:
    assert "0 repositories" in render(figures([]), About())


@every
def test_no_clock_and_no_order_of_rows_is_in_it(render: Callable[..., str]) -> None:
    assert render(figures(ROWS), ABOUT) == render(figures(ROWS[::-1]), ABOUT)


@every
@given(some=some_rows)
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_nothing_from_a_repository_is_raw(render: Callable[..., str], some: list[Row]) -> None:
    evil = mapped(ROWS[0], lambda value: EVIL if value not in ("changed", "safe") else value)
    page = render(figures([*some, evil, replace(evil, status="error")]), ABOUT)
    assert not re.search(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]", page)
    assert "\u2028" not in page
    page.encode("utf-8")


@given(some=some_rows)
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_a_page_has_its_own_tags_only(some: list[Row]) -> None:
    evil = mapped(ROWS[0], lambda value: EVIL if value not in ("changed", "safe") else value)
    page = html.render(figures([*some, evil]), ABOUT)
    assert len(re.findall("<script", page)) == 2
    assert Parsed(page).tags <= Parsed(html.render(figures(ROWS), ABOUT)).tags | {"a", "ul", "li"}
    schemes = {urlsplit(link).scheme for link in Parsed(page).links}
    assert schemes <= {"", "http", "https"}


@given(some=some_rows)
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_markdown_has_no_markup_from_a_repository(some: list[Row]) -> None:
    evil = mapped(ROWS[0], lambda value: EVIL if value not in ("changed", "safe") else value)
    page = markdown.render(figures([*some, evil]), ABOUT)
    rendered = MarkdownIt("commonmark").enable("table").render(page)
    plain = re.sub(r"<code>.*?</code>", "", rendered, flags=re.DOTALL)
    assert Parsed(rendered).tags <= Parsed(MarkdownIt("commonmark").enable("table").render(
        markdown.render(figures(ROWS), ABOUT))).tags | {"ul", "li", "a"}  # fmt: skip
    assert "@team" not in plain  # would mention people, and close or link issues
    assert "#1" not in plain
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(cells) == 1, table


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x", "https://"])
def test_only_a_web_address_is_a_link(address: str) -> None:
    found = figures([replace(ROWS[0], pr=address, patch="")])
    assert Parsed(html.render(found, ABOUT)).links == []
    assert "pull request]" not in markdown.render(found, ABOUT)


@pytest.mark.parametrize("patch", ["/etc/passwd", "../../x", "a/../../b", ""])
def test_only_a_patch_in_the_folder_is_a_link(patch: str) -> None:
    assert Parsed(html.render(figures([replace(ROWS[0], patch=patch)]), ABOUT)).links == []


def test_a_patch_is_a_path_and_never_a_script() -> None:
    row = replace(ROWS[0], patch="javascript:alert(1)")
    assert Parsed(html.render(figures([row]), ABOUT)).links == ["javascript%3Aalert%281%29"]


def test_pull_requests_and_patches_are_linked() -> None:
    row = replace(ROWS[0], pr="https://host/team/shop/pull/3")
    links = Parsed(html.render(figures([row]), ABOUT)).links
    assert links == ["https://host/team/shop/pull/3", "patches/host/team/shop.patch"]


def test_nothing_is_requested_from_outside() -> None:
    page = html.render(figures(ROWS), ABOUT)
    assert "default-src 'none'" in page
    assert not re.search(r"@import|url\(|src=", page)


def test_the_data_of_the_page_is_whole() -> None:
    page = html.render(figures(ROWS), ABOUT)
    found = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    assert len(data["repos"]) == len(ROWS)
    said = {data["texts"][reason] for one in data["repos"] for file in one["files"]
            for _, _, reason in file["refusals"]}  # fmt: skip
    assert said == {r.reason for row in ROWS for file in row.files for r in file.refusals}


def test_a_page_that_would_be_too_long_keeps_what_says_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(html, "ROWS", 3)
    page = html.render(figures(ROWS), ABOUT)
    assert re.findall(r'data-status="(\w+)"', page) == ["error", "timeout", "changed"]
    assert "3 more are in <code>results.jsonl</code> only." in page


def test_the_summary_is_80_columns_wide_but_for_commands() -> None:
    long = replace(changed("x" * 200, 3, "`" + "y" * 500 + "` is odd"), notes=("z" * 200,))
    for line in text.render(figures([*ROWS, long]), ABOUT).splitlines():
        assert len(line) <= text.WIDTH or line.startswith("    ")


def test_colours_only_when_asked() -> None:
    found = figures(ROWS)
    assert "\x1b" not in text.render(found, ABOUT)
    assert "\x1b[32m" in text.render(found, ABOUT, colour=True)


@every
def test_what_was_ordered_is_answered(render: Callable[..., str]) -> None:
    page = render(figures(ROWS), ABOUT)
    for answer in (
        "44 h",
        "archived",
        "host/team/gone",
        "host/team/slow",
        "--resume",
        "host/team/shop",
    ):
        assert answer in page


@every
def test_what_needs_a_person_is_told_by_kind(render: Callable[..., str]) -> None:
    notes = [replace(changed(f"n{at}"), notes=(f"branch x{at}/y is protected",)) for at in range(3)]
    page = render(figures([*ROWS, *notes]), ABOUT)
    assert "Needs a person" in page
    assert ", and so do 2 more" in page


def test_a_loss_needs_a_person() -> None:
    page = text.render(figures([changed("worse", -3)]), ABOUT)
    assert "its builds would take 3.0 h a year more" in page


def test_rows_of_two_versions_are_told() -> None:
    found = figures([ROWS[0], replace(ROWS[1], version="2.0")])
    assert "more than one version" in text.render(found, ABOUT)
    assert "more than one version" in html.render(found, ABOUT)


def test_it_is_alive_in_a_browser(tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not there; apt-get install chromium")
        pytest.skip("chromium is not there; apt-get install chromium")
    file = tmp_path / "page.html"
    hostile = replace(ROWS[0], repo="host/<b>x", notes=(EVIL,))
    file.write_text(html.render(figures([*ROWS, hostile]), ABOUT), encoding="utf-8")
    done = _visit(browser, f"{file.as_uri()}#repo=host/team/shop", tmp_path / "one")
    assert "CONSOLE" not in done.stderr, done.stderr
    assert 'aria-sort="descending"' in done.stdout
    assert '<tr class="more">' in done.stdout  # unfolded
    assert "assumes: it reads go.mod only" in done.stdout
    assert done.stdout.count("hidden") >= len(ROWS)  # the others
    done = _visit(browser, f"{file.as_uri()}#repo=host/%3Cb%3Ex", tmp_path / "other")
    assert "CONSOLE" not in done.stderr, done.stderr
    assert '<p class="bad">&lt;script&gt;alert(1)' in done.stdout


def _visit(browser: str, address: str, profile: Path) -> subprocess.CompletedProcess[str]:
    flags = (
        "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
        "--disable-background-networking --disable-component-update --disable-sync "
        "--enable-logging=stderr --dump-dom"
    ).split()
    words = [*flags, f"--user-data-dir={profile}", address]
    return subprocess.run(
        [browser, *words], capture_output=True, text=True, timeout=120, check=True
    )

"""Which lists become one `COPY --parents`, and which frontends are known to take it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.api import rewrite_file
from reorder.config import ManifestStyle, Options
from reorder.transforms.compact import has_parents

PIN = "# syntax=docker/dockerfile:{}\n"
TEXT = "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package\n"
POM = "<project><groupId>g</groupId><artifactId>{}</artifactId><version>1</version>{}</project>"


def lines(
    folder: Path, count: int, text: str, style: ManifestStyle, name: str = "m", **more: str
) -> tuple[int, int, bool]:
    """How many COPYs come before the dependency step, how many of them have --parents, the pin."""
    modules = [f"{name}{number:02}" for number in range(count - 1)]
    listed = "".join(f"<module>{module}</module>" for module in modules)
    files = {"pom.xml": POM.format("all", f"<modules>{listed}</modules>"), "README": "x\n"}
    files |= {f"{module}/pom.xml": POM.format(module, "") for module in modules}
    for path, content in {**files, **more, "Dockerfile": text}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(content)
    options = Options(
        select=frozenset({"prefetch", "syntax-directive"}), manifest_style=style, history=False
    )
    found = rewrite_file(folder / "Dockerfile", options)
    assert [change.id for change in found.changes][:1] == ["prefetch"]
    before = found.after.partition("\nRUN ")[0]
    return before.count("\nCOPY "), before.count("--parents"), "# syntax" in found.after


@pytest.mark.parametrize(
    ("count", "pin", "style", "wanted"),
    [
        pytest.param(13, PIN.format("1"), "auto", (1, 1, True), id="above a dozen"),
        pytest.param(12, PIN.format("1"), "auto", (12, 0, True), id="a dozen"),
        pytest.param(13, "", "auto", (13, 0, False), id="no frontend is named"),
        pytest.param(13, PIN.format("1.7"), "auto", (13, 0, True), id="an old one is named"),
        pytest.param(13, PIN.format("1"), "explicit", (13, 0, True), id="lines are asked for"),
        pytest.param(2, PIN.format("1"), "parents", (1, 1, True), id="asked for"),
        pytest.param(2, "", "parents", (1, 1, True), id="asked for, and the frontend is named"),
        pytest.param(2, PIN.format("1.4"), "parents", (2, 0, True), id="the author's is too old"),
        pytest.param(1, PIN.format("1"), "parents", (1, 0, True), id="one line is no list"),
    ],
)
def test_the_form_of_a_list(
    count: int, pin: str, style: ManifestStyle, wanted: tuple[int, int, bool], tmp_path: Path
) -> None:
    assert lines(tmp_path, count, pin + TEXT, style) == wanted


def test_a_builder_that_does_not_know_it_keeps_the_lines(tmp_path: Path) -> None:
    more = {".travis.yml": "env: DOCKER_BUILDKIT=0\n"}
    assert lines(tmp_path, 3, TEXT, "parents", **more) == (3, 0, False)


def test_a_name_with_a_blank_keeps_the_lines(tmp_path: Path) -> None:
    assert lines(tmp_path, 3, PIN.format("1") + TEXT, "parents", "m ") == (3, 0, True)


@pytest.mark.parametrize(
    ("pin", "wanted"),
    [
        ("docker/dockerfile:1", True),
        ("docker/dockerfile", True),
        ("docker.io/docker/dockerfile:1.20", True),
        ("docker/dockerfile:1.20.0@sha256:0", True),
        ("docker/dockerfile:1.7-labs", True),
        ("docker/dockerfile-upstream:master", True),
        ("docker/dockerfile:1.19", False),
        ("docker/dockerfile:1.6-labs", False),
        ("docker/dockerfile:1@sha256:0", False),
        ("docker/dockerfile@sha256:0", False),
        ("example.org/frontend:1", False),
        ("", False),
        (None, False),
    ],
)
def test_the_frontends_that_surely_know_it(pin: str | None, wanted: bool) -> None:
    assert has_parents(pin) is wanted

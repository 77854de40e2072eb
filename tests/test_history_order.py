"""Orders that the repository's history decides, and that they last (design.md sections 2 and 7)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from context.repository import commit, run_git

from reorder.api import rewrite_file
from reorder.config import Options

ORDER = frozenset({"order"})
STAGES = """\
FROM node:20 AS web
WORKDIR /web
COPY web .
RUN ./build

FROM golang:1.23 AS api
WORKDIR /api
COPY api .
RUN ./build

FROM debian:12
"""
WEB = "COPY --from=web /web/dist /srv/web\n"
API = "COPY --from=api /api/out /srv/api\n"
WEB_FIRST = STAGES + WEB + API
API_FIRST = STAGES + API + WEB
FILES = {"web/a.js": "1\n", "api/b.go": "1\n", "other.md": "x\n", "package.json": "{}\n"}


def project(folder: Path, text: str, changes: Sequence[str]) -> Path:
    """A repository whose commits each append to one file; gives the Dockerfile."""
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    commit(folder, {**FILES, "Dockerfile": text})
    stream = []
    texts = {name: (folder / name).read_text() for name in FILES}
    for number, name in enumerate(changes):
        texts[name] += "\n"
        data = texts[name]
        start = "from refs/heads/main^0\n" if not number else ""
        stream.append(
            f"commit refs/heads/main\ncommitter T <t@example.org> {1700000000 + number} +0000\n"
            f"data 1\nc\n{start}M 100644 inline {name}\ndata {len(data.encode())}\n{data}\n"
        )
    (folder / ".git" / "stream").write_text("".join(stream))
    with (folder / ".git" / "stream").open("rb") as lines:
        import subprocess

        subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, stdin=lines, check=True)
    run_git(folder, "reset", "-q", "--hard")
    return folder / "Dockerfile"


def unpacked(folder: Path, text: str) -> Path:
    """The same without a repository."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (folder / "Dockerfile").write_text(text)
    return folder / "Dockerfile"


def test_without_git_the_author_s_order_of_equal_tiers_stays(tmp_path: Path) -> None:
    result = rewrite_file(unpacked(tmp_path, WEB_FIRST), Options(select=ORDER))
    assert result.status == "unchanged"
    assert result.estimate is not None
    assert (result.estimate.commits, result.estimate.note) == (0, "there is no git repository")


def test_a_history_that_gains_too_little_moves_nothing(tmp_path: Path) -> None:
    path = project(tmp_path / "p", WEB_FIRST, ["other.md"] * 40 + ["web/a.js"])
    assert rewrite_file(path, Options(select=ORDER)).status == "unchanged"


def test_the_threshold_is_an_option(tmp_path: Path) -> None:
    path = project(tmp_path / "p", WEB_FIRST, ["web/a.js"] * 30 + ["other.md"] * 10)
    assert rewrite_file(path, Options(select=ORDER)).status == "unchanged"
    assert rewrite_file(path, Options(select=ORDER, min_seconds=0.2)).after == API_FIRST
    options = Options(select=ORDER, min_seconds=0.2, min_percent=99)
    assert rewrite_file(path, options).status == "unchanged"


def test_what_changes_more_often_comes_later(tmp_path: Path) -> None:
    path = project(tmp_path / "p", WEB_FIRST, ["web/a.js"] * 30 + ["other.md"] * 10)
    result = rewrite_file(path, Options(select=ORDER, min_seconds=0.2))
    assert result.after == API_FIRST
    assert [change.line for change in result.changes] == [13]
    assert "changed in 31 of 41 commits, it in 1" in result.changes[0].message
    assert result.estimate is not None
    assert result.estimate.commits == 41
    assert result.estimate.seconds_after < result.estimate.seconds_before


def test_check_gives_it_as_advice(tmp_path: Path) -> None:
    path = project(tmp_path / "p", WEB_FIRST, ["web/a.js"] * 30 + ["other.md"] * 10)
    result = rewrite_file(path, Options(select=ORDER, min_seconds=0.2, check=True))
    assert (result.status, result.changes) == ("unchanged", ())
    assert [(advice.id, advice.line) for advice in result.advice] == [("order", 13)]


def test_history_is_only_asked_when_it_may_be(tmp_path: Path) -> None:
    path = project(tmp_path / "p", WEB_FIRST, ["web/a.js"] * 30)
    result = rewrite_file(path, Options(select=ORDER, history=False))
    assert result.status == "unchanged"
    assert result.estimate is not None
    assert result.estimate.note == "history is not used"


def test_tiers_rank_before_history(tmp_path: Path) -> None:
    text = "FROM debian:12\nRUN apt-get update && apt-get install -y git={}\nCOPY web /srv/web\n"
    path = project(tmp_path / "p", text.format(0), [])
    for number in range(1, 13):
        commit(path.parent, {"Dockerfile": text.format(number)})
    # Each commit is a new apt-get, none a new web: history alone would put the copy first.
    result = rewrite_file(path, Options(select=ORDER, min_seconds=0.01, min_percent=0))
    assert result.estimate is not None
    assert result.estimate.commits == 13
    assert result.status == "unchanged"


@pytest.mark.parametrize("seed", range(6))
def test_what_was_written_lasts_whatever_history_says(tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)
    names = list(FILES)
    weights = [choose.random() ** 3 for _ in names]
    text = choose.choice([WEB_FIRST, API_FIRST])
    path = project(tmp_path / "p", text, choose.choices(names, weights, k=60))
    result = rewrite_file(path, Options(min_seconds=0.05))
    other = project(tmp_path / "other", text, choose.choices(names, weights[::-1], k=60))
    (tmp_path / "plain").mkdir()
    plain = unpacked(tmp_path / "plain", text)
    for place in (path, plain, other):
        place.write_text(result.after)
        assert rewrite_file(place, Options(check=True)).status == "unchanged"
    assert rewrite_file(path, Options(history=False)).status == "unchanged"
    assert rewrite_file(path, Options()).status == "unchanged"


def test_history_may_go_where_the_tiers_point(tmp_path: Path) -> None:
    text = "FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN npm install -g pnpm\n"
    path = project(tmp_path / "p", text, ["package.json"] * 20 + ["other.md"] * 20)
    assert rewrite_file(path, Options(select=ORDER, history=False)).status == "unchanged"
    assert rewrite_file(path, Options(select=ORDER)).after == (
        "FROM node:20\nWORKDIR /app\nRUN npm install -g pnpm\nCOPY package.json ./\n"
    )


OWN = Path(__file__).parents[1]
THREE = """\
FROM debian:12 AS tests
COPY tests /x
RUN ./build

FROM debian:12 AS code
COPY reorder /x
RUN ./build

FROM debian:12 AS readme
COPY README.md /x/
RUN ./build

FROM debian:12
"""
PARTS = [f"COPY --from={name} /x/out /srv/{name}\n" for name in ("tests", "code", "readme")]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_what_was_written_lasts_along_a_real_history(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    if not (OWN / ".git").exists():
        pytest.skip("this is no checkout, so that there is no history to replay")
    run_git(OWN, "clone", "-q", "--shared", str(OWN), str(tmp_path / "clone"))
    folder = tmp_path / "clone"
    if run_git(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
        pytest.skip("the checkout is shallow, so that there is no history to replay")
    path = folder / "Dockerfile"
    path.write_text(THREE + "".join(PARTS[at] for at in order))
    written = rewrite_file(path, Options(select=ORDER, min_seconds=0.02)).after
    path.write_text(written)
    commits = run_git(folder, "rev-list", "--first-parent", "HEAD").split()
    for at in (0, len(commits) // 4, len(commits) // 2):
        run_git(folder, "checkout", "-q", commits[at])
        for options in (Options(), Options(history=False), Options(commits=12)):
            again = rewrite_file(path, replace(options, check=True, min_seconds=0.02, select=ORDER))
            assert again.after == written


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        pytest.param(["build.gradle"] * 30, False, id="with-every-commit"),
        pytest.param(["src/App.java"] * 29 + ["build.gradle"], True, id="seldom"),
    ],
)
def test_a_further_step_is_only_added_where_it_pays(
    tmp_path: Path, changes: list[str], made: bool
) -> None:
    folder = tmp_path / "shop"
    files = {
        "build.gradle": "plugins { id 'java' }\n",
        "settings.gradle": "rootProject.name = 'shop'\n",
        "src/App.java": "class App {}\n",
    }
    text = "FROM gradle:8-jdk21\nWORKDIR /app\nCOPY . .\nRUN gradle build -x test --no-daemon\n"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    commit(folder, {**files, "Dockerfile": text})
    for number, name in enumerate(changes):
        files[name] += f"// {number}\n"
        commit(folder, {name: files[name]})
    result = rewrite_file(folder / "Dockerfile", Options(builder="ephemeral"))
    assert ("prefetch" in [change.id for change in result.changes]) is made
    assert ("--mount=type=cache" in result.after) is not made
    assert "prefetch" not in [refusal.id for refusal in result.refusals]


def test_a_shallow_clone_only_advises_a_further_step(tmp_path: Path) -> None:
    text = "FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o /bin/shop .\n"
    files = {"Dockerfile": text, "main.go": "package main\n", ".dockerignore": ".git\n"}
    modules = "module example.org/shop\n\ngo 1.22\n\nrequire example.org/a v1.0.0\n"
    sums = "".join(f"example.org/a v1.0.0{end} h1:AA==\n" for end in ("", "/go.mod"))
    whole, shallow = tmp_path / "whole", tmp_path / "shallow"
    whole.mkdir()
    run_git(whole, "init", "-q", "-b", "main")
    commit(whole, {**files, "go.mod": modules, "go.sum": sums})
    for number in range(20):
        commit(whole, {"main.go": f"package main // {number}\n"})
    run_git(tmp_path, "clone", "-q", "--depth=1", f"file://{whole}", "shallow")
    options = Options(check=True, select=frozenset({"prefetch"}))
    results = [rewrite_file(clone / "Dockerfile", options) for clone in (whole, shallow)]
    assert [one.status for one in results] == ["changed", "unchanged"], results
    assert [advice.id for advice in results[1].advice] == ["prefetch"]

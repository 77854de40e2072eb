"""`reorder codemod --pr gitea`, all of it, at a real forge on loopback."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine.home import Unavailable
from fleet.pulls.gitea_server import Server, running

from reorder.cli.main import main

pytestmark = pytest.mark.engine
SLOW = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    try:
        with running(tmp_path_factory.mktemp("gitea")) as found:
            found.ask("POST", "/orgs", {"username": "acme"})
            yield found
    except Unavailable as why:
        pytest.fail(str(why))


def put(server: Server, slug: str, path: str, text: str, branch: str = "main") -> None:
    content = base64.b64encode(text.encode()).decode()
    asked = {"content": content, "message": f"add {path}", "branch": branch}
    server.ask("POST", f"/repos/{slug}/contents/{path}", asked)


def rows(output: Path) -> dict[str, dict[str, Any]]:
    found = map(json.loads, (output / "results.jsonl").read_text().splitlines())
    return {row["repo"].rpartition("/")[2]: row for row in found}


def test_an_organisation(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORGE_TOKEN", server.token)
    for name in ("slow", "own", "fine"):
        slug = server.repository("acme", name)
        put(server, slug, "requirements.txt", "flask==3.0.0\n")
        put(server, slug, "Dockerfile", "FROM debian:12\nCMD x\n" if name == "fine" else SLOW)
    server.branch("acme/own", "reorder/faster-rebuilds", "strangers-file")
    server.repository("acme", "old")
    server.ask("PATCH", "/repos/acme/old", {"archived": True})
    server.repository("acme", "empty", auto_init=False)
    output = tmp_path / "output"
    words = [
        "codemod", f"{server.host}/acme/*", "--output", str(output), "--pr", "gitea", "--draft",
        "--forge", f"{server.host}=gitea,url={server.url},token=FORGE_TOKEN",
    ]  # fmt: skip

    assert main(words) == 0
    first = rows(output)
    said = {name: (row["status"], row["reason"]) for name, row in first.items()}
    assert said == {
        "slow": ("changed", ""),
        "own": ("refused", "branch reorder/faster-rebuilds has commits that are not reorder's"),
        "fine": ("unchanged", "nothing to change"),
        "old": ("refused", "archived"),
        "empty": ("refused", "empty"),
    }
    pulls = server.ask("GET", "/repos/acme/slow/pulls")
    assert [pull["html_url"] for pull in pulls] == [first["slow"]["pr"]]
    assert "# reorder: off" in pulls[0]["body"]
    branch = server.ask("GET", "/repos/acme/slow/branches/reorder%2Ffaster-rebuilds")

    for more in ([], ["--resume"]):
        assert main([*words, *more]) == 0
        assert rows(output)["slow"]["pr"] == first["slow"]["pr"]
        assert rows(output)["slow"]["notes"] == first["slow"]["notes"]
        again = server.ask("GET", "/repos/acme/slow/branches/reorder%2Ffaster-rebuilds")
        assert again["commit"]["id"] == branch["commit"]["id"]
        assert len(server.ask("GET", "/repos/acme/slow/pulls?state=all")) == 1
    everything = "".join(p.read_text() for p in output.rglob("*") if p.is_file())
    assert server.token not in everything

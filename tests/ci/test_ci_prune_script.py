"""The scripts that prune, run against a registry and an API that are made up."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from reorder.ci.contract import Found, Planned
from reorder.ci.prune.plan import pruned
from reorder.context.project import Project

CACHE = "application/vnd.buildkit.cacheconfig.v0"
IMAGE = "application/vnd.oci.image.config.v1+json"
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("curl", "jq", "git"))), reason="the scripts need curl, jq and git"
)


def manifest(name: str, type_: str = CACHE) -> bytes:
    return json.dumps({"name": name, "config": {"mediaType": type_}}).encode()


def digest(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


@dataclass
class Fake:
    """A registry: what its tags lead to, and what it was asked to delete."""

    tags: dict[str, bytes]
    page: int = 1000
    deletes: int = 202  # the status
    token: bool = False  # it wants one
    deleted: list[str] = field(default_factory=list)
    port: int = 0

    def answer(self, method: str, path: str, sent: str) -> tuple[int, dict[str, str], bytes]:
        url = urlsplit(path)
        asked = parse_qs(url.query)
        if url.path == "/token":
            right = sent == "Basic " + base64.b64encode(b'me:a"b\\c').decode()
            assert asked["scope"] == ["repository:team/app:pull,push,delete"]
            return (200, {}, b'{"token": "t"}') if right else (401, {}, b"")
        if self.token and sent != "Bearer t":
            realm = f'Bearer realm="http://127.0.0.1:{self.port}/token",service="x"'
            return 401, {"WWW-Authenticate": realm}, b""
        if url.path == "/v2/":
            return 200, {}, b""
        if url.path == "/v2/team/app/tags/list":
            names = sorted(self.tags)
            start = names.index(asked["last"][0]) + 1 if "last" in asked else 0
            part = names[start : start + self.page]
            more = {"Link": f'<{url.path}?last={part[-1]}&n=1000>; rel="next"'}
            body = json.dumps({"name": "team/app", "tags": part}).encode()
            return 200, more if names[start + self.page :] else {}, body
        name = url.path.removeprefix("/v2/team/app/manifests/")
        if method == "DELETE":
            there = name not in self.deleted
            self.deleted.append(name)
            return self.deletes if there else 404, {}, b""
        if name in self.tags:
            return 200, {"Docker-Content-Digest": digest(self.tags[name])}, self.tags[name]
        return 404, {}, b""


class Handler(BaseHTTPRequestHandler):
    fake: Fake

    def do_GET(self) -> None:
        sent = self.headers.get("Authorization", "")
        status, headers, body = self.fake.answer(self.command, self.path, sent)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def fake() -> Iterator[Fake]:
    found = Fake({})
    handler = type("Of", (Handler,), {"fake": found})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose origin has three branches."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C"]
    subprocess.run(["git", "init", "-q", "-b", "trunk", origin], check=True)
    subprocess.run([*run, origin, "commit", "-q", "--allow-empty", "-m", "1"], check=True)
    for branch in ("feature/Login", "fix_1.2", "a" * 110):
        subprocess.run([*run, origin, "branch", branch], check=True)
    subprocess.run(["git", "clone", "-q", origin, clone], check=True)
    return clone


def script(cache: str) -> str:
    plan = Planned("a", "", "ref=x:cache-main", (Found(1, "x", "fine", "x", cache=cache),))
    (found,) = pruned([plan], Project.of({"a": ""}))
    assert found.after
    return found.after


def prune(fake: Fake, clone: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    path = clone / "prune.sh"
    path.write_text(script("$REGISTRY/team/app"))
    return subprocess.run(
        ["sh", path, *words],
        cwd=clone,
        env=os.environ | {"REGISTRY": f"127.0.0.1:{fake.port}"} | env,
        capture_output=True,
        text=True,
        check=False,
    )


LIVE = (
    "cache-main",
    "cache-trunk",
    "cache-feature-Login",
    "cache-feature-login",  # as GitLab calls it
    "cache-fix_1.2",
    "cache-fix-1-2",
    "cache-api--fix_1.2",
    "cache-api--main",
    f"cache-{'a' * 100}",
)
STALE = ("cache-gone", "cache-api--gone", "cache-feature", "cache-mainly")


def test_only_caches_of_branches_that_are_gone_are_deleted(fake: Fake, clone: Path) -> None:
    images = {"latest": manifest("l", IMAGE), "gone": manifest("g", IMAGE)}
    images["cache-server"] = manifest("c", IMAGE)  # an image whose tag looks like a cache
    fake.tags = {name: manifest(name) for name in (*LIVE, *STALE)} | images
    fake.page = 3
    done = prune(fake, clone)
    assert done.returncode == 0, done.stderr
    assert sorted(fake.deleted) == sorted(digest(manifest(name)) for name in STALE)
    assert sorted(done.stdout.split()) == sorted(
        word for name in STALE for word in ("deleted", f"127.0.0.1:{fake.port}/team/app:{name}")
    )


def test_a_dry_run_deletes_nothing(fake: Fake, clone: Path) -> None:
    fake.tags = {"cache-gone": manifest("1")}
    done = prune(fake, clone, "--dry-run")
    assert (done.returncode, fake.deleted) == (0, [])
    assert done.stdout == f"would be deleted 127.0.0.1:{fake.port}/team/app:cache-gone\n"


def test_a_cache_that_two_branches_share_stays_with_the_living(fake: Fake, clone: Path) -> None:
    same = manifest("same")
    fake.tags = {"cache-main": same, "cache-gone": same, "cache-x": manifest("x")}
    done = prune(fake, clone)
    assert done.returncode == 0, done.stderr
    assert fake.deleted == [digest(manifest("x"))]
    assert "cache-gone: a branch that is there has the same cache" in done.stdout


def test_two_tags_of_one_stale_cache(fake: Fake, clone: Path) -> None:
    same = manifest("same")
    fake.tags = {"cache-x": same, "cache-y": same}
    done = prune(fake, clone)
    assert done.returncode == 0, done.stderr
    assert set(fake.deleted) == {digest(same)}


def test_an_index_of_an_older_buildkit_is_a_cache_too(fake: Fake, clone: Path) -> None:
    index = json.dumps({"manifests": [{"mediaType": IMAGE}, {"mediaType": CACHE}]}).encode()
    fake.tags = {"cache-gone": index}
    assert prune(fake, clone).returncode == 0
    assert fake.deleted == [digest(index)]


def test_a_registry_that_wants_a_token(fake: Fake, clone: Path) -> None:
    fake.tags, fake.token = {"cache-gone": manifest("1")}, True
    login = {"REGISTRY_USER": "me", "REGISTRY_PASSWORD": 'a"b\\c'}
    done = prune(fake, clone, **login)
    assert done.returncode == 0, done.stderr
    assert fake.deleted == [digest(manifest("1"))]


def test_nothing_is_deleted_without_the_right_password(fake: Fake, clone: Path) -> None:
    fake.tags, fake.token = {"cache-gone": manifest("1")}, True
    assert prune(fake, clone, REGISTRY_USER="me", REGISTRY_PASSWORD="x").returncode != 0
    assert prune(fake, clone).returncode != 0
    assert fake.deleted == []


def test_a_registry_that_does_not_delete(fake: Fake, clone: Path) -> None:
    fake.tags, fake.deletes = {"cache-gone": manifest("1")}, 405
    done = prune(fake, clone)
    assert done.returncode == 1
    assert "does not allow to delete (storage.delete.enabled)" in done.stderr


def test_a_clone_without_branches_deletes_nothing(fake: Fake, clone: Path) -> None:
    fake.tags = {"cache-gone": manifest("1")}
    subprocess.run(["git", "init", "-q", "--bare", clone / "empty"], check=True)
    subprocess.run(["git", "-C", clone, "remote", "set-url", "origin", "empty"], check=True)
    done = prune(fake, clone)
    assert (done.returncode, fake.deleted) == (1, [])
    assert "origin has no branch" in done.stderr
    subprocess.run(["git", "-C", clone, "remote", "set-url", "origin", "nowhere"], check=True)
    assert prune(fake, clone).returncode != 0
    assert fake.deleted == []


def test_a_repository_that_is_not_there_yet(fake: Fake, clone: Path) -> None:
    path = clone / "prune.sh"
    path.write_text(script(f"127.0.0.1:{fake.port}/team/new"))
    done = subprocess.run(["sh", path], cwd=clone, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


GH = """\
import json, sys, subprocess
words = sys.argv[1:]
state = json.load(open({state!r}))
url = next(w for w in words if "/" in w).partition("?")[0]
with open({log!r}, "a") as log:
    if "DELETE" in words:
        log.write(url + "\\n")
        raise SystemExit
query = words[words.index("--jq") + 1]
raw = subprocess.run(["jq", "-r", query], input=json.dumps(state[url]), text=True)
raise SystemExit(raw.returncode)
"""
CURL = """\
import json, sys
words = sys.argv[1:]
assert "Authorization: Bearer dG9rZW4=" in words, words
name = words[-1].rpartition("/")[2]
types = json.load(open({state!r}))["types"]
if name not in types:
    raise SystemExit(22)
print(json.dumps({{"config": {{"mediaType": types[name]}}}}))
"""


def test_only_caches_go_from_the_github_registry(tmp_path: Path) -> None:
    versions = {
        1: ("sha256:1", ["cache-main"], CACHE),
        2: ("sha256:2", ["cache-feature-x"], CACHE),
        3: ("sha256:3", ["cache-gone"], CACHE),
        4: ("sha256:4", [], CACHE),  # replaced by a newer one
        5: ("sha256:5", [], IMAGE),  # a platform of an image
        6: ("sha256:6", ["latest", "v1"], IMAGE),
        7: ("sha256:7", ["cache-gone2", "cache-main2"], CACHE),
        8: ("sha256:8", ["cache-gone3", "cache-api--main"], CACHE),
        9: ("sha256:9", ["cache-server"], IMAGE),
        10: ("sha256:10", [], ""),  # an index: it is not asked for as such
    }
    package = "orgs/team/packages/container/shop%2Fapi/versions"
    state = {
        "repos/Team/Shop/branches": [{"name": "trunk"}, {"name": "feature/x"}],
        "users/team": {"type": "Organization"},
        package: [
            {"id": number, "name": name, "metadata": {"container": {"tags": tags}}}
            for number, (name, tags, _) in versions.items()
        ],
        "types": {name: type_ for name, _, type_ in versions.values() if type_},
    }
    (tmp_path / "state.json").write_text(json.dumps(state))
    names = {"state": str(tmp_path / "state.json"), "log": str(tmp_path / "log")}
    for name, text in (("gh", GH), ("curl", CURL)):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!{sys.executable}\n{text.format(**names)}")
        program.chmod(0o755)
    (tmp_path / "prune.sh").write_text(script("ghcr.io/$GITHUB_REPOSITORY/api"))
    done = subprocess.run(
        ["sh", tmp_path / "prune.sh"],
        env=os.environ
        | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
        | {"GH_TOKEN": "token", "GITHUB_REPOSITORY": "Team/Shop"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "log").read_text().split() == [f"{package}/{number}" for number in (3, 4, 7)]

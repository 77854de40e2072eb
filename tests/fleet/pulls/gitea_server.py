"""A real Gitea on loopback, from its Go module; compiled once and kept in the engine's home.

v1.26.0, because the Go proxy has the module's code and all it depends on; v1.27.3 and v1.28.0-dev
depend on modules that it has not (gitea.dev/sdk, gitea.dev/actions-proto-go). The module's own
`replace` lines forbid `go install`, so it is built in the module's folder. It comes without the
compiled pages, which the API does not need.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from engine.home import Unavailable, home, run

GITEA = "v1.26.0"
PAGE = 2  # entries, so that pages are turned
_PATIENCE = 60  # seconds to come up
_SCOPES = ("--access-token", "--access-token-scopes", "all")
_CONFIG = """\
RUN_USER = {user}
WORK_PATH = {root}
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = {port}
ROOT_URL = http://127.0.0.1:{port}/
STATIC_ROOT_PATH = {static}
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
PATH = {root}/gitea.db
[security]
INSTALL_LOCK = true
SECRET_KEY = of-a-test
[api]
MAX_RESPONSE_ITEMS = {page}
DEFAULT_PAGING_NUM = {page}
[log]
MODE = console
LEVEL = Warn
[cron]
ENABLED = false
[actions]
ENABLED = false
[indexer]
ISSUE_INDEXER_TYPE = db
"""


@dataclass(frozen=True)
class Server:
    """One that runs, with nothing in it but the user `admin`."""

    url: str
    token: str
    program: Path
    config: Path

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def ask(self, method: str, path: str, body: object = None, token: str | None = None) -> Any:
        """What a person, or an administrator, does. Fails the test where the server refuses."""
        answer = requests.request(
            method,
            f"{self.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"token {token or self.token}"},
            timeout=60,
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.text else None

    def user(self, name: str) -> str:
        """A new user; the result is a token of theirs."""
        told = _gitea(self.program, self.config, *_new_user(name))
        return told.split()[-1]

    def repository(self, owner: str, name: str, **what: object) -> str:
        """A new repository, with one commit unless `auto_init` says otherwise."""
        path = "/user/repos" if owner == "admin" else f"/orgs/{owner}/repos"
        asked = {"name": name, "auto_init": True, "default_branch": "main"} | what
        return str(self.ask("POST", path, asked)["full_name"])

    def branch(self, slug: str, name: str, file: str = "Dockerfile") -> None:
        """A commit on a branch, which is made from `main`."""
        asked = {"content": "RlJPTSBhCg==", "message": "x", "branch": "main", "new_branch": name}
        self.ask("POST", f"/repos/{slug}/contents/{file}", asked)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """From nothing, in a folder of its own. Raises engine.home.Unavailable."""
    program, static = installed()
    port = _free_port()
    config = folder / "app.ini"
    user = run(["id", "-un"]).strip()
    text = _CONFIG.format(user=user, root=folder, port=port, static=static, page=PAGE)
    config.write_text(text)
    _gitea(program, config, "migrate")
    token = _gitea(program, config, *_new_user("admin"), "--admin").split()[-1]
    url = f"http://127.0.0.1:{port}"
    with (folder / "web.log").open("wb") as log:
        server = subprocess.Popen(
            [program, "web", "-c", config],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
        )
        try:
            _wait(server, url, folder / "web.log")
            yield Server(url, token, program, config)
        finally:
            server.terminate()
            server.wait(_PATIENCE)


def installed() -> tuple[Path, Path]:
    """The program, and the folder of the files it reads."""
    place = home().root / f"gitea-{GITEA}"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second worker waits, and finds it
        if not (place / "gitea").exists():
            _compile(place)
    return place / "gitea", place / "static"


def _compile(place: Path) -> None:
    module = f"code.gitea.io/gitea@{GITEA}"
    found = Path(json.loads(run(["go", "mod", "download", "-json", module], cwd=place))["Dir"])
    for name in ("options", "templates", "public"):
        shutil.rmtree(place / "static" / name, ignore_errors=True)
        # Not with its modes: those of the module cache are read-only.
        shutil.copytree(found / name, place / "static" / name, copy_function=shutil.copyfile)
        for path in (place / "static").rglob("*"):
            if path.is_dir():
                path.chmod(0o755)
    flags = ["-p", "2", "-mod=readonly", "-trimpath", "-ldflags=-s -w"]
    tags = "-tags=sqlite sqlite_unlock_notify"
    part = place / "gitea.part"
    run(["go", "build", "-C", found, *flags, tags, "-o", part, "."], env={"CGO_ENABLED": "1"})
    part.rename(place / "gitea")


def _gitea(program: Path, config: Path, *words: str) -> str:
    done = subprocess.run(
        [program, *words, "-c", config],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"gitea {words[0]} exited {done.returncode}: {done.stderr[-1000:]}")
    return done.stdout


def _new_user(name: str) -> tuple[str, ...]:
    asked = {"username": name, "email": f"{name}@example.invalid", "password": "of-a-test-0"}
    words = [word for key, value in asked.items() for word in (f"--{key}", value)]
    return ("admin", "user", "create", *words, "--must-change-password=false", *_SCOPES)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GITEA")}
    return {**kept, "GIT_CONFIG_NOSYSTEM": "1"}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(requests.ConnectionError):
            if requests.get(f"{url}/api/v1/version", timeout=5).ok:
                return
        time.sleep(0.1)
    raise Unavailable(f"gitea did not start: {log.read_text(errors='replace')[-2000:]}")

"""A real git server over HTTP on loopback: git-http-backend(1) behind Python's own server."""

from __future__ import annotations

import os
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from context.repository import run_git


@dataclass
class Server:
    """Serves the bare repositories below a folder. With `login`, only to who knows it."""

    folder: Path
    login: str = ""  # user:password
    redirect: str = ""  # another server, to which every request is sent
    port: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)  # path, Authorization

    def url(self, path: str, login: str = "") -> str:
        return f"http://{login}{'@' if login else ''}127.0.0.1:{self.port}/{path}"

    @property
    def authorization(self) -> str:
        return "Basic " + b64encode(self.login.encode()).decode()


def backend() -> Path:
    """Git's own server program; the test is skipped where a distribution splits it off."""
    where = Path(run_git(Path("/"), "--exec-path").strip()) / "git-http-backend"
    if not where.exists() and not os.environ.get("CI"):
        pytest.skip("git-http-backend is not installed")
    return where


@contextmanager
def serving(
    folder: Path, *, login: str = "", redirect: str = "", filters: bool = True
) -> Iterator[Server]:
    """A server until the end of the block."""
    program = backend()
    server = Server(folder, login, redirect)
    settings = {
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_0": "uploadpack.allowFilter",
        "GIT_CONFIG_VALUE_0": str(filters).lower(),
        "GIT_CONFIG_KEY_1": "http.receivepack",
        "GIT_CONFIG_VALUE_1": "true",
        "GIT_CONFIG_KEY_2": "safe.directory",
        "GIT_CONFIG_VALUE_2": "*",
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            pass

        def _answer(self) -> None:
            given = self.headers.get("Authorization", "")
            server.requests.append((self.path, given))
            body = self._body()
            if server.redirect:
                self.send_response(302)
                self.send_header("Location", server.redirect + self.path)
                self.end_headers()
            elif server.login and given != server.authorization:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.end_headers()
            else:
                self._run(body)

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _run(self, body: bytes) -> None:
            path, _, query = self.path.partition("?")
            done = subprocess.run(
                [program],
                input=body,
                capture_output=True,
                env={
                    "PATH": os.environ["PATH"],
                    "GIT_CONFIG_GLOBAL": os.devnull,
                    "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "GIT_PROJECT_ROOT": str(folder),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                    "PATH_INFO": path,
                    "QUERY_STRING": query,
                    "REMOTE_ADDR": "127.0.0.1",
                    "REMOTE_USER": "t",
                    "REQUEST_METHOD": self.command,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    **settings,
                },
                check=False,
            )
            head, _, rest = done.stdout.partition(b"\r\n\r\n")
            fields = [line.partition(": ")[::2] for line in head.decode("latin-1").split("\r\n")]
            status = next((value for name, value in fields if name == "Status"), "200 OK")
            self.send_response(int(status.split()[0]))
            for name, value in fields:
                if name and name != "Status":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(rest)

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.port = listener.server_address[1]
    thread = Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()

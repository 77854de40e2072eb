"""A small HTTP server on loopback that answers as it is told, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: Message

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Loopback:
    """`first` answers come before what the routes say, one for each such call."""

    url: str
    calls: list[Call] = field(default_factory=list)
    first: dict[str, list[Answer]] = field(default_factory=dict)

    def asked(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@contextmanager
def serving(routes: Callable[[Loopback, Call], Answer]) -> Iterator[Loopback]:
    """A server whose every request goes through `routes`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length)
            parts = urlsplit(self.path)
            query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
            body = json.loads(text) if text else None
            call = Call(self.command, unquote(parts.path), query, body, self.headers)
            loopback.calls.append(call)
            waiting = loopback.first.get(str(call))
            answer = waiting.pop(0) if waiting else routes(loopback, call)
            data = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = _answer

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests look at the calls."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        loopback = Loopback(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield loopback
        finally:
            server.shutdown()
            thread.join()

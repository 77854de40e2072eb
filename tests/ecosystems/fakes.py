"""Stand-ins for the world outside: files from a dict, an image, a call from a command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reorder.ecosystems.contract import Image
from reorder.ecosystems.paths import below, match_deep
from reorder.shell.calls import calls
from reorder.shell.nodes import Call, Opaque

PATH = "/usr/local/bin:/usr/bin:/bin"


class FakeFiles:
    """`Files` over absolute paths. Below `application` what is not listed does not exist."""

    def __init__(
        self,
        files: Mapping[str, str],
        application: frozenset[str] = frozenset({"/app"}),
        executables: frozenset[str] = frozenset(),
        origins: Mapping[str, str] | None = None,
    ) -> None:
        self._files = dict(files)
        self._application = application
        self._executables = executables
        self._origins = origins

    def read(self, path: str) -> str | None:
        return self._files.get(path)

    def exists(self, path: str) -> bool | None:
        if any(below(known, path) for known in self._files):
            return True
        return False if any(below(path, tree) for tree in self._application) else None

    def under(self, tree: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self._files if below(path, tree) and path != tree))

    def glob(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(p for p in self._everything() if match_deep(p, pattern)))

    def written(self, path: str) -> bool:
        return any(below(known, path) for known in self._files)

    def executable(self, path: str) -> bool:
        return path in self._executables

    def origin(self, path: str) -> str | None:
        if path not in self._files:
            return None
        if self._origins is not None:
            return self._origins.get(path)
        for tree in self._application:
            if below(path, tree):
                return path[len(tree) + 1 :]
        return None

    def _everything(self) -> set[str]:
        found = set(self._files)
        for path in self._files:
            while path := path.rpartition("/")[0]:
                found.add(path)
        return found


def image(
    files: Mapping[str, str] | None = None,
    *,
    application: frozenset[str] = frozenset({"/app"}),
    executables: frozenset[str] = frozenset(),
    **overrides: Any,
) -> Image:
    """Root in `/app` with HOME /root, and these files from the context (`/app/x` is `x` there)."""
    values: dict[str, Any] = {
        "files": FakeFiles(files or {}, application, executables),
        "env": {"PATH": PATH},
        "cwd": "/app",
        "user": "root",
        "home": "/root",
        "uid": 0,
        "gid": 0,
        "base": "",
        "application": application,
    }
    return Image(**{**values, **overrides})


def call(
    command: str, cwd: str = "/app", env: Mapping[str, str | None] | None = None, **overrides: Any
) -> Call:
    """The one call of a command line, as the shell reads it."""
    found = calls(command, cwd, {"PATH": PATH, "HOME": "/root"} if env is None else env)
    assert not isinstance(found, Opaque), found
    (only,) = found
    return replace(only, **overrides)

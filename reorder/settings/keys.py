"""What may be set in a file: the long options of `rewrite`, and a table for each other command.

The command line declares the same with click; a test holds the two together. Left out is what says
what to do rather than how (`--write`, `--check`, `--format`), what names one file of a machine
(`--against`, `--save-timings`, `--output`), and what an engine would take from the machine
(`--build-arg`, `--engine-flag`): a repository's file must not ask for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from reorder.config import Options

Kind = Literal["switch", "ids", "choice", "whole", "number", "folder", "file", "text"]


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `least` and `most` are of numbers; `above`: `least` itself is too small."""

    name: str
    kind: Kind
    default: Any = None
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    above: bool = False

    @property
    def option(self) -> str:
        """Its name in code."""
        return self.name.replace("-", "_")


def _of_rewrite(name: str, kind: Kind, **more: Any) -> Key:
    return Key(name, kind, getattr(Options(), name.replace("-", "_")), **more)


def _by_name(*keys: Key) -> dict[str, Key]:
    return {key.name: key for key in keys}


KEYS: dict[str, Key] = _by_name(
    Key("off", "switch", default=False),
    _of_rewrite("select", "ids"),
    _of_rewrite("ignore", "ids"),
    _of_rewrite("unsafe", "switch"),
    _of_rewrite("context", "folder"),
    _of_rewrite("builder", "choice", choices=("auto", "persistent", "ephemeral")),
    _of_rewrite("manifest-style", "choice", choices=("auto", "explicit", "parents")),
    _of_rewrite("history", "switch"),
    _of_rewrite("commits", "whole", least=1),
    _of_rewrite("timings", "file"),
    _of_rewrite("min-percent", "number", least=0),
    _of_rewrite("min-seconds", "number", least=0),
)

ENGINES = ("auto", "buildx", "buildctl", "docker", "podman", "buildah")
TABLES: dict[str, dict[str, Key]] = {
    "simulate": _by_name(
        Key("commits", "whole", 200, least=1, most=10_000),
        Key("since", "text", ""),
        Key("builds-per-day", "number", least=0, above=True),
        Key("developers", "whole", least=1),
        Key("profile", "choice", "local", choices=("local", "ci")),
    ),
    "verify": _by_name(
        Key("engine", "choice", "auto", choices=ENGINES),
        Key("builder-name", "text"),
        Key("target", "text"),
        Key("edit", "text", "auto"),
        Key("rounds", "whole", 1, least=1, most=100),
        Key("limit", "number", 3600.0, least=1),
    ),
    "ci": _by_name(
        Key("registry-ref", "text"),
        Key("main", "text"),
        Key("backend", "choice", "registry", choices=("registry", "gha")),
        Key("prune", "switch", default=False),
    ),
}
ONLY_COMMAND_LINE: dict[str, frozenset[str]] = {
    "": frozenset(
        {"write", "check", "verify", "format", "config", "no-config"}
        | {"quiet", "verbose", "statistics", "color", "no-pager"}
    ),
    "simulate": frozenset({"format", "output"}),
    "verify": frozenset({"against", "build-arg", "engine-flag", "save-timings", "format"}),
    "ci": frozenset({"write", "check", "format"}),
}

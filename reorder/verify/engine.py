"""What builds images, and what is asked of it. One small module for each program beside this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from reorder.errors import InputError, ReorderError
from reorder.verify.steps import Step

Name = Literal["buildx", "buildctl", "docker", "podman", "buildah"]
LIMIT = 3600.0  # seconds for one build


class NoEngine(InputError):
    """Nothing here can build an image; the message says what was looked for and what to install."""


class BuildFailed(ReorderError):
    """A build did not end well; `lines` are the last that the engine said."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Request:
    """One build. When all is over, the engine keeps nothing of it but its own layer cache.

    `space` keeps its cache apart from those of other builds, where the engine can: RUN steps and
    cache mounts of one space are never those of another.
    """

    context: Path
    dockerfile: Path
    target: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()  # further words for the engine's own `build`
    cold: bool = False  # no step comes from the cache, and cache mounts begin empty
    space: str = ""
    into: Path | None = None  # where the image goes, as an OCI or docker archive; None: nowhere
    seconds: float = LIMIT
    on_line: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Built:
    """A build that ended well. `seconds` is all of it, as the user waits for it."""

    seconds: float
    steps: tuple[Step, ...]


class Engine(Protocol):
    """A program that builds. Only its own command line is used, with the user's own settings."""

    @property
    def name(self) -> str:
        """As `--engine` takes it."""

    @property
    def version(self) -> str:
        """As it says itself; with the builder where there are several."""

    @property
    def spaces(self) -> bool:
        """Whether it keeps the caches of spaces apart."""

    def build(self, request: Request) -> Built:
        """One build. Raises BuildFailed."""

    def forget(self) -> None:
        """Removes what had to stay for the builds that follow; called once, at the end."""

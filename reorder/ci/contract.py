"""The contract between a kind of CI file and everything that asks about it.

An adapter gets the text of one file and the settings, and answers with the new text and what it
found on the way. It never touches a byte that need not change, and a second run over its own
output changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from reorder.context.project import Project

Backend = Literal["registry", "gha"]
Status = Literal["rewritten", "fine", "refused"]
MAIN: Final = "main"  # the tag of the main branch's cache, whatever the branch is called


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose, and what the repository says of itself."""

    branch: str  # the main branch
    ref: str | None = None  # repository of the caches, without a tag; None: that of the image
    backend: Backend = "registry"
    bases: frozenset[str] = frozenset()  # the images that the repository's Dockerfiles build on
    systems: tuple[str, ...] = ()  # what shows which CI systems it uses, see `branch.SYSTEMS`
    called: frozenset[str] = frozenset()  # the words of its CI files: scripts, targets
    branched: frozenset[str] = frozenset()  # compose and bake files that take CACHE_BRANCH
    repository: str | None = None  # OWNER/NAME as its clone's remote at GitHub has it


@dataclass(frozen=True, slots=True)
class Found:
    """One place where an image is built. `reason`: why it is refused or fine, or what is new."""

    line: int  # 1-based, in the text that was read
    what: str  # `docker/build-push-action`, `docker build`, …
    status: Status
    reason: str
    image: str | None = None  # without tag, as far as it is known
    cache: str | None = None  # the repository of the caches it uses now
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What one file becomes. `after == before` where nothing is to be done."""

    path: str  # relative to the repository's root
    before: str
    after: str
    found: tuple[Found, ...] = ()


class Adapter(Protocol):
    """A module under `reorder/ci/` for one kind of file, listed in `table.py`."""

    NAME: str  # for people

    def files(self, project: Project) -> list[str]:
        """The files of the repository that it reads, sorted."""

    def plan(self, path: str, text: str, settings: Settings) -> Planned | None:
        """What becomes of one file; None: it builds no image."""

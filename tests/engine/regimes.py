"""How a builder keeps its caches from one build to the next: `verify` on each kind of builder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.builds import PLAIN_LAYERS, buildx
from engine.daemons import CACHES, Daemons

from reorder.config import Builder
from reorder.verify.engine import Built, Engine, Request
from reorder.verify.steps import Step

_ORIGINAL = ("before", "again")


@dataclass(frozen=True, slots=True)
class Originals:
    """Cold builds of an original, which are the same on every kind of builder: each is made once.

    `folder` keeps the images; it must be on the file system of temporary files.
    """

    folder: Path
    done: dict[tuple[str, str | None], tuple[Request, Built]] = field(default_factory=dict)

    def kept(self, request: Request) -> Built | None:
        """What such a build gave, with its image where it is wanted now; None: it is the first."""
        found = self.done.get((_side(request), request.target))
        if found is None or request.into is None:
            return None
        os.link(self._archive(request), request.into)
        return found[1]

    def keep(self, request: Request, built: Built) -> None:
        """Remembers the build of an original that had to be made."""
        if request.into is not None and _side(request) in _ORIGINAL:
            self.done[_side(request), request.target] = (request, built)
            os.link(request.into, self._archive(request))

    def space(self, request: Request) -> str:
        """Where that side was built that a rebuild starts from."""
        for (side, _), (first, _) in self.done.items():
            if side == _side(request):
                return first.space
        return request.space

    def _archive(self, request: Request) -> Path:
        return self.folder / f"{_side(request)}-{request.target}.tar"


@dataclass(frozen=True, slots=True)
class Recording:
    """An engine that keeps what it built, and does something to its builder before a rebuild.

    `persistent`: the first rebuild of each side finds warm cache mounts, the second empty ones.
    `ephemeral`: cold builds export a registry cache; before each rebuild the builder is pruned, and
    the rebuild imports that cache.
    """

    engine: Engine
    daemons: Daemons
    kind: Builder
    originals: Originals
    done: list[tuple[Request, Built]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def version(self) -> str:
        return self.engine.version

    @property
    def spaces(self) -> bool:
        return self.engine.spaces

    def build(self, request: Request) -> Built:
        rebuild = not request.cold and request.into is None
        if rebuild and self.kind == "ephemeral":
            buildx(self.daemons, "prune", "--all", "--force")
        elif rebuild and self.rebuilt(_side(request)):
            buildx(self.daemons, "prune", "--force", "--all", "--filter=type=exec.cachemount")
        asked = self._with_cache(request)
        edited = bool(self.rebuilt("before"))
        built = None if edited else self.originals.kept(asked)
        if built is None:
            built = self.engine.build(asked)
            if not edited:
                self.originals.keep(asked, built)
        self.done.append((request, built))
        return built

    def forget(self) -> None:
        self.engine.forget()

    def rebuilt(self, side: str) -> list[Built]:
        """The measured rebuilds of a side, in order."""
        return [
            built
            for request, built in self.done
            if not request.cold and request.into is None and _side(request) == side
        ]

    def _with_cache(self, request: Request) -> Request:
        """The builds of the original go to the registry for both kinds: they are made once."""
        request = replace(request, space=self.originals.space(request))
        ref = f"type=registry,ref={self.daemons.registry}/{CACHES}/{request.space}:cache"
        if request.cold:
            if self.kind == "persistent" and _side(request) != "before":
                return request
            options = f"mode=max,image-manifest=true,oci-mediatypes=true,{PLAIN_LAYERS}"
            return replace(request, flags=(*request.flags, f"--cache-to={ref},{options}"))
        if self.kind == "persistent":
            return request
        return replace(request, flags=(*request.flags, f"--cache-from={ref}"))


def cached(steps: Iterable[Step], text: str) -> bool:
    """Whether those with a text were not run; False where there is none."""
    found = [step.cached for step in steps if text in step.text]
    return bool(found) and all(found)


def _side(request: Request) -> str:
    return request.space.rpartition("-")[2]

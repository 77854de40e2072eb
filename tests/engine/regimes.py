"""How a builder keeps its caches from one build to the next: `verify` on each kind of builder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.builds import buildx
from engine.daemons import CACHES, Daemons

from reorder.config import Builder
from reorder.verify.engine import BuildFailed, Built, Engine, Request
from reorder.verify.steps import Step

_PLAIN = "compression=uncompressed"  # loopback has no need to save bytes
_ORIGINAL = ("before", "again")
_LOST_UPLOAD = "blob upload invalid"  # Debian's registry, now and then, with two builders


@dataclass(frozen=True, slots=True)
class Originals:
    """Cold builds that are the same on every kind of builder, as the original's are: made once.

    `folder` keeps the images; it must be on the file system of temporary files. `alike`: what is
    made of the original is the same too.
    """

    folder: Path
    alike: bool = False
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
        if request.into is not None and self.shared(_side(request)):
            self.done[_side(request), request.target] = (request, built)
            os.link(request.into, self._archive(request))

    def shared(self, side: str) -> bool:
        """Whether a side is the same on every kind of builder."""
        return self.alike or side in _ORIGINAL

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
            built = self._built(asked)
            if not edited:
                self.originals.keep(asked, built)
        self.done.append((request, built))
        return built

    def _built(self, request: Request) -> Built:
        """Once more where the registry lost an upload: that says nothing of the Dockerfile."""
        try:
            return self.engine.build(request)
        except BuildFailed as failed:
            if _LOST_UPLOAD not in str(failed):
                raise
            print(f"built once more: {_LOST_UPLOAD}")
            return self.engine.build(request)

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
        """What is made once goes to the registry for both kinds."""
        request = replace(request, space=self.originals.space(request))
        ref = f"type=registry,ref={self.daemons.registry}/{CACHES}/{request.space}:cache"
        if request.cold:
            side = _side(request)
            wanted = side != "again" and self.originals.shared(side)
            if self.kind == "persistent" and not wanted:
                return request
            options = f"mode=max,image-manifest=true,oci-mediatypes=true,{_PLAIN}"
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

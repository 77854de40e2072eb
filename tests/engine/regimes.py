"""How a builder keeps its caches from one build to the next: `verify` on each kind of builder."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.builds import buildx
from engine.daemons import Daemons

from reorder.config import Builder
from reorder.verify.engine import Built, Engine, Request


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
        elif rebuild and self.rebuilt(request.space):
            buildx(self.daemons, "prune", "--force", "--all", "--filter=type=exec.cachemount")
        built = self.engine.build(self._with_cache(request))
        self.done.append((request, built))
        return built

    def forget(self) -> None:
        self.engine.forget()

    def rebuilt(self, side: str) -> list[Built]:
        """The measured rebuilds whose space ends with `side`, in order."""
        return [
            built
            for request, built in self.done
            if not request.cold and request.into is None and request.space.endswith(side)
        ]

    def _with_cache(self, request: Request) -> Request:
        if self.kind == "persistent":
            return request
        ref = f"type=registry,ref={self.daemons.registry}/verify/{request.space}:cache"
        if request.cold:
            options = "mode=max,image-manifest=true,oci-mediatypes=true"
            return replace(request, flags=(*request.flags, f"--cache-to={ref},{options}"))
        return replace(request, flags=(*request.flags, f"--cache-from={ref}"))

"""Where go keeps modules and compiled packages.

Source: `go help environment`, `go help cache`; the golang images set GOPATH. The build cache goes
by content since Go 1.10, so that `-a` only switches it off, where no C library takes part: those
it does not look at. Tried with Go 1.26 and CGO_ENABLED=0: the same binary with `-a` and without.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.go.go_command import Asked, vendored
from reorder.ecosystems.homes import user_cache

_NO_CACHE: Final = re.compile(r"1\.\d(?!\d)")  # tags of the golang image before 1.10
NEVER_EMPTY = "without a proxy it needs the modules of an earlier step, and a mount may be empty"


def caches(asked: Asked, image: Image) -> tuple[Cache, ...]:
    """Those of a command that builds: with `vendor/` the module cache is not used."""
    build = gocache(asked, image)
    return (build,) if vendored(asked) else (modcache(asked, image), build)


def without_cgo(asked: Asked) -> bool:
    """Whether no C library takes part in what is compiled."""
    return asked.call.env.get("CGO_ENABLED") == "0"


def gopath(asked: Asked) -> str | None:
    """The first folder of GOPATH where it is set."""
    value = asked.call.env.get("GOPATH", "")
    return value.split(":")[0] if value else None


def modcache(asked: Asked, image: Image) -> Cache:
    """GOMODCACHE, else pkg/mod in the first folder of GOPATH, else `~/go/pkg/mod`."""
    told = asked.call.env.get("GOMODCACHE", "")
    path = asked.call.env.get("GOPATH", "")
    folder = told or (f"{path.split(':')[0]}/pkg/mod" if path else None)
    cache = user_cache(asked.call, image, folder, "go/pkg/mod")
    if told is None or (not told and path is None):
        cache = replace(cache, off="where go keeps its modules is not known")
    if asked.call.env.get("GOPROXY") == "off" and cache.off is None:
        cache = replace(cache, off=NEVER_EMPTY)
    return replace(cache, payload=True)


def gocache(asked: Asked, image: Image) -> Cache:
    """GOCACHE, else go-build in XDG_CACHE_HOME, else `~/.cache/go-build`."""
    told = asked.call.env.get("GOCACHE", "")
    xdg = asked.call.env.get("XDG_CACHE_HOME", "")
    folder = told or (f"{xdg}/go-build" if xdg else None)
    if told == "off":
        return Cache("~/.cache/go-build", off="GOCACHE is off")
    cache = user_cache(asked.call, image, folder, ".cache/go-build")
    if told is None or (not told and xdg is None):
        return replace(cache, off="where go keeps its build cache is not known")
    if image.base == "golang" and _NO_CACHE.match(image.tag):
        return replace(cache, off="Go before 1.10 has no build cache")
    return replace(cache, cancels=tuple(arg.span for arg in asked.flags if arg.text == "-a"))

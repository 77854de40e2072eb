"""Where cargo keeps what it downloads: `registry` and `git` in CARGO_HOME.

Not the whole of CARGO_HOME: installed programs and, in the rust images, rustup's proxies are in its
`bin`. Cargo guards both folders with locks on `.package-cache` in CARGO_HOME itself (cargo
`util/cache_lock.rs`), which lies outside of a mount of either: hence `locked`.

Source: "Cargo Home" of The Cargo Book. Tried with Cargo 1.95: a build with both folders emptied
after its dependencies were compiled downloads the sources again and compiles none of them.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.fetching import NEVER_EMPTY
from reorder.ecosystems.homes import copied_below, in_home, user_cache
from reorder.ecosystems.paths import EVERYTHING, Paths
from reorder.ecosystems.rust.cargo_closure import Workspace
from reorder.ecosystems.rust.cargo_options import Asked
from reorder.ecosystems.words import absolute


def cargo_homes(asked: Asked, image: Image) -> tuple[str, ...]:
    """CARGO_HOME, else `~/.cargo`; where the home is not known, all that it may be."""
    told = asked.call.env.get("CARGO_HOME", "")
    if told:
        return (absolute(told, asked.call.cwd),)
    return tuple(sorted(in_home(asked.call, image, ".cargo").trees))


def settings(asked: Asked, image: Image) -> Paths:
    """What the build itself puts into CARGO_HOME: configuration, credentials."""
    found = Paths()
    for folder in cargo_homes(asked, image):
        found |= copied_below(folder, image)
    return EVERYTHING if asked.call.env.get("CARGO_HOME", "") is None else found


def caches(asked: Asked, image: Image, found: Workspace | None) -> tuple[Cache, ...]:
    """The folders that a call fills; that of git only where the lockfile asks for it, or is not
    known. A vendored project downloads nothing."""
    if found is not None and found.config.folders:
        return ()
    names = ["registry"]
    if found is None or not found.lock or any(_from_git(e.get("source")) for e in found.lock):
        names.append("git")
    return tuple(cache(asked, image, name) for name in names)


def cache(asked: Asked, image: Image, name: str) -> Cache:
    """One folder of CARGO_HOME."""
    told = asked.call.env.get("CARGO_HOME", "")
    folder = posixpath.join(absolute(told, asked.call.cwd), name) if told else None
    found = user_cache(asked.call, image, folder, f".cargo/{name}")
    if told is None:
        found = replace(found, off="where cargo keeps what it downloads is not known")
    if asked.has("--offline", "--frozen") and found.off is None:
        found = replace(found, off=NEVER_EMPTY)
    return replace(found, sharing="locked", payload=True)


def state_files(asked: Asked, image: Image) -> tuple[str, ...]:
    """The files that cargo writes beside them."""
    homes = cargo_homes(asked, image)
    return tuple(posixpath.join(folder, name) for folder in homes for name in _STATE)


def _from_git(source: object) -> bool:
    return str(source).startswith("git+")


_STATE = (".package-cache", ".package-cache-mutate", ".global-cache")

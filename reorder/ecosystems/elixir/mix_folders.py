"""Where Mix and Hex keep their own files.

Source: Elixir 1.16 `mix/utils.ex` (MIX_HOME, MIX_XDG), "Mix" (MIX_DEPS_PATH, MIX_BUILD_PATH); Hex
2.0 `lib/hex/state.ex` (HEX_HOME), `lib/hex/scm.ex` (`packages` below it). Checked with Hex 2.5:
with the packages kept, nothing but the index is downloaded again.
"""

from __future__ import annotations

from dataclasses import replace

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.homes import ROOT, in_home, user_cache
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call


def own_files(call: Call, image: Image) -> Paths:
    """Where Mix and Hex keep archives, settings and the index, the packages left out."""
    found = in_home(call, image, ".config/mix") if call.env.get("MIX_XDG") else NOTHING
    for variable in ("MIX_HOME", "MIX_ARCHIVES"):
        value = call.env.get(variable)
        found |= Paths(trees=frozenset({absolute(value, call.cwd)})) if value else NOTHING
    found |= NOTHING if call.env.get("MIX_HOME") else in_home(call, image, ".mix")
    hex_home = call.env.get("HEX_HOME")
    for name in ("hex.config", "cache.ets", "cache.erl"):
        if hex_home:
            found |= paths(absolute(name, absolute(hex_home, call.cwd)))
        else:
            found |= in_home(call, image, f".hex/{name}")
    return found | in_home(call, image, ".cache/rebar3") | in_home(call, image, ".config/rebar3")


def package_cache(call: Call, image: Image) -> Cache:
    """The archives of packages below HEX_HOME."""
    home = call.env.get("HEX_HOME", "")
    folder = f"{absolute(home, call.cwd)}/packages" if home else None
    found = user_cache(call, image, folder, ".hex/packages")
    if home is None or call.env.get("MIX_XDG"):
        return replace(found, off="where Hex keeps its packages is not known")
    if found.off is None and image.user not in ROOT:
        return replace(found, off="a mount below the folder of Hex would make that root's own")
    return found


def told_path(call: Call, name: str, default: str) -> str:
    """The path that a variable names, else the default."""
    value = call.env.get(name)
    return absolute(value, call.cwd) if value else default

"""Which steps each kind of builder runs again at each commit, from the keys of their caches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

Profile = Literal["local", "registry", "none"]
PROFILES: Final[Mapping[Profile, str]] = {
    "local": "a builder that keeps its layers and cache mounts",
    "registry": "fresh runners with a registry cache (mode=max)",
    "none": "fresh runners without a cache",
}
FRESH: Final[tuple[Profile, ...]] = ("registry", "none")
Key = tuple[object, ...]


def keys(inputs: Sequence[Sequence[object]], commits: int) -> tuple[Key, ...]:
    """The cache key of a step at each commit, from the states of all that it holds."""
    moving = [states for states in inputs if any(state != states[0] for state in states)]
    return tuple(tuple(states[at] for states in moving) for at in range(commits))


def reruns(found: Sequence[Key], profile: Profile) -> tuple[bool, ...]:
    """Whether a step runs again at each commit; the first one is the cold build.

    A builder that lives on finds every key that it ever met. A registry cache that each build
    exports anew holds what the build before it used (semantics.md 4.5).
    """
    if profile == "none":
        return (True,) * len(found)
    met: set[Key] = set()
    again: list[bool] = []
    for key in found:
        again.append(key not in met)
        if profile == "registry":
            met.clear()
        met.add(key)
    return tuple(again)

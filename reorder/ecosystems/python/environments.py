"""What the installers of Python projects have in common: environments, and where they come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.given import Given
from reorder.ecosystems.homes import home, in_application, in_home
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.shell.nodes import Call, Span


def apart(trees: Iterable[str], image: Image) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Trees in the application, and the others."""
    found = sorted(set(trees))
    inside = tuple(tree for tree in found if in_application(tree, image))
    return inside, tuple(tree for tree in found if tree not in inside)


def ignored(image: Image, outputs: Iterable[str], near: Iterable[str]) -> tuple[str, ...]:
    """Where the context would have the outputs."""
    known = tuple(near)
    found = (in_context(image.files, output, known) for output in outputs)
    return tuple(path for path in found if path)


def free(given: Given, names: Iterable[str]) -> frozenset[Span]:
    """The words that name groups and extras: whatever they say, the same files are read."""
    return frozenset(arg.span for arg in given.all(*names))


def own_folders(call: Call, image: Image, *names: str) -> Paths:
    """Folders in the home of whoever runs the command, where `Image.system` has them not."""
    found = NOTHING
    for name in names:
        found |= in_home(call, image, name)
    there = home(call, image)
    outside = there is not None and not in_application(there, image)
    return NOTHING if outside else found


# What virtualenv keeps of its own (virtualenv documentation, "app-data"); older versions second.
VIRTUALENV: Final = (".cache/virtualenv", ".local/share/virtualenv")

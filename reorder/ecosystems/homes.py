"""Whose home a tool uses, and whether a cache in it can be mounted."""

from __future__ import annotations

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.paths import Paths, below
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call

ROOT = ("", "root", "0")
PROXIES = frozenset(
    name
    for lower in ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy")
    for name in (lower, lower.upper())
)


def home(call: Call, image: Image) -> str | None:
    """HOME as the command sees it; None when it is not known."""
    return call.env.get("HOME", image.home)


def in_home(call: Call, image: Image, name: str) -> Paths:
    """A folder of the home of whoever runs the command.

    Where the home is not known it is taken to be outside the application folders, or one of them.
    """
    folder = home(call, image)
    folders = image.application if folder is None else {folder}
    return Paths(trees=frozenset(absolute(name, tree) for tree in folders))


def copied_below(folder: str, image: Image) -> Paths:
    """What the build itself puts into a folder that a tool keeps for itself, such as `~/.m2`.

    The folder's own content is a cache and no input; a file that was copied into it is one.
    """
    known = frozenset(image.files.under(folder))
    trees = frozenset(tree for tree in image.application if below(tree, folder))
    return Paths(files=known, trees=trees)


def in_application(path: str, image: Image) -> bool:
    """Whether a path lies in a tree that only the build itself fills."""
    return any(below(path, tree) for tree in image.application)


def user_cache(call: Call, image: Image, folder: str | None, default: str) -> Cache:
    """A cache that its owner must be able to write.

    `folder` is set explicitly (absolute), `default` is relative to the home. `off` says why a mount
    there would not be used.
    """
    there = home(call, image)
    target = folder or (absolute(default, there) if there is not None else f"~/{default}")
    if call.user is not None:
        return Cache(target, off="`sudo` makes it run as another user")
    if image.user is None:
        return Cache(target, off="the user that runs it is not known")
    if folder is None and there is None:
        return Cache(target, off=f"the home folder of the user `{image.user}` is not known")
    if image.user not in ROOT and (image.uid is None or image.gid is None):
        return Cache(target, off=f"the numeric id of the user `{image.user}` is not known")
    return Cache(target)

"""Where a pip installs to, and what the working folder can do to a Python that starts in it.

Source: Python's `sys.path` initialisation (docs.python.org/3/library/sys_path_init.html), venv
(PEP 405), pip user guide "User Installs".
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterable
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call

# pip and its helpers, and what `site` imports at start-up.
_OTHERS: Final = frozenset(
    {"pip", "setuptools", "wheel", "pkg_resources", "sitecustomize", "usercustomize"}
)
# In the standard library, but never imported by an installer.
_HARMLESS: Final = frozenset({"antigravity", "idlelib", "test", "this", "turtle", "turtledemo"})


def environment_trees(call: Call, image: Image) -> frozenset[str]:
    """Virtual environments inside the application folders that a pip may install into."""
    found: set[str] = set()
    folder = posixpath.dirname(call.name)
    if folder:
        found.add(posixpath.dirname(absolute(folder, call.cwd)))
    search = call.env.get("PATH", image.env.get("PATH")) or ""
    for entry in search.split(":"):
        if entry and posixpath.basename(entry.rstrip("/")) == "bin":
            found.add(posixpath.dirname(absolute(entry, call.cwd)))
    active = call.env.get("VIRTUAL_ENV")
    if active:
        found.add(absolute(active, call.cwd))
    return frozenset(tree for tree in found if in_application(tree, image))


def shadows(call: Call, image: Image, module_run: bool) -> tuple[str, ...]:
    """Known files that a starting Python would take for a module of its own, or for metadata.

    `module_run`: `python -m` puts the working folder first on the module path; PYTHONPATH does the
    same for its folders however Python starts.
    """
    folders = [call.cwd] if module_run else []
    extra = call.env.get("PYTHONPATH") or ""
    folders += [absolute(entry, call.cwd) for entry in extra.split(":") if entry]
    return tuple(dict.fromkeys(hit for folder in folders for hit in _shadowing(folder, image)))


def _shadowing(folder: str, image: Image) -> Iterable[str]:
    if not in_application(folder, image):
        return
    names = (sys.stdlib_module_names | _OTHERS) - _HARMLESS
    base = folder.rstrip("/")
    for path in image.files.glob(f"{base}/*.py"):
        if posixpath.basename(path).removesuffix(".py") in names:
            yield path
    for path in image.files.glob(f"{base}/*/__init__.py"):
        if posixpath.basename(posixpath.dirname(path)) in names:
            yield path
    for suffix in ("egg-info", "dist-info", "egg-link"):
        yield from image.files.glob(f"{base}/*.{suffix}")

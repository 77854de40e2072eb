"""From the paths a user names to the Dockerfiles they stand for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reorder.context.git import not_ignored
from reorder.errors import InputError

# Other people's code, and folders that tools fill; never searched.
VENDORED = frozenset(
    {
        ".git", ".hg", ".svn", ".nox", ".tox", ".venv", "venv", "__pycache__", "site-packages",
        "node_modules", "bower_components", "jspm_packages", "vendor", "third_party", "third-party",
        "Godeps", "Pods", "Carthage",
    }
)  # fmt: skip
# What is named like a Dockerfile and is none: ignore files, templates, backups, prose, signatures.
_NOT_DOCKERFILES = frozenset(
    {
        "dockerignore", "j2", "jinja", "jinja2", "tmpl", "tpl", "template", "erb", "in", "mustache",
        "hbs", "ejs", "gotmpl", "m4", "swp", "swo", "bak", "backup", "orig", "rej", "old", "save",
        "tmp", "disabled", "md", "txt", "rst", "html", "py", "sh", "rb", "js", "ts", "go", "java",
        "yml", "yaml", "json", "toml", "lock", "sha256", "asc", "sig", "patch", "diff", "log",
    }
)  # fmt: skip


def discover(path: Path) -> tuple[Path, ...]:
    """The Dockerfiles a path stands for: itself if it is a file, else those below it, sorted.

    Links found below a folder are left alone. Raises InputError when there is nothing there.
    """
    if path.is_dir():
        return tuple(path / found for found in _below(path))
    if not path.exists():
        raise InputError(str(path), "no such file or folder")
    if not path.is_file():
        raise InputError(str(path), "neither a file nor a folder")
    return (path,)


def is_dockerfile_name(name: str) -> bool:
    """Whether a file name says Dockerfile: the exact names, and none of the look-alikes."""
    stem, _, ending = name.rpartition(".")
    if name.endswith("~") or name.startswith(".#") or (stem and ending.lower() in _NOT_DOCKERFILES):
        return False
    if name == "Dockerfile" or name.startswith("Containerfile"):
        return True
    return (name.startswith("Dockerfile.") and len(name) > len("Dockerfile.")) or (
        name.endswith(".Dockerfile") and len(name) > len(".Dockerfile")
    )


def _below(folder: Path) -> list[str]:
    known = not_ignored(folder)
    paths: Iterable[str] = _walk(folder) if known is None else known
    return sorted(
        path
        for path in paths
        if is_dockerfile_name(path.rpartition("/")[2])
        and VENDORED.isdisjoint(path.split("/")[:-1])
        and _is_plain_file(folder, path)
    )


def _is_plain_file(folder: Path, path: str) -> bool:
    """Not a link itself, nor reached through one, nor gone although the index has it."""
    at = folder
    parts: Sequence[str] = path.split("/")
    for part in parts:
        at = at / part
        if at.is_symlink():
            return False
    return at.is_file()


def _walk(folder: Path) -> Iterator[str]:
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in VENDORED]
        for name in files:
            yield Path(at, name).relative_to(folder).as_posix()

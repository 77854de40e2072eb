"""Which folder a Dockerfile is built from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reorder.context.git import toplevel
from reorder.context.gopath import has_wildcard, inside
from reorder.context.project import Project
from reorder.context.stated import compose_root, stated_contexts
from reorder.errors import InputError


@dataclass(frozen=True, slots=True)
class Located:
    """A build context and why it was taken. Not `certain`: another folder would fit too."""

    root: Path
    reason: str
    certain: bool


def locate(
    dockerfile: Path,
    sources: Sequence[str],
    explicit: Path | None = None,
    used: Sequence[str] = (),
) -> Located:
    """The context of a Dockerfile, from the best evidence there is.

    `sources` are the literal sources of its local COPY and ADD instructions, variables expanded;
    `used` are relative paths that its commands name, which only decide when the sources do not;
    `explicit` is the user's word. Raises InputError when that is no folder.
    """
    if explicit is not None:
        if not explicit.is_dir():
            raise InputError(str(explicit), "no such folder; --context takes the build context")
        return Located(explicit, "given", certain=True)
    own = Path(os.path.abspath(dockerfile)).parent
    top = toplevel(own) or compose_root(own)
    if top is not None and own != top:
        # Bake files and other CI systems belong here too: stated is stronger than guessed.
        stated = stated_contexts(dockerfile, top)
        if len(stated) == 1:
            return Located(stated[0], "a compose file or workflow builds it from here", True)
        if stated:
            return Located(own, "compose files and workflows build it from several folders", False)
    return _by_sources(Path(os.path.abspath(dockerfile)).parent, sources, used)


def _by_sources(own: Path, sources: Sequence[str], used: Sequence[str]) -> Located:
    """The nearest of the Dockerfile's folder and those above it that has every source.

    Nothing above the repository's root is looked at, and nothing at all without a repository.
    """
    top = toplevel(own)
    above = [folder for folder in own.parents if top and folder.is_relative_to(top)]
    named = sorted({inside(source) for source in sources if not has_wildcard(source)} - {""})
    if not named and sources and (found := _by_use(own, above, used)) is not None:
        return found
    if not named:
        certain = not sources or not above
        return Located(own, "the folder of the Dockerfile; no COPY names a file", certain)
    if _has_all(own, named):
        return Located(own, "the folder of the Dockerfile, it has every COPY source", certain=True)
    for folder in above:
        if _has_all(folder, named):
            reason = f"{named[0]} and the other COPY sources exist only from here"
            only = f"the COPY source {named[0]} exists only from here"
            return Located(folder, reason if len(named) > 1 else only, certain=True)
    missing = f"the folder of the Dockerfile; no folder has {_missing(own, named)}"
    return Located(own, missing, certain=False)


def _by_use(own: Path, above: list[Path], used: Sequence[str]) -> Located | None:
    """The folder with a file that the commands name and the Dockerfile's own folder lacks."""
    lacking = [path for path in used if not Project.open(own).exists(path)]
    for folder in above:
        project = Project.open(folder)
        found = [path for path in lacking if project.exists(path)]
        if found:
            return Located(folder, f"a RUN uses {found[0]}, which exists only from here", True)
    return None


def _has_all(folder: Path, sources: Sequence[str]) -> bool:
    project = Project.open(folder)
    return all(project.exists(source) for source in sources)


def _missing(folder: Path, sources: Sequence[str]) -> str:
    project = Project.open(folder)
    missing = [source for source in sources if not project.exists(source)]
    return " and ".join([*missing[:2], *(["others"] if len(missing) > 2 else [])])

"""The build context of each side, copied to where it may be edited: the user's is only read."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from reorder.context.build import IGNORE_NAME, BuildContext
from reorder.errors import InputError
from reorder.verify.pair import Pair, Side


@dataclass(frozen=True, slots=True)
class Workspace:
    """One side, as an engine builds it."""

    root: Path
    dockerfile: Path

    def read(self, path: str) -> bytes | None:
        """The bytes of a context file; None: there is none."""
        place = self.root / path
        return place.read_bytes() if place.is_file() and not place.is_symlink() else None

    def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        """Replaces a file, or makes it. It keeps its mode if it has one; links are not followed."""
        place = self.root / path
        self._clear_way(path)
        kept = stat.S_IMODE(place.lstat().st_mode) if place.is_file() else mode
        if os.path.lexists(place):
            place.unlink()  # the other side has the same inode
        place.write_bytes(data)
        place.chmod(kept or 0o644)

    def remove(self, path: str) -> None:
        """Takes a file away, and the folders that are empty then, as git does."""
        place = self.root / path
        if not os.path.lexists(place) or place.is_dir():
            return
        place.unlink()
        for folder in place.parents:
            if folder == self.root or any(folder.iterdir()):
                return
            folder.rmdir()

    def _clear_way(self, path: str) -> None:
        """Makes the folders above a path; one that is a link or a file gives way."""
        at = self.root
        for part in path.split("/")[:-1]:
            at = at / part
            if at.is_symlink() or (at.exists() and not at.is_dir()):
                at.unlink()
            at.mkdir(exist_ok=True)


def lay(pair: Pair, into: Path) -> tuple[Workspace, Workspace]:
    """Both sides below `into`: what either of them sends to the builder, and its build files.

    Raises:
        InputError: a file of the context cannot be read.
    """
    first = into / "before" / "context"
    try:
        _copy(pair, first)
        shutil.copytree(first, into / "after" / "context", symlinks=True, copy_function=os.link)
    except (OSError, shutil.Error) as error:
        raise InputError(str(pair.root), f"the context cannot be copied: {error}") from None
    before = _side(pair, pair.before, into / "before")
    return before, _side(pair, pair.after, into / "after")


def _copy(pair: Pair, into: Path) -> None:
    into.mkdir(parents=True)
    contexts = (pair.before.context, pair.after.context)
    entries = {**contexts[0].visible, **contexts[1].visible}
    folders = []
    for path in sorted(entries):
        source, target = pair.root / path, into / path
        if entries[path].kind == "dir":
            target.mkdir()
            folders.append((source, target))
        else:
            shutil.copy2(source, target, follow_symlinks=False)
    if any(context.git_data for context in contexts) and (pair.root / ".git").is_dir():
        shutil.copytree(pair.root / ".git", into / ".git", symlinks=True, dirs_exist_ok=True)
    for source, target in reversed(folders):
        shutil.copystat(source, target)


def _side(pair: Pair, side: Side, folder: Path) -> Workspace:
    root = folder / "context"
    name = os.path.relpath(os.path.realpath(pair.dockerfile), os.path.realpath(pair.root))
    outside = name.startswith("..")
    dockerfile = folder / "file" / Path(name).name if outside else root / name
    dockerfile.parent.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(root, dockerfile)
    _put(dockerfile, side.text)
    _put_ignore(workspace, side.context)
    return workspace


def _put_ignore(workspace: Workspace, context: BuildContext) -> None:
    general = context.ignore_path == IGNORE_NAME
    own = workspace.dockerfile.with_name(workspace.dockerfile.name + IGNORE_NAME)
    place = workspace.root / IGNORE_NAME if general else own
    if context.ignore_text is not None:
        _put(place, context.ignore_text)
    elif os.path.lexists(place):
        place.unlink()


def _put(place: Path, text: str) -> None:
    if os.path.lexists(place):
        place.unlink()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode("utf-8", "surrogateescape"))
    place.chmod(0o644)

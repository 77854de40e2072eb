"""What an image is: its configuration, and every path with type, mode, owner and content.

Layers are merged as a container sees them. Source: OCI image-spec layer.md (whiteouts, hard links).
"""

from __future__ import annotations

import posixpath
import tarfile
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from reorder.verify.archive import BadImage, opened
from reorder.verify.content import digest

Kind = Literal["file", "dir", "link", "device", "pipe"]
MOST_ENTRIES = 5_000_000
_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"
_XATTR = "SCHILY.xattr."


@dataclass(frozen=True, slots=True)
class Entry:
    """One path. `content` is a hash, a link's target, or a device's numbers."""

    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int = 0
    content: str = ""
    xattrs: tuple[tuple[str, str], ...] = ()  # capabilities are one of them


@dataclass(frozen=True, slots=True)
class Image:
    """`tree` has absolute paths, without the root. Times are left out."""

    config: Mapping[str, Any]
    tree: Mapping[str, Entry]


# Not frozen: it is filled while the layer is read.
@dataclass(slots=True)
class _Layer:
    entries: dict[str, Entry] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)  # hard links to what lies in layers below
    gone: set[str] = field(default_factory=set)  # with all that is below
    emptied: set[str] = field(default_factory=set)  # all that is below


# Layers by the hash of what is in them.
Known = dict[str, _Layer]


def read_image(path: Path, known: Known | None = None) -> Image:
    """The image in an archive; `known` spares reading a layer twice. Raises BadImage."""
    tree: dict[str, Entry] = {}
    known = {} if known is None else known
    with opened(path) as archive:
        for name, content in archive.layers:
            layer = known.get(content)
            if layer is None:
                with archive.layer(name) as members:
                    layer = _read(members)
            if content:
                known[content] = layer
            _apply(layer, tree)
            if len(tree) > MOST_ENTRIES:
                raise BadImage(f"the image has more than {MOST_ENTRIES:,} files")
        return Image(archive.config, tree)


def read_contents(path: Path, wanted: frozenset[str], most: int) -> dict[str, bytes]:
    """The bytes of some files of an image, none larger than `most`. Raises BadImage."""
    found: dict[str, bytes] = {}
    with opened(path) as archive:
        for name, _ in archive.layers:
            with archive.layer(name) as members:
                for at, member in _members(members):
                    if at in wanted:
                        stream = members.extractfile(member) if member.isreg() else None
                        found.pop(at, None)
                        if stream is not None and member.size <= most:
                            found[at] = stream.read()
    return found


def _read(members: tarfile.TarFile) -> _Layer:
    layer = _Layer()
    for path, member in _members(members):
        folder, name = posixpath.split(path)
        if name == _OPAQUE:
            layer.emptied.add(folder)
        elif name.startswith(_WHITEOUT):
            layer.gone.add(posixpath.join(folder, name.removeprefix(_WHITEOUT)))
        elif member.islnk():
            target = _absolute(member.linkname)
            same = layer.entries.get(target)
            if same is None:
                layer.links[path] = target
            else:
                layer.entries[path] = same
        else:
            layer.entries[path] = _entry(path, member, members)
    return layer


def _members(members: tarfile.TarFile) -> Iterator[tuple[str, tarfile.TarInfo]]:
    """Every member but the root, with its path; none is remembered by the reader."""
    for member in members:
        path = _absolute(member.name)
        if path != "/":
            yield path, member
        members.members.clear()  # type: ignore[attr-defined]


def _entry(path: str, member: tarfile.TarInfo, members: tarfile.TarFile) -> Entry:
    kind, size, content = _content(path, member, members)
    xattrs = tuple(
        (key.removeprefix(_XATTR), value)
        for key, value in sorted(member.pax_headers.items())
        if key.startswith(_XATTR)
    )
    return Entry(kind, member.mode & 0o7777, member.uid, member.gid, size, content, xattrs)


def _content(path: str, member: tarfile.TarInfo, members: tarfile.TarFile) -> tuple[Kind, int, str]:
    if member.isdir():
        return "dir", 0, ""
    if member.issym():
        return "link", 0, member.linkname
    if member.isfifo():
        return "pipe", 0, ""
    if member.isdev():
        letter = "c" if member.ischr() else "b"
        return "device", 0, f"{letter} {member.devmajor}:{member.devminor}"
    stream = members.extractfile(member)
    if stream is None:
        raise BadImage(f"{path} has a type that is not known: {member.type!r}")
    return "file", member.size, digest(path, member.size, stream)


def _apply(layer: _Layer, tree: MutableMapping[str, Entry]) -> None:
    """What a layer takes away it takes from the layers below, never from itself."""
    replaced = {
        path
        for path, entry in layer.entries.items()
        if entry.kind != "dir" and (old := tree.get(path)) is not None and old.kind == "dir"
    }
    linked: dict[str, Entry] = {}
    for path, target in layer.links.items():
        if target not in tree:
            raise BadImage(f"{path} is a hard link to {target}, which is not there")
        linked[path] = tree[target]
    gone, emptied = layer.gone | replaced, layer.emptied | replaced
    if gone or emptied:
        for path in [path for path in tree if path in gone or _is_below(path, gone | emptied)]:
            del tree[path]
    tree.update(layer.entries)
    tree.update(linked)


def _is_below(path: str, folders: set[str]) -> bool:
    at = path
    while at != "/":
        at = posixpath.dirname(at)
        if at in folders:
            return True
    return False


def _absolute(name: str) -> str:
    return posixpath.normpath("/" + name.lstrip("/"))

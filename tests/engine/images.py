"""What an exported image is, and whether two are the same.

The same: config, and for each path type, mode, owner, link target and content. Not: times, also
those that tools write into files (`.pyc` headers, archive entries, the date in `pom.properties`).
Left out are the classes that design section 1 declares: dependency caches and the empty folders on
the way to them, the Dockerfile and ignore files, and the junk that the caller names.
"""

from __future__ import annotations

import fnmatch
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

CACHES = (
    "go/pkg/mod",
    "root/.cache/go-build",
    "root/.cache/pip",
    "root/.m2",
    "root/.npm",
    "var/cache/apt",
    "var/lib/apt/lists",
)
# Written with the time of the build by apt, dpkg and ldconfig.
_DATED = ("var/cache/ldconfig/aux-cache", "var/log/*")
_CONFIG = (
    "User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels",
    "StopSignal", "Healthcheck", "OnBuild", "Shell", "ArgsEscaped",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of the tree; `content` is a link's target or a hash."""

    kind: str
    mode: int
    uid: int
    gid: int
    content: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """`tree` has relative paths, without a trailing slash."""

    tree: Mapping[str, Entry]
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is a path below `/`, or a field of the config."""

    what: str
    before: object
    after: object

    def __str__(self) -> str:
        return f"{self.what}\n    before: {self.before}\n    after:  {self.after}"


def read_image(folder: Path) -> Image:
    """What `builds.export` wrote."""
    layout = folder / "oci"
    manifest = _blob(layout, json.loads((layout / "index.json").read_text())["manifests"][0])
    return Image(read_tree(folder / "tree.tar"), _blob(layout, manifest["config"]))


def read_tree(archive: Path) -> dict[str, Entry]:
    """The entries of a file system archive; a hard link is the file it is a name of."""
    tree: dict[str, Entry] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            path = member.name.removeprefix("./").strip("/")
            if not path or path == ".":
                continue
            kind, content = "special", f"{member.devmajor}:{member.devminor}"
            if member.islnk():
                tree[path] = tree[member.linkname.removeprefix("./").strip("/")]
                continue
            if member.isdir():
                kind, content = "dir", ""
            elif member.issym():
                kind, content = "link", member.linkname
            elif member.isfile():
                stream = tar.extractfile(member)
                kind, content = "file", _hash(path, stream.read() if stream else b"")
            tree[path] = Entry(kind, member.mode, member.uid, member.gid, content)
    return tree


def compare(before: Image, after: Image, *, junk: Iterable[str] = ()) -> tuple[Difference, ...]:
    """Every difference that counts, config first. `junk`: globs of paths that may be missing."""
    old, new = (image.config.get("config") or {} for image in (before, after))
    found = [
        Difference(f"config.{name}", old.get(name), new.get(name))
        for name in _CONFIG
        if (old.get(name) or None) != (new.get(name) or None)
    ]
    left, right = (_observed(image.tree, tuple(junk)) for image in (before, after))
    found += [
        Difference(f"/{path}", left.get(path), right.get(path))
        for path in sorted(left.keys() | right.keys())
        if left.get(path) != right.get(path)
    ]
    return tuple(found)


def _observed(tree: Mapping[str, Entry], junk: tuple[str, ...]) -> dict[str, Entry]:
    kept = {path: entry for path, entry in tree.items() if not _left_out(path, junk)}
    parents = {str(PurePosixPath(path).parent) for path in kept}
    for cache in CACHES:
        # Deepest first, so that a folder emptied here lets its own parent go.
        for folder in map(str, PurePosixPath(cache).parents):
            if folder in kept and folder not in parents:
                del kept[folder]
                parents = {str(PurePosixPath(path).parent) for path in kept}
    return kept


def _left_out(path: str, junk: tuple[str, ...]) -> bool:
    name = path.rpartition("/")[2]
    if name == "Dockerfile" or name.endswith(".dockerignore"):
        return True
    below = (*CACHES, *junk)
    if any(path == tree or path.startswith(f"{tree}/") for tree in below):
        return True
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in (*_DATED, *junk))


def _hash(path: str, data: bytes) -> str:
    """Of the content without the times that tools write into it."""
    if path.endswith(".pyc"):
        # PEP 552: magic and flags, then the source's time (0 bits set) or its hash.
        return _sha(data[:8] + data[12:]) if data[4:8] == bytes(4) else _sha(data)
    if path.endswith((".jar", ".war")):
        return _sha("\n".join(_archive(data)).encode())
    if path.endswith("/pom.properties"):
        return _sha(_undated(data))
    return _sha(data)


def _archive(data: bytes) -> Iterable[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for one in archive.infolist():
            content = _hash(f"/{one.filename}", archive.read(one))
            yield f"{one.filename} {one.external_attr} {content}"


def _undated(data: bytes) -> bytes:
    return b"\n".join(line for line in data.splitlines() if not line.startswith(b"#"))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _blob(layout: Path, descriptor: Mapping[str, Any]) -> Any:
    algorithm, _, value = str(descriptor["digest"]).partition(":")
    return json.loads((layout / "blobs" / algorithm / value).read_text())

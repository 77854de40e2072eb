"""An image in a file: an OCI archive, or what `docker save` writes. Nothing is unpacked to disk.

Sources: OCI image-spec image-layout.md and manifest.md; Moby image/tarexport (`manifest.json`).
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from reorder.errors import ReorderError

MOST_JSON = 1 << 26
MOST_NESTED = 4  # an index of indexes
_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)


class BadImage(ReorderError):
    """The file that an engine wrote is no image, or one that cannot be read here."""


@dataclass(frozen=True)
class Archive:
    """An open archive: the image's configuration, and its layers from the lowest up."""

    config: Mapping[str, Any]
    layers: tuple[tuple[str, str], ...]  # the name inside the archive, the hash of what is in it
    _outer: tarfile.TarFile

    @contextmanager
    def layer(self, name: str) -> Iterator[tarfile.TarFile]:
        """One layer as a stream, decompressed. Raises BadImage."""
        with _member(self._outer, name) as raw:
            try:
                inner = tarfile.open(fileobj=raw, mode="r|*")  # noqa: SIM115
            except tarfile.ReadError as error:
                zstd = raw.seekable() and raw.seek(0) == 0 and raw.read(4) == b"(\xb5/\xfd"
                why = "compressed with zstd, which this Python cannot read" if zstd else error
                raise BadImage(f"a layer cannot be read: {why}") from None
            with inner:
                yield inner


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The only image in an archive. Raises BadImage, also for what goes wrong while it is read."""
    try:
        with tarfile.open(path, "r:") as outer:
            yield _archive(outer)
    except (tarfile.TarError, EOFError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise BadImage(f"{path.name} is no image: {error}") from error
    except (OSError, ValueError) as error:
        raise BadImage(f"{path.name} cannot be read: {error}") from error


def _archive(outer: tarfile.TarFile) -> Archive:
    if "manifest.json" in outer.getnames():
        only = _json(outer, "manifest.json")[0]
        config, names = only["Config"], list(only["Layers"])
    else:
        manifest = _manifest(outer, _json(outer, "index.json"), MOST_NESTED)
        config = _blob(manifest["config"])
        names = [_blob(layer) for layer in manifest["layers"]]
    read = _json(outer, config)
    hashes = read.get("rootfs", {}).get("diff_ids", [])
    known = hashes if len(hashes) == len(names) else [""] * len(names)
    return Archive(read, tuple(zip(names, known, strict=True)), outer)


def _manifest(outer: tarfile.TarFile, index: Mapping[str, Any], depth: int) -> Mapping[str, Any]:
    """The first that is an image: attestations have the platform `unknown`."""
    for entry in index["manifests"]:
        if (entry.get("platform") or {}).get("os") == "unknown":
            continue
        found: Mapping[str, Any] = _json(outer, _blob(entry))
        nested = entry.get("mediaType") in _INDEXES or "manifests" in found
        if not nested:
            return found
        if depth:
            return _manifest(outer, found, depth - 1)
    raise BadImage("the archive has no image in it")


def _blob(descriptor: Mapping[str, Any]) -> str:
    algorithm, _, value = str(descriptor["digest"]).partition(":")
    return f"blobs/{algorithm}/{value}"


def _json(outer: tarfile.TarFile, name: str) -> Any:
    with _member(outer, name) as raw:
        return json.loads(raw.read(MOST_JSON))


def _member(outer: tarfile.TarFile, name: str) -> IO[bytes]:
    found = outer.extractfile(name)  # a link stands for what it names inside the archive
    if found is None:
        raise BadImage(f"{name} in the archive is no file")
    return found

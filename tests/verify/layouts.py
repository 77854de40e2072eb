"""Images in archives, made for tests."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reorder.verify.image import Image, read_image

Member = tuple[tarfile.TarInfo, bytes]


def member(name: str, data: bytes = b"", **fields: Any) -> Member:
    """A file; `fields` are those of `tarfile.TarInfo`."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def folder(name: str, **fields: Any) -> Member:
    return member(name, type=tarfile.DIRTYPE, mode=fields.pop("mode", 0o755), **fields)


def link(name: str, to: str, *, hard: bool = False) -> Member:
    return member(name, type=tarfile.LNKTYPE if hard else tarfile.SYMTYPE, linkname=to)


def layer(*members: Member) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def oci(
    path: Path,
    layers: Sequence[bytes],
    config: Mapping[str, Any] | None = None,
    *,
    packed: bool = False,
    attested: bool = False,
    nested: bool = False,
) -> Path:
    """An OCI archive. `attested` and `nested` are how buildx writes some."""
    blobs: dict[str, bytes] = {}

    def blob(data: bytes) -> dict[str, object]:
        name = hashlib.sha256(data).hexdigest()
        blobs[f"blobs/sha256/{name}"] = data
        return {"digest": f"sha256:{name}", "size": len(data)}

    packing = [gzip.compress(data, mtime=0) if packed else data for data in layers]
    hashes = [f"sha256:{hashlib.sha256(data).hexdigest()}" for data in layers]
    described = {"config": config or {}, "os": "linux", "rootfs": {"diff_ids": hashes}}
    manifest = {
        "config": blob(json.dumps(described).encode()),
        "layers": [blob(data) for data in packing],
    }
    entries = [blob(json.dumps(manifest).encode())]
    if attested:
        entries.insert(0, {**blob(b'{"layers": []}'), "platform": {"os": "unknown"}})
    if nested:
        entries = [blob(json.dumps({"manifests": entries}).encode())]
    blobs["index.json"] = json.dumps({"manifests": entries}).encode()
    return written(path, blobs)


def saved(path: Path, layers: Iterable[bytes], config: Mapping[str, Any] | None = None) -> Path:
    """What `docker save` of old wrote."""
    files = {f"{number}/layer.tar": data for number, data in enumerate(layers)}
    manifest = [{"Config": "abc.json", "Layers": list(files)}]
    files["abc.json"] = json.dumps({"config": config or {}}).encode()
    files["manifest.json"] = json.dumps(manifest).encode()
    return written(path, files)


def written(path: Path, files: Mapping[str, bytes]) -> Path:
    """An archive with some files."""
    path.write_bytes(layer(*(member(name, data) for name, data in files.items())))
    return path


def image(path: Path, *layers: bytes, **config: Any) -> Image:
    """Written and read again."""
    return read_image(oci(path, layers, config))

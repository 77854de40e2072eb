"""Reading images: as a container would see them, and nothing that a hostile one could do."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from verify.layouts import Member, folder, image, layer, link, member, oci, saved, written

from reorder.verify.archive import BadImage
from reorder.verify.image import Known, read_contents, read_image

LOWER = layer(folder("app/"), member("app/a", b"one"), member("app/b", b"two"), folder("app/sub"))


def paths(tmp_path: Path, *layers: bytes) -> set[str]:
    return set(image(tmp_path / "image.tar", *layers).tree)


@pytest.mark.parametrize(
    ("upper", "left"),
    [
        ([], {"/app", "/app/a", "/app/b", "/app/sub"}),
        ([member("app/.wh.a")], {"/app", "/app/b", "/app/sub"}),
        ([member(".wh.app")], set()),
        ([member("app/.wh..wh..opq")], {"/app"}),
        ([member("app/.wh..wh..opq"), member("app/new")], {"/app", "/app/new"}),
        ([member("app/new"), member("app/.wh..wh..opq")], {"/app", "/app/new"}),
        ([member("app/.wh.a"), member("app/a", b"x")], {"/app", "/app/a", "/app/b", "/app/sub"}),
        ([member("app", b"a file now")], {"/app"}),
        ([member("app/.wh.missing")], {"/app", "/app/a", "/app/b", "/app/sub"}),
        ([folder("app", mode=0o700)], {"/app", "/app/a", "/app/b", "/app/sub"}),
    ],
    ids=[
        "nothing",
        "file",
        "folder",
        "opaque",
        "opaque-first",
        "opaque-last",
        "again",
        "replaced",
        "never-there",
        "mode-of-folder",
    ],
)
def test_an_upper_layer_takes_away_from_those_below(
    upper: list[Member], left: set[str], tmp_path: Path
) -> None:
    assert paths(tmp_path, LOWER, layer(*upper)) == left


def test_mode_owner_and_attributes_are_those_of_the_upper_layer(tmp_path: Path) -> None:
    upper = member("app/a", b"one", mode=0o4755, uid=7, gid=8)
    upper[0].pax_headers = {"SCHILY.xattr.security.capability": "cap", "mtime": "1.5"}
    entry = image(tmp_path / "image.tar", LOWER, layer(upper)).tree["/app/a"]
    assert (entry.mode, entry.uid, entry.gid, entry.size) == (0o4755, 7, 8, 3)
    assert entry.xattrs == (("security.capability", "cap"),)


def test_a_hard_link_is_the_file_it_is_a_name_of_also_from_a_layer_below(tmp_path: Path) -> None:
    upper = layer(member("x", b"three"), link("y", "x", hard=True), link("z", "./app/a", hard=True))
    tree = image(tmp_path / "image.tar", LOWER, upper).tree
    assert tree["/y"] == tree["/x"]
    assert tree["/z"] == tree["/app/a"]


def test_devices_pipes_and_links_are_told_apart(tmp_path: Path) -> None:
    members = layer(
        link("link", "/etc/passwd"),
        member("null", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
        member("disk", type=tarfile.BLKTYPE, devmajor=8, devminor=0),
        member("pipe", type=tarfile.FIFOTYPE),
    )
    tree = image(tmp_path / "image.tar", members).tree
    told = {path: (entry.kind, entry.content) for path, entry in tree.items()}
    assert told == {
        "/link": ("link", "/etc/passwd"),
        "/null": ("device", "c 1:3"),
        "/disk": ("device", "b 8:0"),
        "/pipe": ("pipe", ""),
    }


def test_the_time_of_an_entry_is_not_read(tmp_path: Path) -> None:
    trees = [image(tmp_path / "i", layer(member("a", b"x", mtime=time))).tree for time in (1, 2)]
    assert trees[0] == trees[1]


def test_the_root_is_no_path(tmp_path: Path) -> None:
    assert paths(tmp_path, layer(folder("./"), folder("/"), member("./a"))) == {"/a"}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("attested", [False, True])
@pytest.mark.parametrize("nested", [False, True])
def test_every_way_to_write_an_oci_archive(
    packed: bool, attested: bool, nested: bool, tmp_path: Path
) -> None:
    config = {"Cmd": ["x"]}
    path = oci(tmp_path / "i", [LOWER], config, packed=packed, attested=attested, nested=nested)
    found = read_image(path)
    assert found.config["config"] == config
    assert len(found.tree) == 4


def test_what_docker_save_writes(tmp_path: Path) -> None:
    found = read_image(saved(tmp_path / "i", [LOWER, layer(member(".wh.app"))], {"User": "a"}))
    assert found.config["config"] == {"User": "a"}
    assert found.tree == {}


def test_a_known_layer_is_not_read_again(tmp_path: Path) -> None:
    known: Known = {}
    first = read_image(oci(tmp_path / "1", [LOWER]), known)
    assert len(known) == 1
    again = read_image(oci(tmp_path / "2", [LOWER, layer(member("new"))]), known)
    assert len(known) == 2
    assert again.tree.keys() - first.tree.keys() == {"/new"}
    assert again.tree["/app/a"] is first.tree["/app/a"]


def test_paths_that_lead_out_are_names_like_others(tmp_path: Path) -> None:
    found = paths(tmp_path, layer(member("../../etc/x"), member("//y"), member("a/../z")))
    assert found == {"/etc/x", "/y", "/z"}


BROKEN: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "no-archive": lambda path: path.write_bytes(b"x" * 2000),
    "no-index": lambda path: written(path, {"x": b""}),
    "index-is-no-json": lambda path: written(path, {"index.json": b"{"}),
    "index-is-a-list": lambda path: written(path, {"index.json": b"[]"}),
    "no-image": lambda path: written(path, {"index.json": b'{"manifests": []}'}),
    "no-blob": lambda path: written(
        path, {"index.json": b'{"manifests": [{"digest": "sha256:0"}]}'}
    ),
    "layer-is-no-archive": lambda path: oci(path, [b"x" * 2000]),
    "cut": lambda path: path.write_bytes(oci(path, [LOWER]).read_bytes()[:3000]),
    "packing-is-broken": lambda path: oci(path, [gzip.compress(LOWER)[:20] + b"x" * 999]),
    "zstd": lambda path: oci(path, [b"(\xb5/\xfd" + bytes(2000)]),
    "hard-link-to-nothing": lambda path: oci(path, [layer(link("a", "b", hard=True))]),
    "no-config": lambda path: written(path, {"manifest.json": b'[{"Layers": []}]'}),
}


@pytest.mark.parametrize("make", BROKEN.values(), ids=BROKEN)
def test_what_is_no_image_is_said_so(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / "image.tar")
    with pytest.raises(BadImage):
        read_image(tmp_path / "image.tar")


def test_contents_are_those_of_the_uppermost_layer_and_bounded(tmp_path: Path) -> None:
    path = oci(
        tmp_path / "i",
        [LOWER, layer(member("app/a", b"new"), member("big", b"x" * 100), member("other", b"y"))],
    )
    found = read_contents(path, frozenset({"/app/a", "/app/b", "/big"}), most=50)
    assert found == {"/app/a": b"new", "/app/b": b"two"}

"""Archives: what may be written anywhere first, then which folder is filled."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque


def effects(command: str, cwd: str = "/app") -> CommandEffects:
    found = understand(call(command, cwd), image())
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("tar", "without arguments", id="nothing to do"),
        pytest.param("tar -xPf a.tar", "-xPf", id="absolute names are kept"),
        pytest.param("tar -xf a.tar -C /", "root folder", id="into the root"),
        pytest.param("tar -xf a.tar -C /opt -C ..", "root folder", id="back to the root"),
        pytest.param("tar -xf $A -C /opt", "$A", id="an archive that is not known"),
        pytest.param("tar -xf a.tar -C $D", "$D", id="a folder that is not known"),
        pytest.param("tar xf a.tar --transform s,^,/x/, -C /opt", "--transform", id="new names"),
        pytest.param("tar xf a.tar --to-command ./x -C /opt", "--to-command", id="a command"),
        pytest.param("tar xf a.tar -I ./unpack -C /opt", "tar -I", id="an unpacker of its own"),
        pytest.param("tar xf a.tar --checkpoint-action=exec=x", "--checkpoint", id="an action"),
        pytest.param("tar -rf a.tar b", "tar -rf", id="adds to an archive"),
        pytest.param("tar -czf a.tgz $X", "$X", id="packs what is not known"),
        pytest.param("tar xf", "lacks a value", id="no archive"),
        pytest.param("unzip -: a.zip -d /opt", "-:", id="members may lead out"),
        pytest.param("unzip a.zip -d /", "root folder", id="a zip into the root"),
        pytest.param("unzip a.zip -d $D", "$D", id="a zip into a folder that is not known"),
        pytest.param("unzip $A -d /opt", "$A", id="a zip that is not known"),
        pytest.param("unzip -u a.zip -d /opt", "-u", id="newer members"),
        pytest.param("tar xf a --keep-newer-files", "--keep-newer", id="newer files stay"),
        pytest.param("gzip -S .x a", "-S", id="a suffix of its own"),
        pytest.param("gunzip $A", "$A", id="a file that is not known"),
    ],
)
def test_opaque_with_the_reason(command: str, reason: str) -> None:
    found = understand(call(command, env={}), image())
    assert isinstance(found, Opaque)
    assert reason in found.reason


def test_without_a_folder_the_root_is_the_working_folder() -> None:
    assert isinstance(understand(call("tar xzf /tmp/a.tgz", "/"), image()), Opaque)
    assert isinstance(understand(call("unzip /tmp/a.zip", "/"), image()), Opaque)


def test_options_of_the_environment_are_not_understood() -> None:
    found = understand(call("tar xf a -C /opt", env={"TAR_OPTIONS": "-P"}), image())
    assert isinstance(found, Opaque)


@pytest.mark.parametrize(
    ("command", "tree"),
    [
        ("tar -xz -C /opt/x --strip-components=1", "/opt/x"),
        ("tar xzf a.tgz -C /opt/x", "/opt/x"),
        ("tar xfz a.tgz", "/app"),
        ("tar -C /opt -C x -xJf a.txz", "/opt/x"),
        ("tar --extract --file a.tar --directory=/opt/x member", "/opt/x"),
        ("unzip -qo a.zip -d /opt/x", "/opt/x"),
        ("unzip a.zip", "/app"),
    ],
)
def test_an_archive_fills_its_folder(command: str, tree: str) -> None:
    found = effects(command)
    assert found.writes.trees == {tree}
    assert not found.writes.files


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("tar xzf /tmp/a.tgz -C /opt", "/tmp/a.tgz"),
        ("tar xf a.tar -C /opt", "/app/a.tar"),
        ("unzip a.zip -d /opt", "/app/a.zip"),
        ("unzip a -d /opt", "/app/a.zip"),
        ("tar tf a.tar", "/app/a.tar"),
        ("zcat a.gz", "/app/a.gz"),
        ("tar xf /opt/a.tar -C /opt -T names", "/app/names"),
    ],
)
def test_the_archive_is_read(command: str, file: str) -> None:
    found = effects(command)
    assert found.reads.contains(file)
    assert not found.reads.contains("/app/other")


@pytest.mark.parametrize("command", ["tar tf a.tar", "unzip -l a.zip", "zcat a.gz", "tar -xOf a"])
def test_a_list_writes_nothing(command: str) -> None:
    assert not effects(command).writes


def test_packing_reads_the_trees_and_writes_the_archive() -> None:
    found = effects("tar -czf /opt/a.tgz -C /srv data")
    assert found.reads.contains("/srv/data/x")
    assert found.writes.files == {"/opt/a.tgz"}


@pytest.mark.parametrize(
    ("command", "name"),
    [("gunzip a.gz", "a"), ("gzip a", "a.gz"), ("unxz a.txz", "a.tar"), ("bzip2 -d a.bz2", "a")],
)
def test_the_result_replaces_the_file(command: str, name: str) -> None:
    source = command.split()[-1]
    found = effects(command)
    assert {f"/app/{source}", f"/app/{name}"} <= found.writes.files
    assert not found.writes.contains("/app/other")


def test_to_the_output_nothing_is_written() -> None:
    assert not effects("gunzip -c a.gz").writes

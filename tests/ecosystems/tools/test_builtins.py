"""Builtins and core utilities: what is not known first."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.tools import builtins
from reorder.shell.nodes import Opaque


def effects(command: str) -> CommandEffects:
    found = builtins.effects(call(command), image())
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("rm -rf $X/y", id="a path that is not known"),
        pytest.param("rm -rf /", id="everything"),
        pytest.param("chmod --reference=a b", id="the mode of another file"),
        pytest.param("chmod +x $X", id="chmod of a path that is not known"),
        pytest.param("cp $X /app/y", id="a source that is not known"),
        pytest.param("cp a", id="no destination"),
        pytest.param("cp a b*", id="a destination that is a pattern"),
        pytest.param("mv a $X", id="a destination that is not known"),
        pytest.param("[ -f $X ]", id="a test of a path that is not known"),
        pytest.param("[ a -nt b ]", id="a test of times"),
        pytest.param("useradd -m $X", id="a user that is not known"),
        pytest.param("useradd -R /mnt app", id="a user in another root folder"),
        pytest.param("ln -s /x y*", id="a link at a pattern"),
        pytest.param("mkdir -p $X", id="a folder that is not known"),
        pytest.param("cp -b a b", id="a copy of what is replaced"),
        pytest.param("cp -u a b", id="a copy of newer files"),
        pytest.param("mv -u a b", id="a move of newer files"),
        pytest.param("rmdir -p a/b", id="the folders above, too"),
        pytest.param("install -s a b", id="a program that is stripped on the way"),
        pytest.param("patch -o out < p", id="a patch with another output"),
        pytest.param("patch -d / -p1 < p", id="a patch of the root folder"),
        pytest.param("patch -d $D -p1 < p", id="a patch of a folder that is not known"),
        pytest.param("strip -o $X a", id="an output that is not known"),
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(builtins.effects(call(command), image()), Opaque)


@pytest.mark.parametrize("command", ["make", "awk x", "curl -o x y", "git clone x", "env A=b"])
def test_not_its_command(command: str) -> None:
    assert builtins.effects(call(command, env={}), image()) is None


@pytest.mark.parametrize(
    "command",
    ["echo a b", "printf '%s' x", "sleep 1", "id app", "which pip", "ruby --version"],
)
def test_writes_nothing(command: str) -> None:
    found = effects(command)
    assert not found.writes
    assert not found.reads.contains("/app/x")


def files(*names: str) -> Paths:
    return Paths(files=frozenset(names))


def trees(*names: str) -> Paths:
    return Paths(trees=frozenset(names))


@pytest.mark.parametrize(
    ("command", "reads", "writes"),
    [
        ("cat a /etc/b", files("/app/a", "/etc/b"), Paths()),
        ("ls", trees("/app"), Paths()),
        ("[ -f a ]", files("/app/a"), Paths()),
        ("test -d a", trees("/app/a"), Paths()),
        ('[ "$A" = b ]', Paths(), Paths()),
        ("cd sub", files("/app/sub"), Paths()),
        ("cd /", Paths(), Paths()),
        ("cd /app", Paths(), Paths()),
        ("touch a", files("/app/a"), files("/app/a")),
        ("rm -f a b", files("/app/a", "/app/b"), files("/app/a", "/app/b")),
        ("rm -rf /var/lib/apt/lists/*", trees("/var/lib/apt/lists"), trees("/var/lib/apt/lists")),
        ("rm /tmp/*.deb", *[Paths(globs=frozenset({"/tmp/*.deb"}))] * 2),
        ("cp a b", files("/app/a", "/app/b"), files("/app/b", "/app/b/a")),
        ("cp -r a /srv", Paths(frozenset({"/srv"}), frozenset({"/app/a"})), trees("/srv")),
        ("cp -t /srv a", files("/app/a", "/srv"), files("/srv", "/srv/a")),
        ("ln -s /x /app/y", trees("/app/y"), trees("/app/y")),
        ("ln -s /x/y", trees("/app/y"), trees("/app/y")),
        (
            "ln -s /usr/lib/*/x.so y",
            Paths(globs=frozenset({"/usr/lib/*/x.so"}), trees=frozenset({"/app/y"})),
            trees("/app/y"),
        ),
        ("touch sub/a", files("/app/sub", "/app/sub/a"), files("/app/sub/a")),
        ("truncate -s 0 a", files("/app/a"), files("/app/a")),
        ("strip a", files("/app/a"), files("/app/a")),
        ("setcap cap_net_raw=+ep a", files("/app/a"), files("/app/a")),
        ("install -d /opt/a/b", files("/opt/a", "/opt/a/b"), files("/opt/a", "/opt/a/b")),
        ("mktemp -d", *[Paths(globs=frozenset({"/tmp/tmp.*"}))] * 2),
        (
            "patch -p1 -i fix.patch",
            Paths(files("/app/fix.patch").files, trees("/app").trees),
            trees("/app"),
        ),
    ],
)
def test_exact(command: str, reads: Paths, writes: Paths) -> None:
    found = effects(command)
    assert (found.reads, found.writes) == (reads, writes)


def test_install_reads_its_source_and_makes_folders_when_told() -> None:
    found = effects("install -D -m 755 tool /opt/x/bin/tool")
    assert {"/app/tool", "/etc/passwd"} <= found.reads.files
    assert {"/opt/x", "/opt/x/bin", "/opt/x/bin/tool"} <= found.writes.files


def test_a_copy_with_its_parents_may_fill_the_destination() -> None:
    assert effects("cp --parents a/b /srv").writes == trees("/srv")


def test_the_folder_of_a_copy_must_be_there() -> None:
    assert effects("cp a /srv/x/y").reads.contains("/srv/x")
    assert not effects("cp a b").reads.contains("/app")


def test_a_temporary_folder_elsewhere_is_not_understood() -> None:
    found = builtins.effects(call("mktemp", env={"TMPDIR": "/app"}), image())
    assert isinstance(found, Opaque)


def test_a_move_changes_both_ends() -> None:
    found = effects("mv a /srv/b")
    assert all(found.writes.contains(path) for path in ("/app/a/x", "/srv/b", "/srv/b/a"))


def test_mkdir_makes_its_parents_but_not_system_folders() -> None:
    assert effects("mkdir -p /var/x/y").writes == files("/var/x", "/var/x/y")


def test_mkdir_does_not_make_the_folder_it_runs_in() -> None:
    assert effects("mkdir -p a/b").writes == files("/app/a", "/app/a/b")
    assert effects("mkdir -p /app").writes == files("/app")


@pytest.mark.parametrize("command", ["chmod +x a", "chmod 755 a", "chmod -x a", "chown 1:1 a"])
def test_mode_and_owner_touch_the_file_and_not_the_mode(command: str) -> None:
    assert effects(command).writes == files("/app/a")


def test_recursive_owner_touches_the_tree_and_reads_the_accounts() -> None:
    found = effects("chown -R app:app .")
    assert found.writes == trees("/app")
    assert found.reads.contains("/etc/passwd")


@pytest.mark.parametrize(
    ("command", "home"),
    [
        ("useradd -m app", "/home/app"),
        ("useradd -d /srv/app -m app", "/srv/app"),
        ("adduser -D -h /data app", "/data"),
        ("adduser --home=/data --disabled-password app", "/data"),
    ],
)
def test_accounts_change_etc_and_the_home(command: str, home: str) -> None:
    found = effects(command)
    assert found.writes.contains("/etc/passwd")
    assert found.writes.contains(f"{home}/.profile")
    assert not found.writes.contains("/app/x")


def test_a_home_in_the_application_is_written() -> None:
    assert effects("useradd -m -d /app app").writes.contains("/app/.bashrc")

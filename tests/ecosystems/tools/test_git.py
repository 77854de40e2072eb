"""git: what runs commands or leads elsewhere first, then which trees a call reads and writes."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque

FROM = "https://example.org/lib.git"


def effects(command: str, cwd: str = "/opt") -> CommandEffects:
    found = understand(call(command, cwd), image())
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param(f"git clone {FROM} $D", "$D", id="a folder that is not known"),
        pytest.param('git clone "https://example.org/$NAME"', "$NAME", id="the address gives it"),
        pytest.param('git clone "$FROM" x', "$FROM", id="a source that may be a folder"),
        pytest.param("git clone $FROM x", "$FROM", id="an address that may be options"),
        pytest.param(f"git clone -u ./x {FROM}", "-u", id="a program for the other side"),
        pytest.param(f"git clone --template=t {FROM}", "--template", id="hooks from a folder"),
        pytest.param(f"git clone --separate-git-dir=d {FROM}", "--separate", id="another folder"),
        pytest.param(f"git clone -c core.hooksPath=h {FROM}", "core.hooksPath", id="hooks"),
        pytest.param(f"git clone {FROM} /", "root folder", id="a clone into the root"),
        pytest.param("git clone", "without an address", id="nothing to clone"),
        pytest.param("git -c alias.x='!rm' x", "git -c", id="an alias"),
        pytest.param("git --git-dir=x status", "--git-dir", id="a repository elsewhere"),
        pytest.param("git filter-branch", "git filter-branch", id="a verb that runs commands"),
        pytest.param("git submodule foreach make", "foreach", id="a command for each submodule"),
        pytest.param("git fetch --upload-pack=./x origin", "option", id="a program to fetch"),
        pytest.param("git config --global core.hooksPath h", "core.hooksPath", id="hooks for all"),
        pytest.param("git config --global alias.x '!rm'", "alias.x", id="an alias for all"),
        pytest.param("git config --global credential.helper '!x'", "helper", id="a helper"),
        pytest.param("git config --global include.path x", "include.path", id="more settings"),
        pytest.param("git config --global $K v", "$K", id="a setting that is not known"),
        pytest.param("git $VERB", "not known", id="a verb that is not known"),
        pytest.param("git apply $P", "$P", id="a patch that is not known"),
    ],
)
def test_opaque_with_the_reason(command: str, reason: str) -> None:
    found = understand(call(command, "/opt/lib", {}), image())
    assert isinstance(found, Opaque)
    assert reason in found.reason


@pytest.mark.parametrize("verb", ["checkout v1", "reset --hard", "pull", "submodule update"])
def test_hooks_of_a_repository_of_the_context_are_not_understood(verb: str) -> None:
    files = {"/app/.git/HEAD": "ref: refs/heads/main"}
    assert isinstance(understand(call(f"git {verb}"), image(files)), Opaque)
    assert isinstance(understand(call(f"git {verb}"), image()), CommandEffects)


def test_settings_that_the_context_brings_are_not_understood() -> None:
    given = image({"/root/.gitconfig": "[core]"}, application=frozenset({"/root"}))
    assert isinstance(understand(call(f"git clone {FROM} /opt/x"), given), Opaque)


def test_the_root_folder_is_no_repository() -> None:
    assert isinstance(understand(call("git checkout v1", "/"), image()), Opaque)


@pytest.mark.parametrize(
    ("command", "tree"),
    [
        (f"git clone {FROM}", "/opt/lib"),
        (f"git clone --depth 1 -b v1 {FROM} /srv/x", "/srv/x"),
        ("git clone git@example.org:group/lib.git", "/opt/lib"),
        (f"git clone --bare {FROM}", "/opt/lib.git"),
        ("git clone https://example.org/$GROUP/lib", "/opt/lib"),
        (f"git -C /srv clone --recursive {FROM}", "/srv/lib"),
    ],
)
def test_a_clone_fills_one_folder(command: str, tree: str) -> None:
    found = understand(call(command, "/opt", {"HOME": "/root", "GROUP": None}), image())
    assert isinstance(found, CommandEffects), found
    assert found.writes.trees == {tree}
    assert found.costly


def test_a_clone_of_a_folder_reads_it() -> None:
    assert effects("git clone /app/lib x").reads.contains("/app/lib/.git/HEAD")


@pytest.mark.parametrize(
    ("command", "cwd", "tree"),
    [
        ("git checkout v1", "/opt/lib", "/opt/lib"),
        ("git checkout v1", "/opt/lib/sub/folder", "/opt/lib"),
        ("git -C /tmp/lib submodule update --init", "/app", "/tmp/lib"),
        ("git reset --hard v1", "/usr/local/src/lib", "/usr/local/src"),
    ],
)
def test_a_check_out_writes_the_widest_repository(command: str, cwd: str, tree: str) -> None:
    assert effects(command, cwd).writes.trees == {tree}


def test_queries_read_the_repository_and_write_nothing() -> None:
    found = effects("git rev-parse HEAD", "/app/sub")
    assert found.reads.contains("/app/.git/HEAD")
    assert not found.writes


def test_a_patch_is_read() -> None:
    assert effects("git apply /app/fix.patch", "/opt/lib").reads.contains("/app/fix.patch")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("git config --global user.name x", "/root/.gitconfig"),
        ("git config --global --add safe.directory '*'", "/root/.gitconfig"),
        ('git config --global url."https://$T@x/".insteadOf https://x/', "/root/.gitconfig"),
        ("git config --system http.sslVerify false", "/etc/gitconfig"),
        ("git config user.email a@b", "/opt/lib/.git/config"),
        ("git config -f /opt/c user.email a@b", "/opt/c"),
        ("git lfs install", "/root/.gitconfig"),
    ],
)
def test_settings_are_written_where_the_option_says(command: str, path: str) -> None:
    found = effects(command, "/opt/lib")
    assert found.writes.contains(path)
    assert not found.writes.contains("/app/x")

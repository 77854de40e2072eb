"""Tools that install packages by name: what works on the project first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.by_name.named_table import TOOLS
from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque


def effects(command: str) -> CommandEffects:
    found = understand(call(command), image())
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("gem install", "what the project asks for", id="no name"),
        pytest.param("gem install ./a.gem", "does not name a package", id="a file"),
        pytest.param("gem install a.gem", "does not name a package", id="a file without a folder"),
        pytest.param("gem install -g", "gem -g", id="the Gemfile"),
        pytest.param("gem install $NAME", "$NAME", id="a name that is not known"),
        pytest.param("gem build x.gemspec", "not understood", id="another verb"),
        pytest.param("cargo install --root $D ripgrep", "$D", id="a folder that is not known"),
        pytest.param("rustup run stable make", "not understood", id="runs a command"),
        pytest.param("yarn global add file:../x", "does not name", id="a folder of the project"),
        pytest.param("pnpm add express", "changes package.json", id="pnpm in the project"),
        pytest.param("corepack use yarn@4", "package.json", id="corepack changes the manifest"),
        pytest.param("corepack install -g ./x.tgz", "not understood", id="corepack from a file"),
        pytest.param("composer require a/b", "not understood", id="changes the manifest"),
        pytest.param("pipx install .", "does not name", id="pipx of the project"),
        pytest.param("pipx install libs/tool", "does not name", id="a folder without a dot"),
        pytest.param("cpanm --installdeps .", "--installdeps", id="what the project needs"),
        pytest.param("cpanm .", "does not name", id="the folder"),
        pytest.param("luarocks install x.rockspec", "does not name", id="a rock of the project"),
        pytest.param("/app/bin/gem install x", "not understood", id="a tool of the project"),
        pytest.param("./gem install x", "not understood", id="a script with a known name"),
    ],
)
def test_opaque_with_the_reason(command: str, reason: str) -> None:
    found = understand(call(command, env={}), image())
    assert isinstance(found, Opaque)
    assert reason in found.reason


def test_a_folder_out_of_a_variable_is_not_understood() -> None:
    found = understand(call("gem install x", env={"GEM_HOME": None}), image())
    assert isinstance(found, Opaque)
    assert "GEM_HOME" in found.reason


@pytest.mark.parametrize(
    "command",
    [
        "gem install bundler -v 2.5.6 --no-document",
        "gem update --system",
        "cargo install ripgrep --version 14.1.0 --locked",
        "cargo install --git https://example.org/x.git --tag v1 x",
        "rustup target add wasm32-unknown-unknown",
        "rustup toolchain install nightly --profile minimal",
        "yarn global add serve@14",
        "pnpm add -g turbo@2",
        "corepack prepare pnpm@9.1.0 --activate",
        "corepack install -g yarn@4.1.0",
        "composer global require laravel/installer",
        "pipx install poetry==1.8.0",
        "uv pip install --system flask==3.1.0",
        "uv tool install ruff",
        "conda install -y -c conda-forge numpy=1.26",
        "/opt/conda/bin/conda install -y numpy",
        "cpanm --notest Moose",
        "luarocks install lpeg 1.1.0",
        "gem install rails:$VERSION",
        "cargo install tool@$VERSION",
    ],
)
def test_a_named_package_does_not_touch_the_application(command: str) -> None:
    found = understand(call(command, "/app", {"HOME": "/root", "VERSION": None}), image())
    assert isinstance(found, CommandEffects), found
    assert found.costly
    assert not found.writes.contains("/app/main.py")
    assert not found.reads.contains("/app/main.py")
    assert found.writes.contains("/usr/local/lib/x")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("gem install tool", "/app/tool-1.0.gem"),
        ("cargo install tool", "/app/rust-toolchain.toml"),
        ("rustup component add clippy", "/rust-toolchain"),
        ("corepack prepare --activate", "/app/package.json"),
        ("corepack install", "/app/package.json"),
        ("yarn global add serve", "/app/package.json"),
        ("yarn --version", "/app/package.json"),
        ("uv pip install flask", "/app/pyproject.toml"),
        ("uv pip install flask", "/app/.venv/bin/python"),
    ],
)
def test_settings_of_the_working_folder_are_read(command: str, path: str) -> None:
    assert effects(command).reads.contains(path)


@pytest.mark.parametrize("command", ["corepack enable", "corepack prepare yarn@4 --activate"])
def test_a_named_version_does_not_read_the_manifest(command: str) -> None:
    assert not effects(command).reads.contains("/app/package.json")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("gem install -i /app/gems tool", "/app/gems/x"),
        ("cargo install --root /app/tools x", "/app/tools/bin/x"),
        ("conda create -y -p /app/env python=3.12", "/app/env/bin/python"),
        ("cpanm -l /app/perl Moose", "/app/perl/lib"),
    ],
)
def test_folders_that_options_name_are_filled(command: str, path: str) -> None:
    assert effects(command).writes.contains(path)


@pytest.mark.parametrize(
    "command",
    ["yarn cache clean", "conda clean -afy", "conda clean -tipsy", "gem cleanup", "rustup show"],
)
def test_upkeep_is_cheap(command: str) -> None:
    assert not effects(command).costly


def test_yarn_may_keep_settings_in_the_project() -> None:
    found = effects("yarn config set registry https://example.org")
    assert found.writes.contains("/app/.yarnrc.yml")


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_an_option_has_one_meaning(name: str) -> None:
    tool = TOOLS[name]
    assert not tool.flags & (tool.values | tool.folders)
    assert not tool.values & tool.folders


@pytest.mark.parametrize(
    ("command", "path"),
    [
        pytest.param("yarn global add serve", "/root/.npmrc", id="yarn"),
        pytest.param("pnpm add -g serve", "/root/.npmrc", id="pnpm"),
        pytest.param("pipx install poetry", "/root/.config/pip/pip.conf", id="pipx"),
        pytest.param("gem install rake", "/root/.gemrc", id="gem"),
        pytest.param("cargo install ripgrep", "/root/.gitconfig", id="git"),
        pytest.param("composer global require a/b", "/root/.netrc", id="netrc"),
    ],
)
def test_settings_of_the_user_are_read(command: str, path: str) -> None:
    named = replace(effects(command).reads, all_but=None)
    assert named.contains(path)

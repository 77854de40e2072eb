"""npm: no use of it that is not understood first, then refusals, then closures and caches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install
from reorder.ecosystems.node import npm
from reorder.shell.nodes import Opaque

Env = Mapping[str, str | None]


def project(
    package: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    *,
    lock: bool = True,
    root: str = "/app",
    **entries: Any,
) -> dict[str, str]:
    """A package.json and a lockfile that fits it; `entries` go into the lock's `packages`."""
    data = {"name": "x", "version": "1.0.0", **(package or {})}
    shown = {k: v for k, v in data.items() if k not in ("scripts", "private", "prisma", "msw")}
    scripts = data.get("scripts", {})
    if any(event in scripts for event in ("preinstall", "install", "postinstall")):
        shown["hasInstallScript"] = True
    packages = {"": shown, **entries.pop("packages", {})}
    for name in data.get("dependencies", {}):
        packages.setdefault(f"node_modules/{name}", {"version": "1.0.0"})
    found = {f"{root}/package.json": json.dumps(data)}
    if lock:
        text = json.dumps({"lockfileVersion": 3, "packages": packages, **entries})
        found[f"{root}/package-lock.json"] = text
    return {**found, **(files or {})}


def effects(
    command: str, files: Mapping[str, str], env: Env | None = None, **overrides: Any
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = npm.effects(call(command, env=state), image(files, env=state, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str], **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def cache(command: str, files: Mapping[str, str] | None = None, **more: Any) -> Cache:
    (found,) = effects(command, files or project(), **more).caches
    return found


@pytest.mark.parametrize(
    "command",
    [
        "npm run build",
        "npm test",
        "npm start",
        "npm exec x",
        "npx prisma generate",
        "npm publish",
        "npm prune --omit=dev",
        "npm install $PACKAGES",
        "npm install --frobnicate x",
        "npm ci --prefix $DIR",
        "npm config set ignore-scripts true",
        "npm cache add x",
        "npm install *.tgz",
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(npm.effects(call(command, env={}), image(project())), Opaque)


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("npm ci", {}, "/app/package.json is not in the build context", id="nothing"),
        pytest.param("npm ci", {"/app/package.json": "{"}, "is not JSON", id="broken"),
        pytest.param("npm ci", project(lock=False), "needs a lockfile", id="no lockfile"),
        pytest.param(
            "npm ci", {**project(), "/app/package-lock.json": "x"}, "is not JSON", id="broken lock"
        ),
        pytest.param(
            "npm ci", project({"dependencies": {"l": "file:../lib"}}), "/lib", id="outside"
        ),
        pytest.param(
            "npm ci", project({"dependencies": {"l": "file:l.tgz"}}), "/app/l.tgz", id="no tarball"
        ),
        pytest.param("npm install express", project(), "adds packages to", id="adds a package"),
        pytest.param("npm install ./lib --no-save", project(), "from its folder", id="a folder"),
        pytest.param(
            "npm install -g .", project(), "installed from its folder", id="global folder"
        ),
        pytest.param(
            "npm install -g", project(), "installs the project itself", id="global project"
        ),
        pytest.param(
            "npm install",
            project(lockfileVersion=1),
            "lockfileVersion is not 2 or 3",
            id="old lock",
        ),
        pytest.param(
            "npm install",
            {**project(), "/app/package.json": '{"name": "x", "version": "2.0.0"}'},
            "`version` is not as",
            id="version",
        ),
        pytest.param(
            "npm install",
            {
                **project({"dependencies": {"a": "2"}}),
                "/app/package-lock.json": project()["/app/package-lock.json"],
            },
            "`dependencies` is not as",
            id="a new dependency",
        ),
        pytest.param(
            "npm install", project(None, {"/app/yarn.lock": ""}), "yarn.lock", id="a yarn lockfile"
        ),
        pytest.param(
            "npm ci", project(None, {"/app/binding.gyp": ""}), "native code", id="native code"
        ),
    ],
)
def test_refused(command: str, files: dict[str, str], reason: str) -> None:
    refusal = install(command, files).refusal
    assert refusal is not None
    assert reason in refusal


def test_npm_6_rewrites_every_newer_lockfile() -> None:
    old = install("npm install", project(), base="node", tag="14-alpine").refusal
    assert old is not None
    assert "npm 6" in old
    for tag in ("16", "20-slim", "latest", "lts-alpine", ""):
        assert install("npm install", project(), base="node", tag=tag).refusal is None
    assert install("npm ci", project(), base="node", tag="14").refusal is None


# Closures.


@pytest.mark.parametrize(
    "command",
    [
        "npm ci",
        "npm clean-install",
        "npm ci --omit=dev",
        "npm ci --only=production --silent",
        "npm --loglevel warn ci --no-audit --no-fund",
        "npm ci --prefix /app",
        "npm -C . ci",
        "npm ci --registry=$REGISTRY",
        "npm install",
        "npm i --production",
        "npm install --legacy-peer-deps --unsafe-perm=true",
        "npm install --no-optional --progress=false",
    ],
)
def test_every_spelling_has_the_closure(command: str) -> None:
    found = install(command, project())
    assert found.refusal is None
    assert found.manifests == ("/app/package.json", "/app/package-lock.json")
    assert (found.outputs, found.ignore) == (("/app/node_modules",), ("node_modules",))


def test_the_application_beside_the_closure_is_not_touched() -> None:
    found = effects("npm ci", project())
    assert not found.reads.contains("/app/src/index.js")
    assert not found.writes.contains("/app/package-lock.json")
    assert found.writes.contains("/app/node_modules/x/package.json")
    assert found.reads.contains("/app/.npmrc")


def test_the_folder_of_a_prefix_counts() -> None:
    files = project(root="/app/web")
    for command in ("npm ci --prefix web", "npm --prefix=./web ci", "npm -C web i"):
        found = install(command, files)
        assert found.manifests == ("/app/web/package.json", "/app/web/package-lock.json")
        assert found.ignore == ("web/node_modules",)


def test_the_nearest_package_above_is_the_project() -> None:
    found = npm.effects(call("npm ci", cwd="/app/a/b"), image(project()))
    assert isinstance(found, CommandEffects)
    assert found.install is not None
    assert found.install.manifests[0] == "/app/package.json"


def test_in_a_member_the_workspace_root_is_the_project() -> None:
    files = project(
        {"workspaces": ["a"]}, {"/app/a/package.json": "{}", "/app/b/package.json": "{}"}
    )
    roots = []
    for folder in ("/app/a", "/app/b"):
        found = npm.effects(call("npm install", cwd=folder), image(files))
        assert isinstance(found, CommandEffects)
        assert found.install is not None
        roots.append(found.install.manifests[0])
    assert roots == ["/app/package.json", "/app/b/package.json"]


def test_shrinkwrap_wins_and_npmrc_counts() -> None:
    files = project(None, {"/app/npm-shrinkwrap.json": "{}", "/app/.npmrc": "fund=false"})
    found = effects("npm ci", files)
    assert found.install is not None
    assert found.install.manifests == (
        "/app/package.json",
        "/app/npm-shrinkwrap.json",
        "/app/.npmrc",
    )
    assert not found.reads.contains("/app/package-lock.json")


def test_workspaces_bring_every_member() -> None:
    package = {"workspaces": ["packages/*", "{apps,tools}/**", "!packages/old"]}
    members = ["packages/a", "packages/old", "apps/x/y", "tools/t", "packages/a/node_modules/z"]
    files = project(package, {f"/app/{m}/package.json": "{}" for m in members})
    found = effects("npm ci", files)
    assert found.install is not None
    assert set(found.install.manifests) == {
        "/app/package.json",
        "/app/package-lock.json",
        "/app/packages/a/package.json",
        "/app/apps/x/y/package.json",
        "/app/tools/t/package.json",
    }
    assert "/app/apps/x/y/node_modules" in found.install.outputs
    assert found.install.ignore == ("**/node_modules",)
    assert found.reads.contains("/app/tools/new/package.json")
    assert not found.reads.contains("/app/packages/old/package.json")
    assert found.reads.contains("/app/apps/new/deep/package.json")
    assert not found.reads.contains("/app/packages/a/index.js")


def test_a_file_dependency_is_read_whole_and_followed() -> None:
    files = project(
        {"dependencies": {"lib": "file:libs/lib", "t": "file:t.tgz", "u": "./u"}},
        {
            "/app/libs/lib/package.json": '{"dependencies": {"other": "file:../other"}}',
            "/app/libs/other/package.json": "{}",
            "/app/u/package.json": "{}",
            "/app/t.tgz": "",
        },
    )
    found = install("npm ci", files)
    assert found.refusal is None
    assert set(found.folders) == {"/app/libs/lib", "/app/libs/other", "/app/u"}
    assert found.manifests[-1] == "/app/t.tgz"


def test_overrides_can_name_a_file() -> None:
    files = project({"overrides": {"a": {"b": "file:b.tgz"}}}, {"/app/b.tgz": ""})
    assert "/app/b.tgz" in install("npm ci", files).manifests


MEMBER = {"/app/a/package.json": '{"name": "a", "bin": "cli.js"}'}


def test_a_members_command_must_be_there_and_executable() -> None:
    files = project({"workspaces": ["a"]}, {**MEMBER, "/app/a/cli.js": "#!/usr/bin/env node\n"})
    plain = install("npm ci", files)
    assert plain.refusal is not None
    assert "makes /app/a/cli.js executable" in plain.refusal
    done = npm.effects(call("npm ci"), image(files, executables=frozenset({"/app/a/cli.js"})))
    assert isinstance(done, CommandEffects)
    assert done.install is not None
    assert done.install.refusal is None
    assert "/app/a/cli.js" in done.install.manifests


def test_a_members_command_that_is_built_later_does_not_matter() -> None:
    assert install("npm ci", project({"workspaces": ["a"]}, MEMBER)).refusal is None


def test_without_a_lockfile_npm_install_makes_one() -> None:
    found = effects("npm install", project(lock=False))
    assert found.install is not None
    assert found.install.refusal is None
    assert found.writes.contains("/app/package-lock.json")


@pytest.mark.parametrize("option", ["--no-package-lock", "--package-lock=false"])
def test_without_lockfiles_none_is_read_or_written(option: str) -> None:
    found = effects(f"npm install {option}", project(lockfileVersion=1))
    assert found.install is not None
    assert found.install.refusal is None
    assert found.install.manifests == ("/app/package.json",)


def test_names_in_an_empty_folder_and_global_ones_need_no_manifests() -> None:
    for command in (
        "npm install express",
        "npm i -g pnpm@9 @scope/x",
        "npm install -g npm@$VERSION",
    ):
        found = install(command, {})
        assert (found.manifests, found.refusal) == ((), None)


def test_an_added_package_changes_package_json() -> None:
    assert effects("npm install express", project()).writes.contains("/app/package.json")


# Scripts of dependencies.


def test_install_scripts_of_dependencies_are_an_assumption() -> None:
    plain = project({"dependencies": {"a": "1"}})
    native = project(
        {"dependencies": {"a": "1"}}, packages={"node_modules/a": {"hasInstallScript": True}}
    )
    assert install("npm ci", plain).assumptions == ()
    assert "install scripts" in install("npm ci", native).assumptions[0]
    assert install("npm ci --ignore-scripts", native).assumptions == ()


def hooked(
    name: str, files: Mapping[str, str], package: Mapping[str, Any] | None = None
) -> Install:
    entry = {f"node_modules/{name}": {"version": "1.0.0", "hasInstallScript": True}}
    return install("npm ci", project(package, files, packages=entry))


@pytest.mark.parametrize(
    ("name", "files", "package", "reason"),
    [
        ("nx", {"/app/nx.json": "{}"}, {}, "nx.json"),
        ("msw", {}, {"msw": {"workerDirectory": "public"}}, "msw"),
        ("husky", {"/app/.git/HEAD": ""}, {}, ".git"),
        ("@prisma/client", {"/app/prisma.config.ts": ""}, {}, "prisma.config.ts"),
    ],
)
def test_a_dependency_that_looks_at_the_project(
    name: str, files: dict[str, str], package: dict[str, Any], reason: str
) -> None:
    refusal = hooked(name, files, package).refusal
    assert refusal is not None
    assert reason in refusal
    assert hooked(name, {}, {}).refusal is None


def test_what_only_development_needs_is_not_installed() -> None:
    husky = {"version": "1.0.0", "hasInstallScript": True, "dev": True}
    files = project({}, {"/app/.git/HEAD": ""}, packages={"node_modules/husky": husky})
    assert ".git" in (install("npm ci", files).refusal or "")
    assert ".git" in (install("npm ci --omit=dev --include=dev", files).refusal or "")
    for command in ("npm ci --omit=dev", "npm ci --production", "npm ci --only=production"):
        assert install(command, files).refusal is None


def test_the_prisma_client_reads_the_schema() -> None:
    schema = {"/app/prisma/schema.prisma": "", "/app/prisma/migrations/1/x.sql": ""}
    assert hooked("@prisma/client", schema).folders == ("/app/prisma",)


# Settings and caches.


@pytest.mark.parametrize(
    ("command", "env", "npmrc", "target"),
    [
        ("npm ci", {}, "", "/root/.npm"),
        ("npm ci", {"HOME": "/home/node"}, "", "/home/node/.npm"),
        ("npm ci", {"npm_config_cache": "/c"}, "cache=/d", "/c"),
        ("npm ci", {"NPM_CONFIG_CACHE": "/c"}, "", "/c"),
        ("npm ci", {}, "cache = /d", "/d"),
        ("npm ci", {"X": "e"}, "cache=/${X}", "/e"),
        ("npm ci --cache .c", {"npm_config_cache": "/c"}, "cache=/d", "/app/.c"),
    ],
)
def test_where_the_cache_is(command: str, env: Env, npmrc: str, target: str) -> None:
    found = cache(command, project(None, {"/app/.npmrc": npmrc}), env=env)
    assert (found.target, found.off, found.payload) == (target, None, False)


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("npm ci --cache $C", {}),
        ("npm ci", {"env": {"npm_config_cache": None}}),
        ("npm ci", {"user": None}),
        ("npm ci", {"env": {"HOME": None}}),
        ("npm ci", {"user": "app", "uid": None}),
    ],
)
def test_no_cache_with_a_reason(command: str, more: dict[str, Any]) -> None:
    assert cache(command, **more).off is not None


@pytest.mark.parametrize(
    "env", [{"npm_config_ignore_scripts": "true"}, {"NPM_CONFIG_IGNORE_SCRIPTS": "true"}]
)
def test_scripts_can_be_switched_off(env: Env) -> None:
    files = project({"scripts": {"postinstall": "node x.js"}})
    assert install("npm ci", files).refusal is not None
    assert install("npm ci", files, env=env).refusal is None
    assert install("npm ci --ignore-scripts", files).refusal is None
    assert install("npm ci", {**files, "/app/.npmrc": "ignore-scripts=true"}).refusal is None
    assert install("npm ci --ignore-scripts=false", files, env=env).refusal is not None


def test_variables_of_npmrc_are_read() -> None:
    files = project(None, {"/app/.npmrc": "//example.org/:_authToken=${TOKEN}"})
    found = effects("npm ci", files)
    assert found.env is not None
    assert "TOKEN" in found.env
    assert "GIT_SHA" not in found.env


def test_a_clean_of_the_cache_writes_it_by_name() -> None:
    assert effects("npm cache clean --force", {}).writes.trees == {"/root/.npm"}


@pytest.mark.parametrize(
    "command", ["npm --version", "npm -v", "npm config get cache", "npm root -g"]
)
def test_a_query_changes_nothing(command: str) -> None:
    assert not effects(command, {}).writes


def test_a_plain_setting_leaves_the_application_alone() -> None:
    found = effects("npm config set registry https://example.org", {})
    assert found.writes.contains("/root/.npmrc")
    assert not found.writes.contains("/app/x")


@pytest.mark.parametrize(
    ("env", "path"),
    [
        pytest.param({}, "/root/.npmrc", id="the user's"),
        pytest.param({"NPM_CONFIG_USERCONFIG": "/app/user.rc"}, "/app/user.rc", id="by variable"),
        pytest.param({"npm_config_globalconfig": "/app/all.rc"}, "/app/all.rc", id="everybody's"),
        pytest.param({"NPM_CONFIG_PREFIX": "/app/own"}, "/app/own/etc/npmrc", id="by the prefix"),
    ],
)
def test_global_packages_are_installed_by_the_settings_outside_the_project(
    env: dict[str, str], path: str
) -> None:
    found = npm.effects(call("npm install -g pnpm@9", env=env), image({}))
    assert isinstance(found, CommandEffects)
    assert replace(found.reads, all_but=None).contains(path)


def test_global_packages_do_not_know_the_settings_of_the_project() -> None:
    files = {"/app/package.json": "{}", "/app/.npmrc": "cache=/app/cache\nname=${TOKEN}\n"}
    found = npm.effects(call("npm install -g pnpm@9"), image(files))
    assert isinstance(found, CommandEffects)
    assert "TOKEN" not in (found.env or {"TOKEN"})
    assert [cache.target for cache in found.caches] == ["/root/.npm"]

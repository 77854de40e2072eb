"""pnpm: what it does not understand, then refusals, then closures and the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install
from reorder.ecosystems.node import pnpm
from reorder.shell.nodes import Opaque

Env = Mapping[str, str | None]
STORE = "/root/.local/share/pnpm/store"


def lockfile(
    deps: Mapping[str, str] | None = None,
    members: Mapping[str, Mapping[str, str]] | None = None,
    head: str = "",
    version: str = "9.0",
) -> str:
    """A lockfile whose projects ask for these."""
    importers = {
        place: {"dependencies": {name: {"specifier": s, "version": s} for name, s in table.items()}}
        for place, table in {".": deps or {}, **(members or {})}.items()
    }
    return (
        f"lockfileVersion: '{version}'\n{head}\nimporters: {json.dumps(importers)}\n\npackages:\n\n"
        + "".join(f"  {name}@1.0.0:\n    resolution: {{}}\n\n" for name in deps or {})
    )


def project(
    package: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    lock: str | None = None,
    workspace: str | None = None,
) -> dict[str, str]:
    """A package.json, a lockfile that fits one without dependencies, and a workspace."""
    found = {"/app/package.json": json.dumps({"name": "x", **(package or {})})}
    found["/app/pnpm-lock.yaml"] = lockfile() if lock is None else lock
    if workspace is not None:
        found["/app/pnpm-workspace.yaml"] = workspace
    return {**found, **(files or {})}


def effects(
    command: str, files: Mapping[str, str], env: Env | None = None, **overrides: Any
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = pnpm.effects(call(command, env=state), image(files, env=state, **overrides))
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
        "pnpm build",
        "pnpm run build",
        "pnpm -r build",
        "pnpm --filter a build",
        "pnpm exec x",
        "pnpm dlx x",
        "pnpm add x",
        "pnpm install x",
        "pnpm update",
        "pnpm prune --prod",
        "pnpm --filter a deploy --prod /out",
        "pnpm rebuild",
        "pnpm install --lockfile-only",
        "pnpm install --fix-lockfile",
        "pnpm install --frobnicate",
        "pnpm -C $DIR install",
        "pnpm install $FLAGS",
        "pnpm",
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(pnpm.effects(call(command, env={}), image(project())), Opaque)


@pytest.mark.parametrize("command", ["pnpm --version", "pnpm store path", "pnpm add -g serve@14"])
def test_what_leaves_the_project_alone(command: str) -> None:
    assert not effects(command, project()).writes.contains("/app/package.json")


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("pnpm i", {}, "/app/package.json is not in the build context", id="nothing"),
        pytest.param(
            "pnpm i", project({"dependencies": {"a": "1"}}), "`a` is not as", id="not locked"
        ),
        pytest.param(
            "pnpm i", project(lock=lockfile({"a": "1"})), "`a` is not as", id="locked, not asked"
        ),
        pytest.param(
            "pnpm i",
            project({"packageManager": "pnpm@8.6.0"}),
            "pnpm 8 does not write its version 9.0",
            id="version",
        ),
        pytest.param("pnpm i", project(lock="x"), "is no lockfile", id="broken"),
        pytest.param(
            "pnpm i",
            project({"pnpm": {"overrides": {"a": "1"}}}),
            "its `overrides`",
            id="overrides",
        ),
        pytest.param(
            "pnpm i",
            project(
                {"pnpm": {"overrides": {"a": "1"}}}, lock=lockfile(head="overrides:\n  a: '2'\n")
            ),
            "its `overrides`",
            id="another override",
        ),
        pytest.param(
            "pnpm i",
            project({"pnpm": {"packageExtensions": {"a": {}}}}),
            "its `packageExtensions`",
            id="extensions",
        ),
        pytest.param(
            "pnpm i",
            project(workspace="packages: [p/*]", files={"/app/p/a/package.json": "{}"}),
            "no entry for /app/p/a/package.json",
            id="member not locked",
        ),
        pytest.param(
            "pnpm i",
            project(workspace="packages: [p/*]", lock=lockfile(members={"p/a": {}})),
            "p/a is no member any more",
            id="member is gone",
        ),
        pytest.param(
            "pnpm i",
            project(files={"/app/.npmrc": "prefer-frozen-lockfile=false\n"}),
            "`prefer-frozen-lockfile`",
            id="not preferred",
        ),
        pytest.param(
            "pnpm i",
            project(files={"/app/.npmrc": "shared-workspace-lockfile=false\n"}),
            "lockfile of its own",
            id="own lockfiles",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project({"scripts": {"prepare": "tsc"}}),
            "`prepare` in",
            id="prepare",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project({"scripts": {"pnpm:devPreinstall": "node x.js"}}),
            "`pnpm:devPreinstall` in",
            id="its own event",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project(
                workspace="packages: [p/*]",
                files={"/app/p/a/package.json": '{"scripts": {"install": "tsc"}}'},
            ),
            "`install` in /app/p/a",
            id="of a member",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project(workspace="packages: [", files={}),
            "/app/pnpm-workspace.yaml is not understood",
            id="workspace",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project(workspace="packages: [p/*]", files={"/app/p/a/package.yaml": ""}),
            "/app/p/a/package.yaml is a manifest too",
            id="yaml",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project({"pnpm": {"patchedDependencies": {"a": "patches/a.patch"}}}),
            "/app/patches/a.patch, which is not",
            id="patch",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project(files={"/app/.pnpmfile.cjs": "require('./src/x')"}),
            "/app/.pnpmfile.cjs is code",
            id="hooks that load",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project(workspace="pnpmfile: x.cjs\n"),
            "the pnpmfile that is set",
            id="hooks that are missing",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project({"dependenciesMeta": {"a": {"injected": True}}}),
            "`injected`",
            id="injected",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project(workspace="injectWorkspacePackages: true\n"),
            "`inject-workspace-packages`",
            id="injected by setting",
        ),
        pytest.param(
            "pnpm i --frozen-lockfile",
            project(files={"/app/.npmrc": "modules-dir=x\n"}),
            "`modules-dir`",
            id="modules elsewhere",
        ),
        pytest.param(
            "pnpm fetch", {"/app/package.json": "{}"}, "needs /app/pnpm-lock.yaml", id="fetch"
        ),
    ],
)
def test_refusals(command: str, files: Mapping[str, str], reason: str) -> None:
    assert reason in (install(command, files).refusal or "")


@pytest.mark.parametrize(
    ("package", "lock"),
    [
        pytest.param({"dependencies": {"a": "1"}}, lockfile({"a": "1"}), id="version 9"),
        pytest.param(
            {"dependencies": {"a": "1"}},
            "lockfileVersion: 5.4\nspecifiers:\n  a: '1'\n\npackages:\n",
            id="version 5",
        ),
        pytest.param(
            {"dependencies": {"a": "1"}},
            "lockfileVersion: '6.0'\ndependencies:\n  a:\n    specifier: '1'\n    version: 1.0.0\n"
            "\npackages:\n",
            id="version 6, one project",
        ),
        pytest.param(
            {"peerDependencies": {"a": "1"}},
            lockfile({"a": "1"}, head="settings:\n  autoInstallPeers: true\n"),
            id="peers",
        ),
    ],
)
def test_a_lockfile_that_satisfies_is_kept(package: Mapping[str, Any], lock: str) -> None:
    found = install("pnpm install", project(package, lock=lock))
    assert found.refusal is None
    assert any("keeps one that satisfies" in assumption for assumption in found.assumptions)


@pytest.mark.parametrize(
    ("command", "env", "settings"),
    [
        pytest.param("pnpm i --frozen-lockfile", {}, "", id="option"),
        pytest.param("pnpm ci", {}, "", id="command"),
        pytest.param("pnpm i", {"CI": "1"}, "", id="on a CI server"),
        pytest.param("pnpm i", {}, "frozen-lockfile=true\n", id="setting"),
        pytest.param("pnpm i --no-lockfile", {}, "", id="no lockfile"),
    ],
)
def test_a_frozen_lockfile_may_be_stale(command: str, env: Env, settings: str) -> None:
    files = project({"dependencies": {"a": "1"}}, {"/app/.npmrc": settings})
    assert install(command, files, env=env).refusal is None


def test_not_frozen_on_a_ci_server() -> None:
    files = project({"dependencies": {"a": "1"}})
    assert install("pnpm i --no-frozen-lockfile", files, env={"CI": "1"}).refusal is not None


def test_without_a_lockfile_the_install_makes_it() -> None:
    files = {k: v for k, v in project().items() if not k.endswith("lock.yaml")}
    found = effects("pnpm install", files)
    assert found.install is not None
    assert found.install.refusal is None
    assert found.writes.contains("/app/pnpm-lock.yaml")


def test_the_closure() -> None:
    files = project(
        {"pnpm": {"patchedDependencies": {"a@1": "patches/a.patch"}}},
        {
            "/app/.npmrc": "x=y",
            "/app/.pnpmfile.cjs": "module.exports = {};",
            "/app/patches/a.patch": "",
            "/app/patches/unused.patch": "",
            "/app/p/a/package.json": '{"name": "a", "bin": {"a": "cli.js"}}',
            "/app/p/a/.npmrc": "",
            "/app/p/a/cli.js": "#!/usr/bin/env node\n",
            "/app/p/a/index.js": "",
            "/app/p/old/package.json": '{"scripts": {"install": "tsc"}}',
        },
        workspace="packages: ['p/*', '!p/old']\n",
    )
    state = image(files, executables=frozenset({"/app/p/a/cli.js"}))
    found = pnpm.effects(call("pnpm i --frozen-lockfile"), state)
    assert isinstance(found, CommandEffects)
    assert found.install is not None
    assert found.install.refusal is None
    assert set(found.install.manifests) == {
        *("/app/package.json", "/app/pnpm-lock.yaml", "/app/pnpm-workspace.yaml", "/app/.npmrc"),
        *("/app/.pnpmfile.cjs", "/app/patches/a.patch", "/app/p/a/package.json", "/app/p/a/.npmrc"),
        "/app/p/a/cli.js",
    }
    assert found.install.outputs == ("/app/node_modules", "/app/p/a/node_modules")
    assert not found.reads.contains("/app/p/a/index.js")
    assert not found.reads.contains("/app/p/old/package.json")


def test_a_command_of_a_member_gets_the_execute_bit() -> None:
    files = project(
        workspace="packages: [p/*]",
        files={"/app/p/a/package.json": '{"bin": "cli.js"}', "/app/p/a/cli.js": "#!x\n"},
    )
    found = install("pnpm i --frozen-lockfile", files)
    assert found.refusal == ("pnpm makes /app/p/a/cli.js executable, which a later COPY would undo")


def test_fetch_reads_the_lockfile_and_settings() -> None:
    files = project(workspace="patchedDependencies: {a: a.patch}", files={"/app/a.patch": ""})
    found = install("pnpm fetch --prod", files)
    assert found.refusal is None
    assert set(found.manifests) == {
        *("/app/pnpm-lock.yaml", "/app/package.json", "/app/pnpm-workspace.yaml", "/app/a.patch"),
    }


def test_without_a_workspace_members_do_not_count() -> None:
    files = project(workspace="packages: [p/*]", files={"/app/p/a/package.json": "{}"})
    found = install("pnpm i --frozen-lockfile --ignore-workspace", files)
    assert found.manifests == ("/app/package.json", "/app/pnpm-lock.yaml")


@pytest.mark.parametrize(
    ("command", "env", "files", "target"),
    [
        pytest.param("pnpm i", {}, {}, STORE, id="default"),
        pytest.param("pnpm i", {"PNPM_HOME": "/pnpm"}, {}, "/pnpm/store", id="home"),
        pytest.param("pnpm i", {"XDG_DATA_HOME": "/d"}, {}, "/d/pnpm/store", id="xdg"),
        pytest.param("pnpm i --store-dir /s", {}, {}, "/s", id="option"),
        pytest.param("pnpm i", {"npm_config_store_dir": "/s"}, {}, "/s", id="variable"),
        pytest.param("pnpm i", {}, {"/app/.npmrc": "store-dir=/s\n"}, "/s", id="npmrc"),
        pytest.param("pnpm i", {}, {"/app/.npmrc": "store-dir=~/.s\n"}, "/root/.s", id="in home"),
        pytest.param(
            "pnpm i", {}, {"/app/pnpm-workspace.yaml": "storeDir: /s\n"}, "/s", id="workspace"
        ),
    ],
)
def test_the_store(command: str, env: Env, files: Mapping[str, str], target: str) -> None:
    assert cache(command, project(files=files), env=env) == Cache(target)


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("pnpm i --offline", {}, "`--offline` needs", id="offline"),
        pytest.param(
            "pnpm i",
            {"/app/pnpm-workspace.yaml": "enableGlobalVirtualStore: true\n"},
            "links into the store",
            id="virtual store",
        ),
        pytest.param("pnpm i --store-dir /app", {}, "above the project", id="above"),
    ],
)
def test_a_store_that_is_needed(command: str, files: Mapping[str, str], reason: str) -> None:
    assert reason in (cache(command, project(files=files)).off or "")


@pytest.mark.parametrize(
    ("before", "target"),
    [
        pytest.param("pnpm config set store-dir /s", "/s", id="set"),
        pytest.param("pnpm config set --global store-dir=/s", "/s", id="as one word"),
        pytest.param("pnpm config delete store-dir", STORE, id="deleted"),
        pytest.param("pnpm config set store-dir $S", None, id="not known"),
        pytest.param(None, None, id="not understood"),
    ],
)
def test_a_store_that_an_earlier_step_has_set(before: str | None, target: str | None) -> None:
    told = (None if before is None else call(before, env={"S": None}),)
    found = cache("pnpm i", told=told)
    assert found == Cache(target) if target else "not known" in (found.off or "")


def test_settings_of_the_user_are_not_the_projects() -> None:
    found = effects("pnpm config set store-dir /s", project())
    assert not found.writes.contains("/app/package.json")
    assert isinstance(pnpm.effects(call("pnpm config set x y --location project"), image()), Opaque)


def test_a_prune_empties_the_store() -> None:
    assert effects("pnpm store prune", project()).writes.trees == {STORE}


def test_builds_that_are_not_allowed_look_at_nothing() -> None:
    package = {"dependencies": {"nx": "1"}, "packageManager": "pnpm@10.1.0"}
    files = project(package, {"/app/nx.json": "{}"}, lockfile({"nx": "1"}))
    assert install("pnpm i", files).refusal is None
    allowed = project(
        {**package, "pnpm": {"onlyBuiltDependencies": ["nx"]}},
        {"/app/nx.json": "{}"},
        lockfile({"nx": "1"}),
    )
    assert "nx.json" in (install("pnpm i", allowed).refusal or "")
    before = project({**package, "packageManager": "pnpm@9.1.0"}, {"/app/nx.json": "{}"},
                     lockfile({"nx": "1"}))  # fmt: skip
    assert "nx.json" in (install("pnpm i", before).refusal or "")


def test_corepack_may_name_itself() -> None:
    found = install("pnpm i --frozen-lockfile", project(), told=(call("corepack enable"),))
    assert "corepack may add" in (found.refusal or "")


def test_scripts_that_were_left_out_never_run_so_that_there_is_no_step_before() -> None:
    files = project({"scripts": {"prepare": "tsc"}})
    assert effects("pnpm i --frozen-lockfile", files).prefetch is None

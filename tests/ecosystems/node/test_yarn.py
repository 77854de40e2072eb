"""Yarn: what it does not understand, refusals, closures and caches, of version 1 and later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install
from reorder.ecosystems.node import corepack, task_runners, yarn
from reorder.shell.nodes import Opaque

Env = Mapping[str, str | None]
ONE = "# yarn lockfile v1\n\n"
LATER = "__metadata:\n  version: 8\n  cacheKey: 10c0\n\n"
MODULES = "nodeLinker: node-modules\n"


def one(*patterns: str, head: str = ONE) -> str:
    """A lockfile of version 1 with these patterns, each at 1.0.0 of a registry."""
    return head + "".join(
        f'"{pattern}":\n  version "1.0.0"\n  resolved "https://registry.example/x.tgz#0"\n'
        "  integrity sha512-x\n\n"
        for pattern in patterns
    )


def later(**deps: str) -> str:
    """A lockfile of a later version for the root `x` with these dependencies."""
    text = LATER + '"x@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "x@workspace:."\n'
    text += "  dependencies:\n" if deps else ""
    text += "".join(f'    {name}: "npm:{spec}"\n' for name, spec in deps.items())
    text += "  linkType: soft\n\n"
    for name, spec in deps.items():
        text += f'"{name}@npm:{spec}":\n  version: 1.0.0\n  resolution: "{name}@npm:1.0.0"\n'
        text += "  linkType: hard\n\n"
    return text


def project(
    package: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    lock: str | None = ONE,
    root: str = "/app",
) -> dict[str, str]:
    """A package.json named x, and a lockfile."""
    text = json.dumps({"name": "x", **(package or {})}, indent=2) + "\n"
    found = {f"{root}/package.json": text}
    if lock is not None:
        found[f"{root}/yarn.lock"] = lock
    return {**found, **(files or {})}


def berry(
    package: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    settings: str = MODULES,
    lock: str | None = None,
) -> dict[str, str]:
    """A project of Yarn 4.9."""
    data = {"packageManager": "yarn@4.9.4", **(package or {})}
    there = {"/app/.yarnrc.yml": settings, **(files or {})}
    return project(data, there, later() if lock is None else lock)


def effects(
    command: str, files: Mapping[str, str], env: Env | None = None, **overrides: Any
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = yarn.effects(call(command, env=state), image(files, env=state, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str], **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def cache(command: str, files: Mapping[str, str] | None = None, **more: Any) -> Cache:
    (found,) = effects(command, files or project(), **more).caches
    return found


def opaque(command: str, files: Mapping[str, str] | None = None) -> str:
    found = yarn.effects(call(command, env={}), image(files or project()))
    assert isinstance(found, Opaque), found
    return found.reason


@pytest.mark.parametrize(
    "command",
    [
        "yarn build",
        "yarn run build",
        "yarn exec x",
        "yarn workspace a build",
        "yarn workspaces run build",
        "yarn workspaces foreach -A run build",
        "yarn add left-pad",
        "yarn upgrade",
        "yarn set version 4",
        "yarn plugin import x",
        "yarn dlx x",
        "yarn rebuild",
        "yarn install --modules-folder /x",
        "yarn install --flat",
        "yarn --cwd $DIR install",
        "yarn install --frobnicate",
        "yarn install $FLAGS",
        "yarn cache clean left-pad",
        "yarn workspaces focus",
    ],
)
def test_opaque(command: str) -> None:
    assert opaque(command)


def test_a_script_is_code_of_the_project() -> None:
    assert opaque("yarn frobnicate") == "`yarn frobnicate` runs code of the project"


def test_a_query_changes_nothing_of_the_project() -> None:
    assert not effects("yarn --version", project()).writes


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("yarn", {}, "/app/package.json is not in the build context", id="nothing"),
        pytest.param(
            "yarn", project({"dependencies": {"a": "1"}}), "no entry for `a@1`", id="not locked"
        ),
        pytest.param(
            "yarn", project(lock=one("a@1")), "nothing asks for its entry `a@1`", id="too much"
        ),
        pytest.param(
            "yarn",
            project({"dependencies": {"a": "1"}}, lock=ONE + 'a@1:\n  version "1.0.0"\n'),
            "no `resolved`",
            id="no address",
        ),
        pytest.param("yarn", project(lock=ONE + "<<<<<<< x\n"), "no lockfile", id="conflict"),
        pytest.param(
            "yarn --frozen-lockfile",
            project({"scripts": {"prepare": "tsc"}}),
            "`prepare` in /app/package.json",
            id="prepare",
        ),
        pytest.param(
            "yarn --frozen-lockfile",
            project(
                {"workspaces": ["p/*"]},
                {"/app/p/a/package.json": '{"name": "a", "scripts": {"postinstall": "tsc"}}'},
            ),
            "`postinstall` in /app/p/a/package.json",
            id="of a member",
        ),
        pytest.param(
            "yarn --frozen-lockfile",
            project({"dependencies": {"a": "file:../a"}}),
            "/a/package.json",
            id="outside",
        ),
        pytest.param(
            "yarn --frozen-lockfile",
            project({"dependencies": {"a": "portal:./a"}}),
            "`portal:` dependency `a`",
            id="scheme",
        ),
        pytest.param(
            "yarn --frozen-lockfile",
            project(files={"/app/.yarnrc": "yarn-path .yarn/releases/x.cjs\n"}),
            "/app/.yarn/releases/x.cjs, which is not in",
            id="release",
        ),
        pytest.param(
            "yarn --frozen-lockfile",
            project(files={"/app/.yarnrc": '--modules-folder "/x"\n'}),
            "`--modules-folder` in .yarnrc",
            id="setting",
        ),
    ],
)
def test_refusals_of_version_1(command: str, files: Mapping[str, str], reason: str) -> None:
    assert reason in (install(command, files).refusal or "")


def test_a_lockfile_that_satisfies_is_kept() -> None:
    lock = one("a@1", "b@^2").replace("sha512-x\n", 'sha512-x\n  dependencies:\n    b "^2"\n', 1)
    found = install("yarn", project({"dependencies": {"a": "1"}}, lock=lock))
    assert found.refusal is None
    assert any("keeps a lockfile" in assumption for assumption in found.assumptions)


def test_a_lockfile_without_integrity_is_kept() -> None:
    lock = one("a@1").replace("  integrity sha512-x\n", "")
    assert install("yarn", project({"dependencies": {"a": "1"}}, lock=lock)).refusal is None


def test_a_sibling_and_a_resolution_need_no_entry_of_their_own() -> None:
    package = {
        "workspaces": ["p/*"],
        "dependencies": {"s": "^1.0.0", "@s/n": "1"},
        "resolutions": {"**/@s/n": "2"},
    }
    lock = one("@s/n@2")
    members = {"/app/p/s/package.json": '{"name": "s"}'}
    assert install("yarn", project(package, members, lock)).refusal is None


@pytest.mark.parametrize("flag", ["--frozen-lockfile", "--pure-lockfile", "--no-lockfile"])
def test_a_lockfile_that_is_not_written_may_be_stale(flag: str) -> None:
    found = install(f"yarn install {flag}", project({"dependencies": {"a": "1"}}))
    assert found.refusal is None


def test_a_frozen_lockfile_by_setting() -> None:
    settings = {"/app/.yarnrc": "--install.frozen-lockfile true\n"}
    assert install("yarn", project({"dependencies": {"a": "1"}}, settings)).refusal is None


def test_without_a_lockfile_the_install_makes_it() -> None:
    found = effects("yarn install", project(lock=None))
    assert found.install is not None
    assert found.install.refusal is None
    assert found.writes.contains("/app/yarn.lock")


def test_the_closure_of_version_1() -> None:
    files = project(
        {"workspaces": {"packages": ["p/*"]}, "scripts": {"postinstall": "patch-package"}},
        {
            "/app/.npmrc": "x=y",
            "/app/.yarnclean": "docs\n",
            "/app/.yarnrc": 'yarn-path "./r/yarn.cjs"\nyarn-offline-mirror ./mirror\n',
            "/app/r/yarn.cjs": "",
            "/app/mirror/a.tgz": "",
            "/app/p/a/package.json": '{"name": "a", "bin": "cli.js"}',
            "/app/p/a/cli.js": "#!/usr/bin/env node\n",
            "/app/p/a/index.js": "",
            "/app/patches/a.patch": "",
        },
    )
    found = install("yarn --frozen-lockfile", files, executables=frozenset({"/app/p/a/cli.js"}))
    state = image(files, executables=frozenset({"/app/p/a/cli.js"}))
    done = yarn.effects(call("yarn --frozen-lockfile"), state)
    assert isinstance(done, CommandEffects)
    assert done.install is not None
    assert done.install.refusal is None
    assert set(done.install.manifests) == {
        *("/app/package.json", "/app/yarn.lock", "/app/.npmrc", "/app/.yarnclean", "/app/.yarnrc"),
        *("/app/r/yarn.cjs", "/app/p/a/package.json", "/app/p/a/cli.js"),
    }
    assert set(done.install.folders) == {"/app/mirror", "/app/patches"}
    assert done.install.outputs == ("/app/node_modules", "/app/p/a/node_modules")
    assert not done.reads.contains("/app/p/a/index.js")
    assert found.manifests == done.install.manifests


def test_a_link_reads_nothing() -> None:
    files = project({"dependencies": {"@": "link:./src"}}, {"/app/src/index.js": ""})
    found = effects("yarn --frozen-lockfile", files)
    assert found.install is not None
    assert found.install.refusal is None
    assert not found.reads.contains("/app/src/index.js")


def test_production_runs_no_prepare() -> None:
    files = project({"scripts": {"prepare": "tsc"}})
    assert install("yarn --frozen-lockfile --production", files).refusal is None
    assert install("yarn --frozen-lockfile", files, env={"NODE_ENV": "production"}).refusal is None
    more = install(
        "yarn --frozen-lockfile --production=false", files, env={"NODE_ENV": "production"}
    )
    assert more.refusal is not None


def test_the_project_below() -> None:
    found = install("yarn --cwd=web --frozen-lockfile", project(root="/app/web"))
    assert found.manifests == ("/app/web/package.json", "/app/web/yarn.lock")


@pytest.mark.parametrize(
    ("command", "env", "target"),
    [
        pytest.param("yarn", {}, "/usr/local/share/.cache/yarn", id="root"),
        pytest.param("yarn", {"YARN_CACHE_FOLDER": "/c"}, "/c", id="variable"),
        pytest.param("yarn", {"XDG_CACHE_HOME": "/x"}, "/x/yarn", id="xdg"),
        pytest.param("yarn --cache-folder c", {}, "/app/c", id="option"),
    ],
)
def test_the_cache_of_version_1(command: str, env: Env, target: str) -> None:
    assert cache(command, env=env) == Cache(target, "locked")


def test_the_cache_of_a_user() -> None:
    found = cache("yarn", user="node", uid=1000, gid=1000, env={"HOME": "/home/node"})
    assert found == Cache("/home/node/.cache/yarn", "locked")
    unknown = cache("yarn", user="app", uid=None, gid=None, env={"HOME": "/home/app"})
    assert unknown.off == "the numeric id of the user `app` is not known"


def test_a_cache_that_an_earlier_step_has_set() -> None:
    assert cache("yarn", told=(call("yarn config set cache-folder /c"),)).target == "/c"
    assert "may have set" in (cache("yarn", told=(None,)).off or "")


def test_offline_needs_what_is_there() -> None:
    assert cache("yarn --offline").off == "`--offline` needs what an earlier step left in the image"


def test_a_clean_up_writes_the_cache_only() -> None:
    found = effects("yarn cache clean", project())
    assert found.writes.trees == {"/usr/local/share/.cache/yarn"}
    assert found.writes.all_but is None


@pytest.mark.parametrize(
    ("told", "env", "package", "refused"),
    [
        pytest.param("corepack enable", {}, {}, True, id="enabled"),
        pytest.param("corepack enable pnpm", {}, {}, False, id="for another"),
        pytest.param(None, {}, {}, True, id="not understood"),
        pytest.param("corepack enable", {}, {"packageManager": "yarn@1.22.22"}, False, id="named"),
        pytest.param("corepack enable", {"COREPACK_ENABLE_AUTO_PIN": "0"}, {}, False, id="told"),
    ],
)
def test_corepack_may_name_itself(
    told: str | None, env: Env, package: Mapping[str, Any], refused: bool
) -> None:
    before = (None if told is None else call(told),)
    found = install("yarn --frozen-lockfile", project(package), env=env, told=before)
    assert ("corepack may add" in (found.refusal or "")) == refused


@pytest.mark.parametrize("command", ["corepack pnpm install", "corepack yarn@4 install"])
def test_corepack_runs_nothing_that_is_understood(command: str) -> None:
    assert isinstance(corepack.effects(call(command), image()), Opaque)


def test_corepack_enable_leaves_the_project_alone() -> None:
    found = corepack.effects(call("corepack enable"), image())
    assert isinstance(found, CommandEffects)
    assert not found.reads.contains("/app/package.json")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("lerna bootstrap", "installs in every package"),
        ("lerna run build", "`lerna run` runs tasks"),
        ("turbo prune a --docker", "`turbo prune` copies the source"),
        ("turbo build", "`turbo build` runs tasks"),
        ("nx run-many -t build", "`nx run-many` runs tasks"),
        ("nx", "`nx` runs tasks"),
    ],
)
def test_task_runners_run_the_project(command: str, reason: str) -> None:
    found = task_runners.effects(call(command), image())
    assert isinstance(found, Opaque)
    assert reason in found.reason


def test_a_task_runner_tells_its_version() -> None:
    assert isinstance(task_runners.effects(call("turbo --version"), image()), CommandEffects)


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param(
            "yarn",
            berry(lock=later().replace("version: 8", "version: 6", 1)),
            "Yarn 4.9 writes another version",
            id="older lockfile",
        ),
        pytest.param("yarn", berry({"dependencies": {"a": "1"}}), "`a` is not as", id="not locked"),
        pytest.param(
            "yarn", berry(lock=later(a="1")), "does not ask for `a` any more", id="too much"
        ),
        pytest.param(
            "yarn", berry({"name": "y"}), "no entry for /app/package.json", id="another name"
        ),
        pytest.param(
            "yarn",
            project({}, {"/app/.yarnrc.yml": MODULES}, later()),
            "which version of Yarn runs",
            id="no version",
        ),
        pytest.param(
            "yarn --immutable",
            berry({"scripts": {"postinstall": "tsc"}}),
            "`postinstall` in",
            id="postinstall",
        ),
        pytest.param(
            "yarn --immutable",
            berry({"dependencies": {"a": "patch:a@npm%3A1#~/.yarn/patches/a.patch"}}),
            "/app/.yarn/patches/a.patch, which is not",
            id="patch",
        ),
        pytest.param(
            "yarn --immutable",
            berry({"dependencies": {"a": "exec:./gen.js"}}),
            "`exec:` dependency",
            id="exec",
        ),
        pytest.param(
            "yarn --immutable",
            berry(settings=MODULES + "plugins:\n  - path: .yarn/plugins/x.cjs\n"),
            "the plugin /app/.yarn/plugins/x.cjs",
            id="plugin",
        ),
        pytest.param(
            "yarn --immutable",
            berry(settings=MODULES + "enableConstraintsChecks: true\n"),
            "`enableConstraintsChecks`",
            id="constraints",
        ),
        pytest.param(
            "yarn --immutable",
            berry(settings=MODULES + "installStatePath: ./x\n"),
            "`installStatePath` in .yarnrc.yml",
            id="state elsewhere",
        ),
        pytest.param(
            "yarn --immutable",
            berry(settings="", files={"/app/.pnp.cjs": ""}),
            "/app/.pnp.cjs is in the build context",
            id="zero install",
        ),
        pytest.param(
            "yarn --immutable",
            berry(
                settings=MODULES + "enableGlobalCache: false\n",
                files={"/app/.yarn/cache/a.zip": ""},
            ),
            "nothing is downloaded",
            id="cache in the repository",
        ),
    ],
)
def test_refusals_of_later_versions(command: str, files: Mapping[str, str], reason: str) -> None:
    assert reason in (install(command, files).refusal or "")


def test_a_release_that_is_missing() -> None:
    files = berry(settings="yarnPath: .yarn/releases/yarn-4.9.4.cjs\n")
    assert "which is not in the build context" in opaque("yarn --immutable", files)


def test_settings_that_an_earlier_step_may_have_changed() -> None:
    files = {key: text for key, text in berry().items() if key != "/app/.yarnrc.yml"}

    class Changed(type(image(files).files)):  # type: ignore[misc]
        def exists(self, path: str) -> bool | None:
            found: bool | None = super().exists(path)
            return None if path == "/app/.yarnrc.yml" else found

    state = replace(image(files), files=Changed(files))
    found = yarn.effects(call("yarn --immutable"), state)
    assert isinstance(found, Opaque)
    assert "/app/.yarnrc.yml may be changed" in found.reason


@pytest.mark.parametrize(
    ("command", "files", "env"),
    [
        pytest.param("yarn --immutable", berry(), {}, id="immutable"),
        pytest.param("yarn", berry(), {"CI": "true"}, id="on a CI server"),
        pytest.param("yarn", berry(), {"YARN_ENABLE_IMMUTABLE_INSTALLS": "true"}, id="variable"),
        pytest.param("yarn workspaces focus --all --production", berry(), {}, id="focus"),
        pytest.param(
            "yarn", berry(settings=MODULES + "enableImmutableInstalls: true\n"), {}, id="setting"
        ),
    ],
)
def test_an_immutable_lockfile_may_be_stale(
    command: str, files: Mapping[str, str], env: Env
) -> None:
    stale = {**files, "/app/package.json": files["/app/package.json"].replace("x", "y", 1)}
    assert install(command, stale, env=env).refusal is None


def test_a_later_lockfile_that_satisfies_is_kept() -> None:
    files = berry({"dependencies": {"a": "^1"}}, lock=later(a="^1"))
    assert install("yarn", files).refusal is None


def test_the_closure_of_later_versions() -> None:
    files = berry(
        {
            "workspaces": ["p/*"],
            "dependencies": {"a": "patch:a@npm%3A1#~/.yarn/patches/a.patch", "l": "link:./src"},
            "resolutions": {"b": "patch:b@npm%3A1#./b.patch"},
        },
        {
            "/app/.yarn/releases/yarn-4.9.4.cjs": "",
            "/app/.yarn/plugins/x.cjs": "",
            "/app/.yarn/patches/a.patch": "",
            "/app/.yarn/patches/unused.patch": "",
            "/app/b.patch": "",
            "/app/src/index.js": "",
            "/app/p/a/package.json": ('{\n  "name": "a",\n  "workspaces": [\n    "q/*"\n  ]\n}\n'),
            "/app/p/a/q/b/package.json": (
                '{\n  "name": "b",\n  "scripts": {\n    "prepare": "tsc"\n  }\n}\n'
            ),
        },
        MODULES + "yarnPath: .yarn/releases/yarn-4.9.4.cjs\nplugins:\n  - .yarn/plugins/x.cjs\n",
    )
    found = install("yarn --immutable", files)
    assert found.refusal is None
    assert set(found.manifests) == {
        *("/app/package.json", "/app/p/a/package.json", "/app/p/a/q/b/package.json"),
        *("/app/yarn.lock", "/app/.yarnrc.yml", "/app/.yarn/releases/yarn-4.9.4.cjs"),
        *("/app/.yarn/plugins/x.cjs", "/app/.yarn/patches/a.patch", "/app/b.patch"),
    }
    assert "/app/.yarn/install-state.gz" in found.outputs
    assert "**/.yarn/install-state.gz" in found.ignore


def test_the_cache_of_version_4_is_outside_the_project() -> None:
    assert cache("yarn --immutable", berry()) == Cache("/root/.yarn/berry/cache", "locked")
    moved = cache("yarn --immutable", berry(), env={"YARN_GLOBAL_FOLDER": "/y"})
    assert moved.target == "/y/cache"


def test_plug_n_play_needs_the_cache_when_the_program_runs() -> None:
    found = cache("yarn --immutable", berry(settings=""))
    assert found.payload
    assert "when the program runs" in (found.off or "")


def test_version_3_keeps_a_cache_in_the_project() -> None:
    files = berry({"packageManager": "yarn@3.8.7"})
    found = effects("yarn --immutable", files)
    assert found.install is not None
    assert "/app/.yarn/cache" in found.install.outputs
    assert found.caches == (Cache("/root/.yarn/berry/cache", "locked"),)


def test_a_repository_with_its_packages_downloads_nothing() -> None:
    files = berry({"packageManager": "yarn@3.8.7"}, {"/app/.yarn/cache/a.zip": ""})
    assert "nothing is downloaded" in (cache("yarn --immutable", files).off or "")


@pytest.mark.parametrize(
    ("command", "files", "step"),
    [
        pytest.param(
            "yarn --frozen-lockfile",
            project({"scripts": {"prepare": "tsc"}}),
            "yarn --frozen-lockfile --ignore-scripts",
            id="version 1",
        ),
        pytest.param(
            "yarn --immutable",
            berry({"scripts": {"postinstall": "tsc"}}),
            "yarn --immutable --mode=skip-build",
            id="later",
        ),
    ],
)
def test_scripts_of_the_project_run_in_a_second_step(
    command: str, files: Mapping[str, str], step: str
) -> None:
    found = effects(command, files).prefetch
    assert found is not None
    assert found.absorbed
    assert found.command == step
    assert found.install.refusal is None
    assert effects(step, files).install == found.install


@pytest.mark.parametrize(
    ("command", "files"),
    [
        pytest.param("yarn --frozen-lockfile", project(), id="nothing holds it"),
        pytest.param(
            "yarn",
            project({"scripts": {"prepare": "tsc"}, "dependencies": {"a": "1"}}),
            id="lockfile",
        ),
        pytest.param(
            "yarn --frozen-lockfile",
            project({"scripts": {"preinstall": "node npmrc.js", "prepare": "tsc"}}),
            id="set up before",
        ),
        pytest.param("yarn", project({"scripts": {"prepare": "tsc"}}, lock=None), id="no lockfile"),
        pytest.param(
            "yarn workspaces focus --all",
            berry({"scripts": {"postinstall": "tsc"}}),
            id="no such option",
        ),
    ],
)
def test_no_step_before(command: str, files: Mapping[str, str]) -> None:
    assert effects(command, files).prefetch is None

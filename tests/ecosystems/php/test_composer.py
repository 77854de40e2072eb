"""Composer: uses that are not understood first, then refusals, then closures, steps, caches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install, Prefetch
from reorder.ecosystems.paths import EVERYTHING
from reorder.ecosystems.php import composer
from reorder.shell.nodes import Opaque

MANIFEST = {"name": "me/a", "version": "1.0.0", "autoload": {"psr-4": {"A\\": "src/"}}}
PLUGIN = {"name": "acme/p", "version": "1", "type": "composer-plugin"}


def project(
    data: Mapping[str, Any] | None = None,
    packages: tuple[Mapping[str, Any], ...] = (),
    files: Mapping[str, str] | None = None,
    *,
    lock: bool = True,
    dev: tuple[Mapping[str, Any], ...] = (),
) -> dict[str, str]:
    found = {"/app/composer.json": json.dumps({**MANIFEST, **(data or {})}), **(files or {})}
    if lock:
        locked = {"packages": list(packages), "packages-dev": list(dev)}
        found["/app/composer.lock"] = json.dumps(locked)
    return found


def effects(
    command: str,
    files: Mapping[str, str],
    env: Mapping[str, str | None] | None = None,
    **overrides: Any,
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = composer.effects(call(command, env=state), image(files, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str], **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def prefetch(command: str, files: Mapping[str, str], **more: Any) -> Prefetch:
    found = effects(command, files, **more).prefetch
    assert found is not None
    return found


def cache(command: str, **more: Any) -> Cache:
    (found,) = effects(command, project(), **more).caches
    return found


@pytest.mark.parametrize(
    "command",
    [
        "composer update",
        "composer require a/b",
        "composer run-script build",
        "composer dump-autoload -o",
        "composer config platform.php 8.2",
        "composer install --frobnicate",
        "composer create-project a/b .",
        "composer exec phpunit",
    ],
)
def test_opaque(command: str) -> None:
    found = composer.effects(call(command), image(project()))
    assert found is None or isinstance(found, Opaque)


@pytest.mark.parametrize(
    ("data", "packages", "reason"),
    [
        pytest.param(
            {"autoload": {"classmap": ["db"]}}, (), "classes of the source", id="classmap"
        ),
        pytest.param({"config": {"optimize-autoloader": True}}, (), "optimized", id="optimized"),
        pytest.param({"scripts": {"post-install-cmd": "x"}}, (), "script", id="a script"),
        pytest.param({"version": ""}, (), ".git", id="the repository"),
        pytest.param(
            {}, ({"name": "x", "dist": {"type": "path", "url": "../x"}},), "context", id="outside"
        ),
        pytest.param(
            {}, ({"name": "x", "dist": {"type": "path", "url": "."}},), "itself", id="itself"
        ),
        pytest.param(
            {}, ({**PLUGIN, "name": "drupal/core-composer-scaffold"},), "puts files", id="writes"
        ),
        pytest.param(
            {"extra": {"merge-plugin": {"include": ["x"]}}}, (), "merge-plugin", id="merges"
        ),
    ],
)
def test_refused(data: Mapping[str, Any], packages: Any, reason: str) -> None:
    found = install("composer install", project(data, packages), application=frozenset({"/app"}))
    if reason == ".git":
        files = {**project(data, packages), "/app/.git/HEAD": "x"}
        found = install("composer install", files)
    assert found.refusal is not None
    assert reason in found.refusal


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "composer.json is not in the build context"),
        ({"/app/composer.json": "{"}, "is not JSON"),
        ({"/app/composer.json": "[]"}, "is not a JSON object"),
        ({"/app/composer.json": "{}", "/app/composer.lock": "{"}, "is not JSON"),
    ],
)
def test_no_project(files: Mapping[str, str], reason: str) -> None:
    refusal = install("composer install", files).refusal
    assert refusal is not None
    assert reason in refusal


@pytest.mark.parametrize(
    "command",
    ["composer install", "composer i", "composer install --no-dev -n", "composer install -d ."],
)
def test_the_whole_install(command: str) -> None:
    found = effects(command, project())
    assert found.install is not None
    assert found.install.refusal is None
    assert found.prefetch is None
    assert found.install.manifests == ("/app/composer.json", "/app/composer.lock")
    assert found.install.outputs == ("/app/vendor",)
    assert found.install.ignore == ("vendor",)
    assert not found.reads.contains("/app/src/A.php")
    assert found.reads.contains("/app/auth.json")


def test_the_project_in_another_folder() -> None:
    files = {f"/app/api/{name.removeprefix('/app/')}": text for name, text in project().items()}
    found = install("composer install --working-dir=api", files)
    assert found.manifests == ("/app/api/composer.json", "/app/api/composer.lock")
    assert found.outputs == ("/app/api/vendor",)


@pytest.mark.parametrize(
    ("command", "data", "step"),
    [
        ("composer install -o", {}, "composer install --no-scripts --no-autoloader -o"),
        (
            "composer install --no-scripts -a --no-dev",
            {},
            "composer install --no-autoloader --no-scripts -a --no-dev",
        ),
        (
            "COMPOSER_ALLOW_SUPERUSER=1 composer install",
            {"scripts": {"post-autoload-dump": ["@php artisan x"]}},
            "COMPOSER_ALLOW_SUPERUSER=1 composer install --no-scripts --no-autoloader",
        ),
    ],
)
def test_the_step_before(command: str, data: Mapping[str, Any], step: str) -> None:
    found = prefetch(command, project(data))
    assert found.command == step
    assert found.refusal is None
    assert found.absorbed
    assert not found.unsafe
    assert found.install.manifests == ("/app/composer.json", "/app/composer.lock")
    again = effects(step, project(data))
    assert again.install is not None
    assert again.install.refusal is None


def test_scripts_may_do_anything() -> None:
    files = project({"scripts": {"post-install-cmd": "x"}})
    assert effects("composer install", files).writes == EVERYTHING
    assert effects("composer install --no-scripts", files).writes != EVERYTHING
    other = project({"scripts": {"test": "phpunit"}})
    assert install("composer install", other).refusal is None


def test_a_script_that_only_a_first_install_runs() -> None:
    files = project({"scripts": {"post-package-install": "x"}})
    refusal = prefetch("composer install", files).refusal
    assert refusal is not None
    assert "only a first install runs" in refusal


@pytest.mark.parametrize(
    ("command", "packages", "dev", "unsafe"),
    [
        ("composer install -o", (PLUGIN,), (), True),
        ("composer install -o --no-plugins", (PLUGIN,), (), False),
        ("composer install -o", ({**PLUGIN, "name": "symfony/runtime"},), (), False),
        ("composer install -o", (), (PLUGIN,), True),
        ("composer install -o --no-dev", (), (PLUGIN,), False),
    ],
)
def test_plugins(command: str, packages: Any, dev: Any, unsafe: bool) -> None:
    found = prefetch(command, project(packages=packages, dev=dev))
    assert found.unsafe == unsafe
    assert any("acme/p" in text for text in found.assumptions) == unsafe


def test_packages_in_folders_archives_and_patches() -> None:
    packages = (
        {"name": "me/l", "dist": {"type": "path", "url": "packages/l"}},
        {"name": "me/z", "dist": {"type": "zip", "url": "archives/z.zip"}},
        {"name": "me/w", "dist": {"type": "zip", "url": "https://example.org/w.zip"}},
        {"name": "symfony/flex", "type": "composer-plugin"},
    )
    files = project(
        {"extra": {"patches": {"me/z": {"a": "p/a.patch", "b": "https://example.org/b.patch"}}}},
        packages,
        {
            "/app/packages/l/composer.json": "{}",
            "/app/packages/l/src/L.php": "",
            "/app/archives/z.zip": "",
            "/app/p/a.patch": "",
            "/app/symfony.lock": "{}",
        },
    )
    found = install("composer install", files)
    assert found.refusal is None
    assert found.folders == ("/app/packages/l",)
    assert set(found.manifests) == {
        "/app/composer.json",
        "/app/composer.lock",
        "/app/archives/z.zip",
        "/app/p/a.patch",
        "/app/symfony.lock",
    }


def test_path_repositories_without_a_lockfile() -> None:
    data = {"repositories": [{"type": "path", "url": "packages/*"}]}
    files = project(data, files={"/app/packages/l/composer.json": "{}"}, lock=False)
    found = effects("composer install", files)
    assert found.install is not None
    assert found.install.folders == ("/app/packages/l",)
    assert found.writes.contains("/app/composer.lock")


def test_where_packages_go() -> None:
    installers = {"name": "composer/installers", "type": "composer-plugin"}
    data = {
        "config": {"vendor-dir": "lib", "bin-dir": "{$vendor-dir}/b"},
        "extra": {"installer-paths": {"web/modules/{$name}/": ["type:drupal-module"]}},
    }
    module = {"name": "drupal/x", "type": "drupal-module"}
    found = install("composer install", project(data, (installers, module)))
    assert found.refusal is None
    assert set(found.outputs) == {"/app/lib", "/app/lib/b", "/app/web/modules"}
    theme = {"name": "drupal/y", "type": "drupal-theme"}
    assert install("composer install", project(data, (installers, theme))).refusal is not None


@pytest.mark.parametrize(
    ("env", "target", "off"),
    [
        ({}, "~/.composer/cache", "/etc/xdg"),
        ({"COMPOSER_CACHE_DIR": "/c"}, "/c", None),
        ({"COMPOSER_HOME": "/h"}, "/h/cache", None),
        ({"COMPOSER_HOME": "/h", "COMPOSER_CACHE_DIR": "/c"}, "/c", None),
        ({"COMPOSER_CACHE_DIR": "/dev/null"}, "~/.composer/cache", "off"),
        ({"COMPOSER_CACHE_DIR": None}, "~/.composer/cache", "not known"),
    ],
)
def test_cache(env: Mapping[str, str | None], target: str, off: str | None) -> None:
    found = cache("composer install", env=env)
    assert found.target == target
    assert (found.off is None) == (off is None)
    assert (off or "") in (found.off or "")


def test_no_cache_is_dropped_with_a_mount() -> None:
    found = cache("composer install --no-cache", env={"COMPOSER_CACHE_DIR": "/c"})
    assert len(found.cancels) == 1


@pytest.mark.parametrize("command", ["composer --version", "composer validate", "composer show"])
def test_queries_write_nothing(command: str) -> None:
    assert not effects(command, project()).writes


def test_packages_by_name_are_still_understood() -> None:
    assert effects("composer global require a/b", {}).costly
    assert effects("composer config -g repo.packagist false", {}).writes.contains(
        "/root/.composer/config.json"
    )

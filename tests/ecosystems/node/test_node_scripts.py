"""Lifecycle scripts: those that run code of the project first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import image

from reorder.ecosystems.node.node_manifests import Package
from reorder.ecosystems.node.node_scripts import LINKED_EVENTS, ROOT_EVENTS, Touched, lifecycle


def touched(
    script: str, files: Mapping[str, str] | None = None, event: str = "postinstall", **scripts: str
) -> Touched:
    data: dict[str, Any] = {"scripts": {event: script, **scripts}}
    return lifecycle(Package("/app", data), ROOT_EVENTS, image(files or {}), {})


@pytest.mark.parametrize(
    "script",
    [
        "node scripts/x.js",
        "npm run build",
        "tsc",
        "ngcc",
        "nuxt prepare",
        "sh x.sh",
        "husky > log",
        "patch-package --reverse",
        "cd sub && patch-package",
        "cd sub && npm install",
        "npm run a",
        "lerna bootstrap",
        "electron-builder install-app-deps",
        "$npm_package_config_x",
        "rimraf dist",
        "node -e 'x'",
        "if",
        "npx",
        "npx frobnicate",
        "[ -f $X ] && husky",
    ],
)
def test_runs_code_of_the_project(script: str) -> None:
    problem = touched(script).problem
    assert problem is not None
    assert "`postinstall` in /app/package.json runs `" in problem


def test_a_script_that_calls_itself_ends() -> None:
    assert touched("npm run postinstall").problem is not None


@pytest.mark.parametrize(
    "script",
    [
        "echo done",
        "exit 0",
        "is-ci || husky install",
        "husky",
        "husky || true",
        "husky install .config/husky",
        "npx husky install",
        "cross-env A=b husky",
        "npx -y only-allow npm",
        "npx only-allow npm && echo fine",
        "patch-package",
        "opencollective-postinstall || true",
        "prisma generate",
        "npm run hooks --silent",
        "npm rebuild",
        "playwright install",
        "[ -d .git ] && husky; true",
    ],
)
def test_touches_nothing(script: str) -> None:
    assert touched(script, hooks="simple-git-hooks") == Touched()


@pytest.mark.parametrize(
    "script", ["husky", "husky install", "simple-git-hooks", "cd .. && husky app/.husky"]
)
def test_git_hooks_need_git_out_of_the_context(script: str) -> None:
    files = {"/app/.git/HEAD": "", "/.git/HEAD": ""}
    problem = touched(script, files, event="prepare").problem
    assert problem is not None
    assert ".git" in problem


def test_husky_can_be_switched_off() -> None:
    package = Package("/app", {"scripts": {"prepare": "husky"}})
    found = lifecycle(package, ROOT_EVENTS, image({"/app/.git/HEAD": ""}), {"HUSKY": "0"})
    assert found == Touched()


def test_patches_are_read() -> None:
    files = {"/app/patches/x.patch": "", "/app/fixes/y.patch": ""}
    assert touched("patch-package", files).folders == ("/app/patches",)
    assert touched("patch-package --patch-dir fixes", files).folders == ("/app/fixes",)
    assert touched("patch-package --patch-dir=fixes --error-on-fail", files).folders == (
        "/app/fixes",
    )


def test_a_tested_file_is_read() -> None:
    assert touched("test -f a.txt && echo a", {"/app/a.txt": ""}).files == ("/app/a.txt",)


def test_other_scripts_are_followed_with_their_pre_and_post() -> None:
    assert touched("npm run a", a="echo a").problem is None
    assert touched("npm run a", a="echo a", prea="node x").problem is not None
    assert touched("run-s a b", a="echo", b="node x").problem is not None


def test_only_the_events_of_a_linked_package_count() -> None:
    data = {"scripts": {"prepublish": "tsc", "build": "tsc"}}
    package = Package("/app/a", data)
    assert lifecycle(package, LINKED_EVENTS, image(), {}) == Touched()
    assert lifecycle(package, ROOT_EVENTS, image(), {}).problem is not None


@pytest.mark.parametrize(
    ("data", "native"),
    [
        ({}, True),
        ({"gypfile": False}, False),
        ({"scripts": {"install": "echo"}}, False),
        ({"scripts": {"postinstall": "echo"}}, True),
    ],
)
def test_a_binding_file_means_a_native_build(data: dict[str, Any], native: bool) -> None:
    found = lifecycle(Package("/app", data), ROOT_EVENTS, image({"/app/binding.gyp": ""}), {})
    assert (found.problem is not None) is native

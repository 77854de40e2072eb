"""Go calls: what is not understood first, then refusals, then closures, caches and the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install, Prefetch
from reorder.ecosystems.go import go
from reorder.ecosystems.go.gomod import read_gomod
from reorder.ecosystems.paths import EVERYTHING
from reorder.shell.nodes import Opaque

Files = Mapping[str, str]
GOLANG = {"GOPATH": "/go"}


def mod(*lines: str, name: str = "example.org/app", go_version: str = "1.21") -> str:
    return "\n".join((f"module {name}", "", f"go {go_version}", "", *lines, ""))


def sums(*names: str) -> str:
    return "".join(f"{n} v1.0.0 h1:a=\n{n} v1.0.0/go.mod h1:b=\n" for n in names)


UUID = "require example.com/uuid v1.0.0"
ONE = {"/app/go.mod": mod(UUID), "/app/go.sum": sums("example.com/uuid")}
VENDORED = {**ONE, "/app/vendor/modules.txt": ""}
REPLACED = {
    "/app/go.mod": mod(UUID, "require example.org/lib v0.0.0", "replace example.org/lib => ./lib"),
    "/app/go.sum": sums("example.com/uuid"),
    "/app/lib/go.mod": mod(name="example.org/lib"),
    "/app/lib/go.sum": "",
    "/app/lib/lib.go": "package lib",
}
WORK = {
    "/app/go.work": "go 1.21\n\nuse (\n\t./a\n\t./b // second\n)\n",
    "/app/go.work.sum": "",
    "/app/a/go.mod": mod(UUID, "require example.org/b v0.0.0", name="example.org/a"),
    "/app/a/go.sum": sums("example.com/uuid"),
    "/app/b/go.mod": mod(name="example.org/b"),
}


def effects(command: str, files: Files = ONE, **overrides: Any) -> CommandEffects:
    env = overrides.pop("env", GOLANG)
    cwd = overrides.pop("at", "/app")
    state = image(files, env=overrides.pop("set", GOLANG), **overrides)
    found = go.effects(call(command, cwd=cwd, env=env), state)
    assert isinstance(found, CommandEffects), found
    return found


def install(files: Files = ONE, command: str = "go mod download", **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def step(files: Files = ONE, command: str = "go build ./...", **more: Any) -> Prefetch | None:
    return effects(command, files, **more).prefetch


def caches(command: str = "go build", files: Files = ONE, **more: Any) -> tuple[Cache, ...]:
    return effects(command, files, **more).caches


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("go $VERB", "whose value is not known", id="verb-not-known"),
        pytest.param("go -C $DIR build", "-C", id="folder-not-known"),
        pytest.param("go frobnicate", "not understood", id="unknown-verb"),
        pytest.param("go clean", "removes files of the source", id="clean-the-source"),
        pytest.param("go clean -i -cache ./...", "removes files", id="clean-both"),
        pytest.param("go env -w GOMODCACHE=/x", "GOMODCACHE", id="moves-the-cache"),
        pytest.param("go env -w $SETTINGS", "go env", id="setting-not-known"),
        pytest.param("go install $NAME tool@v1", "$NAME", id="package-not-known"),
    ],
)
def test_not_understood(command: str, reason: str) -> None:
    found = go.effects(call(command, env=GOLANG), image(ONE))
    assert isinstance(found, Opaque)
    assert reason in found.reason


@pytest.mark.parametrize(
    "command",
    ["go build ./...", "go test ./...", "go generate", "go get -u", "go mod tidy", "go run ./x"],
)
def test_a_build_is_a_barrier(command: str) -> None:
    found = effects(command)
    assert found.barrier
    assert found.reads == found.writes == EVERYTHING
    assert found.install is None


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param({}, "no go.mod is known in /app or above", id="no-module"),
        pytest.param({"/app/go.mod": mod(UUID)}, "without go.sum", id="no-sums"),
        pytest.param(
            {**ONE, "/app/go.sum": ""}, "go.sum lacks example.com/uuid v1.0.0", id="sums-incomplete"
        ),
        pytest.param(
            {**REPLACED, "/app/go.mod": mod("replace example.org/lib => ../lib")},
            "the replacement ../lib (/lib/go.mod) does not come",
            id="replacement-outside-the-context",
        ),
        pytest.param(
            {k: v for k, v in WORK.items() if k != "/app/b/go.mod"},
            "used module (/app/b/go.mod)",
            id="used-module-missing",
        ),
        pytest.param(
            {k: v for k, v in WORK.items() if k != "/app/go.work.sum"},
            "without go.work.sum",
            id="workspace-without-sums",
        ),
        pytest.param(
            {"/app/go.mod": mod("replace example.org/lib")}, "not understood", id="bad-replace"
        ),
        pytest.param({"/app/go.mod": "//" + " " * 2_000_000}, "too big", id="too-big"),
    ],
)
def test_install_refused(files: Files, reason: str) -> None:
    assert reason in (install(files).refusal or "")


@pytest.mark.parametrize(
    ("command", "more", "reason"),
    [
        pytest.param("go mod download example.com/x@v1.0.0", {}, "named modules", id="named"),
        pytest.param("go mod download", {"env": {"GOFLAGS": "-mod=mod"}}, "go.mod", id="mod-mod"),
        pytest.param("go mod download -modfile=x.mod", {}, "go.mod", id="another-mod-file"),
        pytest.param("go mod download", {"at": "/app/cmd"}, "/app/cmd is not there", id="folder"),
    ],
)
def test_call_refused(command: str, more: dict[str, Any], reason: str) -> None:
    assert reason in (install(ONE, command, **more).refusal or "")


def test_a_sum_file_that_would_change_is_written() -> None:
    assert effects("go mod download", {"/app/go.mod": mod(UUID)}).writes.contains("/app/go.sum")
    incomplete = {**ONE, "/app/go.sum": ""}
    assert effects("go mod download", incomplete).writes.contains("/app/go.sum")
    assert not effects("go mod download").writes


def test_closure() -> None:
    found = effects("go mod download -x")
    assert found.install is not None
    assert found.install.refusal is None
    assert found.install.manifests == ("/app/go.mod", "/app/go.sum")
    assert found.barrier is None
    assert found.reads.contains("/app/go.work")
    assert not found.reads.contains("/app/main.go")


def test_what_was_copied_into_the_home_is_read() -> None:
    more: dict[str, Any] = {"application": frozenset({"/app", "/root/.netrc", "/go/pkg/mod/x"})}
    for command in ("go mod download", "go install example.com/tool@v1.0.0"):
        reads = effects(command, **more).reads
        assert reads.contains("/root/.netrc")
        assert reads.contains("/go/pkg/mod/x/y")


def test_closure_of_replacements_is_their_mod_file() -> None:
    found = install(REPLACED)
    assert found.refusal is None
    assert found.manifests == ("/app/go.mod", "/app/lib/go.mod", "/app/go.sum")


def test_a_replacement_from_elsewhere_is_no_file() -> None:
    text = mod(UUID, "replace example.com/uuid => example.com/fork v1.0.0")
    files = {"/app/go.mod": text, "/app/go.sum": sums("example.com/fork")}
    assert install(files).refusal is None
    assert install({**files, "/app/go.sum": sums("example.com/uuid")}).refusal is not None


def test_closure_of_a_workspace() -> None:
    found = install(WORK, at="/app/a")
    assert found.refusal is None
    assert set(found.manifests) == set(WORK)


def test_workspace_switched_off() -> None:
    found = install(WORK, at="/app/a", env={"GOWORK": "off"})
    assert found.manifests == ("/app/a/go.mod", "/app/a/go.sum")


def test_module_above_the_folder() -> None:
    assert install(ONE, at="/app/cmd", cwd="/app/cmd").refusal is None
    assert install(ONE, "go -C .. mod download", at="/app/cmd", cwd="/app/cmd").refusal is None


def test_a_module_without_requirements_needs_no_sums() -> None:
    assert install({"/app/go.mod": mod()}).refusal is None


def test_verify_reads_the_same() -> None:
    found = install(ONE, "go mod verify")
    assert found == install(ONE)


@pytest.mark.parametrize("command", ["go version", "go env GOPATH", "go env -w GOPROXY=direct"])
def test_settings_read_no_source(command: str) -> None:
    found = effects(command)
    assert found.barrier is None
    assert found.reads.contains("/app/go.mod")
    assert not found.reads.contains("/app/main.go")
    assert found.writes.contains("/root/.config/go/env") == ("-w" in command)


def test_named_program_needs_no_manifest() -> None:
    found = effects("go install example.com/tool@v1.2.3")
    assert found.install == Install(())
    assert not found.reads.contains("/app/go.mod")
    assert found.writes.contains("/go/bin/tool")
    assert not found.writes.contains("/usr/bin/git")
    assert effects("go install example.com/tool@latest").install != Install(())


def test_named_program_into_the_application() -> None:
    found = effects("go install example.com/tool@v1.2.3", env={"GOBIN": "/app/bin"})
    assert found.writes.contains("/app/bin/tool")
    assert not effects("go install example.com/tool@v1.2.3").writes.contains("/app/bin/tool")


@pytest.mark.parametrize(
    ("command", "files"),
    [
        pytest.param("go build", {}, id="no-module"),
        pytest.param("go build", {"/app/go.mod": mod()}, id="no-requirements"),
        pytest.param("go build", VENDORED, id="vendored"),
        pytest.param("go build -mod=vendor", ONE, id="vendored-by-flag"),
        pytest.param("go mod init", ONE, id="makes-the-module"),
        pytest.param("go mod download", ONE, id="is-the-step"),
    ],
)
def test_no_step_where_nothing_is_downloaded(command: str, files: Files) -> None:
    assert step(files, command) is None


@pytest.mark.parametrize(
    ("command", "files", "more", "reason"),
    [
        pytest.param("go build", {"/app/go.mod": mod(UUID)}, {}, "go.sum", id="no-sums"),
        pytest.param("go build -modfile=x.mod", ONE, {}, "-modfile", id="another-mod-file"),
        pytest.param("go build", ONE, {"env": {"GO111MODULE": "off"}}, "off", id="gopath-mode"),
        pytest.param("go build", ONE, {"at": "/app/cmd"}, "/app/cmd", id="folder-of-the-source"),
    ],
)
def test_step_refused(command: str, files: Files, more: dict[str, Any], reason: str) -> None:
    found = step(files, command, **more)
    assert found is not None
    assert reason in (found.refusal or found.install.refusal or "")


@pytest.mark.parametrize(
    ("command", "env", "want"),
    [
        ("go build -o /bin/x ./cmd/x", {}, "go mod download"),
        ("go test -C lib ./...", {}, "go -C lib mod download"),
        ("go -C lib build", {}, "go -C lib mod download"),
        ("/usr/local/go/bin/go build", {}, "/usr/local/go/bin/go mod download"),
        ("go build", {"GOPROXY": "direct"}, "GOPROXY=direct go mod download"),
        ("go build", {"CGO_ENABLED": "0"}, "go mod download"),
    ],
)
def test_step_command(command: str, env: Mapping[str, str], want: str) -> None:
    files = {**ONE, "/app/lib/go.mod": mod(UUID), "/app/lib/go.sum": ONE["/app/go.sum"]}
    found = step(files, command, env={**GOLANG, **env})
    assert found is not None
    assert found.refusal is None
    assert found.install.refusal is None
    assert found.command == want


def test_a_step_may_add_to_a_sum_file_that_comes_back() -> None:
    found = step({**ONE, "/app/go.sum": ""})
    assert found is not None
    assert found.install.refusal is None


def test_vendored_only_since_go_1_14() -> None:
    old = {**VENDORED, "/app/go.mod": mod(UUID, go_version="1.13")}
    assert step(old) is not None
    assert step(VENDORED, "go build -mod=mod") is not None


def targets(found: tuple[Cache, ...]) -> tuple[tuple[str, bool], ...]:
    assert all(cache.off is None for cache in found), found
    return tuple((cache.target, cache.payload) for cache in found)


BUILD = ("/root/.cache/go-build", False)


def test_caches() -> None:
    assert targets(caches()) == (("/go/pkg/mod", True), BUILD)
    assert targets(caches("go mod download")) == (("/go/pkg/mod", True),)
    assert targets(caches("go build", VENDORED)) == (BUILD,)


@pytest.mark.parametrize(
    ("env", "want"),
    [
        ({}, "/root/go/pkg/mod"),
        ({"GOPATH": "/a:/b"}, "/a/pkg/mod"),
        ({"GOPATH": "/a", "GOMODCACHE": "/m"}, "/m"),
    ],
)
def test_module_cache_place(env: Mapping[str, str], want: str) -> None:
    assert targets(caches(env=env))[0] == (want, True)


@pytest.mark.parametrize(
    ("env", "want"),
    [({"GOCACHE": "/c"}, "/c"), ({"XDG_CACHE_HOME": "/x"}, "/x/go-build")],
)
def test_build_cache_place(env: Mapping[str, str], want: str) -> None:
    assert targets(caches(env=env))[1] == (want, False)


@pytest.mark.parametrize(
    ("more", "at"),
    [
        pytest.param({"env": {"GOPATH": None}}, 0, id="gopath-not-known"),
        pytest.param({"env": {"GOCACHE": "off"}}, 1, id="switched-off"),
        pytest.param({"env": {"GOCACHE": None}}, 1, id="gocache-not-known"),
        pytest.param({"user": None}, 0, id="user-not-known"),
    ],
)
def test_cache_off(more: dict[str, Any], at: int) -> None:
    assert caches(**more)[at].off is not None


def test_cleaning_writes_the_caches_only() -> None:
    found = effects("go clean -modcache -cache")
    assert found.writes.trees == {"/go/pkg/mod", "/root/.cache/go-build"}


def test_directives() -> None:
    text = (
        'module "example.org/a" // why\ngo 1.22.1\n// require example.com/no v1.0.0\n'
        "require (\n\texample.com/b v1.0.0 // indirect\n\n)\n"
        "replace example.com/b v1.0.0 => `./b`\n"
    )
    found = read_gomod(text)
    assert not isinstance(found, str)
    assert found.module == "example.org/a"
    assert found.go == (1, 22, 1)
    assert found.requires == (("example.com/b", "v1.0.0"),)
    assert found.replaces == (("example.com/b", "v1.0.0", "./b", ""),)

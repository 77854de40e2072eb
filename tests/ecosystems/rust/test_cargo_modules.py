"""The packages of a workspace: what each needs, and the step that builds some of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects, Modules
from reorder.ecosystems.table import understand

RUST = {"CARGO_HOME": "/usr/local/cargo", "HOME": "/root", "PATH": "/usr/bin"}
LOCK = """
version = 4
[[package]]
name = "api"
version = "0.1.0"
[[package]]
name = "core"
version = "0.1.0"
dependencies = ["api"]
[[package]]
name = "web"
version = "0.1.0"
dependencies = ["core"]
"""
PACKAGE = '[package]\nname = "{}"\nversion = "0.1.0"\n[dependencies]\n{}'
CORE = PACKAGE.format("core", 'api = { path = "../api" }\n')
FILES = {
    "/app/Cargo.toml": '[workspace]\nmembers = ["api", "core", "web"]\n',
    "/app/Cargo.lock": LOCK,
    "/app/README.md": "",
    "/app/api/Cargo.toml": PACKAGE.format("api", ""),
    "/app/api/src/lib.rs": "",
    "/app/core/Cargo.toml": CORE,
    "/app/core/src/lib.rs": "",
    "/app/core/build.rs": "fn main() {}",
    "/app/web/Cargo.toml": PACKAGE.format("web", 'core = { path = "../core" }\n'),
    "/app/web/src/main.rs": "",
    "/app/web/schema.sql": "",
}
TAIL = {"/app/core", "/app/web"}


def found(
    more: Mapping[str, str] | None = None, command: str = "cargo build --release"
) -> Modules | None:
    files = {**FILES, **(more or {})}
    effects = understand(call(command, "/app", RUST), image(files, cwd="/app", env=RUST))
    assert isinstance(effects, CommandEffects), effects
    return effects.modules


def known(more: Mapping[str, str] | None = None, command: str = "cargo build --release") -> Modules:
    modules = found(more, command)
    assert modules is not None
    return modules


def needs(modules: Modules) -> dict[str, list[str]]:
    return {part.word: [path[5:] for path in part.needs] for part in modules.parts}


def test_packages_need_those_that_they_are_built_with() -> None:
    assert needs(known()) == {"api": [], "core": ["api"], "web": ["core"]}


def test_tests_are_not_built() -> None:
    own = '[dev-dependencies]\nweb = { path = "../web" }\n'
    assert needs(known({"/app/core/Cargo.toml": CORE + own}))["core"] == ["api"]


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        ("api/src/lib.rs", 'const S: &str = include_str!("../../web/schema.sql");', ["web"]),
        ("api/src/lib.rs", '#[path = "../../core/src/lib.rs"] mod core;', ["core"]),
        ("api/src/lib.rs", '#[embed("../web/schema.sql")] struct Embedded;', ["web"]),
        ("api/src/lib.rs", 'fn f() -> &str { "../../web/gone.sql" }', []),
        ("api/src/lib.rs", '#[cfg(test)]\nmod t { const S: &str = "../../web/schema.sql"; }', []),
        ("api/tests/t.rs", 'const S: &str = include_str!("../../web/schema.sql");', []),
        ("api/src/lib.rs", 'fn f() -> &str { "/web/schema.sql" }', []),
        ("api/build.rs", 'fn main() { up.parent().join("web/schema.sql"); }', ["web"]),
    ],
)
def test_a_package_needs_those_whose_files_it_names(
    path: str, text: str, wanted: list[str]
) -> None:
    assert needs(known({f"/app/{path}": text}))["api"] == wanted


def test_documents_are_read_where_a_source_names_them() -> None:
    assert known({"/app/web/Cargo.toml": FILES["/app/web/Cargo.toml"]}).named == ()
    doc = '#![doc = include_str!("../../README.md")]'
    assert known({"/app/api/src/lib.rs": doc}).named == ("/app/README.md",)


def test_a_build_script_that_looks_above_its_folder_is_not_run_before_the_rest() -> None:
    modules = known({"/app/core/build.rs": "fn main() { dir.parent(); }"})
    assert {part.word: part.alone for part in modules.parts} == {
        "api": True,
        "core": False,
        "web": True,
    }


def test_the_step_is_the_authors_call_with_stand_ins_for_the_rest() -> None:
    step = known(command="cargo build --release --locked -p web").without
    assert step is not None
    assert step(frozenset({"/app/core", "/app/web"})) == (
        "mkdir -p core/src web/src && echo 'fn main() {}' | tee core/build.rs web/src/main.rs > "
        "/dev/null && touch core/src/lib.rs && cargo build --release --locked -p web && cargo "
        "clean --release -p core -p web && rm -r core/build.rs core/src web/src"
    )


@pytest.mark.parametrize(
    ("command", "more"),
    [
        pytest.param("cargo build", {}, id="incremental"),
        pytest.param("CARGO_INCREMENTAL=1 cargo build --release", {}, id="told to be"),
        pytest.param("cargo build --release --offline", {}, id="offline"),
        pytest.param("cargo build --release --all-targets", {}, id="tests too"),
        pytest.param("cargo build --release", {"/app/Cargo.lock": ""}, id="no lockfile"),
        pytest.param(
            "cargo build --release",
            {"/app/web/Cargo.toml": PACKAGE.format("web", "") + '[[bin]]\npath = "../x/main.rs"\n',
             "/app/x/main.rs": ""},
            id="a target elsewhere",
        ),
        pytest.param(
            "cargo build --release",
            {"/app/Cargo.toml": FILES["/app/Cargo.toml"] + PACKAGE.format("top", 'web.path="web"'),
             "/app/Cargo.lock": LOCK + '[[package]]\nname="top"\nversion="0.1.0"\n'
             'dependencies=["web"]\n',
             "/app/src/main.rs": "", "/app/build.rs": ""},
            id="a build script at the root",
        ),
    ],
)  # fmt: skip
def test_there_is_no_step(command: str, more: dict[str, str]) -> None:
    assert known(more, command).without is None


def test_of_a_package_at_the_root_the_sources_are_its_own() -> None:
    top = FILES["/app/Cargo.toml"] + PACKAGE.format("top", 'web = { path = "web" }\n')
    lock = LOCK + '[[package]]\nname = "top"\nversion = "0.1.0"\ndependencies = ["web"]\n'
    more = {"/app/Cargo.toml": top, "/app/Cargo.lock": lock, "/app/src/main.rs": ""}
    modules = known(more)
    assert needs(modules)["top"] == ["web"]
    assert next(part.folder for part in modules.parts if part.word == "top") == "/app/src"
    assert modules.without is not None


def test_an_install_by_folder_is_built_before_the_rest_where_the_versions_are_locked() -> None:
    assert needs(known(command="cargo install --path web")) == needs(known())
    assert known(command="cargo install --path web").without is None
    step = known(command="cargo install --locked --path web").without
    assert step is not None
    assert "cargo build --release --manifest-path web/Cargo.toml" in step(frozenset({"/app/web"}))


@pytest.mark.parametrize("command", ["cargo test --release", "cargo check", "cargo install web"])
def test_only_a_build_is_taken_apart(command: str) -> None:
    assert found(command=command) is None


def test_one_package_has_no_modules() -> None:
    single = {"/app/Cargo.toml": PACKAGE.format("app", ""), "/app/src/main.rs": ""}
    effects = understand(
        call("cargo build --release", "/app", RUST), image(single, cwd="/app", env=RUST)
    )
    assert isinstance(effects, CommandEffects)
    assert effects.modules is None

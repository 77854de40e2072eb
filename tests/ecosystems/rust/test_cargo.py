"""cargo: what a call reads, the step for its dependencies, its caches."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects, Prefetch
from reorder.ecosystems.paths import paths
from reorder.ecosystems.run import RunEffects, run_effects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque

RUST = {"CARGO_HOME": "/usr/local/cargo", "HOME": "/root", "PATH": "/usr/bin"}
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"
LOCK = f"""
version = 4
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["itoa"]
[[package]]
name = "itoa"
version = "1.0.0"
source = "{REGISTRY}"
"""
MANIFEST = '[package]\nname = "app"\nversion = "0.1.0"\n[dependencies]\nitoa = "1"\n'
ONE = {"/app/Cargo.toml": MANIFEST, "/app/Cargo.lock": LOCK, "/app/src/main.rs": ""}


def of(command: str, files: Mapping[str, str] = ONE, cwd: str = "/app") -> CommandEffects:
    found = understand(call(command, cwd, RUST), image(files, cwd=cwd, env=RUST))
    assert isinstance(found, CommandEffects), found
    return found


def step(command: str, files: Mapping[str, str] = ONE, cwd: str = "/app") -> Prefetch:
    found = of(command, files, cwd).prefetch
    assert found is not None
    return found


def script(text: str, files: Mapping[str, str] = ONE) -> RunEffects:
    found = run_effects(text, image(files, env=RUST))
    assert isinstance(found, RunEffects), found
    return found


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        ("cargo build", {k: v for k, v in ONE.items() if "lock" not in k}, "no Cargo.lock"),
        ("cargo build", ONE | {"/app/Cargo.toml": MANIFEST + 'ryu = "1"\n'}, "lacks ryu"),
        ("cargo build", ONE | {"/app/Cargo.toml": MANIFEST.replace("0.1.0", "0.2.0")}, "as it is"),
        ("cargo build --all-targets", ONE, "more than the manifests"),
        ("cargo build --offline", ONE, "more than the manifests"),
        ("cargo build --target x86_64-unknown-none", ONE, "standard library"),
        ("cargo build", ONE | {"/app/Cargo.toml": MANIFEST + 'l = {path="../l"}'}, "/l/Cargo.toml"),
        (
            "cargo build",
            ONE | {"/app/.cargo/config.toml": '[env]\nX = { value = "x", relative = true }'},
            "sets X to a path",
        ),
        ("cargo build", ONE | {"/app/.cargo/config": "paths = []"}, "overrides dependencies"),
        ("RUSTFLAGS='-D warnings' cargo build", ONE, "make a stand-in"),
        ("cargo +1.45.2 build", ONE, "older than"),
    ],
)
def test_no_step_without_the_sources(command: str, files: Mapping[str, str], reason: str) -> None:
    assert reason in (step(command, files).refusal or "")


def test_a_package_of_the_registry_that_needs_the_project_is_refused() -> None:
    lock = LOCK + f'[[package]]\nname = "re"\nversion = "1.0.0"\nsource = "{REGISTRY}"\n'
    files = ONE | {"/app/Cargo.lock": lock + 'dependencies = ["app"]\n'}
    assert "built with app of the project" in (step("cargo build", files).refusal or "")


def test_nothing_is_compiled_first_where_there_are_no_dependencies() -> None:
    lock = '[[package]]\nname = "app"\nversion = "0.1.0"\n'
    files = ONE | {
        "/app/Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\n',
        "/app/Cargo.lock": lock,
    }
    assert of("cargo build", files).prefetch is None


@pytest.mark.parametrize("verb", ["test", "run", "check", "clippy", "doc"])
def test_other_builds_get_no_step(verb: str) -> None:
    found = of(f"cargo {verb}")
    assert found.barrier
    assert found.prefetch is None
    assert found.caches


@pytest.mark.parametrize("command", ["cargo leptos build", "cargo nextest run", "cargo xtask ci"])
def test_programs_of_others_are_not_understood(command: str) -> None:
    assert not isinstance(understand(call(command), image(ONE)), CommandEffects)


def test_the_step_of_a_package() -> None:
    found = step("cargo build --release")
    assert found.command == (
        "mkdir -p src && echo 'fn main() {}' > src/main.rs && cargo build --release "
        "&& cargo clean --release -p app && rm -r src"
    )
    assert found.absorbed
    assert found.install.manifests == ("/app/Cargo.toml", "/app/Cargo.lock")
    assert found.install.outputs == ("/app/target",)
    assert found.install.ignore == ("target",)


def test_a_debug_build_leaves_no_incremental_data() -> None:
    assert "CARGO_INCREMENTAL=0 cargo build &&" in step("cargo build").command


def test_every_target_gets_a_stand_in() -> None:
    manifest = (
        '[package]\nname = "app"\nversion = "0.1.0"\nbuild = "gen/b.rs"\n[dependencies]\nitoa="1"\n'
        '[lib]\npath = "code/x.rs"\n[[bin]]\nname = "two"\npath = "tools/two.rs"\n'
        '[[example]]\nname = "ex"\n'
    )
    files = ONE | dict.fromkeys(
        ("/app/gen/b.rs", "/app/code/x.rs", "/app/tools/two.rs", "/app/examples/ex.rs"), ""
    )
    files |= dict.fromkeys(
        ("/app/src/bin/a.rs", "/app/src/bin/b/main.rs", "/app/src/bin/b/c.rs"), ""
    )
    found = step("cargo build -r", files | {"/app/Cargo.toml": manifest}).command
    for path in ("gen/b.rs", "tools/two.rs", "examples/ex.rs", "src/bin/a.rs", "src/bin/b/main.rs"):
        assert f" {path}" in found
    assert "c.rs" not in found
    assert "touch code/x.rs" in found


def test_members_and_packages_by_path() -> None:
    lock = (
        LOCK
        + '[[package]]\nname = "b"\nversion = "2.0.0"\n[[package]]\nname = "c"\nversion = "0.0.0"\n'
    )
    files = {
        "/app/Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n'
        '[workspace.package]\nversion = "2.0.0"\n[workspace.dependencies]\nb = {path="crates/b"}\n',
        "/app/Cargo.lock": lock.replace('dependencies = ["itoa"]', 'dependencies = ["itoa", "b"]'),
        "/app/crates/a/Cargo.toml": MANIFEST + "b.workspace = true\n",
        "/app/crates/a/src/main.rs": "",
        "/app/crates/b/Cargo.toml": '[package]\nname = "b"\nversion.workspace = true\n'
        '[dev-dependencies]\nc = { path = "../../extra/c" }\n',
        "/app/crates/b/src/lib.rs": "",
        "/app/crates/old/Cargo.toml": '[package]\nname = "old"\n',
        "/app/extra/c/Cargo.toml": '[package]\nname = "c"\n',
        "/app/extra/c/src/lib.rs": "",
    }
    found = step("cargo build --release", files)
    assert found.refusal is None
    assert found.install.manifests == (
        "/app/Cargo.toml",
        "/app/Cargo.lock",
        "/app/crates/a/Cargo.toml",
        "/app/crates/b/Cargo.toml",
        "/app/extra/c/Cargo.toml",
    )
    assert "cargo clean --release -p app -p b -p c" in found.command
    inner = step("cargo build --release", files, "/app/crates/a")
    assert inner.install.manifests == found.install.manifests
    assert "rm -r ../../crates/a/src" not in inner.command
    assert "mkdir -p src ../b/src" in inner.command


def test_configuration_and_toolchain_are_read() -> None:
    files = ONE | {
        "/app/rust-toolchain.toml": "[toolchain]\n",
        "/app/.cargo/config.toml": '[source.x]\ndirectory = "vendor"\n',
        "/app/vendor/itoa/Cargo.toml": "",
    }
    found = of("cargo build", files)
    assert found.prefetch is not None
    assert found.prefetch.install.manifests[2:] == (
        "/app/.cargo/config.toml",
        "/app/rust-toolchain.toml",
    )
    assert found.prefetch.install.folders == ("/app/vendor",)
    assert found.caches == ()


def test_the_step_is_known_as_one() -> None:
    files = {k: v for k, v in ONE.items() if "src" not in k}
    run = script(step("cargo build --release").command, files)
    assert run.barrier is None
    assert [s.effects.tool for s in run.steps] == ["cargo"]
    assert run.writes.contains("/app/target/release/x")
    assert not run.writes.contains("/app/src/main.rs")
    assert run.installs[0].scratch == ("/app/src",)


def test_the_step_below_the_sources_would_remove_them() -> None:
    assert script(step("cargo build --release").command).writes.contains("/app/src/main.rs")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cargo clean --release -p app && ", ""),
        ("-p app", "-p other"),
        ("clean --release", "clean"),
        ("rm -r src", "rm -r src ../app"),
        ("rm -r src", "rm -r lib"),
        ("mkdir -p src", "mkdir -p src other"),
        ("mkdir -p src", "./prepare && mkdir -p src"),
        ("cargo build --release", "cargo build --release --target-dir out"),
        ("rm -r src", "rm -r src && cargo test"),
    ],
)
def test_another_form_is_not_known_as_one(old: str, new: str) -> None:
    files = {k: v for k, v in ONE.items() if "src" not in k}
    text = step("cargo build --release").command.replace(old, new)
    assert script(text, files).barrier is not None


def test_caches() -> None:
    (registry,) = of("cargo build").caches
    assert (registry.target, registry.sharing) == ("/usr/local/cargo/registry", "locked")
    assert registry.payload
    assert registry.off is None
    git = ONE | {"/app/Cargo.lock": LOCK.replace(REGISTRY, "git+https://example.org/x#1")}
    assert [c.target[-4:] for c in of("cargo build", git).caches] == ["stry", "/git"]


@pytest.mark.parametrize("command", ["cargo build --offline", "cargo test --frozen"])
def test_offline_needs_more_than_a_cache(command: str) -> None:
    assert "may be empty" in (of(command).caches[0].off or "")


def test_cargo_home_below_the_home_of_the_user() -> None:
    env = {"HOME": "/home/app", "PATH": "/usr/bin"}
    found = understand(call("cargo build", env=env), image(ONE, env=env))
    assert isinstance(found, CommandEffects)
    assert found.caches[0].target == "/home/app/.cargo/registry"


def test_fetch_needs_a_source_of_each_package() -> None:
    found = of("cargo fetch --locked")
    assert found.barrier is None
    assert found.install is not None
    assert found.install.refusal is None
    assert found.install.manifests[-1] == "/app/src/main.rs"


def test_an_installed_tool_writes_beside_the_cache() -> None:
    found = of("cargo install --locked just")
    assert "/usr/local/cargo/bin" in found.writes.trees
    assert "/usr/local/cargo" not in found.writes.trees
    assert [cache.target for cache in found.caches] == ["/usr/local/cargo/registry"]
    assert found.prefetch is None


def test_cargo_chef_is_left_as_it_is() -> None:
    found = of("cargo chef cook --release --recipe-path recipe.json")
    assert "cargo-chef" in (found.barrier or "")
    assert found.caches == ()
    assert found.install is not None
    assert found.install.refusal


def test_a_feature_by_argument_decides_no_file() -> None:
    assert len(step("cargo build --features x --profile release").install.free) == 2


def test_an_install_of_the_project_compiles_what_a_build_compiles() -> None:
    found = step("cargo install --locked --path . --features x")
    assert "&& cargo build --release --bins --locked --features x &&" in found.command
    assert found.refusal is None
    assert "chooses the versions" in (step("cargo install --path .").refusal or "")


def test_the_installer_of_rustup() -> None:
    run = script("curl -sSf https://sh.rustup.rs | sh -s -- -y --default-toolchain stable")
    assert run.barrier is None
    assert run.writes.contains("/usr/local/cargo/bin/cargo")
    assert not run.writes.overlaps(paths("/app/Cargo.toml"))
    assert script("curl https://example.org | sh -s -- -y").barrier is not None
    assert script("curl https://sh.rustup.rs | sh -s -- -y --frob").barrier is not None


def test_the_file_that_puts_cargo_into_the_path() -> None:
    run = script(". $HOME/.cargo/env && cargo build")
    assert [s.call.env["PATH"] for s in run.steps][-1] == "/root/.cargo/bin:/usr/bin"
    found = run_effects(". ./settings && cargo build", image(ONE, env=RUST))
    assert isinstance(found, Opaque)

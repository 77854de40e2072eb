"""A Cargo workspace, taken apart: the step with stand-ins, and what the checker asks of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from transforms.test_precise_copy import ALONE, repository

from reorder.api import rewrite_file
from reorder.config import Options
from reorder.context.build import build_context
from reorder.context.project import Project
from reorder.equivalence.check import Objection, Proof, check

PACKAGE = '[package]\nname = "{}"\nversion = "0.1.0"\n[dependencies]\n{}'
ENTRY = '[[package]]\nname = "{}"\nversion = "0.1.0"\ndependencies = [{}]\n'
DOCKERFILE = """\
FROM rust:1.88 AS build
WORKDIR /app
COPY . .
RUN cargo build --release

FROM debian:12
COPY --from=build /app/target/release/web /web
"""
FILES = {
    "Cargo.toml": '[workspace]\nmembers = ["api", "core", "web"]\n',
    "Cargo.lock": "version = 4\n"
    + ENTRY.format("api", "")
    + ENTRY.format("core", '"api"')
    + ENTRY.format("web", '"core"'),
    "api/Cargo.toml": PACKAGE.format("api", ""),
    "core/Cargo.toml": PACKAGE.format("core", 'api = { path = "../api" }\n'),
    "web/Cargo.toml": PACKAGE.format("web", 'core = { path = "../core" }\n'),
    "api/src/lib.rs": "",
    "core/src/lib.rs": "",
    "web/src/main.rs": "fn main() {}\n",
    ".dockerignore": ".git\ntarget\nDockerfile\n.dockerignore\n",
}
WEB = ["web/src/main.rs"] * 12
STEP = (
    "RUN mkdir -p web/src \\\n"
    "    && echo 'fn main() {}' > web/src/main.rs \\\n"
    "    && cargo build --release \\\n"
    "    && cargo clean --release -p web \\\n"
    "    && rm -r web/src\n"
)
MANIFESTS = "".join(f"COPY {name}/Cargo.toml {name}/\n" for name in ("api", "core", "web"))
TAKEN_APART = DOCKERFILE.replace(
    "COPY . .\n",
    f"COPY Cargo.lock Cargo.toml ./\n{MANIFESTS}"
    f"COPY api/src api/src/\nCOPY core/src core/src/\n{STEP}COPY web/src web/src/\n",
)


def made(tmp_path: Path, text: str = DOCKERFILE, **more: str) -> Path:
    return repository(tmp_path / "p", WEB, {**FILES, **more, "Dockerfile": text})


def test_a_package_that_never_changes_is_built_before_the_one_that_does(tmp_path: Path) -> None:
    found = rewrite_file(made(tmp_path), ALONE)
    assert found.after == TAKEN_APART
    [change] = found.changes
    assert change.safety == "unsafe"
    assert any("keeps what was made" in line for line in change.assumptions)


def test_what_was_written_stays(tmp_path: Path) -> None:
    path = made(tmp_path)
    path.write_text(rewrite_file(path, ALONE).after)
    for options in (ALONE, Options(), Options(unsafe=True), Options(check=True)):
        again = rewrite_file(path, options)
        assert "precise-copy" not in [change.id for change in again.changes]
    assert rewrite_file(path, ALONE).status == "unchanged"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("RUN", "RUN --mount=type=cache,target=/app/target", id="mounted target"),
        pytest.param("--release", "", id="incremental"),
        pytest.param("RUN ", "RUN ./generate.sh && ", id="another command before"),
    ],
)
def test_a_step_that_leaves_nothing_is_not_added(old: str, new: str, tmp_path: Path) -> None:
    found = rewrite_file(made(tmp_path, DOCKERFILE.replace(old, new)), ALONE)
    assert found.after.count("RUN") == 1


def test_a_member_that_asks_git_needs_what_every_commit_changes(tmp_path: Path) -> None:
    script = 'fn main() { std::process::Command::new("git").arg("rev-parse").output(); }'
    found = rewrite_file(made(tmp_path, **{"web/build.rs": script, ".dockerignore": ""}), ALONE)
    assert [refusal.reason for refusal in found.refusals] == [
        'every commit changes .git, which has to stay: web/build.rs mentions new("git")'
    ]


def test_a_command_above_the_sources_cannot_miss_them(tmp_path: Path) -> None:
    text = DOCKERFILE.replace("COPY . .", "RUN curl https://example.org/x | sh\nCOPY . .")
    found = rewrite_file(made(tmp_path, text, **{"README.md": "read me"}), ALONE)
    assert found.after == TAKEN_APART.replace(
        "COPY Cargo.lock", "RUN curl https://example.org/x | sh\nCOPY Cargo.lock"
    )


def test_variables_of_the_call_are_those_of_the_step(tmp_path: Path) -> None:
    text = DOCKERFILE.replace("cargo build", "SQLX_OFFLINE=true cargo build")
    assert (
        "&& SQLX_OFFLINE=true cargo build --release \\\n"
        in rewrite_file(made(tmp_path, text), ALONE).after
    )


PACKAGES = ("api", "core", "web")
SOURCES = (f"{name}/{part}" for name in PACKAGES for part in ("Cargo.toml", "src"))
NAMED = {3: ("Cargo.lock", "Cargo.toml", *SOURCES)}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param("-p web", "-p core", "was not there", id="another is cleaned"),
        pytest.param("clean --release", "clean", "was not there", id="another profile"),
        pytest.param(" \\\n    && rm -r web/src", "", "was not there", id="stand-ins stay"),
        pytest.param("build --release \\", "build --release -v \\", "not there", id="other words"),
        pytest.param(f"{STEP}COPY web/src web/src/\n", f"COPY web/src web/src/\n{STEP}", "",
                     id="over the sources"),
        pytest.param("COPY core/src core/src/\n", "", "", id="a package is missing"),
        pytest.param(MANIFESTS, "", "", id="no manifests"),
        pytest.param(STEP, STEP + "RUN touch /x\n", "", id="a step between"),
        pytest.param(STEP, STEP + "ENV A=b\n", "", id="another environment"),
        pytest.param(STEP, "USER 1000\n" + STEP + "USER root\n", "", id="another user"),
    ],
)  # fmt: skip
def test_the_checker_objects(before: str, after: str, wanted: str, tmp_path: Path) -> None:
    made(tmp_path)
    context = build_context(Project.open(tmp_path / "p"), "Dockerfile")
    good = check(DOCKERFILE, TAKEN_APART, context, narrowed=NAMED, unsafe=True)
    assert isinstance(good, Proof), good
    assert isinstance(check(DOCKERFILE, TAKEN_APART, context, narrowed=NAMED), Objection)
    changed = TAKEN_APART.replace(before, after, 1)
    assert changed != TAKEN_APART
    found = check(DOCKERFILE, changed, context, narrowed=NAMED, unsafe=True)
    assert isinstance(found, Objection)
    assert wanted in found.reason

"""A step that compiles dependencies before the sources: what proves it, and what refutes it."""

from __future__ import annotations

import pytest
from harness.pairs import Pair

from reorder.equivalence.check import Objection, Proof

FILES = {
    "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\n[dependencies]\nitoa = "1"\n',
    "Cargo.lock": '[[package]]\nname = "app"\nversion = "0.1.0"\ndependencies = ["itoa"]\n'
    '[[package]]\nname = "itoa"\nversion = "1.0.0"\nsource = "registry+x"\n',
    "src/main.rs": "fn main() {}",
    ".dockerignore": "target\n",
}
START = "FROM rust:1 AS build\nWORKDIR /app\n"
BUILD = "COPY . .\nRUN cargo build --release\n"
MANIFESTS = "COPY Cargo.toml Cargo.lock ./\n"
STEP = (
    "RUN mkdir -p src && echo 'fn main() {}' > src/main.rs && cargo build --release "
    "&& cargo clean --release -p app && rm -r src\n"
)


def verdict(before: str, after: str, files: dict[str, str] = FILES) -> Proof | Objection:
    return Pair(START + before, START + after, files).verdict()


def test_the_step_is_proved() -> None:
    assert isinstance(verdict(BUILD, MANIFESTS + STEP + BUILD), Proof)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" && cargo clean --release -p app", ""),
        ("-p app", "-p itoa"),
        ("cargo build --release", "cargo build"),
        ("cargo build --release", "cargo build --release --features x"),
        ("rm -r src", "rm -r src Cargo.lock"),
        (" > src/main.rs", " > src/lib.rs"),
        ("mkdir -p src", "mkdir -p src && ./prepare"),
    ],
)
def test_another_step_is_refuted(old: str, new: str) -> None:
    assert old in STEP
    found = verdict(BUILD, MANIFESTS + STEP.replace(old, new, 1) + BUILD)
    assert isinstance(found, Objection)


@pytest.mark.parametrize(
    "between",
    ["RUN ls target\n", "RUN ./look\n", "ENV RUSTFLAGS=-O\n", "USER 1000\n", "COPY src src\n"],
)
def test_nothing_may_stand_between_that_matters(between: str) -> None:
    found = verdict(between + BUILD, MANIFESTS + STEP + between + BUILD)
    assert isinstance(found, Objection) == (between != "COPY src src\n")


def test_sources_that_are_there_would_be_removed() -> None:
    above = "COPY src src\n"
    assert isinstance(verdict(above + BUILD, above + MANIFESTS + STEP + BUILD), Objection)


def test_a_context_that_brings_the_target_folder_is_refuted() -> None:
    files = {**FILES, "target/release/app": "", ".dockerignore": ""}
    assert isinstance(verdict(BUILD, MANIFESTS + STEP + BUILD, files), Objection)


def test_a_stage_that_starts_from_it_shares_the_mount() -> None:
    mount = "RUN --mount=type=cache,target=/usr/local/cargo/registry "
    derived = "FROM build AS test\nRUN cargo test\n"
    both = (BUILD + derived).replace("RUN ", mount)
    assert isinstance(verdict(BUILD + derived, both), Proof)
    first = BUILD.replace("RUN ", mount) + derived
    assert isinstance(verdict(BUILD + derived, first), Objection)
    last = BUILD + derived.replace("RUN ", mount)
    assert isinstance(verdict(BUILD + derived, last), Objection)

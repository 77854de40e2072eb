"""Parts of a RUN: what keeps them together, how the checker compares, and against a real `sh`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from harness.pairs import LOCK, PACKAGE, Pair
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reorder.equivalence.check import Objection, Proof
from reorder.equivalence.parts import cut

FILES = {
    "package.json": PACKAGE, "package-lock.json": LOCK, "src/index.js": "1",
    "web/package.json": PACKAGE, "web/package-lock.json": LOCK,
    "go.mod": "module example.org/a\n\ngo 1.22\n", "main.go": "package main\n",
    "requirements.txt": "flask==3.0.0\n",
}  # fmt: skip
IGNORE = "node_modules\n**/node_modules\n"
HEAD = "FROM node:20\nWORKDIR /app\n"
MANIFESTS = "COPY package.json package-lock.json ./\n"


def verdict(before: str, after: str) -> Proof | Objection:
    return Pair(before, after, FILES | {".dockerignore": IGNORE}).verdict()


def run(*texts: str) -> str:
    return "".join(f"RUN {text}\n" for text in texts)


@pytest.mark.parametrize(
    ("script", "first"),
    [
        ("set -eux; apt-get update; apt-get install -y git", "apt-get update"),
        ("set -ex; make > log; ./x", "set -ex && make > log"),
        ("set -eu; make $A; ./x", "set -eu && make $A"),
        ("set -eo pipefail; make; ./x", "set -eo pipefail && make"),
    ],
)
def test_options_of_the_shell_that_a_plain_command_does_not_notice(script: str, first: str) -> None:
    assert cut(script, errexit=False, cwd="/")[0].text == first


@pytest.mark.parametrize(
    ("fused", "halves"),
    [
        pytest.param("npm ci; ./x", ("npm ci", "./x"), id="a failure goes unnoticed"),
        pytest.param("npm ci && ./x || true", ("npm ci", "./x || true"), id="or"),
        pytest.param("export A=1 && npm ci && ./x", ("export A=1 && npm ci", "./x"), id="export"),
        pytest.param("export A=1 && npm ci && ./x",
                     ("export A=1 && npm ci", "export A=1 && ./x"), id="export in both"),
        pytest.param("A=1; npm ci && ./x", ("A=1; npm ci", "./x"), id="a variable"),
        pytest.param("umask 2 && npm ci && ./x", ("umask 2 && npm ci", "./x"), id="umask"),
        pytest.param("set -e; npm ci; ./x; ./y", ("set -e; npm ci", "./x; ./y"), id="errexit lost"),
        pytest.param("set -o pipefail && npm ci && ./x | ./y",
                     ("set -o pipefail && npm ci", "./x | ./y"), id="pipefail lost"),
        pytest.param("set -u && npm ci && ./x $A", ("set -u && npm ci", "./x $A"), id="nounset"),
        pytest.param("cd web && npm ci && ./x", ("cd web && npm ci", "./x"), id="folder lost"),
        pytest.param("cd web && npm ci && ./x",
                     ("cd web && npm ci", "cd src && ./x"), id="another folder"),
        pytest.param("cd web && npm ci && rm -rf ../web && ./x",
                     ("cd web && npm ci && rm -rf ../web", "cd web && ./x"), id="folder removed"),
        pytest.param("cd web && npm ci && rm -rf /app && ./x",
                     ("cd web && npm ci && rm -rf /app", "cd web && ./x"), id="folder above"),
        pytest.param("./daemon && npm ci", ("./daemon", "npm ci"), id="it may leave a process"),
        pytest.param("service x start && npm ci", ("service x start", "npm ci"), id="a service"),
        pytest.param("npm ci & ./x", ("npm ci", "./x"), id="background"),
        pytest.param("echo 1 > /etc/hosts && npm ci", ("echo 1 > /etc/hosts", "npm ci"),
                     id="hosts"),
        pytest.param("echo 1 > /dev/shm/x && npm ci", ("echo 1 > /dev/shm/x", "npm ci"),
                     id="shared memory"),
        pytest.param("npm ci && echo $?", ("npm ci", "echo $?"), id="status"),
        pytest.param("npm ci && ./x", ("npm ci",), id="the second is gone"),
        pytest.param("npm ci && ./x", ("./x",), id="the first is gone"),
        pytest.param("npm ci && ./x", ("./x", "npm ci"), id="swapped"),
        pytest.param("npm ci && ./x", ("npm ci", "npm ci", "./x"), id="twice"),
        pytest.param("npm ci && ./x && ./x", ("npm ci", "./x"), id="once of two"),
        pytest.param("npm ci && ./x", ("npm ci", "./y"), id="another second"),
        pytest.param("npm ci && ./x", ("npm ci --omit=dev", "./x"), id="another first"),
    ],
)  # fmt: skip
def test_another_image(fused: str, halves: tuple[str, ...]) -> None:
    before = f"{HEAD}COPY . .\n"
    assert isinstance(verdict(before + run(fused), before + run(*halves)), Objection)
    assert isinstance(verdict(before + run(fused), before + run(fused)), Proof)


@pytest.mark.parametrize(
    ("fused", "halves"),
    [
        pytest.param("npm ci && ./x", ("npm ci", "./x"), id="plain"),
        pytest.param("npm ci  &&  ./x && ./y", ("npm ci", "./x && ./y"), id="three"),
        pytest.param("set -eux; npm ci; ./x; ./y", ("set -eux; npm ci", "set -eux; ./x; ./y"),
                     id="options in both"),
        pytest.param("cd web && npm ci && ./x", ("cd web && npm ci", "cd web && ./x"),
                     id="folder in both"),
        pytest.param("echo a && cd web && npm ci && ./x",
                     ("echo a && cd web && npm ci", "cd web && ./x"), id="folder entered later"),
        pytest.param("npm ci && (./x || true)", ("npm ci", "(./x || true)"), id="a group"),
        pytest.param("npm ci && export A=1 && ./x", ("npm ci", "export A=1 && ./x"),
                     id="state of the second alone"),
    ],
)  # fmt: skip
def test_the_same_image(fused: str, halves: tuple[str, ...]) -> None:
    before = f"{HEAD}COPY . .\n"
    assert isinstance(verdict(before + run(fused), before + run(*halves)), Proof)
    assert isinstance(verdict(before + run(*halves), before + run(fused)), Proof)


BEFORE = f"{HEAD}COPY . .\nRUN npm ci && ./build\n"
AFTER = f"{HEAD}{MANIFESTS}RUN npm ci\nCOPY . .\nRUN ./build\n"


def test_a_half_above_the_source() -> None:
    assert isinstance(verdict(BEFORE, AFTER), Proof)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(f"{HEAD}{MANIFESTS}RUN npm ci\nRUN ./build\nCOPY . .\n", id="both above"),
        pytest.param(f"{HEAD}{MANIFESTS}RUN ./build\nCOPY . .\nRUN npm ci\n", id="the wrong one"),
        pytest.param(f"{HEAD}RUN npm ci\nCOPY . .\nRUN ./build\n", id="without its manifests"),
        pytest.param(f"{HEAD}COPY package.json ./\nRUN npm ci\nCOPY . .\nRUN ./build\n",
                     id="without the lock"),
        pytest.param(f"{HEAD}{MANIFESTS}RUN npm ci\nCOPY . .\n", id="the build dropped"),
        pytest.param(f"{HEAD}{MANIFESTS}COPY . .\nRUN ./build\n", id="the install dropped"),
        pytest.param(f"{HEAD}{MANIFESTS}ENV A=1\nRUN npm ci\nCOPY . .\nRUN ./build\n", id="ENV"),
        pytest.param(f"{HEAD}{MANIFESTS}USER node\nRUN npm ci\nUSER root\nCOPY . .\nRUN ./build\n",
                     id="another user"),
        pytest.param(f"{HEAD}{MANIFESTS}RUN npm ci\nCOPY . .\nRUN --network=none ./build\n",
                     id="another network"),
    ],
)  # fmt: skip
def test_damage_to_a_split_is_rejected(after: str) -> None:
    assert isinstance(verdict(BEFORE, after), Objection)


NPM = "--mount=type=cache,target=/root/.npm"


@pytest.mark.parametrize(
    ("fused", "halves", "proved"),
    [
        pytest.param(f"{NPM} npm ci && ./x", (f"{NPM} npm ci", f"{NPM} ./x"), True, id="kept"),
        pytest.param(f"{NPM} npm ci && ./x", (f"{NPM} npm ci", "./x"), False, id="second lost"),
        pytest.param(f"{NPM} npm ci && ./x", ("npm ci", f"{NPM} ./x"), False, id="first lost"),
        pytest.param("npm ci && ./x", (f"{NPM} npm ci", "./x"), True, id="new for the first"),
        pytest.param("npm ci && ./x", ("npm ci", f"{NPM} ./x"), False, id="new for the second"),
        pytest.param("npm ci && ./x", (f"{NPM} npm ci && ./x",), True, id="new, in one"),
        pytest.param(f"{NPM} npm ci && ./x", (f"{NPM},id=a npm ci", f"{NPM} ./x"), False,
                     id="altered"),
        pytest.param("--mount=type=tmpfs,target=/app/out npm ci && ./x",
                     ("--mount=type=tmpfs,target=/app/out npm ci",
                      "--mount=type=tmpfs,target=/app/out ./x"), False, id="tmpfs"),
        pytest.param("--mount=type=cache,target=/app/node_modules npm ci && ./x",
                     ("--mount=type=cache,target=/app/node_modules npm ci",
                      "--mount=type=cache,target=/app/node_modules ./x"), False, id="no cache"),
        pytest.param("--mount=type=cache,target=/app/.next/cache npm ci && ./x",
                     ("--mount=type=cache,target=/app/.next/cache npm ci",
                      "--mount=type=cache,target=/app/.next/cache ./x"), True,
                     id="of the second alone"),
        pytest.param("--mount=type=cache,target=/app/x npm ci && echo 1 > x/y && pwd && ./x",
                     ("--mount=type=cache,target=/app/x npm ci && echo 1 > x/y && pwd",
                      "--mount=type=cache,target=/app/x ./x"), False, id="filled two before"),
        pytest.param("--mount=type=secret,id=npmrc npm ci && ./x",
                     ("--mount=type=secret,id=npmrc npm ci", "--mount=type=secret,id=npmrc ./x"),
                     True, id="secret"),
        pytest.param("npm ci && ./x && npm cache clean --force",
                     (f"{NPM} npm ci && ./x",), True, id="clean-up goes with the mount"),
        pytest.param("npm ci && ./x && npm cache clean --force", ("npm ci", "./x"), False,
                     id="clean-up lost"),
    ],
)  # fmt: skip
def test_mounts_of_the_halves(fused: str, halves: tuple[str, ...], proved: bool) -> None:
    before = f"{HEAD}COPY . .\n"
    found = verdict(before + run(fused), before + run(*halves))
    assert isinstance(found, Proof) is proved, found


def test_a_flag_that_keeps_a_cache_out_stays_with_its_half() -> None:
    head = "FROM python:3.12\nWORKDIR /app\nCOPY . .\n"
    fused = run("pip install --no-cache-dir -r requirements.txt && cd - && ./x")
    kept = run("pip install --no-cache-dir -r requirements.txt", "cd - && ./x")
    lost = run("pip install -r requirements.txt", "cd - && ./x")
    assert isinstance(verdict(head + fused, head + kept), Proof)
    assert isinstance(verdict(head + fused, head + lost), Objection)


def test_a_payload_in_a_mount_keeps_the_halves_together() -> None:
    head = "FROM golang:1.22\nWORKDIR /app\nCOPY . .\n"
    mount = "--mount=type=cache,target=/go/pkg/mod"
    fused = run(f"{mount} go mod download && go build -o /x .")
    halves = run(f"{mount} go mod download", f"{mount} go build -o /x .")
    assert isinstance(verdict(head + fused, head + halves), Objection)
    plain = run("go mod download && go build -o /x .")
    assert isinstance(verdict(head + plain, head + halves), Proof)


PROGRAM = """#!/bin/sh
printf '%s|' "${0##*/}" "$@" "$PWD" "${A-}" "${-#*x}" >>"$LOG"
[ "${0##*/}" = r ]
"""
COMMANDS = st.sampled_from(
    [
        *("r", "r 1", "r $A", "f", "f || r 2", "! f", "r | cat", "f | cat", "! f | cat"),
        *("(r; f; r)", "{ r; f; }", "if r; then f; fi", "if f; then r; fi", "cd a", "cd .."),
        *("cd a/b", "(set -e; f; r)", "{ set -e; f; r; }", "r $(f; r 4)"),
        *("set -e", "set -eu", "set -x", "A=1", "export A=2", "r $?", "for A in 1 2; do r; done"),
        *("true",),
        *(
            "exit 0",
            "false",
            "A=3 r",
            "while f; do r; done",
            "case x in x) f;; esac",
            "r && f || r",
        ),
    ]
)
SCRIPTS = st.lists(st.tuples(COMMANDS, st.sampled_from([" && ", "; ", "\n", " || "])), min_size=2,
                   max_size=6)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=SCRIPTS)
def test_parts_run_as_the_whole_does(parts: list[tuple[str, str]], tmp_path: Path) -> None:
    """Success, failure, and every program that runs, with its words, folder and environment."""
    text = "".join(command + joint for command, joint in parts[:-1]) + parts[-1][0]
    whole = _ran([text], tmp_path)
    if b"cd: " in whole[2]:
        return  # a folder that is not there: as everywhere, a `cd` is taken to succeed
    pieces = cut(text, errexit=False, cwd="/")
    assert _ran([piece.text for piece in pieces], tmp_path)[:2] == whole[:2], pieces
    for at in range(len(pieces)):
        texts = [*(piece.text for piece in pieces[:at]), pieces[at].rest]
        assert _ran(texts, tmp_path)[:2] == whole[:2], pieces


def _ran(texts: list[str], folder: Path) -> tuple[bool, str, bytes]:
    """Whether a build of these RUNs works, and the log of its programs."""
    for name in ("bin/r", "bin/f"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PROGRAM)
        path.chmod(0o755)
    (folder / "top/a/b").mkdir(parents=True, exist_ok=True)
    (folder / "top/a/a/b").mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    log.write_text("")
    env = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "LOG": str(log)}
    said = b""
    for text in texts:
        done = subprocess.run(
            ["/bin/sh", "-c", text], cwd=folder / "top", env=env, capture_output=True, check=False
        )
        said += done.stderr
        if done.returncode:
            return False, log.read_text(), said
    return True, log.read_text(), said

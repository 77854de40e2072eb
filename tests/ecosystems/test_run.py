"""A whole RUN: what keeps it from being known first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import image

from reorder.ecosystems.run import RunEffects, run_effects
from reorder.shell.nodes import Opaque

FILES = {"/app/requirements.txt": "six\n"}
PIP = "/root/.cache/pip"


def run(script: str, files: Mapping[str, str] = FILES, **overrides: Any) -> RunEffects:
    found = run_effects(script, image(files, **overrides))
    assert isinstance(found, RunEffects), found
    return found


def test_a_text_that_is_not_understood_is_opaque() -> None:
    assert isinstance(run_effects("if true; then", image()), Opaque)


def test_a_call_that_is_not_understood_is_a_barrier_and_its_neighbours_stay_visible() -> None:
    found = run("pip install -r requirements.txt && python manage.py collectstatic")
    assert found.barrier is not None
    assert "python manage.py" in found.barrier
    assert found.reads.contains("/anything")
    assert [cache.target for cache in found.caches] == [PIP]
    assert found.installs[0].manifests == ("/app/requirements.txt",)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("echo six > requirements.txt && pip install -r requirements.txt", id="echo"),
        pytest.param("cp /app/a requirements.txt && pip install -r requirements.txt", id="cp"),
        pytest.param("rm -rf /app/* && pip install -r requirements.txt", id="a folder above"),
        pytest.param("make && pip install -r requirements.txt", id="what is not understood"),
        pytest.param(
            "if test -f a; then touch requirements.txt; fi; pip install -r requirements.txt"
        ),
    ],
)
def test_no_closure_when_the_same_run_may_change_a_manifest(script: str) -> None:
    refusal = run(script).installs[-1].refusal
    assert refusal is not None
    assert "in the same RUN may change what `pip` reads" in refusal


@pytest.mark.parametrize(
    "script",
    [
        "pip install -U pip && pip install -r requirements.txt",
        "python -m venv .venv && .venv/bin/pip install -r requirements.txt",
        "pip config set global.timeout 60 && pip install -r requirements.txt",
        "mkdir -p logs && pip install -r requirements.txt",
        "pip install -r requirements.txt && rm requirements.txt",
    ],
)
def test_other_changes_leave_the_closure(script: str) -> None:
    assert run(script).installs[-1].refusal is None


def test_what_the_run_makes_itself_is_not_read_from_outside() -> None:
    assert not run("echo x > a && cat a").reads.contains("/app/a")


@pytest.mark.parametrize(
    "script", ["echo x >> a && cat a", "cat a && echo x > a", "test -f b && echo x > a; cat a"]
)
def test_what_it_may_not_have_made_is_read(script: str) -> None:
    assert run(script).reads.contains("/app/a")


def test_every_variable_in_the_text_is_read() -> None:
    found = run("pip install six==${SIX} && echo $OTHER ~/x")
    assert found.env is not None
    assert {"SIX", "OTHER", "HOME", "PIP_*"} <= found.env


def test_conditional_calls_count_like_the_others() -> None:
    found = run(
        'for f in */requirements.txt; do pip install -r "$f"; done', {"/app/a/requirements.txt": ""}
    )
    assert found.installs[0].manifests == ("/app/a/requirements.txt",)
    assert found.reads.contains("/app/b/requirements.txt")


# Caches.


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        pytest.param(
            "PIP_NO_CACHE_DIR=0 pip install six", "PIP_NO_CACHE_DIR", id="any value disables"
        ),
        pytest.param(
            "F=--no-cache-dir; pip install $F six", "out of a variable", id="from a variable"
        ),
        pytest.param(
            "pip install six; rm -rf /root/.cache",
            "changes /root/.cache/pip",
            id="more than the cache",
        ),
        pytest.param(
            "pip install six && rm -rf /root/.cache/* || true",
            "changes /root/.cache/pip",
            id="or true",
        ),
        pytest.param(
            "pip install six | tee log && pip cache purge >x",
            "changes /root/.cache/pip",
            id="redirected",
        ),
        pytest.param("sudo pip install six", "sudo", id="another user"),
    ],
)
def test_a_mount_would_be_of_no_use(script: str, reason: str) -> None:
    (cache,) = run(script).caches
    assert cache.off is not None
    assert reason in cache.off


@pytest.mark.parametrize(
    ("script", "identity"),
    [
        ("pip install --no-cache-dir six", "pip install six"),
        ("pip  install   --no-cache-dir    six", "pip install six"),
        ("pip install six --no-cache-dir", "pip install six"),
        ("pip install --no-cache six", "pip install six"),
        (
            "pip install a --no-cache-dir && pip install --no-cache-dir b",
            "pip install a && pip install b",
        ),
        ("pip install six && pip cache purge", "pip install six"),
        (
            "pip install six   && rm -rf /root/.cache/pip && echo 'a  b'",
            "pip install six && echo 'a  b'",
        ),
        ("pip cache purge && pip install six", "pip install six"),
        ("(pip install six && rm -rf ~/.cache/pip)", "(pip install six)"),
        ("npm ci && npm cache clean --force", "npm ci"),
        ("npm ci  &&  npm cache clean --force; echo", "npm ci; echo"),
    ],
)
def test_what_cancels_the_cache_is_dropped_from_the_identity(script: str, identity: str) -> None:
    found = run(script)
    assert [cache.off for cache in found.caches] == [None]
    assert found.identity == identity


def test_the_dropped_parts_are_exact() -> None:
    script = "pip install six --no-cache-dir   && pip cache purge"
    (cache,) = run(script).caches
    assert [script[start:end] for start, end in cache.cancels] == [
        "--no-cache-dir",
        "   && pip cache purge",
    ]


def test_one_call_without_its_cache_does_not_take_it_from_the_other() -> None:
    (cache,) = run("PIP_NO_CACHE_DIR=1 pip install a && pip install b").caches
    assert (cache.target, cache.off) == (PIP, None)

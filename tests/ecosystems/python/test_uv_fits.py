"""Whether uv.lock plainly satisfies pyproject.toml: what is not plain counts as not known."""

from __future__ import annotations

import pytest
from ecosystems.fakes import image

from reorder.ecosystems.python.uv_fits import why_rewritten
from reorder.ecosystems.python.uv_project import read_project

PROJECT = """\
[project]
name = "shop"
version = "0.1"
requires-python = ">=3.11"
dependencies = ["Flask[async] >= 3, < 4", "idna; python_version < '3.13'"]

[project.optional-dependencies]
web = ["gunicorn"]

[dependency-groups]
lint = ["ruff"]
dev = ["pytest", { include-group = "lint" }]
"""
LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "shop"
version = "0.1"
source = { virtual = "." }

[package.metadata]
requires-dist = [
    { name = "flask", extras = ["async"], specifier = ">=3,<4" },
    { name = "gunicorn", marker = "extra == 'web'" },
    { name = "idna", marker = "python_version < '3.13'" },
]
provides-extras = ["web"]

[package.metadata.requires-dev]
dev = [
    { name = "pytest" },
    { name = "ruff" },
]
lint = [{ name = "ruff" }]

[[package]]
name = "flask"
version = "3.1.0"
source = { registry = "https://pypi.org/simple" }
"""


def why(project: str = PROJECT, lock: str = LOCK, env: dict[str, str | None] | None = None) -> str:
    files = {"/app/pyproject.toml": project, "/app/uv.lock": lock}
    found = read_project("/app", image(files), frozen=False)
    assert found.problem is None
    return why_rewritten(found, {}, env or {}) or ""


def test_it_fits() -> None:
    assert why() == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"idna;', '"redis", "idna;', id="a new requirement"),
        pytest.param("< 4", "< 5", id="another version"),
        pytest.param("[async]", "", id="no extra"),
        pytest.param("'3.13'", "'3.12'", id="another marker"),
        pytest.param("gunicorn", "uvicorn", id="another optional requirement"),
        pytest.param("web =", "net =", id="another extra"),
        pytest.param('["pytest",', '["pytest", "coverage",', id="in a group"),
        pytest.param('lint = ["ruff"]', 'lint = ["ruff>1"]', id="in an included group"),
        pytest.param('version = "0.1"', 'version = "0.2"', id="another version of the project"),
        pytest.param(">=3.11", ">=3.12", id="another Python"),
        pytest.param('"gunicorn"', '"gunicorn @ https://x/y.whl"', id="an address"),
    ],
)
def test_what_was_changed_since_is_seen(old: str, new: str) -> None:
    assert "uv.lock" in why(PROJECT.replace(old, new))


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ('[tool.uv]\noverride-dependencies = ["idna==3"]\n', "override-dependencies"),
        ('[tool.uv.sources]\nidna = { git = "https://example.org/idna" }\n', "fit"),
        ('[tool.uv.sources]\nidna = [{ index = "x" }]\n', "fit"),
    ],
)
def test_settings_that_are_not_weighed(extra: str, reason: str) -> None:
    assert reason in why(PROJECT + extra)


def test_another_index_or_other_settings_of_the_lockfile() -> None:
    assert "index" in why(lock=LOCK.replace("pypi.org", "example.org"))
    named = PROJECT + '\n[[tool.uv.index]]\nurl = "https://example.org/simple"\n'
    assert why(named, LOCK.replace("pypi.org", "example.org")) == ""
    assert "other settings" in why(lock=LOCK + '\n[options]\nresolution-mode = "lowest"\n')


@pytest.mark.parametrize("name", ["UV_INDEX_URL", "UV_RESOLUTION", "UV_EXCLUDE_NEWER"])
def test_variables_change_what_uv_resolves(name: str) -> None:
    assert name in why(env={name: "x"})
    assert name in why(env={name: None})

"""How often steps change where there is no history."""

from __future__ import annotations

from harness.made import facts

from reorder.cost.tiers import MANIFEST, SOURCE, TEXT, tiers

FILES = {"requirements.txt": "flask\n", "app.py": "1", "Dockerfile": ""}
BUILD = "FROM python:3.12 AS b\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n"


def last(text: str) -> int:
    found = facts(text, FILES)
    return tiers(found)[max(found.nodes)]


def test_text_of_the_dockerfile() -> None:
    assert last("FROM debian:12\nRUN apt-get install -y git\n") == TEXT


def test_manifests_and_what_installs_from_them() -> None:
    text = "FROM python:3.12\nWORKDIR /a\nCOPY requirements.txt .\n"
    assert last(text) == MANIFEST
    assert last(text + "RUN pip install -r requirements.txt\n") == MANIFEST


def test_a_command_that_may_read_the_source() -> None:
    assert last("FROM debian:12\nWORKDIR /a\nCOPY . .\nRUN ./x\n") == SOURCE


def test_a_copy_from_a_stage_counts_as_what_writes_the_files() -> None:
    venv = "FROM python:3.12\nCOPY --from=b /opt/venv /opt/venv\n"
    app = "FROM python:3.12\nCOPY --from=b /app /app\n"
    source = "WORKDIR /app\nCOPY . /app\n"
    assert last(BUILD + source + venv) == TEXT
    assert last(BUILD + source + app) == SOURCE
    assert last(BUILD + source + "RUN ./x\n" + venv) == SOURCE

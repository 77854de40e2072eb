"""A manifest that is copied once more below the source: no golden case can have it.

The copy is worth nothing, so that a Dockerfile without it, which the laws of golden cases want to
be rejected, gives the same image.
"""

from __future__ import annotations

from pathlib import Path

from reorder.api import rewrite_file
from reorder.config import Options

FILES = {"package.json": '{"name": "a"}\n', "requirements.txt": "six\n", "app.py": "\n"}
OPTIONS = Options(select=frozenset({"manifest-first"}))


def rewritten(folder: Path, again: str, **more: str) -> str:
    for name, text in {**FILES, **more}.items():
        (folder / name).write_text(text)
    before = (
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"
        f"{again}\nRUN pip install -r requirements.txt\n"
    )
    (folder / "Dockerfile").write_text(before)
    after = rewrite_file(folder / "Dockerfile", OPTIONS).after
    return "" if after == before else after


def test_the_install_goes_above_both(tmp_path: Path) -> None:
    assert rewritten(tmp_path, "ADD requirements.txt requirements.txt") == (
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\n"
        "RUN pip install -r requirements.txt\nCOPY . .\nADD requirements.txt requirements.txt\n"
    )


def test_another_file_in_its_place_is_what_the_install_reads(tmp_path: Path) -> None:
    assert rewritten(tmp_path, "COPY dev.txt requirements.txt", **{"dev.txt": "attrs\n"}) == ""


def test_another_owner_makes_another_file(tmp_path: Path) -> None:
    assert rewritten(tmp_path, "COPY --chown=1000 requirements.txt ./") == ""


def test_a_step_between_may_have_changed_the_file(tmp_path: Path) -> None:
    again = "RUN echo attrs >> requirements.txt\nCOPY app.py ./"
    assert rewritten(tmp_path, again) == ""

"""`codemod --scheduler`: a real Dask scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from context.repository import commit, repository

from reorder.cli.main import main

TEXT = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
FILES = {"Dockerfile": TEXT, "requirements.txt": "flask==3.0.0\n"}


class Cluster:
    """A scheduler on loopback and its workers, by pid."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self._start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                    "--no-dashboard", "--scheduler-file", str(file))  # fmt: skip
        end = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end
            time.sleep(0.05)
        self.address = json.loads(file.read_text())["address"]

    def worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            "distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--host", "127.0.0.1",
        )  # fmt: skip

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        code = f"from {module} import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            cwd=self.folder,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    found = Cluster(tmp_path / "cluster")
    try:
        yield found
    finally:
        found.stop()


def made(folder: Path, count: int) -> list[Path]:
    found = [repository(folder / f"r{number}") for number in range(count)]
    for path in found:
        commit(path, dict(FILES))
    return found


def rows(output: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (output / "results.jsonl").read_text().splitlines()]


def test_no_scheduler(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--scheduler", "tcp://127.0.0.1:1", "--output", str(tmp_path / "o")]
    assert main(["codemod", str(made(tmp_path, 1)[0]), *words]) == 2
    assert capsys.readouterr().err.startswith("tcp://127.0.0.1:1: no scheduler answers there")


def test_a_worker_killed_in_the_middle_costs_nothing(cluster: Cluster, tmp_path: Path) -> None:
    checkouts = made(tmp_path, 8)
    workers = [cluster.worker(), cluster.worker()]
    output = tmp_path / "o"
    run = subprocess.Popen(
        [
            sys.executable, "-m", "reorder", "codemod", *map(str, checkouts), "--jobs", "3",
            "--scheduler", cluster.address, "--output", str(output),
        ],
        stderr=subprocess.PIPE,
    )  # fmt: skip
    end = time.monotonic() + 120
    while not (output / "results.jsonl").exists() or len(rows(output)) < 2:
        assert run.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    os.kill(workers[0].pid, signal.SIGKILL)
    said = run.communicate(timeout=300)[1]
    assert run.returncode == 0, said
    found = rows(output)
    assert sorted(row["repo"] for row in found) == sorted(map(str, checkouts))
    assert {row["status"] for row in found} == {"changed"}
    assert all((output / row["patch"]).exists() for row in found)

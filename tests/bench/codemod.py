"""How fast `codemod` is: `python tests/bench/codemod.py [LIST]`.

LIST names local checkouts, one a line; without it small ones are made. The baseline is a loop
that calls `reorder` for each of them, and only prints the diff: `codemod` also makes a work tree, a
commit and a patch of each. Rounds alternate; the medians and their ratio are printed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 3
MADE = 24
SLOW = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
COMMAND = (sys.executable, "-m", "reorder")


def main(arguments: Sequence[str]) -> int:
    """Print a table: seconds, repositories a second, ratio to the loop."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if arguments:
            checkouts = Path(arguments[0]).read_text().split()
        else:
            checkouts = [str(made(work / f"r{number}")) for number in range(MADE)]
        ways: dict[str, Callable[[], None]] = {"a loop": partial(loop, checkouts)}
        for jobs in (1, 2, 4):
            ways[f"codemod, {jobs} at a time"] = partial(codemod, work, checkouts, jobs)
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                begun = time.monotonic()
                way()
                seconds[name].append(time.monotonic() - begun)
        medians = {name: statistics.median(found) for name, found in seconds.items()}
        print(f"{len(checkouts)} repositories, {os.cpu_count()} processors, median of {ROUNDS}")
        for name, median in medians.items():
            rate, ratio = len(checkouts) / median, medians["a loop"] / median
            print(f"{name:24} {median:7.1f} s {rate:7.2f} a second {ratio:6.2f}x")
    return 0


def made(folder: Path) -> Path:
    """A small repository with one commit."""
    folder.mkdir()
    (folder / "Dockerfile").write_text(SLOW)
    (folder / "requirements.txt").write_text("flask==3.0.0\n")
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def loop(checkouts: Sequence[str]) -> None:
    """The command once for each."""
    for path in checkouts:
        run(*COMMAND, path)


def codemod(work: Path, checkouts: Sequence[str], jobs: int) -> None:
    """All of them in one run."""
    with tempfile.TemporaryDirectory(dir=work) as output:
        run(*COMMAND, "codemod", *checkouts, "--jobs", str(jobs), "--output", output)


def run(*words: str) -> None:
    """Whatever it finds; only how long it takes counts."""
    subprocess.run(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

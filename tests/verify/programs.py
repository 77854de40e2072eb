"""Programs on the PATH that only say what they were called with."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

_PROGRAM = """#!{python}
import os, shutil, sys, time
line = " ".join(sys.argv[1:])
with open("{log}", "a") as log:
    log.write(os.path.basename(sys.argv[0]) + " " + line + "\\n")
for start, (code, said, image) in {answers!r}.items():
    if line.startswith(start):
        if image:
            places = [w.partition(image[0])[2] for w in sys.argv if image[0] in w]
            shutil.copy(image[1], places[0])
        print(said)
        if said == "hang":
            sys.stdout.flush()
            time.sleep(60)
        sys.exit(code)
sys.exit("no answer to " + line)
"""

Answer = tuple[int, str, tuple[str, str] | None]


def said(text: str, code: int = 0) -> Answer:
    return code, text, None


class Programs:
    """A folder that is the whole PATH; `calls` has every line that was typed."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.log = folder / "calls"
        folder.mkdir()
        monkeypatch.setenv("PATH", str(folder))

    def add(self, name: str, answers: Mapping[str, Answer]) -> None:
        """A program that answers the lines that begin with a text, the first one that fits."""
        path = self.folder / name
        text = _PROGRAM.format(python=sys.executable, log=self.log, answers=dict(answers))
        path.write_text(text)
        os.chmod(path, 0o755)

    @property
    def calls(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

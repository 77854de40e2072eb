"""DOT to SVG: by Graphviz's `dot`, or by its port that the extra `svg` installs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from reorder.errors import InputError

PROGRAMS = ("dot", "graphviz-pure")
INSTALL = "pip install 'dockerfile-reorder[svg]'"
SECONDS = 60


def svg(dot: str, name: str) -> str:
    """The picture of a graph. Raises InputError, for the input `name`, when nothing can draw it."""
    program = _program()
    if program is None:
        raise InputError(name, f"svg needs Graphviz; type: {INSTALL}")
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=dot.encode("utf-8"),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(name, f"{program} took more than {SECONDS} s; try --format dot") from None
    except OSError as error:
        raise InputError(name, f"{program} cannot be run: {error.strerror}") from None
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise InputError(name, f"{program} failed: {words or f'exit code {done.returncode}'}")
    return done.stdout.decode("utf-8")


def _program() -> str | None:
    beside = str(Path(sys.executable).parent)  # a virtual environment that is not on the PATH
    found = (shutil.which(name) or shutil.which(name, path=beside) for name in PROGRAMS)
    return next((path for path in found if path is not None), None)

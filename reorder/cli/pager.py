"""A pager for what is longer than the screen, chosen as git does (git(1), `GIT_PAGER`)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

_USUAL = "less"
# What git itself sets where the user has not (git-config(1), core.pager).
_DEFAULTS = {"LESS": "FRX", "LV": "-c"}
_NOT_RUN = (126, 127)  # as a shell reports a program that it could not start


def page(raw: bytes) -> bool:
    """Show bytes in the user's pager and wait for its end; False where there is none to show them.

    Only the environment says which: the git settings of a repository may name any program.
    """
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return False
    program = os.environ.get("GIT_PAGER", os.environ.get("PAGER", _USUAL)).strip()
    if program in ("", "cat") or (program == _USUAL and shutil.which(_USUAL) is None):
        return False
    return _ran(program, raw) not in _NOT_RUN


def _ran(program: str, raw: bytes) -> int:
    sys.stdout.flush()
    with subprocess.Popen(
        program, shell=True, stdin=subprocess.PIPE, env={**_DEFAULTS, **os.environ}
    ) as process:
        assert process.stdin is not None
        try:
            process.stdin.write(raw)
            process.stdin.close()
        except (BrokenPipeError, KeyboardInterrupt):
            pass  # who has seen enough leaves the pager
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # it is the pager's, which the terminal told as well

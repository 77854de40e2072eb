"""Everything that must hold before a commit: `python tests/all.py`. Needs the extra `dev`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("pytest", "-n", "2"),
)


def main() -> int:
    """Run every check, also after one has failed; 1 if any has."""
    failed = [check for check in CHECKS if not passes(check)]
    for check in failed:
        print(f"failed: {' '.join(check)}", flush=True)
    return 1 if failed else 0


def passes(check: tuple[str, ...]) -> bool:
    """Whether a tool of this interpreter's environment ends well."""
    print(f"$ {' '.join(check)}", flush=True)
    command = [sys.executable, "-m", *check]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())

"""`PYTHONPATH=tests python -m engine up | down | env`; the last finds it for `reorder verify`."""

from __future__ import annotations

import argparse
import os
import shlex
import sys

from engine import daemons, projects, traps
from engine.builds import environment
from engine.home import Unavailable, home
from engine.start import provide, start


def main() -> int:
    """Exit code 2: no engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="fetch, compile, start; nothing that is there already")
    up.add_argument("--jobs", type=int, default=2, help="compilers at once")
    commands.add_parser("down", help="end the daemons that `up` started")
    commands.add_parser("env", help="up, and the variables that find it, for a shell")
    asked = parser.parse_args()
    if asked.command == "down":
        daemons.down(home())
        return 0
    try:
        running = start(jobs=getattr(asked, "jobs", 2))
        folders = (projects.FOLDER, traps.FOLDER)
        provide(running, [path.read_text() for top in folders for path in top.rglob("Dockerfile")])
    except Unavailable as reason:
        print(f"no engine: {reason}", file=sys.stderr)
        return 2
    if asked.command == "env":
        for name, value in environment(running).items():
            if os.environ.get(name) != value:
                print(f"export {name}={shlex.quote(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`PYTHONPATH=tests python -m engine up | down | build CONTEXT | compare BEFORE AFTER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine import daemons
from engine.builds import BuildFailed, export
from engine.daemons import Daemons
from engine.home import Unavailable, home
from engine.images import compare, read_image
from engine.start import start


def main() -> int:
    """Exit code 1: images differ, or a build failed; 2: no engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="fetch, compile, start; nothing that is there already")
    up.add_argument("--jobs", type=int, default=2, help="compilers at once")
    commands.add_parser("down", help="end the daemons that `up` started")
    one = commands.add_parser("build", help="build CONTEXT and list the steps")
    one.add_argument("context", type=Path)
    one.add_argument("--no-cache", action="store_true")
    two = commands.add_parser("compare", help="build both contexts from cold, compare the images")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    asked = parser.parse_args()
    try:
        if asked.command == "down":
            daemons.down(home())
            return 0
        running = start(jobs=getattr(asked, "jobs", 2))
        if asked.command == "build":
            _build(running, asked.context, "image", no_cache=asked.no_cache)
        if asked.command == "compare":
            return _compare(running, asked.before, asked.after)
    except Unavailable as reason:
        print(f"no engine: {reason}", file=sys.stderr)
        return 2
    except BuildFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


def _build(running: Daemons, context: Path, name: str, *, no_cache: bool) -> Path:
    into = running.home.root / "out" / name
    done = export(running, context.resolve(), into, no_cache=no_cache)
    for step in done.steps:
        if step.instruction:
            print(f"{'CACHED' if step.cached else f'{step.seconds:6.1f}':>6}  {step.name}")
    print(f"{done.seconds:6.1f}  {into}")
    return into


def _compare(running: Daemons, before: Path, after: Path) -> int:
    images = [
        read_image(_build(running, context, name, no_cache=True))
        for name, context in (("before", before), ("after", after))
    ]
    found = compare(*images)
    for difference in found:
        print(difference)
    print(f"{len(found)} differences in {len(images[0].tree)} and {len(images[1].tree)} entries")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""What every client of BuildKit has in common: the words of a build, and what its log says.

Sources: buildx docs/reference/buildx_build.md; BuildKit frontend/dockerui/config.go (options),
solver/llbsolver/ops/exec.go (`CacheMap`: names of hosts and caches are part of the key, addresses
are not), frontend/dockerfile/dockerfile2llb/convert_runmount.go (`BUILDKIT_CACHE_MOUNT_NS`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence

from reorder.verify.engine import BuildFailed, Built, Request
from reorder.verify.process import Ended, run
from reorder.verify.steps import buildkit_steps

LAST = 40  # lines of a failed build that are shown
NAMESPACE = "BUILDKIT_CACHE_MOUNT_NS"


def flags(request: Request) -> list[str]:
    """Of `docker build` and `buildx build` alike, without what becomes of the image."""
    words = ["--file", str(request.dockerfile)]
    words += ["--no-cache"] * request.cold
    words += [f"--target={request.target}"] if request.target else []
    words += [f"--build-arg={name}={value}" for name, value in request.args.items()]
    if request.space:
        words += [
            f"--build-arg={NAMESPACE}={request.space}",
            f"--add-host={request.space}:127.0.0.1",
        ]
    return [*words, *request.flags]


def built(argv: Sequence[str], request: Request, env: Mapping[str, str] | None = None) -> Built:
    """Runs a client whose log is BuildKit's, plain or rawjson. Raises BuildFailed."""
    ended = run(argv, env=env, seconds=request.seconds, on_line=request.on_line)
    if ended.code:
        raise BuildFailed(failure(ended))
    return Built(ended.seconds, buildkit_steps(ended.lines))


def failure(ended: Ended) -> tuple[str, ...]:
    """The last lines of a build that failed, in words."""
    said: list[str] = []
    for line in ended.lines:
        said += _decoded(line)
    lines = [line.rstrip() for line in said if line.strip()]
    if ended.late:
        lines.append(f"it took more than {ended.seconds:.0f} s and was ended")
    return tuple(lines[-LAST:]) or (f"exit code {ended.code}, and not a word",)


def _decoded(line: str) -> list[str]:
    """What a line of rawjson says: the logs of a step, and its error. Other lines as they are."""
    if not line.startswith('{"'):
        return [line]
    try:
        status = json.loads(line)
    except ValueError:
        return [line]
    found = []
    for log in status.get("logs") or ():
        found += base64.b64decode(log.get("data") or "").decode("utf-8", "replace").splitlines()
    for vertex in status.get("vertexes") or ():
        if vertex.get("error"):
            found.append(f"{vertex.get('name')}: {vertex['error']}")
    return found

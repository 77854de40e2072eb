"""Which step of a build has just begun, as a line of its log tells."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"#\d{1,6} (\[.{1,999})")
_BUILDAH = re.compile(r"(?:\[\d+/\d+\] )?(STEP \d+(?:/\d+)?: .{1,999})")


def begun(line: str) -> str:
    """The title of the step: `[builder 3/8] RUN make`; "" for any other line.

    Of BuildKit's logs, plain or rawjson (client/graph.go `Vertex`), or Buildah's
    (imagebuildah/stage_executor.go). A step that is fetched from a cache begins too.
    """
    if line.startswith('{"vertexes"'):
        return _vertex(line)
    match = _PLAIN.match(line) or _BUILDAH.match(line)
    return match[1].rstrip() if match else ""


def _vertex(line: str) -> str:
    """The last of the steps in a line that run: what is told next is told of that one."""
    try:
        vertexes = json.loads(line)["vertexes"]
    except (ValueError, KeyError, RecursionError):
        return ""
    found = ""
    for vertex in vertexes if isinstance(vertexes, list) else ():
        if isinstance(vertex, dict) and vertex.get("started") and not vertex.get("completed"):
            found = str(vertex.get("name") or found)
    return found

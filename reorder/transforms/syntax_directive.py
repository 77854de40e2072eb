"""Pin the Dockerfile frontend where the rewritten file needs a newer one.

What it does: adds `# syntax=docker/dockerfile:1`.
Why: an older daemon's built-in frontend rejects a flag that a rewrite brought in. Only
`--manifest-style parents` brings one in where no frontend is named.
When it refuses: a pin exists: it is the author's; it decides which flags may be used at all.
Safety: the frontend only reads the file. Cache mounts need no directive: every frontend built into
a BuildKit daemon since 20.10 knows them.
"""

from __future__ import annotations

from collections.abc import Iterator

from reorder.graph.facts import Facts
from reorder.syntax.nodes import Instruction
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft

ID = "syntax-directive"
VALUE = "docker/dockerfile:1"

# Flags and the Dockerfile version that brought them (BuildKit docs/reference.md).
NEWER_FLAGS = {("copy", "parents"): "1.20", ("copy", "exclude"): "1.19", ("add", "exclude"): "1.19"}


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """At most one rewrite: only a flag that the author's own file did not use counts."""
    if facts.file.directive("syntax") is not None:
        return
    authors = {feature for node in settings.original for feature in _features(node)}
    for node, line in zip(facts.file.instructions, facts.lines, strict=True):
        for feature in _features(node):
            if feature not in authors:
                yield Rewrite(
                    ID,
                    line,
                    f"`--{feature[1]}` needs Dockerfile {NEWER_FLAGS[feature]}",
                    Draft.of(facts.file, facts.lines).directive("syntax", VALUE),
                )
                return


def _features(node: Instruction) -> list[tuple[str, str]]:
    return [(node.keyword, f.name) for f in node.flags if (node.keyword, f.name) in NEWER_FLAGS]

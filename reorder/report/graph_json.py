"""The dependency graph as JSON, version 1."""

from __future__ import annotations

import json

from reorder.graph.facts import Facts
from reorder.graph.resources import Resources
from reorder.report.drawing import Arrow, Box, Drawing

VERSION = 1


def render(drawing: Drawing, facts: Facts, path: str) -> str:
    """One object: `path`, `stages`, `nodes` and `edges`, ended by a newline."""
    document = {
        "version": VERSION,
        "path": path,
        "stages": [
            {"index": group.index, "name": group.name, "image": group.image}
            for group in drawing.groups
        ],
        "nodes": [
            *(_node(box, None, facts) for box in drawing.arguments),
            *(_node(box, group.index, facts) for group in drawing.groups for box in group.boxes),
        ],
        "edges": [_edge(arrow) for arrow in drawing.arrows],
    }
    return json.dumps(document, indent=2) + "\n"


def _node(box: Box, stage: int | None, facts: Facts) -> dict[str, object]:
    node = facts.nodes.get(box.at)
    return {
        "id": box.at,
        "line": box.line,
        "stage": stage,
        "keyword": box.keyword,
        "text": box.text,
        "reads": _resources(node.effects.reads) if node is not None else None,
        "writes": _resources(node.effects.writes) if node is not None else None,
        "makes": sorted(node.effects.makes) if node is not None else [],
    }


def _resources(resources: Resources) -> dict[str, object]:
    """`all_but`: every path outside these trees, null for none; `env`: null for every variable."""
    paths = resources.paths
    return {
        "files": sorted(paths.files),
        "trees": sorted(paths.trees),
        "globs": sorted(paths.globs),
        "all_but": None if paths.all_but is None else sorted(paths.all_but),
        "env": None if resources.env is None else sorted(resources.env),
        "config": sorted(resources.config),
    }


def _edge(arrow: Arrow) -> dict[str, object]:
    return {
        "from": arrow.box,
        "from_stage": arrow.group,
        "to": arrow.to,
        "kind": arrow.kind,
        "label": arrow.label,
    }

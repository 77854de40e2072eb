"""YAML that nobody vetted: bounded in depth, and in what its aliases stand for.

A few hundred bytes of aliases stand for billions of values ("billion laughs"). The nodes of a text
are few; they are counted as often as they are meant, before any value is made from them. The C
composer of PyYAML is recursive and crashes on deep texts, so their events are looked at before it
(yaml/_yaml.pyx `_compose_node`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yaml.nodes import Node

MOST_NODES = 500_000  # what aliases stand for included; 4 MiB of a lockfile have half of that
_SAFE = 1_000  # levels that the C composer surely takes
DEEPEST = 100  # compose, CI files and lockfiles nest to about ten


def load(text: str) -> Any:
    """What a text says, as `yaml.safe_load`. Raises ValueError for what is none or exceeds this."""
    import yaml

    try:
        _shallow(text)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            check([node])
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError, TypeError, OverflowError, LookupError) as error:
        raise ValueError("it is no YAML that can be read") from error


def nodes(text: str) -> list[Node]:
    """The documents of a text as nodes. Raises ValueError as `load`."""
    import yaml

    try:
        _shallow(text)
        found = list(yaml.compose_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("it is no YAML that can be read") from error
    documents = [node for node in found if node is not None]
    check(documents)
    return documents


def _shallow(text: str) -> None:
    """Raises ValueError, or what `yaml.parse` raises, for a text that nests too deeply."""
    # No level without a bracket or a column: most texts cannot be deep, and are not read twice.
    if text.count("[") + text.count("{") < _SAFE and max(map(len, text.split("\n"))) < _SAFE:
        return
    import yaml

    depth = 0
    for event in yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError(f"it nests deeper than {DEEPEST} levels")


def check(documents: list[Node]) -> None:
    """Raises ValueError when nodes nest too deeply, are their own part, or stand for too many."""
    sizes: dict[int, int] = {}
    total = sum(_size(node, sizes, 1) for node in documents)
    if total > MOST_NODES:
        raise ValueError(f"its aliases stand for more than {MOST_NODES:,} values")


def _size(node: Node, sizes: dict[int, int], depth: int) -> int:
    """How many nodes one stands for; 0 in `sizes` while it is not known yet."""
    if isinstance(node.value, str):
        return 1
    known = sizes.get(id(node))
    if known == 0:
        raise ValueError("it is a part of itself")
    if known is not None:
        return known
    if depth > DEEPEST:
        raise ValueError(f"it nests deeper than {DEEPEST} levels")
    sizes[id(node)] = 0
    total = 1
    for item in node.value:
        for part in item if isinstance(item, tuple) else (item,):
            total += _size(part, sizes, depth + 1)
    sizes[id(node)] = total
    return total

"""YAML that nobody vetted: bounded in depth, and in what its aliases stand for.

A few hundred bytes of aliases stand for billions of values ("billion laughs"). The nodes of a text
are few; they are counted as often as they are meant, before any value is made from them. libyaml's
parser is not recursive, but the composer and what walks its nodes are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yaml.nodes import Node

MOST_NODES = 500_000  # what aliases stand for included; 4 MiB of a lockfile have half of that
DEEPEST = 100  # compose, CI files and lockfiles nest to about ten


def load(text: str) -> Any:
    """What a text says, as `yaml.safe_load`. Raises ValueError for what is none or exceeds this."""
    import yaml

    try:
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


def nodes(text: str, *, c: bool = True) -> list[Node]:
    """The documents of a text as nodes. Raises ValueError as `load`."""
    import yaml

    plain = yaml.SafeLoader
    try:
        found = list(yaml.compose_all(text, getattr(yaml, "CSafeLoader", plain) if c else plain))
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("it is no YAML that can be read") from error
    documents = [node for node in found if node is not None]
    check(documents)
    return documents


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

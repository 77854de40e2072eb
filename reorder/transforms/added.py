"""Cache mounts that an earlier step of the rewrite has added to a RUN."""

from __future__ import annotations

from reorder.graph.facts import Node
from reorder.syntax import views
from reorder.syntax.mounts import place
from reorder.syntax.nodes import Instruction
from reorder.syntax.rebuild import rebuilt


def without_added(node: Node, original: tuple[Instruction, ...], start: int) -> Instruction:
    """A RUN with the flags its author gave, where nothing from `start` of its text on uses others.

    `original` are the author's instructions.
    """
    author = next((each for each in original if each.line == node.line), None)
    run = node.understood
    if author is None or run is None or author.keyword != "run":
        return node.instruction
    given = set(author.flag_values("mount"))
    mounts = zip(node.instruction.flag_values("mount"), views.mounts(node.instruction), strict=True)
    added = {place(mount) for text, mount in mounts if text not in given}
    later = [step for step in run.steps if step.call.span[0] >= start]
    if not added or added & {cache.target for step in later for cache in step.effects.caches}:
        return node.instruction
    head, own = _head(author), _head(node.instruction)
    return rebuilt(node.instruction, head + node.instruction.text[len(own) :])


def _head(instruction: Instruction) -> str:
    """The keyword and the flags of an instruction, with the blanks around them."""
    tokens = instruction.tokens
    first = next((at for at, token in enumerate(tokens) if token.kind == "text"), len(tokens))
    return "".join(token.text for token in tokens[:first])

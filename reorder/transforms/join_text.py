"""The text of several RUNs as one, in the layout of their author."""

from __future__ import annotations

from dataclasses import replace

from reorder.graph.facts import Node
from reorder.shell.chain import chain, stops_on_failure
from reorder.shell.nodes import Opaque
from reorder.shell.parse import parse
from reorder.shell.tree import AndOr
from reorder.syntax import views
from reorder.syntax.addresses import addressed
from reorder.transforms.draft import Draft, blank_lines
from reorder.transforms.layout import INDENT, WIDTH


def joined(user: Node, command: str, more: list[Node], edge: str) -> str | None:
    """The source of a RUN with one more command first, and those of other RUNs behind.

    `edge` ends a line within the RUN. None: a failure of the command might be passed over.
    """
    text = with_command(user, command)
    if text is None:
        return None
    single = "\n" not in user.instruction.text.rstrip()
    if single and (more or len(text.rstrip()) > WIDTH):
        text = text.replace(f"{command} && ", f"{command} && {edge}", 1)
    return f" && {edge}".join([text.rstrip("\r\n"), *map(source, more)])


def with_command(user: Node, command: str) -> str | None:
    """The source of a RUN with one more command first; None: its failure might be passed over."""
    instruction = user.instruction
    script = views.script(instruction)
    text, positions = addressed(instruction)
    links = chain(script.text, errexit=stops_on_failure(user.scope.shell))
    if isinstance(links, Opaque) or len(positions) != len(text):
        return None
    first = next((at for at, link in enumerate(links) if not link.repeated), None)
    if first is None or any(link.held is not None for link in links[:first]):
        return None
    start = positions[links[first].span[0]]
    joint = " && "
    if first > 0:
        joint = instruction.text[positions[links[first - 1].span[1] - 1] + 1 : start]
    elif not stops_on_failure(user.scope.shell) and not is_one_chain(script.text):
        return None
    return instruction.text[:start] + command + joint + instruction.text[start:]


def is_one_chain(script: str) -> bool:
    """Whether a failure of what is put in front by `&&` ends the whole text."""
    tree = parse(script)
    if isinstance(tree, Opaque) or len(tree.items) != 1:
        return False
    (only,) = tree.items
    return not isinstance(only, AndOr) or set(only.ops) <= {"&&"}


def source(node: Node) -> str:
    """The command of a RUN as it is written, its further lines below it."""
    _, positions = addressed(node.instruction)
    text = node.instruction.text[positions[0] :].strip()
    quoted = any(mark in text for mark in "'\"`#")
    return text if quoted else text.replace("\n", f"\n{INDENT}")


def without(draft: Draft, at: int, user: int) -> Draft:
    """Without the instruction at a position, whose comments go to the one that took its work."""
    gone = draft.parts[at].instruction.leading
    own = draft.parts[user].instruction.leading
    if user == at + 1:
        draft = draft.with_leading(user, gone + own.removeprefix(blank_lines(own)))
    else:
        comments = gone.removeprefix(blank_lines(gone))
        blank = blank_lines(own)
        draft = draft.with_leading(user, blank + comments + own.removeprefix(blank))
        draft = draft.opened(at + 1, blank_lines(gone))
    return replace(draft, parts=(*draft.parts[:at], *draft.parts[at + 1 :]))

"""What the readers need of tree-sitter: nodes, where they are, and lists of them made flat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from reorder.shell.lexer import BLANKS
from reorder.shell.nodes import Span
from reorder.shell.tree import Unclear

REDIRECTS = frozenset(("file_redirect", "heredoc_redirect", "herestring_redirect"))
_FLAT = frozenset(("list", "pipeline", "redirected_statement", "negated_command"))
_SIMPLE = frozenset(
    (
        "command",
        "declaration_command",
        "unset_command",
        "test_command",
        "variable_assignment",
        "variable_assignments",
    )
)
_OPERATORS = frozenset(("&&", "||", "|", "|&", ";", "\n", "&", "!"))
_OF_HEREDOC = frozenset(
    ("<<", "<<-", "file_descriptor", "heredoc_start", "heredoc_body", "heredoc_end")
)


class Node(Protocol):
    """The part of `tree_sitter.Node` that is used; not points, which 0.26.0 frees too early."""

    @property
    def type(self) -> str: ...
    @property
    def children(self) -> Sequence[Node]: ...
    @property
    def start_byte(self) -> int: ...
    @property
    def end_byte(self) -> int: ...
    @property
    def is_named(self) -> bool: ...


def field(node: Node, *types: str) -> Node | None:
    """The first child of one of these types."""
    return next((child for child in node.children if child.type in types), None)


@dataclass(frozen=True, slots=True)
class Script:
    """A shell text, with the way from tree-sitter's byte offsets to its characters."""

    text: str
    offset: Callable[[int], int]

    def span(self, node: Node) -> Span:
        """Where a node is; some begin with the blanks before them."""
        start, end = self.offset(node.start_byte), self.offset(node.end_byte)
        while start < end and self.text[start] in BLANKS:
            start += 1
        return start, end

    def source(self, node: Node) -> str:
        """The text of a node."""
        return self.text[slice(*self.span(node))]


def script(text: str, data: bytes) -> Script:
    """`data` is `text` as it is given to tree-sitter."""
    if len(data) == len(text):
        return Script(text, lambda at: at)
    table: list[int] = []
    for index, char in enumerate(text):
        table.extend([index] * len(char.encode("utf-8", "surrogateescape")))
    table.append(len(text))
    return Script(text, table.__getitem__)


@dataclass(frozen=True, slots=True)
class Item:
    """What a list is made of: an operator, a command, a redirection, or a word left behind one."""

    kind: Literal["op", "simple", "compound", "redirect", "word"]
    node: Node
    text: str = ""


def flatten(nodes: Sequence[Node]) -> Iterator[Item]:
    """The items of sibling nodes in the order of the text; how tree-sitter grouped them is lost."""
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        kind = node.type
        if kind in _FLAT:
            stack.extend(reversed(node.children))
        elif kind == "comment":
            continue
        elif kind == "heredoc_redirect":
            yield Item("redirect", node)
            # What follows `<<EOF` on its line is inside the redirection.
            stack.extend(c for c in reversed(node.children) if c.type not in _OF_HEREDOC)
        elif kind in REDIRECTS:
            yield Item("redirect", node)
        elif kind in _SIMPLE:
            yield Item("simple", node)
        elif kind in _OPERATORS or kind.isspace():
            yield Item("op", node, kind.strip() or ";")
        elif node.is_named and kind.endswith(("_statement", "_definition", "subshell")):
            yield Item("compound", node)
        elif node.is_named and kind != "heredoc_body":
            yield Item("word", node)
        else:
            raise Unclear(f"`{kind}` is not understood")

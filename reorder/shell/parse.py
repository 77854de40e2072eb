"""Shell text to a tree. The only module that imports tree-sitter.

tree-sitter-bash finds compound commands, words and expansions well, but it binds `a && b > f` and
`a && b | c` to the wrong side, so `cst` makes its lists flat and `lists` reads precedence again. It
also misreads some words, so `lexer` reads each a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from reorder.shell import bounds, cst
from reorder.shell.cst import Node, field
from reorder.shell.lists import ListReader
from reorder.shell.nodes import Opaque
from reorder.shell.tree import (
    Case,
    Command,
    For,
    Function,
    If,
    Seq,
    Subshell,
    Unclear,
    While,
    Word,
)
from reorder.shell.words import Words

if TYPE_CHECKING:
    from tree_sitter import Parser

_DEPTH = 60


@lru_cache(maxsize=1024)
def parse(text: str) -> Seq | Opaque:
    """The tree of a shell text; `Opaque` for an error or a construct that is not handled."""
    if reason := bounds.refusal(text):
        return Opaque(reason)
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return Opaque("the script is not text")
    tree = _parser().parse(data)  # held: its nodes are read below
    root = tree.root_node
    if root.has_error:
        return Opaque("the script has a syntax that is not understood")
    try:
        return _Reader(cst.script(text, data)).sequence(root.children, 0)
    except Unclear as unclear:
        return Opaque(unclear.reason)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


class _Reader:
    """Reads the compound commands of one script."""

    def __init__(self, script: cst.Script) -> None:
        self.script = script
        self.words = Words(script, self.sequence)

    def sequence(self, nodes: Sequence[Node], depth: int) -> Seq:
        """The commands among sibling nodes."""
        if depth > _DEPTH:
            raise Unclear("the script is nested too deeply")
        return ListReader(self.words, self.compound, nodes, depth + 1).sequence()

    def compound(self, node: Node, depth: int) -> Command:
        children = node.children
        match node.type:
            case "subshell":
                return Subshell(self.sequence(children[1:-1], depth))
            case "compound_statement" if children[0].type == "{":
                return self.sequence(children[1:-1], depth)
            case "if_statement":
                return self.condition(children, depth)
            case "for_statement" if children[0].type == "for":
                return self.loop(node, depth)
            case "while_statement":
                condition = self.sequence(children[1:-1], depth)
                body = self.block(children[-1], depth)
                return While(children[0].type == "until", condition, body)
            case "case_statement":
                return self.case(node, depth)
            case "function_definition":
                name = field(node, "word")
                if name is None or not children[-1].type.endswith(("_statement", "subshell")):
                    raise Unclear("a function definition is not understood")
                return Function(self.script.source(name), self.compound(children[-1], depth))
        raise Unclear(f"`{children[0].type}` is not understood")

    def block(self, node: Node, depth: int) -> Seq:
        """`do … done`."""
        return self.sequence(node.children[1:-1], depth)

    def condition(self, children: Sequence[Node], depth: int) -> If:
        arms: list[tuple[Seq, Seq]] = []
        orelse: Seq | None = None
        rest = [child for child in children if child.type not in ("elif_clause", "else_clause")]
        clauses = [rest[:-1]] + [c.children for c in children if c.type == "elif_clause"]
        for clause in clauses:
            then = next((i for i, c in enumerate(clause) if c.type == "then"), 0)
            if not then:
                raise Unclear("an `if` is not understood")
            arms.append(
                (self.sequence(clause[1:then], depth), self.sequence(clause[then + 1 :], depth))
            )
        for child in children:
            if child.type == "else_clause":
                orelse = self.sequence(child.children[1:], depth)
        return If(tuple(arms), orelse)

    def loop(self, node: Node, depth: int) -> For:
        children = node.children
        body, listed = children[-1], children[2].type == "in"
        values = [child for child in children[3:-1] if child.is_named and child.type != "comment"]
        found: tuple[Word, ...] | None = None
        if listed:
            found = self.words.words(values, depth)
        start, end = self.script.span(children[1])
        span = (self.script.span(node)[0], self.script.span(values[-1])[1] if values else end)
        return For(self.script.text[start:end], found, self.block(body, depth), span)

    def case(self, node: Node, depth: int) -> Case:
        children = node.children
        opening = next(i for i, child in enumerate(children) if child.type == "in")
        subject = self.words.words(children[1:opening], depth)
        if len(subject) != 1:
            raise Unclear("a `case` is not understood")
        patterns: list[Word] = []
        bodies: list[Seq] = []
        total = False
        for item in (child for child in children[opening:] if child.type == "case_item"):
            close = next(i for i, child in enumerate(item.children) if child.type == ")")
            for pattern in item.children[:close]:
                start, end = self.script.span(pattern)
                total = total or self.script.text[start:end] == "*"
                if pattern.is_named:
                    self.words.collect(pattern, depth)
                    patterns.append(Word(self.words.source.scripts(start, end), (start, end)))
            rest = item.children[close + 1 :]
            if rest and rest[-1].type in (";&", ";;&"):
                raise Unclear("a `case` branch falls through")
            bodies.append(self.sequence([c for c in rest if c.type != ";;"], depth))
        return Case(subject[0], tuple(patterns), tuple(bodies), total)

"""Lists and pipelines by precedence: `|` binds before `&&` and `||`, these before `;`.

POSIX.1-2017, Shell Command Language, 2.9 and 2.10.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from reorder.shell.cst import Node, flatten
from reorder.shell.nodes import Span
from reorder.shell.simple import SimpleReader
from reorder.shell.tree import AndOr, Command, Not, Pipe, Redir, Redirected, Seq, Simple, Unclear
from reorder.shell.words import Words

Compound: TypeAlias = Callable[[Node, int], Command]


class ListReader:
    """Reads the commands among sibling nodes; `compound` reads `if`, `for` and the like."""

    def __init__(self, words: Words, compound: Compound, nodes: Sequence[Node], depth: int) -> None:
        self.words, self.compound, self.depth = words, compound, depth
        self.items = list(flatten(nodes))
        self.at = 0

    def peek(self, *texts: str) -> bool:
        return (
            self.at < len(self.items)
            and self.items[self.at].kind == "op"
            and self.items[self.at].text in texts
        )

    def sequence(self) -> Seq:
        found: list[Command] = []
        spans: list[Span] = []
        while self.at < len(self.items):
            if self.peek(";"):
                self.at += 1
                continue
            first = self.at
            found.append(self.and_or())
            spans.append(self.span(first))
            if self.peek("&"):
                raise Unclear("a command runs in the background")
            if self.at < len(self.items) and not self.peek(";") and not self.newline():
                raise Unclear("two commands stand side by side")
        return Seq(tuple(found), tuple(spans))

    def span(self, first: int) -> Span:
        """From the start of an item to the end of the last one that was read."""
        spans = [self.words.script.span(item.node) for item in self.items[first : self.at]]
        return spans[0][0], max(end for _, end in spans)

    def newline(self) -> bool:
        """Whether a line ends between the last item and the next."""
        span = self.words.script.span
        before, after = span(self.items[self.at - 1].node), span(self.items[self.at].node)
        return "\n" in self.words.script.text[before[1] : after[0]]

    def and_or(self) -> Command:
        first = self.at
        items, ops = [self.pipeline()], []
        spans = [self.span(first)]
        while self.peek("&&", "||"):
            ops.append(self.items[self.at].text)
            self.at += 1
            first = self.at
            items.append(self.pipeline())
            spans.append(self.span(first))
        return AndOr(tuple(items), tuple(ops), tuple(spans)) if ops else items[0]

    def pipeline(self) -> Command:
        negated = self.peek("!")
        self.at += negated
        parts = [self.command()]
        while self.peek("|", "|&"):
            self.at += 1
            parts.append(self.command())
        found = Pipe(tuple(parts)) if len(parts) > 1 else parts[0]
        return Not(found) if negated else found

    def command(self) -> Command:
        if self.at >= len(self.items) or self.items[self.at].kind == "op":
            raise Unclear("an operator stands where a command was expected")
        item = self.items[self.at]
        if item.kind == "compound":
            self.at += 1
            return self.redirected(self.compound(item.node, self.depth), item.node)
        return self.simple()

    def redirected(self, body: Command, node: Node) -> Command:
        redirs: list[Redir] = []
        start, end = self.words.script.span(node)
        while self.at < len(self.items) and self.items[self.at].kind == "redirect":
            redir, behind = self.words.redirect(self.items[self.at].node, self.depth)
            if behind:
                raise Unclear("a word stands where an operator was expected")
            if redir is not None:
                redirs.append(redir)
                end = max(end, redir.target.span[1])
            self.at += 1
        return Redirected(body, tuple(redirs), (start, end)) if redirs else body

    def simple(self) -> Simple:
        from_items = SimpleReader(self.words, self.depth)
        first = True
        while self.at < len(self.items):
            item = self.items[self.at]
            if item.kind in ("op", "compound") or (item.kind == "simple" and not first):
                break
            from_items.add(item)
            first = False
            self.at += 1
        return from_items.build()

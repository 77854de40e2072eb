"""One simple command from its pieces."""

from __future__ import annotations

from reorder.shell import lexer
from reorder.shell.cst import REDIRECTS, Item, Node
from reorder.shell.nodes import Span
from reorder.shell.tree import Assign, Redir, Simple, Unclear, Word
from reorder.shell.words import Words

# Where one of these is the command, the text was not read as the shell reads it.
_RESERVED = {
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac",
    "in", "function", "select", "coproc", "!", "{", "}", "((",
}  # fmt: skip


class SimpleReader:
    """Collects the pieces of one simple command."""

    def __init__(self, reader: Words, depth: int) -> None:
        self.reader, self.depth = reader, depth
        self.assigns: list[Assign] = []
        self.words: list[Word] = []
        self.redirs: list[Redir] = []
        self.spans: list[Span] = []

    def add(self, item: Item) -> None:
        node = item.node
        if item.kind == "redirect":
            self.redirect(node)
        elif item.kind == "word":
            self.words.extend(self.reader.words([node], self.depth))
        elif node.type == "test_command":
            self.test(node)
        elif node.type == "variable_assignment":
            self.assign(node)
        else:
            self.command(node)

    def command(self, node: Node) -> None:
        pending: list[Node] = []
        for child in node.children:
            if child.type in REDIRECTS:
                self.words.extend(self.reader.words(pending, self.depth))
                pending = []
                self.redirect(child)
            elif child.type == "variable_assignment" and node.type != "declaration_command":
                self.assign(child)
            elif child.type in ("subshell", "compound_statement"):
                raise Unclear("a list stands where a word was expected")
            elif child.type != "comment":
                pending.append(child)
        self.words.extend(self.reader.words(pending, self.depth))

    def assign(self, node: Node) -> None:
        self.assigns.append(self.reader.assign(node, self.depth))
        self.spans.append(self.reader.script.span(node))

    def redirect(self, node: Node) -> None:
        redir, words = self.reader.redirect(node, self.depth)
        self.words.extend(words)
        if redir is not None:
            self.redirs.append(redir)
        if node.type == "heredoc_redirect":
            self.nothing_lost(self.reader.script.span(node)[0])
        else:
            self.spans.append(self.reader.script.span(node))

    def nothing_lost(self, start: int) -> None:
        """tree-sitter drops the `-` of `cat - <<EOF`."""
        ends = [end for _, end in (*self.spans, *(w.span for w in self.words)) if end <= start]
        if ends and self.reader.between(max(ends), start).strip(lexer.BLANKS) == "-":
            raise Unclear("a `-` before a heredoc is not understood")

    def test(self, node: Node) -> None:
        opening, closing = node.children[0].type, node.children[-1].type
        if opening not in ("[", "[["):
            raise Unclear("an arithmetic command is not understood")
        for child in node.children[1:-1]:
            self.reader.collect(child, self.depth)
        start, end = self.reader.script.span(node)
        width = len(opening)
        inner = lexer.words(self.reader.source, start + width, end - width, test=opening == "[[")
        self.words += lexer.words(self.reader.source, start, start + width)
        self.words += inner
        self.words += lexer.words(self.reader.source, end - len(closing), end)

    def build(self) -> Simple:
        spans = self.spans + [word.span for word in self.words]
        if not spans:
            spans = [redir.target.span for redir in self.redirs]
        if self.words:
            head = self.words[0]
            source = self.reader.script.text[slice(*head.span)]
            if source in _RESERVED:
                raise Unclear(f"`{source}` is not understood here")
        span = (min(start for start, _ in spans), max(end for _, end in spans))
        reached = span[0]
        for start, end in sorted(spans):
            # tree-sitter reads `A=1` and the command of the next line as one.
            if "\n" in self.reader.between(reached, start):
                raise Unclear("a line ends within a command")
            reached = max(reached, end)
        return Simple(tuple(self.assigns), tuple(self.words), tuple(self.redirs), span)

"""From tree-sitter's nodes to words, assignments and redirections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from reorder.shell import heredoc, lexer
from reorder.shell.cst import Node, Script, field
from reorder.shell.tree import Assign, Redir, Seq, Unclear, Word

_FILE_OPS: Mapping[str, Literal["read", "write", "append"]] = {
    "<": "read",
    ">": "write",
    ">|": "write",
    ">>": "append",
}


class Words:
    """Reads the words of one script; `sequence` reads the commands of a `$(…)`."""

    def __init__(self, script: Script, sequence: Callable[[Sequence[Node], int], Seq]) -> None:
        self.script, self.sequence = script, sequence
        self.subs: dict[int, tuple[int, Seq]] = {}
        self.braces: dict[int, int] = {}
        self.sums: dict[int, int] = {}
        self.source = lexer.Source(script.text, self.subs, self.braces, self.sums)

    def words(self, nodes: Sequence[Node], depth: int) -> tuple[Word, ...]:
        """The words of word nodes; adjacent nodes are one word."""
        regions: list[list[int]] = []
        for node in nodes:
            self.collect(node, depth)
            start, end = self.script.span(node)
            if regions and not self.between(regions[-1][1], start):
                regions[-1][1] = end
            else:
                regions.append([start, end])
        found: list[Word] = []
        for start, end in regions:
            self.boundary(start, end)
            read = lexer.words(self.source, start, end)
            if len(read) != 1 or read[0].span != (start, end):
                raise Unclear("a word is not understood")
            found.append(read[0])
        return tuple(found)

    def between(self, start: int, end: int) -> str:
        """The text of a gap without continued lines, which do not end a word."""
        return self.script.text[start:end].replace("\\\n", "")

    def boundary(self, start: int, end: int) -> None:
        """A word must begin and end where the shell would have it."""
        text = self.script.text
        while text.startswith("\\\n", end):
            end += 2
        while text.endswith("\\\n", 0, start):
            start -= 2
        if text[end : end + 1] not in (*lexer.BLANKS, *";&|<>()`", ""):
            raise Unclear("a word does not end where it should")
        if text[start - 1 : start] not in (*lexer.BLANKS, *";&|<>()`=!", ""):
            raise Unclear("a word does not begin where it should")
        escapes = text[: max(start - 1, 0)]
        if (
            text[start - 1 : start] in (" ", "\t")
            and (len(escapes) - len(escapes.rstrip("\\"))) % 2
        ):
            raise Unclear("a word begins with an escaped blank")

    def collect(self, node: Node, depth: int) -> None:
        """Note the expansions below a node, in which words are read."""
        stack = [node]
        while stack:
            inner = stack.pop()
            start, end = self.script.span(inner)
            if inner.type == "command_substitution":
                self.subs[start] = (end, self.substitution(inner, start, end, depth))
                continue
            if inner.type == "process_substitution":
                raise Unclear("a process substitution is not understood")
            if inner.type == "expansion":
                self.braces[start] = end
            elif inner.type == "arithmetic_expansion" and self.script.text.startswith("$((", start):
                self.sums[start] = end
            stack.extend(inner.children)

    def substitution(self, node: Node, start: int, end: int, depth: int) -> Seq:
        if self.script.text[start] == "`" and "\\" in self.script.text[start:end]:
            raise Unclear("backticks with a backslash are not understood")
        children = node.children[1:-1]
        if node.children[0].type.strip() not in ("$(", "`"):
            raise Unclear("a substitution is not understood")
        return self.sequence(children, depth)

    def assign(self, node: Node, depth: int) -> Assign:
        self.collect(node, depth)
        name = field(node, "variable_name", "subscript")
        if name is None:
            raise Unclear("an assignment is not understood")
        start, end = self.script.span(node)
        first, last = self.script.span(name)
        plain = name.type == "variable_name" and self.script.text[last] == "="
        if plain and field(node, "array") is None:
            self.boundary(start, end)
            return Assign(
                self.script.text[first:last], lexer.value(self.source, last + 1, end), True
            )
        base = self.script.text[first:last].partition("[")[0]
        return Assign(base, Word(self.source.scripts(start, end), (start, end)), False)

    def redirect(self, node: Node, depth: int) -> tuple[Redir | None, tuple[Word, ...]]:
        """A redirection, and the command's words that tree-sitter hung behind it."""
        start, end = self.script.span(node)
        if node.type == "heredoc_redirect":
            return self.here(node, depth), ()
        children = [c for c in node.children if c.type != "file_descriptor"]
        op = children[0].type
        found = self.words(children[1:], depth)
        if op == "<<<":
            return Redir("here", Word(self.source.scripts(start, end), (start, end))), found[1:]
        if op in (">&-", "<&-"):
            return None, found
        if not found:
            raise Unclear("a redirection is not understood")
        target = self.script.text[slice(*found[0].span)]
        if op in (">&", "<&") and (target.isdigit() or target == "-"):
            return None, found[1:]
        if op not in _FILE_OPS:
            raise Unclear(f"`{op}` means different things to different shells")
        return Redir(_FILE_OPS[op], found[0]), found[1:]

    def here(self, node: Node, depth: int) -> Redir:
        start, end = self.script.span(node)
        name, body = field(node, "heredoc_start"), field(node, "heredoc_body")
        operator, last = field(node, "<<", "<<-"), field(node, "heredoc_end")
        if name is None or operator is None or last is None:
            raise Unclear("a heredoc is not understood")
        begin, tabs = self.script.span(operator)[1], operator.type == "<<-"
        closing = heredoc.closing(self.script.text, begin, self.script.span(name)[1], tabs=tabs)
        if self.script.span(last)[0] != closing:
            raise Unclear("a heredoc does not end where it seems to")
        quoted = any(char in self.script.source(name) for char in "'\"\\")
        if body is None or quoted:
            return Redir("here", Word((), (start, end)))
        self.collect(body, depth)
        return Redir("here", Word(self.source.scripts(*self.script.span(body)), (start, end)))

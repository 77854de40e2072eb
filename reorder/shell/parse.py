"""Shell text to a tree. The only module that knows tree-sitter.

tree-sitter-bash finds compound commands, words and expansions well, but it binds `a && b > f` and
`a && b | c` to the wrong side. So its lists, pipelines and redirected statements are flattened here
into items, and operator precedence is read again (POSIX.1-2017, Shell Command Language, 2.10).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from reorder.shell import lexer
from reorder.shell.nodes import Opaque
from reorder.shell.tree import (
    AndOr,
    Assign,
    Case,
    Command,
    For,
    Function,
    If,
    Not,
    Pipe,
    Redir,
    Redirected,
    Seq,
    Simple,
    Subshell,
    Unclear,
    While,
    Word,
)

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_DEPTH = 60
_LENGTH = 200_000
_FLAT = {"list", "pipeline", "redirected_statement", "negated_command"}
_REDIRECTS = {"file_redirect", "heredoc_redirect", "herestring_redirect"}
_SIMPLE = {
    "command",
    "declaration_command",
    "unset_command",
    "test_command",
    "variable_assignment",
    "variable_assignments",
}
_OPERATORS = {"&&", "||", "|", "|&", ";", "\n", "&", "!"}
_FILE_OPS: dict[str, Literal["read", "write", "append"]] = {
    "<": "read",
    ">": "write",
    ">|": "write",
    ">>": "append",
}
_RESERVED = {
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac",
    "in", "function", "select", "coproc", "!", "{", "}", "((",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Item:
    """What a list is made of: an operator, a command, a redirection, or a word left behind one."""

    kind: Literal["op", "simple", "compound", "redirect", "word"]
    node: Node
    text: str


@lru_cache(maxsize=1024)
def parse(text: str) -> Seq | Opaque:
    """The tree of a shell text; `Opaque` where it has an error or a construct that is not handled."""
    if len(text) > _LENGTH:
        return Opaque("the script is too long")
    if "\r" in text or "\0" in text:
        return Opaque("the script has a carriage return or a null character")
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return Opaque("the script is not text")
    root = _parser().parse(data).root_node
    if root.has_error:
        return Opaque("the script has a syntax that is not understood")
    try:
        return _Reader(text, data).sequence(root.children, 0)
    except Unclear as unclear:
        return Opaque(unclear.reason)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


def _offsets(data: bytes, text: str) -> Callable[[int], int]:
    """From byte offsets to character offsets."""
    if len(data) == len(text):
        return lambda at: at
    table: list[int] = []
    for index, char in enumerate(text):
        table.extend([index] * len(char.encode("utf-8", "surrogateescape")))
    table.append(len(text))
    return table.__getitem__


class _Reader:
    def __init__(self, text: str, data: bytes) -> None:
        self.text = text
        self.offset = _offsets(data, text)
        self.subs: dict[int, tuple[int, Seq]] = {}
        self.braces: dict[int, int] = {}
        self.sums: dict[int, int] = {}
        self.source = lexer.Source(text, self.subs, self.braces, self.sums)

    def span(self, node: Node) -> tuple[int, int]:
        """Where a node is; some begin with the blanks before them."""
        start, end = self.offset(node.start_byte), self.offset(node.end_byte)
        while start < end and self.text[start] in lexer.BLANKS:
            start += 1
        return start, end

    # Lists, pipelines and redirections

    def sequence(self, nodes: Sequence[Node], depth: int) -> Seq:
        """The commands among sibling nodes."""
        if depth > _DEPTH:
            raise Unclear("the script is nested too deeply")
        items = list(self.flatten(nodes))
        return _List(self, items, depth + 1).sequence()

    def flatten(self, nodes: Sequence[Node]) -> Iterator[_Item]:
        stack = list(reversed(nodes))
        while stack:
            node = stack.pop()
            kind = node.type
            if kind in _FLAT:
                stack.extend(reversed(node.children))
            elif kind == "comment":
                continue
            elif kind == "heredoc_redirect":
                yield _Item("redirect", node, "")
                stack.extend(reversed(_after_heredoc(node)))
            elif kind in _REDIRECTS:
                yield _Item("redirect", node, "")
            elif kind in _SIMPLE:
                yield _Item("simple", node, "")
            elif kind in _OPERATORS or kind.isspace():
                yield _Item("op", node, kind.strip() or ";")
            elif node.is_named and kind.endswith(("_statement", "_definition", "subshell")):
                yield _Item("compound", node, "")
            elif node.is_named and kind != "heredoc_body":
                yield _Item("word", node, "")
            else:
                raise Unclear(f"`{kind}` is not understood")

    # Compound commands

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
                body = children[-1]
                condition = self.sequence(children[1:-1], depth)
                return While(children[0].type == "until", condition, self.block(body, depth))
            case "case_statement":
                return self.case(node, depth)
            case "function_definition":
                name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
                if name is None or body is None or node.child_by_field_name("redirect"):
                    raise Unclear("a function definition is not understood")
                start, end = self.span(name)
                return Function(self.text[start:end], self.compound(body, depth))
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
            found = self.words(values, depth)
        start, end = self.span(children[1])
        span = (self.span(node)[0], self.span(values[-1])[1] if values else end)
        return For(self.text[start:end], found, self.block(body, depth), span)

    def case(self, node: Node, depth: int) -> Case:
        children = node.children
        opening = next(i for i, child in enumerate(children) if child.type == "in")
        subject = self.words(children[1:opening], depth)
        if len(subject) != 1:
            raise Unclear("a `case` is not understood")
        patterns: list[Word] = []
        bodies: list[Seq] = []
        total = False
        for item in (child for child in children[opening:] if child.type == "case_item"):
            close = next(i for i, child in enumerate(item.children) if child.type == ")")
            for pattern in item.children[:close]:
                start, end = self.span(pattern)
                total = total or self.text[start:end] == "*"
                if pattern.is_named:
                    self.collect(pattern, depth)
                    patterns.append(Word(self.source.scripts(start, end), (start, end)))
            rest = item.children[close + 1 :]
            if rest and rest[-1].type in (";&", ";;&"):
                raise Unclear("a `case` branch falls through")
            bodies.append(self.sequence([c for c in rest if c.type != ";;"], depth))
        return Case(subject[0], tuple(patterns), tuple(bodies), total)

    # Simple commands

    def words(self, nodes: Sequence[Node], depth: int) -> tuple[Word, ...]:
        """The words of word nodes; adjacent nodes are one word."""
        regions: list[list[int]] = []
        for node in nodes:
            self.collect(node, depth)
            start, end = self.span(node)
            if regions and regions[-1][1] == start:
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

    def boundary(self, start: int, end: int) -> None:
        """A word must end where the shell ends it."""
        following = self.text[end : end + 2]
        before = self.text[start - 1 : start]
        if following[:1] not in (*lexer.BLANKS, *";&|<>()`", "") and following != "\\\n":
            raise Unclear("a word does not end where it should")
        if before not in (*lexer.BLANKS, *";&|<>()`=!", "") and self.text[start - 2 : start] != "\\\n":
            raise Unclear("a word does not begin where it should")
        escapes = self.text[: max(start - 1, 0)]
        if before in (" ", "\t") and (len(escapes) - len(escapes.rstrip("\\"))) % 2:
            raise Unclear("a word begins with an escaped blank")

    def collect(self, node: Node, depth: int) -> None:
        """Note the expansions below a node, in which words are read."""
        stack = [node]
        while stack:
            inner = stack.pop()
            start, end = self.span(inner)
            if inner.type == "command_substitution":
                self.subs[start] = (end, self.substitution(inner, start, end, depth))
                continue
            if inner.type == "process_substitution":
                raise Unclear("a process substitution is not understood")
            if inner.type == "expansion":
                self.braces[start] = end
            elif inner.type == "arithmetic_expansion" and self.text.startswith("$((", start):
                self.sums[start] = end
            stack.extend(inner.children)

    def substitution(self, node: Node, start: int, end: int, depth: int) -> Seq:
        if self.text[start] == "`" and "\\" in self.text[start:end]:
            raise Unclear("backticks with a backslash are not understood")
        children = node.children[1:-1]
        if node.children[0].type.strip() not in ("$(", "`"):
            raise Unclear("a substitution is not understood")
        return self.sequence(children, depth)

    def assign(self, node: Node, depth: int) -> Assign:
        self.collect(node, depth)
        name, target = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None:
            raise Unclear("an assignment is not understood")
        start, end = self.span(node)
        first, last = self.span(name)
        plain = name.type == "variable_name" and self.text[last] == "="
        if plain and not (target is not None and target.type == "array"):
            self.boundary(start, end)
            return Assign(self.text[first:last], lexer.value(self.source, last + 1, end), True)
        base = self.text[first:last].partition("[")[0]
        return Assign(base, Word(self.source.scripts(start, end), (start, end)), False)

    def redirect(self, node: Node, depth: int) -> tuple[Redir | None, tuple[Word, ...]]:
        """A redirection, and the command's words that tree-sitter hung behind it."""
        start, end = self.span(node)
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
        target = self.text[slice(*found[0].span)]
        if op in (">&", "<&") and (target.isdigit() or target == "-"):
            return None, found[1:]
        if op not in _FILE_OPS:
            raise Unclear(f"`{op}` means different things to different shells")
        return Redir(_FILE_OPS[op], found[0]), found[1:]

    def here(self, node: Node, depth: int) -> Redir:
        start, end = self.span(node)
        name = next((c for c in node.children if c.type == "heredoc_start"), None)
        body = next((c for c in node.children if c.type == "heredoc_body"), None)
        if name is None:
            raise Unclear("a heredoc is not understood")
        quoted = any(char in self.text[slice(*self.span(name))] for char in "'\"\\")
        if body is None or quoted:
            return Redir("here", Word((), (start, end)))
        self.collect(body, depth)
        return Redir("here", Word(self.source.scripts(*self.span(body)), (start, end)))


def _after_heredoc(node: Node) -> list[Node]:
    """What follows `<<EOF` on its line, which tree-sitter puts inside the redirection."""
    own = ("<<", "<<-", "file_descriptor", "heredoc_start", "heredoc_body", "heredoc_end")
    return [child for child in node.children if child.type not in own]


class _List:
    """Reads items by precedence: `|` binds before `&&` and `||`, these before `;`."""

    def __init__(self, reader: _Reader, items: list[_Item], depth: int) -> None:
        self.reader, self.items, self.depth = reader, items, depth
        self.at = 0

    def peek(self, *texts: str) -> bool:
        return (
            self.at < len(self.items)
            and self.items[self.at].kind == "op"
            and self.items[self.at].text in texts
        )

    def sequence(self) -> Seq:
        found: list[Command] = []
        while self.at < len(self.items):
            if self.peek(";"):
                self.at += 1
                continue
            found.append(self.and_or())
            if self.peek("&"):
                raise Unclear("a command runs in the background")
            if self.at < len(self.items) and not self.peek(";") and not self.newline():
                raise Unclear("two commands stand side by side")
        return Seq(tuple(found))

    def newline(self) -> bool:
        """Whether a line ends between the last item and the next."""
        span = self.reader.span
        before, after = span(self.items[self.at - 1].node), span(self.items[self.at].node)
        return "\n" in self.reader.text[before[1] : after[0]]

    def and_or(self) -> Command:
        items, ops = [self.pipeline()], []
        while self.peek("&&", "||"):
            ops.append(self.items[self.at].text)
            self.at += 1
            items.append(self.pipeline())
        return AndOr(tuple(items), tuple(ops)) if ops else items[0]

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
            return self.redirected(self.reader.compound(item.node, self.depth), item.node)
        return self.simple()

    def redirected(self, body: Command, node: Node) -> Command:
        redirs: list[Redir] = []
        start, end = self.reader.span(node)
        while self.at < len(self.items) and self.items[self.at].kind == "redirect":
            redir, words = self.reader.redirect(self.items[self.at].node, self.depth)
            if words:
                raise Unclear("a word stands where an operator was expected")
            if redir is not None:
                redirs.append(redir)
                end = max(end, redir.target.span[1])
            self.at += 1
        return Redirected(body, tuple(redirs), (start, end)) if redirs else body

    def simple(self) -> Simple:
        from_items = _Simple(self.reader, self.depth)
        first = True
        while self.at < len(self.items):
            item = self.items[self.at]
            if item.kind in ("op", "compound") or (item.kind == "simple" and not first):
                break
            from_items.add(item)
            first = False
            self.at += 1
        return from_items.build()


class _Simple:
    """Collects the pieces of one simple command."""

    def __init__(self, reader: _Reader, depth: int) -> None:
        self.reader, self.depth = reader, depth
        self.assigns: list[Assign] = []
        self.words: list[Word] = []
        self.redirs: list[Redir] = []
        self.spans: list[tuple[int, int]] = []

    def add(self, item: _Item) -> None:
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
            if child.type in _REDIRECTS:
                self.words.extend(self.reader.words(pending, self.depth))
                pending = []
                self.redirect(child)
            elif child.type == "variable_assignment" and node.type not in ("declaration_command",):
                self.assign(child)
            elif child.type in ("subshell", "compound_statement"):
                raise Unclear("a list stands where a word was expected")
            elif child.type != "comment":
                pending.append(child)
        self.words.extend(self.reader.words(pending, self.depth))

    def assign(self, node: Node) -> None:
        self.assigns.append(self.reader.assign(node, self.depth))
        self.spans.append(self.reader.span(node))

    def redirect(self, node: Node) -> None:
        redir, words = self.reader.redirect(node, self.depth)
        self.words.extend(words)
        if redir is not None:
            self.redirs.append(redir)
        if node.type != "heredoc_redirect":
            self.spans.append(self.reader.span(node))

    def test(self, node: Node) -> None:
        opening, closing = node.children[0].type, node.children[-1].type
        if opening not in ("[", "[["):
            raise Unclear("an arithmetic command is not understood")
        for child in node.children[1:-1]:
            self.reader.collect(child, self.depth)
        start, end = self.reader.span(node)
        width = len(opening)
        inner = lexer.words(
            self.reader.source, start + width, end - width, test=opening == "[["
        )
        self.words += lexer.words(self.reader.source, start, start + width)
        self.words += inner
        self.words += lexer.words(self.reader.source, end - len(closing), end)

    def build(self) -> Simple:
        spans = self.spans + [word.span for word in self.words]
        if not spans:
            spans = [redir.target.span for redir in self.redirs]
        if self.words:
            head = self.words[0]
            source = self.reader.text[slice(*head.span)]
            if source in _RESERVED:
                raise Unclear(f"`{source}` is not understood here")
        span = (min(start for start, _ in spans), max(end for _, end in spans))
        return Simple(tuple(self.assigns), tuple(self.words), tuple(self.redirs), span)

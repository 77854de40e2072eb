"""How commands are grouped; tree-sitter's own grouping of these is wrong or has no error."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reorder.shell.nodes import Opaque
from reorder.shell.parse import parse
from reorder.shell.tree import AndOr, Command, Not, Pipe, Redirected, Seq, Simple, Subshell


def shown(command: Command, text: str) -> str:
    """A command with a bracket around each group."""
    match command:
        case Simple():
            words = [text[slice(*word.span)] for word in command.words]
            files = [(redir.op, text[slice(*redir.target.span)]) for redir in command.redirs]
            words += [op if op == "here" else f"{op}:{name}" for op, name in files]
            return " ".join(words)
        case Seq(items):
            return "; ".join(shown(item, text) for item in items)
        case AndOr(items, ops):
            rest = [f"{op} {shown(item, text)}" for op, item in zip(ops, items[1:], strict=True)]
            return f"<{' '.join([shown(items[0], text), *rest])}>"
        case Pipe(parts):
            return f"[{' | '.join(shown(part, text) for part in parts)}]"
        case Not(body):
            return f"!{shown(body, text)}"
        case Subshell(body):
            return f"({shown(body, text)})"
        case Redirected(body):
            return f"{shown(body, text)} +{len(command.redirs)}"
    return type(command).__name__


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a ;; b", id="the end of a case branch outside"),
        pytest.param("fi", id="a reserved word alone"),
        pytest.param("a () b", id="a function without a compound body"),
        pytest.param("a | && b", id="no command between operators"),
        pytest.param("cat <<A <<B\nx\nA\ny\nB", id="two heredocs"),
    ],
)
def test_not_understood(text: str) -> None:
    assert isinstance(parse(text), Opaque)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("a && b > f", "<a && b write:f>", id="a redirection after a list"),
        pytest.param("a | b > f", "[a | b write:f]", id="a redirection after a pipe"),
        pytest.param("a && b > f | c", "<a && [b write:f | c]>", id="a pipe after a redirection"),
        pytest.param("a || b > f 2>&1 && c", "<a || b write:f && c>", id="a list goes on"),
        pytest.param("! a | b && c", "<![a | b] && c>", id="a negated pipe"),
        pytest.param("a <<E | b && c\nE\nd", "<[a here | b] && c>; d", id="after a heredoc"),
        pytest.param("a > f b 2>g c", "a b c write:f write:g", id="words after redirections"),
        pytest.param("(a; b) > f && c", "<(a; b) +1 && c>", id="a redirected subshell"),
        pytest.param("{ a; } | b", "[a | b]", id="a group"),
        pytest.param("a\nb # c\n\nd", "a; b; d", id="lines"),
    ],
)
def test_groups(text: str, want: str) -> None:
    tree = parse(text)
    assert not isinstance(tree, Opaque), tree.reason
    assert shown(tree, text) == want


def test_a_text_is_read_once() -> None:
    assert parse("a && b") is parse("a && b")


def test_tree_sitter_is_loaded_only_to_parse() -> None:
    code = (
        "import sys, reorder.shell.calls; assert 'tree_sitter' not in sys.modules;"
        "reorder.shell.calls.calls('a', '/', {}); assert 'tree_sitter' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

"""A shell text as a chain of links, and between which of them another shell could take over.

It could where a failure of the first part ends the script (`&&`, or `set -e`), and where nothing of
the shell's own state is handed on. `set -e` and `cd folder` at the front of what follows restore
that state; everything else that a shell keeps holds the rest of the text together.
Source: POSIX.1-2017, Shell Command Language, 2.8.1, 2.12 and 2.14 (`set -e`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from reorder.shell.nodes import Opaque, Span
from reorder.shell.parse import parse
from reorder.shell.sticky import changed_state, literal
from reorder.shell.tree import AndOr, Command, Not, Pipe, Seq, Simple

_OF_THIS_SHELL: Final = re.compile(
    r"\$\{?([?!$_-])(?!\w)|(PIPESTATUS|OLDPWD|SECONDS|BASHPID|PPID|LINENO|BASH_\w+)"
)
_LETTERS: Final = frozenset("euxvE")
_OPTIONS: Final = frozenset(("errexit", "nounset", "xtrace", "verbose", "errtrace", "pipefail"))


@dataclass(frozen=True, slots=True)
class Link:
    """A command of the chain. `held`: why what follows needs the same shell; None: it does not."""

    span: Span
    held: str | None
    repeated: bool = False  # a `set` or `cd` that may stand at the front of any part
    front: tuple[Span, ...] = ()  # those in force when the command starts
    folders: tuple[str, ...] = ()  # where their `cd`s go, in order
    plain: bool = False  # one simple command, to which `set -e` means nothing


def chain(script: str, *, errexit: bool = False) -> tuple[Link, ...] | Opaque:
    """The links of a shell text in order; `errexit`: the shell was started with `-e`."""
    tree = parse(script)
    if isinstance(tree, Opaque):
        return tree
    links = _links(script, tree, errexit)
    of_this_shell = _OF_THIS_SHELL.search(script)
    if of_this_shell is not None:
        return _held(links, f"`{of_this_shell.group()}` is about the shell that runs it")
    if "<<" in script:
        return _held(links, "it has a here-document")
    return tuple(links)


def stops_on_failure(shell: tuple[str, ...]) -> bool:
    """Whether the command of a SHELL instruction starts the shell with `-e`."""
    letters = (word for word in shell[1:] if word[:1] == "-" and word[:2] != "--")
    return any("e" in word for word in letters)


def _held(links: list[Link], reason: str) -> tuple[Link, ...]:
    return tuple(replace(link, held=reason) for link in links)


def _links(script: str, tree: Seq, errexit: bool) -> list[Link]:
    links: list[Link] = []
    front: tuple[Span, ...] = ()
    folders: tuple[str, ...] = ()
    lasting: str | None = None
    for command, span, joined in _commands(tree):
        options, folder = _set(command), _cd(command)
        repeated = options is not None or folder is not None
        errexit = errexit or bool(options)
        if not repeated and lasting is None:
            lasting = changed_state(command)
        stops = joined or (errexit and _ends_the_script(command))
        text = script[slice(*span)]
        held = None if stops else f"a failure of `{_short(text)}` does not end the script"
        if joined and (errexit or "set " in text) and not _is_flat(command, text):
            held = f"`&&` keeps `set -e` from acting within `{_short(text)}`"
        plain = isinstance(command, Simple) and _is_flat(command, text)
        links.append(Link(span, lasting or held, repeated, front, folders, plain))
        if repeated:
            front += (span,)
            folders += (folder,) if folder is not None else ()
    return links


def _commands(tree: Seq) -> list[tuple[Command, Span, bool]]:
    """The commands at the top, and whether `&&` joins each to the next.

    Only the last list is taken apart: in an earlier one, a failure before its last `&&` is passed
    over by `set -e`.
    """
    found = [(item, span, False) for item, span in zip(tree.items, tree.spans, strict=True)]
    if not found or not isinstance(found[-1][0], AndOr):
        return found
    last, _, _ = found.pop()
    assert isinstance(last, AndOr)
    head = max((at + 1 for at, op in enumerate(last.ops) if op == "||"), default=0)
    if head:
        first = AndOr(last.items[: head + 1], last.ops[:head], last.spans[: head + 1])
        found.append((first, (last.spans[0][0], last.spans[head][1]), True))
    else:
        found.append((last.items[0], last.spans[0], True))
    rest = zip(last.items[head + 1 :], last.spans[head + 1 :], strict=True)
    found += [(item, span, True) for item, span in rest]
    return found


def _ends_the_script(command: Command) -> bool:
    """Whether `set -e` surely acts when this command of a sequence fails."""
    if isinstance(command, AndOr):
        return set(command.ops) == {"||"} and _ends_the_script(command.items[-1])
    return isinstance(command, Simple | Pipe)


def _is_flat(command: Command, text: str) -> bool:
    """Whether nothing within a command could be ended by `set -e`."""
    match command:
        case Simple():
            return not any(mark in text for mark in ("$(", "`"))
        case Not(body):
            return _is_flat(body, text)
        case Pipe(items) | AndOr(items):
            return all(_is_flat(item, text) for item in items)
    return False


def _set(command: Command) -> bool | None:
    """Whether a `set` of options alone switches `-e` on; None: it is no such `set`."""
    words = _plain(command)
    if len(words) < 2 or words[0] != "set":
        return None
    errexit = False
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        letters = word[1:]
        if word[:1] != "-" or not letters:
            return None
        if letters.endswith("o"):
            name = rest.pop(0) if rest else ""
            if name not in _OPTIONS:
                return None
            errexit = errexit or name == "errexit"
            letters = letters[:-1]
        if set(letters) - _LETTERS:
            return None
        errexit = errexit or "e" in letters
    return errexit


def _cd(command: Command) -> str | None:
    """The folder of a plain `cd`; None: it is another command, or goes to a place not written."""
    words = _plain(command)
    if len(words) != 2 or words[0] != "cd" or words[1][:1] in ("", "-"):
        return None
    return None if any(char in words[1] for char in "*?[") else words[1]


def _plain(command: Command) -> tuple[str, ...]:
    """The words of a simple command that is nothing but literal words; else none."""
    if not isinstance(command, Simple) or command.assigns or command.redirs:
        return ()
    words = tuple(map(literal, command.words))
    return () if None in words else tuple(word for word in words if word is not None)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else words[:37] + "..."

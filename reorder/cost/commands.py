"""The commands of a RUN as words: exact where they are understood, else a fair reading of the text.

Nothing but the expected seconds comes from here, so a wrong word makes no wrong image.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from functools import lru_cache

from reorder.ecosystems.table import command_key
from reorder.graph.facts import Node
from reorder.syntax import views

Command = tuple[str, ...]  # the name without folder and version, then its words

_KEYWORDS = frozenset("if then elif else fi for while until do done in case esac { } ! ( )".split())
# Commands that run another one, with how many words of their own stand before it.
_WRAPPERS = {
    **dict.fromkeys("sudo env exec time nice nohup command builtin xargs stdbuf".split(), 0),
    **dict.fromkeys(("eval", "busybox"), 0),
    **dict.fromkeys("timeout gosu su-exec chroot".split(), 1),
}
_VALUED = frozenset("-u -g -n -k -s -I -P -L -C".split())  # options of these with a value
_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh", "su"))
_LENGTH = 200_000
_DEPTH = 5


def commands(node: Node) -> tuple[Command, ...]:
    """What a RUN calls, in order."""
    if node.understood is not None:
        found = [[arg.text for arg in step.call.args] for step in node.understood.steps]
        return tuple(command for words in found for command in _plain(words, 0))
    script = views.script(node.instruction)
    if script.kind == "exec":
        return tuple(_plain(list(script.argv), 0))
    if script.kind == "shell":
        return tuple(_loose(node.instruction.args[:_LENGTH], 0))  # heredocs are input
    if script.kind == "shebang":
        program = _interpreter(script.text.partition("\n")[0])
        if program not in _SHELLS:
            return ((program,),)
    return tuple(_loose(script.text[:_LENGTH], 0))


def _interpreter(line: str) -> str:
    """`#!/usr/bin/env -S python3 -u` -> `python`."""
    names = (command_key(word) for word in line.removeprefix("#!").split())
    return next((name for name in names if name != "env" and not name.startswith("-")), "sh")


def _loose(text: str, depth: int) -> Iterator[Command]:
    words: list[str] = []
    for word in _words(text):
        if word and not word.strip("&|;()\n"):
            yield from _plain(words, depth)
            words = []
        else:
            words.append(word)
    yield from _plain(words, depth)


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    """The words and operators of a shell text; a quote that is left open ends them."""
    lines = text.replace("\\\n", " ").split("\n")
    joined = " ; ".join(line for line in lines if not line.lstrip().startswith("#"))
    joined = joined.replace(">&", "> ")
    lexer = shlex.shlex(joined, posix=True, punctuation_chars="&|;()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return tuple(lexer)
    except ValueError:
        return tuple(joined.split())


def _plain(words: list[str], depth: int) -> Iterator[Command]:
    """One command without what stands before it, `sh -c` and `python -m` opened."""
    words = _unwrapped(words)
    if not words:
        return
    name = (command_key(words[0]) or words[0]).strip()
    if name not in ("xx-info", "xx-verify"):
        name = name.removeprefix("xx-")  # cross-compilation helpers: the same tool
    for at, word in enumerate(words[1:-1], 1):
        if name in _SHELLS and word.startswith("-") and word.endswith("c") and depth < _DEPTH:
            yield from _loose(words[at + 1], depth + 1)
            return
        if name == "python" and word == "-m":
            yield (command_key(words[at + 1]), *words[at + 2 :])
            return
    if name in _SHELLS and len(words) > 1 and command_key(words[1]) in ("mvnw", "gradlew"):
        words = words[1:]
        name = command_key(words[0])
    yield (name, *words[1:])


def _unwrapped(words: list[str]) -> list[str]:
    while words:
        own = _WRAPPERS.get(command_key(words[0]))
        if own is not None:
            words = words[1:]
            while words and words[0].startswith("-"):
                words = words[2 if words[0] in _VALUED else 1 :]
            words = words[own:]
        elif words[0] in _KEYWORDS or _is_setting(words[0]):
            words = words[1:]
        else:
            return words
    return words


def _is_setting(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()

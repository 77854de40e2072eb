"""The text of a RUN as the checker compares it, and which parts a cache mount may drop from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reorder.shell.chain import chain
from reorder.shell.nodes import Call, Opaque, Span

_BLANKS: Final = " \t"
_CLOSING: Final = (";", ")")
_NAME: Final = re.compile(r"\$\{?[#!]?([A-Za-z_][A-Za-z0-9_]*)")
_ALWAYS_READ: Final = frozenset({"PATH", "IFS", "ENV", "BASH_ENV", "CDPATH"})  # by sh and bash


def identity(script: str, dropped: Iterable[Span]) -> str:
    """The script without the dropped spans, and with blanks between words folded.

    Blanks inside quotes stay. Where the text is too rich to see what is quoted (nested
    substitutions, here-documents, comments) only the ends are trimmed.
    """
    return _fold(without(script, dropped)).strip(_BLANKS)


def without(script: str, dropped: Iterable[Span]) -> str:
    """The script without some spans."""
    text = script
    for start, end in sorted(set(dropped), reverse=True):
        before, after = text[:start].rstrip(_BLANKS), text[end:].lstrip(_BLANKS)
        if before.endswith("\n") and after.startswith("\n"):
            text = before + after[1:]  # a line that held nothing else
            continue
        text = before + ("" if after.startswith(_CLOSING) else " ") + after
    return text


def _fold(text: str) -> str:
    if text.startswith("#") or any(rich in text for rich in ("<<", " #", "\t#", "\n")):
        return text
    if '"' in text and any(nested in text for nested in ("$(", "`", "${")):
        return text
    folded: list[str] = []
    quote = ""
    position = 0
    while position < len(text):
        char = text[position]
        if char == "\\" and quote != "'":
            folded.append(text[position : position + 2])
            position += 2
            continue
        if char in "'\"" and quote in ("", char):
            quote = "" if quote else char
        if quote or char not in _BLANKS:
            if not quote and char in _CLOSING and folded and folded[-1] == " ":
                folded.pop()
            folded.append(char)
        elif not (folded and folded[-1] == " "):
            folded.append(" ")
        position += 1
    return "".join(folded)


# Set by the shell or the runtime, not by the image (POSIX 2.5.3, bash "Shell Variables").
SHELL_NAMES: Final = frozenset(
    "HOME PATH PWD OLDPWD IFS HOSTNAME UID EUID PPID SHLVL RANDOM SECONDS LINENO OPTARG OPTIND "
    "REPLY "
    "PS1 PS2 PS4 ENV CDPATH TERM SHELL USER LOGNAME FUNCNAME PIPESTATUS _".split()
) | frozenset(("BASH", "BASH_ENV", "BASH_VERSION", "BASH_SOURCE"))


def referenced_names(script: str) -> frozenset[str]:
    """Every variable the shell itself may expand in a script; a superset is safe."""
    home = frozenset({"HOME"}) if "~" in script else frozenset()
    return frozenset(_NAME.findall(script)) | home | _ALWAYS_READ


def cancelling_call(script: str, call: Call) -> Span | None:
    """The part to drop so that a call disappears from a chain: ` && call`, or `call && ` in front.

    Of a script of several lines, the line. None when the call is more than a plain member of a
    list: its exit code or its redirects would matter.
    """
    start, end = call.span
    if call.redirects or not script[start:end].startswith(call.name):
        return None
    before = script[:start].rstrip(_BLANKS)
    after = script[end:].lstrip(_BLANKS)
    joined = after == "" or after.startswith(("&&", *_CLOSING))
    if before.endswith("&&") and joined:
        return len(before[:-2].rstrip(_BLANKS)), end
    if before == "" and after.startswith("&&"):
        return start, len(script) - len(after[2:].lstrip(_BLANKS))
    if before.endswith("\n") and after.startswith("\n") and _is_line(script, call.span):
        return start, end
    return None


def _is_line(script: str, span: Span) -> bool:
    """Whether a command of the top may go with its line: nobody asks whether it failed."""
    links = chain(script)
    if isinstance(links, Opaque):
        return False
    at = next((at for at, link in enumerate(links) if link.span == span and link.plain), None)
    if at is None:
        return False
    fronts = (script[slice(*front)].split() for front in links[at].front)
    stops = any(front[0] == "set" and "e" in front[1] for front in fronts)
    return stops or at + 1 < len(links)

"""Texts that tree-sitter-bash is not given: it would crash, or take minutes and gigabytes."""

from __future__ import annotations

import re
from typing import Final

# Time and memory grow with the square of a text such as `a | a | …` or `)))…`.
LENGTH: Final = 20_000
# `brace_start` in tree-sitter-bash's src/scanner.c asks C's `isdigit` about these characters, which
# is defined up to 255 only: glibc reads outside of a table (tree-sitter/tree-sitter-bash#337).
_UNSAFE_BRACE = re.compile(r"\{[0-9]*(?:\.\.[0-9]*)?[^\x00-\xff]")


def refusal(text: str) -> str | None:
    """Why a shell text is not parsed; None: it may be."""
    if len(text) > LENGTH:
        return "the script is too long"
    if "\r" in text or "\0" in text:
        return "the script has a carriage return or a null character"
    if _UNSAFE_BRACE.search(text):
        return "the script has a brace before a character that is not read safely"
    return None

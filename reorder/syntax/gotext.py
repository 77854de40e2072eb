"""Text as Go's `unicode`, `strings` and `regexp` see it; Python's own notions differ in corners."""

from __future__ import annotations

import re

# unicode.IsSpace. Python's str.isspace adds U+001C to U+001F.
SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

# parser.go: reWhitespace
BLANKS = re.compile("[\t\v\f\r ]+")

SPACES = re.compile(f"[{SPACE}]+")

_LONE = re.compile("[\ud800-\udfff]")


def to_bytes(text: str) -> bytes:
    """The bytes that `text` was decoded from; a surrogate that no decoding makes becomes `?`."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def runes(text: str) -> str:
    """`text` as Go reads it rune by rune: each byte that is not UTF-8 is U+FFFD."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)

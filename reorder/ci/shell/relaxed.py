"""A shell text without what the shell parser refuses and what is of no matter for finding builds.

The parser is strict, as proofs are built on it. Here it only has to tell where commands are, so
what it does not read is replaced by something of the same length that it does.
"""

from __future__ import annotations

import re
from typing import Final

_SAME: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"(?<=\s)[<>]\((?!\()"), "$("),  # process substitution
    (re.compile(r"&>(?=[^>])"), " >"),  # both outputs
    (re.compile(r"(?<=\s)-(?=[ \t]*<<)"), "."),  # standard input before a heredoc
    (re.compile(r"(?<=[\s)\"'\w]) &(?=\s|$)"), " ;"),  # in the background
)
_SUM: Final = re.compile(r"(?m)(?:^|(?<=[\s;&|]))\(\([^()\n]*\)\)(?=\s*(?:;|&|\||$))")


def relaxed(text: str) -> str:
    """A text of the same length that is easier to read."""
    for pattern, other in _SAME:
        text = pattern.sub(other, text)
    return _SUM.sub(lambda found: ":".ljust(len(found[0])), text)

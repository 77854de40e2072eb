"""Nothing secret in what is printed or stored."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from urllib.parse import quote

SHORTEST = 8  # characters; a shorter value would take harmless words with it
HIDDEN = "***"
_NAME = re.compile(
    r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|APIKEY|(?:^|_)(?:KEY|PASS|PAT|AUTH)(?:_|$)",
    re.IGNORECASE,
)
_NO_SECRET = frozenset({"SSH_AUTH_SOCK", "XAUTHORITY"})
# `git@` alone is everybody's; a token may stand where the user's name does.
_IN_URL = re.compile(r"(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]*://)(?!git@)[^\s/'\"<>]*@")


def redacted(text: str, extra: Iterable[str] = ()) -> str:
    """Text without credentials of URLs, values of secret variables, and what `extra` names."""
    text = _IN_URL.sub(rf"\g<scheme>{HIDDEN}@", text)
    for secret in sorted({*_secrets(), *filter(None, extra)}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
        text = text.replace(quote(secret, safe=""), HIDDEN)
    return text


def _secrets() -> Iterable[str]:
    """Values of environment variables whose name says that they are secret, line by line."""
    for name, value in os.environ.items():
        if _NAME.search(name) and name not in _NO_SECRET:
            yield from (line for line in value.split("\n") if len(line.strip()) >= SHORTEST)

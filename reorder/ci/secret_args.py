"""Build arguments that look like secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_NAME: Final = re.compile(
    r"TOKEN|SECRET|PASSW(?:OR)?D|PASSPHRASE|CREDENTIAL|(?:^|[_-]|API|ACCESS)KEYS?(?:$|[_-])", re.I
)
_VALUE: Final = re.compile(r"\bsecrets\s*[.\[]")


def looks_secret(name: str, value: str = "") -> bool:
    """Whether a build argument's name, or the expression it is set to, is that of a secret."""
    return bool(_NAME.search(name) or _VALUE.search(value))


def warnings(arguments: Iterable[str]) -> tuple[str, ...]:
    """A warning for each `NAME=value` or `NAME` that looks like a secret."""
    names = [one.partition("=") for one in arguments]
    found = dict.fromkeys(name for name, _, value in names if looks_secret(name, value))
    return tuple(
        f"The build argument {name} looks like a secret. It would lie in the cache for everybody "
        "who can read the registry; use `RUN --mount=type=secret` and `--secret` for it."
        for name in found
    )

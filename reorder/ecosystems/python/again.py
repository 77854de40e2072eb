"""The text of a call that is to be made once more, with something added to it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from reorder.ecosystems.contract import Image
from reorder.shell.nodes import Arg, Call

_OF_THE_SHELL = frozenset({"PWD", "OLDPWD", "_"})


def again(call: Call, image: Image, added: Sequence[str]) -> str | None:
    """The author's own words with the variables that he set for the call, and more at the end.

    None: a variable that he set for it has a value that is not known.
    """
    given = assignments(call, image)
    if given is None:
        return None
    return " ".join((*given, *(_word(arg) for arg in call.args), *added))


def assignments(call: Call, image: Image) -> tuple[str, ...] | None:
    """`NAME=value` for what the call sees and a RUN alone would not; None: a value is not known."""
    found = []
    for name, value in call.env.items():
        if name in _OF_THE_SHELL or (name == "HOME" and value == image.home):
            continue
        same = name in image.env and image.env[name] == value
        if same or (value == "" and name not in image.env):
            continue
        if value is None:
            return None
        found.append(f"{name}={shlex.quote(value)}")
    return tuple(sorted(found))


def _word(arg: Arg) -> str:
    return shlex.quote(arg.text) if arg.kind == "literal" else arg.text

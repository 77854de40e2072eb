"""Words of a shell text as they may stand between double quotes, and image names made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:=,@%+-]+")
_VARIABLE: Final = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_CLOSED: Final = {"(": ")", "{": "}"}
# Of the systems' own variables, the ones that hold a repository without a tag.
_NO_TAG: Final = frozenset(("CI_REGISTRY_IMAGE",))


def within(source: str) -> str | None:
    """A word's source as text between double quotes; None: it is a pattern, or not understood."""
    found: list[str] = []
    at, quoted = 0, False
    while at < len(source):
        char = source[at]
        end = at + 1
        if char == '"':
            quoted = not quoted
            char = ""
        elif char == "\\":
            end = at + 2
            char = source[at:end] if quoted or source[at + 1 : end] in '$`"\\' else source[at + 1]
            char = "" if char in ("\n", "\\\n") else char
        elif char == "'" and not quoted:
            end = source.find("'", at + 1) + 1
            char = re.sub(r'([$`"\\])', r"\\\1", source[at + 1 : end - 1])
        elif char == "`" or source[at : at + 2] in ("$(", "${"):
            end = _closing(source, at)
            char = source[at:end]
        elif char in "*?[]{}~" and not quoted:
            return None
        if end == 0:
            return None
        found.append(char)
        at = end
    return "".join(found)


def _closing(source: str, at: int) -> int:
    """The offset behind `$(…)`, `${…}` or backticks; 0 if they do not close."""
    if source[at] == "`":
        return source.find("`", at + 1) + 1
    opening, closing = source[at + 1], _CLOSED[source[at + 1]]
    depth = 0
    for index in range(at + 1, len(source)):
        depth += (source[index] == opening) - (source[index] == closing)
        if not depth:
            return index + 1
    return 0


def quoted(value: str) -> str:
    """A word for text that may stand between double quotes."""
    return value if _PLAIN.fullmatch(value) else f'"{value}"'


def canonical(value: str) -> str:
    """The same text with every variable as `${name}`."""
    return _VARIABLE.sub(lambda found: f"${{{found[1] or found[2]}}}", value)


def variables(value: str) -> set[str]:
    """The plain variables of a text."""
    return {found[1] or found[2] for found in _VARIABLE.finditer(value)}


def known(value: str, values: Mapping[str, str]) -> str:
    """The text with the values of variables as far as they are known, for reading only."""
    for _ in range(4):
        new = _VARIABLE.sub(lambda f: values.get(f[1] or f[2], f[0]), value)
        if new == value or len(new) > 1000:
            break
        value = new
    return value


def cut(name: str) -> tuple[str, str]:
    """An image name as repository and tag; a tag is "" where there is none."""
    name = name.partition("@")[0]
    at, colon = 0, -1
    while at < len(name):
        if name[at] == "`" or name[at : at + 2] in ("$(", "${"):
            at = _closing(name, at) or len(name)
            continue
        if name[at] == "/":
            colon = -1
        elif name[at] == ":":
            colon = at
        at += 1
    return (name, "") if colon == -1 else (name[:colon], name[colon + 1 :])


def repository(name: str, values: Mapping[str, str]) -> str | None:
    """The repository of an image name; None: it cannot be told where the tag begins."""
    found, tag = cut(name)
    if tag:
        return found
    last = found.rpartition("/")[2]
    for variable in variables(last):
        if variable in _NO_TAG:
            continue
        if variable not in values:
            return None
        value = known(values[variable], values)
        if cut(value)[1]:
            # The variable holds all of it: what it is made of stands in its place.
            return repository(values[variable], values) if last == found and _whole(last) else None
        if variables(value.rpartition("/")[2]) - _NO_TAG:
            return None
    return None if "$(" in last or "`" in last or "${" in _VARIABLE.sub("", last) else found


def _whole(text: str) -> bool:
    return _VARIABLE.fullmatch(text) is not None

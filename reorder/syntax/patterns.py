"""The patterns of `${name#p}`, `${name%p}` and `${name/p/r}`.

Facts: BuildKit frontend/dockerfile/shell/lex.go (`convertShellPatternToRegex`, `trimPrefix`,
`trimSuffix`, `processDollar`): `*` and `?` stay in one line, there are no brackets.
"""

from __future__ import annotations

import re

# A pattern with many stars on a long value would take quadratic time and more.
MAX_VALUE = 1000
MAX_PATTERN = 64


class BadPatternError(ValueError):
    """A backslash before a character that needs none."""


def too_long(pattern: str, value: str) -> bool:
    """Whether a match could take unbounded time."""
    return len(pattern) > MAX_PATTERN or len(value) > MAX_VALUE


def trim_prefix(pattern: str, value: str, *, longest: bool) -> str:
    """`value` without what `pattern` matches at its start. Raises BadPatternError."""
    match = _compile(_tokens(pattern), longest=longest).match(value)
    return value[match.end() :] if match else value


def trim_suffix(pattern: str, value: str, *, longest: bool) -> str:
    """`value` without what `pattern` matches at its end. Raises BadPatternError."""
    backwards = _compile(_tokens(_reversed(pattern)), longest=longest)
    match = backwards.match(value[::-1])
    return value[: len(value) - match.end()] if match else value


def substitute(pattern: str, replacement: str, value: str, *, every: bool) -> str:
    """`value` with the first or every longest match replaced. Raises BadPatternError.

    Go's ReplaceAllString, which serves `//`, expands `$1` in the replacement; `/` does not.
    """
    regex = _compile(_tokens(pattern), longest=True)
    if not every:
        first = regex.search(value)
        return value[: first.start()] + replacement + value[first.end() :] if first else value
    out: list[str] = []
    done = position = 0
    while position <= len(value):
        match = regex.search(value, position)
        if match is None:
            break
        out.append(value[done : match.start()])
        # Go takes no empty match next to the match before it.
        if match.end() > done or match.start() == 0:
            out.append(_template(replacement, match[0]))
        done = match.end()
        position = max(match.end(), position + 1)
    return "".join([*out, value[done:]])


_REFERENCE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")


def _template(replacement: str, whole: str) -> str:
    def value(reference: re.Match[str]) -> str:
        if reference[0] == "$$":
            return "$"
        return whole if (reference[1] or reference[2]) == "0" else ""

    return _REFERENCE.sub(value, replacement) if "$" in replacement else replacement


def _tokens(pattern: str) -> list[str]:
    """Literal characters, `*` and `?`; literals of those two are doubled."""
    tokens: list[str] = []
    index = 0
    while index < len(pattern):
        char = pattern[index]
        index += 1
        if char == "\\":
            escaped = pattern[index : index + 1]
            if escaped in ("}", "/"):
                continue
            if escaped not in ("*", "?", "\\"):
                raise BadPatternError(f"invalid escape '\\{escaped}'")
            tokens.append(escaped * 2)
            index += 1
        else:
            tokens.append(char)
    return tokens


def _compile(tokens: list[str], *, longest: bool) -> re.Pattern[str]:
    """Every star but the last of a longest match takes as little as it can, and never gives back.

    That finds the same end as backtracking would, without its time.
    """
    stars = [index for index, token in enumerate(tokens) if token == "*"]
    if not stars:
        return re.compile("".join(map(_literal, tokens)))
    groups = ["".join(map(_literal, tokens[: stars[0]]))]
    for number, star in enumerate(stars, start=1):
        last = number == len(stars)
        end = len(tokens) if last else stars[number]
        body = "".join(map(_literal, tokens[star + 1 : end]))
        if last:
            groups.append((".*" if longest else ".*?") + body)
        else:
            groups.append(f"(?=(?P<g{number}>.*?{body}))(?P=g{number})")
    return re.compile("".join(groups))


def _literal(token: str) -> str:
    return "." if token == "?" else re.escape(token[0])


def _reversed(pattern: str) -> str:
    """The pattern backwards, each escape kept before its character."""
    out: list[str] = []
    index = 0
    while index < len(pattern):
        width = 2 if pattern[index] == "\\" and index + 1 < len(pattern) else 1
        out.append(pattern[index : index + width])
        index += width
    return "".join(reversed(out))

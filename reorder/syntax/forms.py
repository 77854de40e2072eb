"""The forms of a substitution: `${name:-word}` and its like, on values.

Facts: BuildKit frontend/dockerfile/shell/lex.go (`processDollar`).
"""

from __future__ import annotations

from reorder.syntax import patterns
from reorder.syntax.values import Unknown, Value, WordError, or_empty


def applied(name: str, operator: str, colon: bool, word: Value, value: Value | None) -> Value:
    """`${name<operator>word}`; `colon` says that an empty value counts as unset."""
    if operator not in ("-", "+", "?", "#", "%"):
        raise WordError(f"unsupported modifier (:{operator}) in substitution")
    if isinstance(value, Unknown):
        return "" if operator == "+" and word == "" else value
    missing = value is None or (colon and value == "")
    if operator == "-":
        return word if missing else or_empty(value)
    if operator == "+":
        return "" if missing else word
    if operator == "?":
        if missing:
            default = "unset" if value is None else "empty"
            reason = word if isinstance(word, str) and word else f"is not allowed to be {default}"
            raise WordError(f"{name}: {reason}")
        return or_empty(value)
    return _trim(name, operator, word, value or "")


def _trim(name: str, operator: str, word: Value, value: str) -> Value:
    if isinstance(word, Unknown):
        return word if value else ""
    longest = word.startswith(operator)
    pattern = word[1:] if longest else word
    if patterns.too_long(pattern, value):
        return Unknown(name)
    trim = patterns.trim_suffix if operator == "%" else patterns.trim_prefix
    try:
        return trim(pattern, value, longest=longest)
    except patterns.BadPatternError as error:
        raise _bad_pattern(pattern, error) from None


def replaced(name: str, pattern: Value, replacement: Value, value: Value, *, every: bool) -> Value:
    """`${name/pattern/replacement}`, or `//` for every match. Raises WordError."""
    if isinstance(value, Unknown):
        return value
    if isinstance(pattern, Unknown):
        return pattern
    if isinstance(replacement, Unknown):
        return replacement
    if patterns.too_long(pattern, value):
        return Unknown(name)
    try:
        return patterns.substitute(pattern, replacement, value, every=every)
    except patterns.BadPatternError as error:
        raise _bad_pattern(pattern, error) from None


def _bad_pattern(pattern: str, error: Exception) -> WordError:
    return WordError(f"invalid pattern ({pattern}) in substitution: {error}")

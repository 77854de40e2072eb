"""HEALTHCHECK: its type, and the numbers in its flags.

Facts: BuildKit frontend/dockerfile/instructions/parse.go (`parseHealthcheck`, `parseOptInterval`);
Go time.ParseDuration.
"""

from __future__ import annotations

import re

from reorder.syntax.nodes import Instruction

_INTERVALS = ("interval", "timeout", "start-period", "start-interval")
_DURATION = re.compile(r"[+-]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)\Z")
_PART = re.compile(r"([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h)")
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}\Z")


def health(instruction: Instruction) -> str | None:
    """Why BuildKit rejects a HEALTHCHECK whose flags have been checked, or None."""
    if not instruction.words:
        return "HEALTHCHECK requires at least one argument"
    kind, *command = instruction.words
    if kind.upper() == "NONE":
        return "HEALTHCHECK NONE takes no arguments" if command else None
    if kind.upper() != "CMD":
        return f"Unknown type {kind!r} in HEALTHCHECK (try CMD)"
    if not command:
        return "Missing command after HEALTHCHECK CMD"
    for name in _INTERVALS:
        problem = _interval(name, instruction.flag(name) or "")
        if problem is not None:
            return problem
    return _retries(instruction.flag("retries") or "")


def _interval(name: str, text: str) -> str | None:
    if not text:
        return None
    nanoseconds = duration(text)
    if nanoseconds is None:
        return f"--{name}: {text!r} is not a duration"
    if nanoseconds and nanoseconds < _NANOSECONDS["ms"]:
        return f"--{name} cannot be less than 1ms"
    return None


def duration(text: str) -> int | None:
    """Nanoseconds of a Go duration; None when it is not one, or does not fit."""
    if len(text) > 100 or not _DURATION.match(text):
        return None
    total = 0
    for whole, fraction, unit in _PART.findall(text):
        total += int(whole + fraction or "0") * _NANOSECONDS[unit] // 10 ** len(fraction)
    if total >= 2**63:
        return None
    return -total if text.startswith("-") else total


def _retries(text: str) -> str | None:
    if not text:
        return None
    number = int(text) if _NUMBER.match(text) else None
    if number is None or not -(2**31) <= number < 2**31:
        return f"--retries: {text!r} is not a number"
    return "--retries cannot be negative" if number < 0 else None

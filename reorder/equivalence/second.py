"""A second opinion on the reading of a Dockerfile: the `dockerfile-parse` package."""

from __future__ import annotations

import io

from reorder.equivalence.lines import Source, blank_lines_inside, logical
from reorder.equivalence.program import Program


def disagreement(src: Source, program: Program, bodies: frozenset[int]) -> str | None:
    """How another parser reads the file differently, or None.

    Its known mistakes are taken out of its way first: a byte order mark, heredoc bodies, blank
    lines inside a continuation, and an escape character at the very end of the file.
    """
    from dockerfile_parse import DockerfileParser

    text = _masked(src, bodies)
    parser = DockerfileParser(fileobj=io.BytesIO(text.encode("utf-8")))
    theirs = [
        (item["instruction"], item["value"])
        for item in parser.structure
        if item["instruction"] != "COMMENT"
    ]
    ours = [(step.keyword.upper(), _plain(step.value)) for step in program.steps]
    if ours == theirs:
        return None
    for mine, other in zip(ours, theirs, strict=False):
        if mine != other:
            return f"two parsers read {mine[0]} {mine[1][:40]!r} differently"
    return "two parsers count the instructions differently"


def _masked(src: Source, bodies: frozenset[int]) -> str:
    dropped = set(bodies)
    at = src.start
    while (found := logical(src, at)) is not None:
        dropped.update(blank_lines_inside(src, found))
        at = found.after
        while at in bodies:
            at += 1
    kept = [line for at, line in enumerate(src.lines) if at not in dropped]
    while kept and not kept[-1].strip(" \t"):
        kept.pop()
    if kept and not kept[-1].lstrip(" \t").startswith("#"):
        kept[-1] = kept[-1].rstrip(" \t").removesuffix(src.escape)
    return _plain("\n".join(kept) + "\n")


def _plain(text: str) -> str:
    """Bytes that are no UTF-8 as a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")

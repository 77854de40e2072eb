"""Whether what a container runs may need a directory that a rewrite keeps out of the image.

Looked at are the command, the health check and the triggers of the image, with variables replaced,
and every file of the context, heredoc or `echo` of a RUN that they name, and what these name.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.paths import below
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.runtime import is_to_work_in, needing
from reorder.equivalence.listing import Listing
from reorder.equivalence.program import Refused
from reorder.equivalence.stages import Stage

_WORD: Final = re.compile(r"[^A-Za-z0-9_./@-]+")
_VARIABLE: Final = re.compile(r"\$\{?(\w+)[^}\s]*\}?")
_MOST: Final = 200  # files that are looked into
_SCRIPTS: Final = frozenset(
    "sh bash py js mjs cjs ts rb pl php lua conf ini cfg yml yaml toml json service mk".split()
)


@dataclass(frozen=True, slots=True)
class Keeper:
    """A directory that leaves the image, and the tools that keep something there."""

    target: str
    tools: frozenset[str]


def check_container(stage: Stage, keeper: Keeper, listing: Listing, inlines: Iterable[str]) -> None:
    """Raises Refused if what a stage runs may need the directory.

    `inlines` are the heredocs that the stage and those it starts from copy to files.
    """
    for said in _said(stage):
        words = [_expanded(word, stage) for word in said]
        if is_to_work_in(words):
            what = " ".join(words)
            raise Refused(f"people work in the container (`{what}`)", stage.line)
        for text in words:
            _check_text(text, keeper, listing, stage.line)
            if "$(" in text or "`" in text:
                reason = f"what the container runs is only known there: `{text}`"
                raise Refused(reason, stage.line)
    for name, value in stage.scope.env.items():
        if keeper.target in (value.text or ""):
            reason = f"the variable {name} names {keeper.target} in the container"
            raise Refused(reason, stage.line)
    for volume in stage.config.volumes:
        if below(volume, keeper.target) or below(keeper.target, volume):
            raise Refused(f"{volume} is a volume of the container", stage.line)
    for text in (*inlines, *_made(stage)):
        _check_words(text, keeper, stage.line, "a file that the build makes")


def _said(stage: Stage) -> Iterator[tuple[str, ...]]:
    config = stage.config
    yield (*config.entrypoint, *config.command)
    yield config.health
    for trigger in config.triggers:
        yield (trigger.rest,)


def _expanded(text: str, stage: Stage) -> str:
    """The text with the variables of the image in it; others stay."""
    env = stage.scope.env

    def value(match: re.Match[str]) -> str:
        known = env.get(match[1])
        return (known.text if known is not None else None) or match[0]

    return _VARIABLE.sub(value, text)


def _check_text(text: str, keeper: Keeper, listing: Listing, line: int) -> None:
    """A command, and the scripts that it names, and those that they name."""
    wanted = needing(keeper.tools)
    if keeper.target in text:
        raise Refused(f"the container uses {keeper.target}", line)
    queue = [("", text)]
    seen: set[str] = set()
    while queue and len(seen) < _MOST:
        where, body = queue.pop()
        for word in filter(None, _WORD.split(body)):
            name = posixpath.basename(word)
            if name in wanted:
                via = f"{where}, which runs {name}," if where else name
                raise Refused(f"the container runs {via} and may need {keeper.target}", line)
            for path in listing.named(name) if _may_be_script(name) else ():
                script = listing.read(path) if path not in seen else None
                seen.add(path)
                if script is not None and "\0" not in script:
                    queue.append((name, _code(script)))


def _check_words(text: str, keeper: Keeper, line: int, what: str) -> None:
    names = {posixpath.basename(word) for word in _WORD.split(text)}
    found = sorted(names & needing(keeper.tools))
    if found or keeper.target in text:
        reason = f"{what} names {found[0] if found else keeper.target}"
        raise Refused(f"{reason}: the container may need {keeper.target}", line)


def _may_be_script(name: str) -> bool:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return not ending or ending in _SCRIPTS


def _code(script: str) -> str:
    """A script without its comment lines."""
    lines = (line for line in script.splitlines() if not line.lstrip().startswith(("#", "//")))
    return "\n".join(lines)


def _made(stage: Stage) -> Iterator[str]:
    """What commands of RUNs write to files by `>`."""
    for ran in stage.runs:
        known = ran.run.effects
        for step in known.steps if isinstance(known, RunEffects) else ():
            if any(redirect.op == "write" for redirect in step.call.redirects):
                yield " ".join(arg.text for arg in step.call.args[1:])
                if step.call.name in ("cat", "tee"):
                    yield from (inline.body for inline in ran.run.step.inlines)

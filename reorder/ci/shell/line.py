"""A shell text with `docker build` in it, made to use the registry cache."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from reorder.ci.branch import MAKE, VARIABLE, Branch
from reorder.ci.contract import Found, Settings, Status
from reorder.ci.edits import Edit, line_of
from reorder.ci.secret_args import warnings
from reorder.ci.shell.builds import Build, Fine, Refused, understood
from reorder.ci.shell.declared import BAKE, COMPOSE, declared
from reorder.ci.shell.edits import NO_LINE, rewritten
from reorder.ci.shell.parts import parted
from reorder.ci.shell.script import Around, Script, Step, script
from reorder.ci.shell.words import cut
from reorder.shell.nodes import Opaque

__all__ = ["Around", "builds_of", "rewrite_script"]

_EXPRESSION: Final = re.compile(r"\$\{\{.*?\}\}")
_BUILDS: Final = re.compile(
    r"^[^#\n]*?\bdocker(?:[ \t]+(?:image|buildx|builder|compose))?[ \t]+(?:build|bake)\b", re.M
)
_ENGINE: Final = re.compile(
    r"\$[({]?\w*(?:DOCKER|BUILDX|CONTAINER|ENGINE)\w*[)}]?\"?\s+(?:buildx\s+)?build\b", re.I
)
_DECLARED: Final = f"{VARIABLE} is set, by which"
_SHELLS: Final = frozenset(("sh", "bash", "dash", "ash", "eval", "ssh", "su", "xargs", "parallel"))


def rewrite_script(
    text: str, settings: Settings, branch: Branch, around: Around | None = None
) -> tuple[list[Edit], list[Found]]:
    """The changes of a shell text by offset, and every build in it; lines count from 1 in `text`.

    New lines before a build are inserts at the start of a line that end in a newline, and a push
    that goes is a whole line, so that a list of lines can be edited with them. `${{ … }}` is a
    value that is not known. Nothing is built: two empty lists.
    """
    if not re.search(r"build|bake", text):
        return [], []
    around = around or Around()
    masked, shown = _masked(text)
    read = script(masked, around.variables)
    if isinstance(read, Opaque):
        return [], _unread(masked, read.reason)
    unmask = _unmasker(shown)
    edits, found = _read(read, settings, branch, around, unmask)
    return [replace(edit, text=unmask(edit.text)) for edit in edits], [
        replace(
            one,
            reason=unmask(one.reason),
            image=one.image and unmask(one.image),
            cache=one.cache and unmask(one.cache),
        )
        for one in found
    ]


def builds_of(text: str, settings: Settings, around: Around) -> tuple[Build, ...]:
    """The builds of a shell text that can have a cache, to keep those of several jobs apart."""
    read = script(_masked(text)[0], around.variables)
    found: list[Build] = []
    if isinstance(read, Opaque):
        return ()
    for step in read.steps:
        if step.command.kind == "build":
            with suppress(Refused, Fine):
                found.append(understood(read, step, settings, around))
    return tuple(found)


def _read(
    read: Script,
    settings: Settings,
    branch: Branch,
    around: Around,
    unmask: Callable[[str], str],
) -> tuple[list[Edit], list[Found]]:
    found: list[Found] = []
    builds: list[Build] = []
    named: list[tuple[Step, Found]] = []
    for step in read.steps:
        kind = step.command.kind
        if kind in ("compose", "bake"):
            what = "docker compose build" if kind == "compose" else "docker buildx bake"
            try:
                if branch is MAKE:
                    raise Refused(COMPOSE if kind == "compose" else BAKE)
                reason = f"{_DECLARED} {declared(read, step, settings, around)} names its caches"
                named.append((step, Found(_line(read, step), what, "rewritten", reason)))
            except Refused as refused:
                found.append(Found(_line(read, step), what, "refused", f"{refused}"))
            except Fine as fine:
                found.append(Found(_line(read, step), what, "fine", f"{fine}"))
        elif kind == "build":
            try:
                builds.append(understood(read, step, settings, around))
            except Refused as refused:
                found.append(_found(read, step, "refused", f"{refused}"))
            except Fine as fine:
                found.append(_found(read, step, "fine", f"{fine}", fine.cache))
    found += _hidden(read)
    kept = {one.cache for one in found if one.cache is not None}
    parts, clashes = parted([*builds, *around.beside], kept)
    own = {id(build) for build in builds}
    parts = [one for one in parts if id(one[0]) in own]
    for build, reason in clashes:
        if id(build) in own:
            found.append(_found(read, build.step, "refused", reason))
    steps = [step for step, _ in named]
    plans, left, edits = rewritten(read, parts, settings, branch, around, steps)
    if steps and not edits:
        named = [(s, replace(one, status="refused", reason=NO_LINE)) for s, one in named]
    found += [one for _, one in named]
    found += [_found(read, build.step, "refused", reason) for build, reason in left]
    for build, reason, changes in plans:
        arguments = [unmask(given.source) for given in build.options.values("--build-arg")]
        image = cut(build.tags[0].source)[0] if build.tags else None
        done = _found(read, build.step, "rewritten", reason, build.repository)
        found.append(replace(done, image=image, warnings=warnings(arguments)))
        edits += changes
    return sorted(edits), sorted(found, key=lambda one: one.line)


def _line(read: Script, step: Step) -> int:
    return line_of(read.text, step.command.simple.span[0])


def _found(
    read: Script, step: Step, status: Status, reason: str, cache: str | None = None
) -> Found:
    what = "docker buildx build" if step.command.buildx else "docker build"
    return Found(_line(read, step), what, status, reason, cache=cache)


def _hidden(read: Script) -> list[Found]:
    """The builds that another program is given as text, or that a variable's program makes."""
    found: list[Found] = []
    for place in read.every:
        words = [read.text[slice(*word.span)] for word in place.simple.words]
        if not words:
            continue
        line = line_of(read.text, place.simple.span[0])
        given = " ".join(words[1:])
        if words[0].rpartition("/")[2] in _SHELLS and _BUILDS.search(given):
            reason = f"It stands in a text that `{words[0]}` is given."
            found.append(Found(line, "docker build", "refused", reason))
        elif _ENGINE.match(" ".join(words[:3])):
            reason = f"`{words[0]}` may be another program than Docker."
            found.append(Found(line, f"{words[0]} build", "refused", reason))
    return found


def _unread(text: str, reason: str) -> list[Found]:
    sentence = f"Nothing is changed in it: {reason}."
    lines = dict.fromkeys(line_of(text, found.end()) for found in _BUILDS.finditer(text))
    return [Found(line, "docker build", "refused", sentence) for line in lines]


def _masked(text: str) -> tuple[str, dict[str, str]]:
    """`${{ … }}` as variables of the same length, and what each of them is."""
    shown: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        for placeholder, expression in shown.items():
            if expression == found[0]:
                return placeholder
        placeholder = "${" + f"_{len(shown)}_".ljust(len(found[0]) - 3, "_") + "}"
        if len(placeholder) != len(found[0]):
            return found[0]
        shown[placeholder] = found[0]
        return placeholder

    return _EXPRESSION.sub(name, text), shown


def _unmasker(shown: dict[str, str]) -> Callable[[str], str]:
    def unmask(text: str) -> str:
        for placeholder, expression in shown.items():
            text = text.replace(placeholder, expression)
        return text

    return unmask

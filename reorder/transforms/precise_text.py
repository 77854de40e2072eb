"""The text of a COPY that is taken apart: what is shared, then the modules, and build steps."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

from reorder.ecosystems.contract import Module, Modules
from reorder.ecosystems.run_caches import Step
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node
from reorder.transforms.arguments import as_written
from reorder.transforms.copy_text import manifest_copies
from reorder.transforms.draft import Draft
from reorder.transforms.layout import INDENT, broken, chain
from reorder.transforms.precise_sources import Division
from reorder.transforms.wording import listed


@dataclass(frozen=True, slots=True)
class Found:
    """A COPY of a folder, the build below it, and the context folder of each module."""

    copy: Node
    build: Node
    step: Step
    modules: Modules
    root: str  # context path that the COPY takes
    folders: dict[str, str]  # of modules: image path to context path


def draft(
    facts: Facts,
    found: Found,
    division: Division,
    order: tuple[Module, ...],
    places: tuple[int, ...],
) -> Draft:
    at, line = found.copy.at, found.copy.line
    texts = _copies(facts, found, division.shared)
    steps: list[int] = []  # positions among the texts
    built = 0
    for number, module in enumerate(order, 1):
        texts += _copies(facts, found, division.parts.get(found.folders[module.folder], ()))
        if number in places:
            steps.append(len(texts))
            texts.append(_step(facts, found, order[built:number], order[number:]))
            built = number
    leading = found.copy.instruction.leading
    made = Draft.of(facts.file, facts.lines)
    made = replace(made, parts=(*made.parts[:at], *made.parts[at + 1 :]))
    made = made.insert(at, texts, line, leading)
    for place in steps:
        instruction = made.parts[at + place].instruction
        made = made.put(at + place, broken(instruction, made.file.newline))
    return made


def _copies(facts: Facts, found: Found, names: tuple[str, ...]) -> list[str]:
    """The COPY lines for context paths, in the author's form."""
    context = facts.context
    assert context is not None
    assert isinstance(found.copy.copy, Copied)
    places = {origin: path for path, origin in found.copy.copy.placed.files.items()}
    wanted: list[str] = []
    folders: list[str] = []
    for name in names:
        if context.visible[name].kind != "dir":
            wanted.append(places[name])
            continue
        first = next(iter(context.under(name)), None)
        if first is None:
            continue
        depth = first[len(name) :].count("/")
        folders.append(places[first].rsplit("/", depth)[0])
        wanted.append(places[first])
    return manifest_copies(found.copy, wanted, folders)


def _step(facts: Facts, found: Found, modules: tuple[Module, ...], rest: tuple[Module, ...]) -> str:
    """The RUN that builds some modules before the rest is there, with the flags of the author's."""
    node, own = found.build, found.modules
    if own.command is not None:
        command = own.command.replace("{}", own.separator.join(m.word for m in modules))
    else:
        assert own.without is not None
        command = own.without(frozenset(module.folder for module in rest))
    command = as_written(node, found.step, command)
    if found.step.call.cwd != node.scope.workdir:
        command = f"cd {shlex.quote(found.step.call.cwd)} && {command}"
    tokens = node.instruction.tokens
    keyword, flags = tokens[0].text, [token.text for token in tokens if token.kind == "flag"]
    chained = chain(f"{keyword} {command}", facts.file).removeprefix(f"{keyword} ")
    file = facts.file
    edge = f" {file.escape}{file.newline}{INDENT}" if file.newline in chained else " "
    return f"{keyword} {edge.join([*flags, chained])}"


def message(
    found: Found,
    division: Division,
    order: tuple[Module, ...] | None,
    places: tuple[int, ...],
) -> str:
    names = tuple(module.word for module in order or found.modules.parts)
    text = f"copy what the build reads, a layer for each of {listed(names)}"
    if places:
        text += f", and build {listed(names[: places[-1]])} first"
    if division.dropped:
        text += f"; {listed(division.dropped, most=12)} no longer reach the stage"
    return text

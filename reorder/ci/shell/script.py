"""The docker commands of a shell text, and the values of its variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reorder.ci.shell.docker_command import Docker, Given, docker, pushed
from reorder.ci.shell.places import Inside, Place, places
from reorder.ci.shell.relaxed import relaxed
from reorder.ci.shell.words import canonical, cut, known, within
from reorder.shell.nodes import Opaque
from reorder.shell.parse import parse
from reorder.shell.tree import Seq

if TYPE_CHECKING:
    from reorder.ci.shell.builds import Build


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the job that a script is part of."""

    before: str = ""  # the shell texts that ran before it
    after: str = ""  # and those that run after it
    builder: bool = False  # a builder that can export to a registry is in use by then
    variables: Mapping[str, str] = field(default_factory=dict)  # what the file says of them
    wrap: bool = True  # False: a command stays on its line
    by_hand: bool = False  # people run it too, so that it must not export unless it pushes
    beside: tuple[Build, ...] = ()  # what other jobs of the file build


@dataclass(frozen=True, slots=True)
class Step:
    """A docker command, and where it stands."""

    command: Docker
    place: Place


@dataclass(frozen=True, slots=True)
class Script:
    """A shell text that was read."""

    text: str
    tree: Seq
    every: tuple[Place, ...]
    steps: tuple[Step, ...]  # the docker commands
    values: Mapping[str, str]  # of the variables that are set once, or outside
    computed: frozenset[str] = frozenset()  # the variables that are set to something else
    first: Mapping[str, int] = field(default_factory=dict)  # where each variable is set first

    def meant(self, source: str) -> str:
        """A text with the values of variables, and the unknown ones as `${name}`: to compare."""
        return canonical(known(source, self.values))


def script(text: str, outside: Mapping[str, str]) -> Script | Opaque:
    """The docker commands of a shell text; `outside`: values of variables."""
    tree = parse(text)
    if isinstance(tree, Opaque):
        again = parse(relaxed(text))
        if isinstance(again, Opaque):
            return tree
        text, tree = relaxed(text), again
    every = tuple(places(tree))
    steps = tuple(
        Step(found, place) for place in every if (found := docker(text, place.simple)) is not None
    )
    given, first = _assigned(text, every)
    once = {
        name: values[0]
        for name, values in given.items()
        if len(values) == 1 and values[0] and not computed(cut(values[0])[0])
    }
    others = frozenset(given.keys() - once.keys())
    return Script(text, tree, every, steps, {**outside, **once}, others, first)


def _assigned(
    text: str, every: Sequence[Place]
) -> tuple[dict[str, list[str | None]], dict[str, int]]:
    """What each variable is set to, as text between double quotes, and where it is set first."""
    found: dict[str, list[str | None]] = {}
    first: dict[str, int] = {}
    for place in every:
        for one in place.simple.assigns if not place.simple.words else ():
            start, end = one.word.span
            found.setdefault(one.name, []).append(within(text[start:end]) if one.plain else None)
            first.setdefault(one.name, start)
        for word in place.simple.words if _declares(text, place) else ():
            name, equals, value = text[slice(*word.span)].partition("=")
            if equals:
                found.setdefault(name, []).append(within(value))
                first.setdefault(name, word.span[0])
    for step in {s for place in every for s in place.steps if isinstance(s, Inside) and s.name}:
        # A loop's variable has any of its values: one will do where none has a tag.
        one_of = step.values[0] if step.values and ":" not in "".join(step.values) else None
        found.setdefault(step.name, []).append(one_of)
    return found, first


def computed(text: str) -> bool:
    """Whether a command makes a part of a text."""
    return "$(" in text or "`" in text


def _declares(text: str, place: Place) -> bool:
    words = place.simple.words
    return bool(words) and text[slice(*words[0].span)] in ("export", "readonly", "local", "declare")


def pushes_of(script: Script, tags: Sequence[Given]) -> tuple[Step, ...]:
    """The `docker push` commands for any of the repositories of the tags."""
    wanted = {cut(script.meant(tag.source))[0] for tag in tags}
    found = []
    for step in script.steps:
        read = pushed(script.text, step.command) if step.command.kind == "push" else None
        if read and any(cut(script.meant(given.source))[0] in wanted for given in read[0]):
            found.append(step)
    return tuple(found)


def other_names(script: Script, tags: Sequence[Given]) -> tuple[Given, ...]:
    """What `docker tag` calls the images as well."""
    names = {tagged(script, tag) for tag in tags}
    found = []
    for step in script.steps:
        verb = script.text[slice(*step.command.verb)].split()[-1]
        given = pushed(script.text, step.command) if verb == "tag" else None
        if given and len(given[0]) == 2 and tagged(script, given[0][0]) in names:
            found.append(given[0][1])
    return tuple(found)


def tagged(script: Script, given: Given) -> str:
    """A name with its tag, to compare."""
    name, tag = cut(script.meant(given.source))
    return f"{name}:{tag or 'latest'}"

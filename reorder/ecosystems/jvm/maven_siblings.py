"""Which projects of a repository need each other: by group and name, with what is known of both."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.jvm.maven_closure import Reactor
from reorder.ecosystems.jvm.pom import Coordinates, Pom, interpolate, read_pom

_MOST_OTHERS: Final = 500

Given = Mapping[str, str]


def need_siblings(found: Reactor, given: Given) -> bool:
    """Whether a module depends on another, or uses one as a plugin."""
    built = _built(found, given)
    return any(
        _matches(one, pom, found, given, built)
        for _, pom in _poms(found)
        for one in (*pom.dependencies, *pom.plugins)
    )


def needed_modules(found: Reactor, given: Given, path: str) -> tuple[str, ...]:
    """The paths of the POMs whose projects one of the build's needs, as dependency or plugin."""
    pom = found.poms[path]
    wanted = (*pom.dependencies, *pom.plugins, *pom.extensions)
    values = {**inherited(found), **given}
    return tuple(
        other
        for other, known in found.poms.items()
        if other != path
        and any(_matches(one, pom, found, given, {known_id(known, values)}) for one in wanted)
    )


def own_extension(found: Reactor, given: Given) -> str | None:
    """The POM that needs an extension from the build itself: no goal can run before it is made."""
    built = _built(found, given)
    for path, pom in _poms(found):
        if any(_matches(one, pom, found, given, built) for one in pom.extensions):
            return posixpath.relpath(path, found.root)
    return None


def made_elsewhere(found: Reactor, given: Given, image: Image) -> tuple[str, str] | None:
    """A POM, and what it needs that another project of the image's source makes."""
    others = set(_others(found, image)) - _built(found, given)
    if not others:
        return None
    for path, pom in _poms(found):
        wanted = [*pom.dependencies, *pom.plugins]
        # A parent that was found by its path is not looked for anywhere else.
        if pom.parent is not None and not _has(found, pom.parent.id):
            wanted.append(pom.parent.id)
        for one in wanted:
            if _matches(one, pom, found, given, others):
                return posixpath.relpath(path, found.root), ":".join(one)
    return None


def inherited(found: Reactor) -> dict[str, str]:
    """The properties of all POMs; those nearer the root win."""
    values: dict[str, str] = {}
    for _, pom in _poms(found):
        values = {**pom.properties, **values}
    return values


def _poms(found: Reactor) -> Iterator[tuple[str, Pom]]:
    yield from found.poms.items()
    yield from found.parents.items()


def _has(found: Reactor, one: Coordinates) -> bool:
    return any(known_id(pom, {}) == one for _, pom in _poms(found))


def known_id(pom: Pom, values: Given) -> Coordinates:
    """Group and name of a project; the group comes from the parent where it is left out."""
    group = pom.id[0] or (pom.parent.id[0] if pom.parent else "")
    own = {**values, **pom.properties}
    return interpolate(group, own), interpolate(pom.id[1], own)


def _built(found: Reactor, given: Given) -> set[Coordinates]:
    values = {**inherited(found), **given}
    return {known_id(pom, values) for pom in found.poms.values()}


def _others(found: Reactor, image: Image) -> Iterator[Coordinates]:
    known = {*found.poms, *found.parents}
    paths = (path for tree in sorted(image.application) for path in image.files.under(tree))
    count = 0
    for path in paths:
        if not path.endswith("/pom.xml") or path in known or count == _MOST_OTHERS:
            continue
        count += 1
        pom = read_pom(image.files.read(path) or "")
        if isinstance(pom, Pom) and "${" not in "".join(id_ := known_id(pom, {})):
            yield id_


def _matches(
    one: Coordinates, pom: Pom, found: Reactor, given: Given, among: Iterable[Coordinates]
) -> bool:
    """Whether coordinates name one of these; one part of them may be unknown."""
    values = {**inherited(found), **pom.properties, **given}
    group, _ = known_id(pom, values)
    values |= dict.fromkeys(("project.groupId", "pom.groupId", "groupId"), group)
    if pom.parent is not None:
        values["project.parent.groupId"] = pom.parent.id[0]
    wanted_group, wanted = interpolate(one[0], values), interpolate(one[1], values)
    return any(
        (wanted == name and _may_be(wanted_group, group))
        or (wanted_group == group and _may_be(wanted, name))
        for group, name in among
    )


def _may_be(wanted: str, known: str) -> bool:
    return wanted == known or "${" in wanted or "${" in known

"""How long a step takes to be built again, as far as its text tells: the priors.

The cold chain is meant: the layer itself is not cached. On a builder that lives on cache mounts are
warm; on a fresh one they are empty.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from reorder.cost import priors
from reorder.cost.commands import Command, commands
from reorder.cost.priors import CACHES, CHEAP, LITTLE, PRIORS, TELLING, UNKNOWN, Prior
from reorder.ecosystems.paths import Paths
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node
from reorder.syntax import views

Warm = Collection[str] | None
_NO_STEP = "no step of its own"
_NOT_KNOWN = ", which is not known"
_NAMED = 3  # parts that `why` names
_TREE = 0.4  # a copy of this many seconds brings more than some files
_FILLED = frozenset(cache for row in PRIORS for cache in row.fills)


def prior(node: Node, facts: Facts | None = None, *, warm: Warm = None) -> float:
    """Expected seconds to build a step again; 0.0 for what is no step (ENV, USER, CMD, …).

    With `facts`, what earlier steps of the stage have downloaded into their layers is not counted
    again. `warm` has the targets of the cache mounts that are filled already; None: all are.
    """
    return round(sum(seconds for _, seconds in _parts(node, facts, warm)), 3)


def why(node: Node, facts: Facts | None = None, *, warm: Warm = None) -> str:
    """The same in words: "package install: 15 s (prior)"."""
    parts = _parts(node, facts, warm)
    if not parts:
        return _NO_STEP
    dear = sorted((p for p in parts if p[0] and p[1] > LITTLE), key=lambda part: -part[1])
    names = list(dict.fromkeys(what for what, _ in dear))
    more = " + …" if len(names) > _NAMED else ""
    what = " + ".join(names[:_NAMED]) + more or "small commands"
    return f"{what}: {shown(prior(node, facts, warm=warm))} (prior)"


def shown(seconds: float) -> str:
    """Seconds for a reader: `0.3 s`, `4.5 s`, `15 s`."""
    return f"{seconds:.0f} s" if seconds >= 9.5 else f"{seconds:.2g} s"


def _parts(node: Node, facts: Facts | None, warm: Warm) -> list[tuple[str, float]]:
    """What the seconds are for; the first part of a RUN has no name: the container's start."""
    match node.keyword:
        case "run":
            steps = _steps_of_build(node, facts)
            parts = _bounded(_calls(node, facts, warm))
            return [("", priors.STEP), *((what, seconds / steps) for what, seconds in parts)]
        case "copy" | "add":
            return [_copy(node)]
        case "workdir":
            return [("folder", priors.WORKDIR)]
    return []


def _steps_of_build(node: Node, facts: Facts | None) -> int:
    """In how many steps of the stage a build is done that this one is a part of, or the last."""
    if facts is None:
        return 1
    body = facts.body(facts.stage_of(node))
    parts = [other.at for other in body if _is_part(other)]
    runs = [other.at for other in body if other.keyword == "run"]
    last = [at for at in runs if at > parts[-1]][:1] if parts else []
    return len(parts) + 1 if node.at in (*parts, *last) else 1


def _is_part(node: Node) -> bool:
    run = node.understood
    return run is not None and any(step.effects.together for step in run.steps)


def _calls(node: Node, facts: Facts | None, warm: Warm) -> Iterator[tuple[str, float]]:
    """The commands of a RUN; what one has downloaded, the next ones find."""
    calls = commands(node)
    there = _mounted(node, warm)
    there |= _filled(node, facts, _useful(calls))
    for call in calls:
        row = _row(call)
        if row is not None and row.what == priors.EVERY_FILE and _new_folders(node, facts):
            yield row.what, LITTLE
        else:
            yield _command(call, there)
        there |= frozenset(row.fills) if row is not None else frozenset()


def _new_folders(node: Node, facts: Facts | None) -> bool:
    """Whether nothing was put into the folders that a `chown -R` goes through."""
    written = node.effects.writes.paths
    if facts is None or not written.trees or written.all_but is not None:
        return False
    trees = Paths(trees=written.trees - {"/", "/usr", "/var", "/opt", "/home", "/etc"})
    return trees.trees == written.trees and not any(
        prior(other) >= (1 if other.keyword == "run" else _TREE)
        and other.effects.writes.paths.overlaps(trees)
        for other in _before(node, facts)
    )


def _bounded(parts: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """A long script that is not known must not outweigh all that is."""
    left = priors.MOST_UNKNOWN
    for what, seconds in parts:
        if what.endswith(_NOT_KNOWN):
            seconds = min(seconds, left)
            left -= seconds
        yield what, seconds


def _command(command: Command, warm: frozenset[str]) -> tuple[str, float]:
    row = _row(command)
    if row is None:
        return _unlisted(command)
    saved = sum(share for cache, share in row.saves if cache in warm)
    operands = [word for word in command[1:] if not word.startswith("-")]
    further = min(max(len(operands) - 1, 0), priors.MOST_EACH)
    return row.what, max(row.seconds + row.each * further - saved, LITTLE)


@lru_cache(maxsize=4096)
def _row(command: Command) -> Prior | None:
    """The class of a command; None: it is in none, or it is only asked for its version."""
    if command[1:] and priors.ASKING.issuperset(command[1:]):
        return None
    return next((row for row in PRIORS if _fits(row, command)), None)


def _fits(row: Prior, command: Command) -> bool:
    name, *words = command
    if name not in row.tools:
        return False
    operands = [word for word in words if not word.startswith("-")]
    text = f" {' '.join(operands)} "
    if row.verbs and not any(f" {verb} " in text if verb else not operands for verb in row.verbs):
        return False
    return not row.options or any(word in row.options for word in words)


def _unlisted(command: Command) -> tuple[str, float]:
    name = command[0]
    if name in CHEAP or (command[1:] and priors.ASKING.issuperset(command[1:])):
        return "", LITTLE
    for word, seconds in TELLING.items():
        if word in name.lower():
            return f"`{name[:30]}`", seconds
    return f"`{name[:30]}`{_NOT_KNOWN}", UNKNOWN


def _mounted(node: Node, warm: Warm = None) -> frozenset[str]:
    """The caches that a filled mount of the RUN keeps."""
    texts = []
    for target, text in cache_mounts(node):
        if warm is None or target in warm:
            texts.append(text)
    return frozenset(
        cache
        for cache, hints in CACHES.items()
        if any(hint in text for hint in hints for text in texts)
    )


def cache_mounts(node: Node) -> Iterator[tuple[str, str]]:
    """The targets of the cache mounts of a RUN, each with all that tells what is in it."""
    for mount in views.mounts(node.instruction):
        if mount.type == "cache":
            target = mount.target or ""
            expanded = (node.scope.expand(target, node.instruction.escape) or target).rstrip("/")
            yield expanded, f"{expanded} {mount.id or ''} ".lower()


def _useful(calls: Sequence[Command]) -> frozenset[str]:
    """The caches that would save something."""
    rows = filter(None, map(_row, calls))
    return frozenset(cache for row in rows for cache, _ in row.saves)


def _filled(node: Node, facts: Facts | None, useful: frozenset[str]) -> frozenset[str]:
    """Which of the useful caches earlier steps of the stage left in their layers."""
    useful &= _FILLED
    if facts is None or not useful:
        return frozenset()
    found: set[str] = set()
    for earlier in _before(node, facts):
        if earlier.keyword == "run":
            rows = filter(None, map(_row, commands(earlier)))
            found |= {cache for row in rows for cache in row.fills} - _mounted(earlier)
    return useful & found


def _before(node: Node, facts: Facts) -> Sequence[Node]:
    stage = facts.stage_of(node)
    found = [earlier for earlier in facts.body(stage) if earlier.at < node.at]
    while stage.parent is not None:
        stage = facts.stages[stage.parent]
        found += facts.body(stage)
    return found


def _copy(node: Node) -> tuple[str, float]:
    view = views.copy(node.instruction)
    if isinstance(node.copy, Copied):
        return "copy", priors.COPY + priors.COPY_FILE * len(node.copy.placed.files)
    if view.from_ is not None:
        return _copy_from(view.sources)
    if node.keyword == "add" and any("://" in word for word in view.sources):
        return "download", priors.ADD_URL
    return "copy", priors.COPY_UNKNOWN


def _copy_from(sources: Sequence[str]) -> tuple[str, float]:
    """A tree is told from a file by its name: nothing else is known of another stage."""
    seconds = priors.COPY
    for source in sources:
        name = posixpath.basename(source.rstrip("/"))
        if any(part in priors.HEAVY for part in source.split("/")):
            seconds += priors.COPY_HEAVY
        elif "." not in name.lstrip(".") and "bin" not in source.split("/"):
            seconds += priors.COPY_TREE
    return "copy from another stage or image", seconds

"""What a whole RUN does: the effects of its calls, united. Used by the graph and by the checker."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Final

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.as_one import as_one
from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.identity import SHELL_NAMES, identity, referenced_names
from reorder.ecosystems.made import changes, with_made
from reorder.ecosystems.paths import EVERYTHING, NOTHING, Paths, below, paths
from reorder.ecosystems.run_caches import Step, cache_words, united_caches
from reorder.ecosystems.stamps import kept_stamp
from reorder.ecosystems.system.lists import family
from reorder.ecosystems.table import understand
from reorder.ecosystems.told import told_after
from reorder.ecosystems.words import absolute
from reorder.shell.calls import calls
from reorder.shell.nodes import Call, Opaque

_NOWHERE: Final = "/.a-folder-that-is-not-known"


@dataclass(frozen=True, slots=True)
class RunEffects:
    """The calls of a RUN in order, and what they do together, seen from outside."""

    steps: tuple[Step, ...]
    reads: Paths
    writes: Paths
    env: frozenset[str] | None  # names and `PREFIX_*` patterns; None: all of them
    caches: tuple[Cache, ...]  # one for each target
    barrier: str | None  # why the RUN may read and write anything: the first reason
    identity: str  # equal identity, equal inputs: the same effect, caches left aside

    @property
    def installs(self) -> tuple[Install, ...]:
        """The dependency installs in it, in order."""
        return tuple(s.effects.install for s in self.steps if s.effects.install is not None)

    @property
    def made(self) -> frozenset[str]:
        """Files that it surely makes out of its closure, and leaves so."""
        found: frozenset[str] = frozenset()
        for step in self.steps:
            found = frozenset(path for path in found if not step.effects.writes.contains(path))
            found |= step.effects.made if step.call.always else frozenset()
        return found

    @property
    def costly(self) -> bool:
        """Whether a call downloads or compiles."""
        return any(step.effects.costly for step in self.steps)


def effects_anywhere(script: str, image: Image) -> RunEffects | Opaque:
    """The same for a working folder that is not known: what depends on it is not understood."""
    found = run_effects(script, replace(image, cwd=_NOWHERE))
    if isinstance(found, Opaque):
        return found
    named = replace(found.reads | found.writes, all_but=None)
    caches = Paths(trees=frozenset(cache.target for cache in found.caches))
    if (named | caches).overlaps(Paths(trees=frozenset({_NOWHERE}))):
        return Opaque("the working directory of the base image is not known")
    return found


def run_effects(script: str, image: Image) -> RunEffects | Opaque:
    """What the shell text of a RUN does in an image.

    `Opaque`: the text itself is not understood. A call that is not understood is a step with a
    barrier, so that what is known about its neighbours stays visible.
    """
    env = dict(image.env)
    env.setdefault("HOME", image.home)
    env |= dict.fromkeys(_surely_unset(script, image), "")
    found = calls(script, image.cwd, env)
    if isinstance(found, Opaque):
        return found
    steps = _steps(script, _with_pipes(script, found), image)
    united = united_caches(script, steps)
    reads, writes = _outside(steps)
    return RunEffects(
        steps=steps,
        reads=reads,
        writes=writes,
        env=_env(script, steps),
        caches=united,
        barrier=next((s.effects.barrier for s in steps if s.effects.barrier), None),
        identity=identity(script, cache_words(united)),
    )


def _surely_unset(script: str, image: Image) -> frozenset[str]:
    """Variables of a script that nothing sets: all that an official image sets is in `images`.

    A shell reads them as empty. Names that shells or builders set themselves are left out, and so
    are those whose being unset counts (`${A-b}`, `${A+b}`, `${A?b}`).
    """
    if not image.base:
        return frozenset()
    return frozenset(
        name
        for name in referenced_names(script)
        if name not in image.env
        and not name.lower().endswith("_proxy")
        and name not in SHELL_NAMES
        and not any(f"{{{name}{mark}" in script for mark in "-+?")
    )


def _with_pipes(script: str, found: tuple[Call, ...]) -> tuple[Call, ...]:
    """Each call with the one before it, where nothing but a `|` stands between them."""
    joined = list(found)
    for at, (before, after) in enumerate(pairwise(found), start=1):
        between = script[before.span[1] : after.span[0]]
        if before.span[1] <= after.span[0] and between.strip(" \t\n\\") == "|":
            joined[at] = replace(after, piped=joined[at - 1])
    return tuple(joined)


def _steps(script: str, found: tuple[Call, ...], image: Image) -> tuple[Step, ...]:
    whole = as_one(found, image)
    if whole is not None:
        return whole
    steps: list[Step] = []
    earlier = NOTHING
    for call in found:
        effects = understand(call, image)
        kept = kept_stamp(call, found, script)
        if kept is not None and not isinstance(effects, Opaque):
            effects = Opaque(kept)
        if isinstance(effects, Opaque):
            effects = CommandEffects(
                posixpath.basename(call.name), EVERYTHING, EVERYTHING, barrier=effects.reason
            )
        effects = _with_named_files(call, effects, image)
        effects = _with_libraries(call, effects, earlier, image)
        effects = _after_changes(effects, earlier, steps, image)
        effects = replace(effects, reads=effects.reads | _looked_up(call, image))
        steps.append(Step(call, effects))
        earlier |= changes(effects)
        image = replace(image, files=with_made(image.files, effects)) if call.always else image
        image = replace(image, told=told_after(image.told, (call,)))
    return tuple(steps)


def _with_named_files(call: Call, effects: CommandEffects, image: Image) -> CommandEffects:
    """An install reads every file of the application that a word or a variable of it names."""
    install = effects.install or (effects.prefetch.install if effects.prefetch else None)
    if install is None or effects.barrier is not None:
        return effects
    values = [arg.text for arg in call.args]
    values += [value or "" for name, value in call.env.items() if _reads(effects.env, name)]
    parts = {part for value in values for part in re.split(r"[=:,;\s]+", value) if part}
    found = {absolute(part, call.cwd) for part in parts}
    read = frozenset(p for p in found if image.files.origin(p) is not None)
    return replace(effects, reads=effects.reads | Paths(files=read))


def _looked_up(call: Call, image: Image) -> Paths:
    """Where a command that is given by its name alone would be found first."""
    if not call.name or "/" in call.name:
        return NOTHING
    folders = (call.env.get("PATH") or "").split(":")
    return paths(*(absolute(call.name, f) for f in folders if in_application(f, image)))


def _with_libraries(
    call: Call, effects: CommandEffects, earlier: Paths, image: Image
) -> CommandEffects:
    """Where the build names folders of libraries, whoever runs ldconfig may look at any file.

    Source: ldconfig(8); the package scripts of a distribution run it.
    """
    name = posixpath.basename(call.name)
    if family(call.name) is None and name != "ldconfig":
        return effects
    named = replace(earlier, all_but=None).overlaps(_LINKER)
    if not named and not any(map(image.files.written, _LINKER.trees)):
        return effects
    return replace(effects, reads=EVERYTHING)


def _reads(names: frozenset[str] | None, name: str) -> bool:
    return names is None or any(fnmatchcase(name, pattern) for pattern in names)


def _after_changes(
    effects: CommandEffects, earlier: Paths, steps: list[Step], image: Image
) -> CommandEffects:
    """A manifest that an earlier call may have changed cannot be known from the context."""
    install = effects.install
    if install is None or install.refusal is not None:
        return effects
    counted = _counted(effects, install, image)
    if not earlier.overlaps(counted):
        return effects
    by = next((s.effects.tool for s in steps if s.effects.writes.overlaps(counted)), "a command")
    refusal = f"`{by}` in the same RUN may change what `{effects.tool}` reads"
    return replace(effects, install=replace(install, refusal=refusal))


def _counted(effects: CommandEffects, install: Install, image: Image) -> Paths:
    """The closure, and what an install looks for in the application, its own outputs left out."""
    reads = effects.reads
    looked = Paths(
        frozenset(path for path in reads.files if in_application(path, image)),
        frozenset(
            tree
            for tree in reads.trees
            if in_application(tree, image) and not any(below(tree, out) for out in install.outputs)
        ),
        frozenset(pattern for pattern in reads.globs if in_application(pattern, image)),
    )
    return looked | paths(*install.manifests, trees=install.folders)


def _outside(steps: tuple[Step, ...]) -> tuple[Paths, Paths]:
    """Reads and writes, without reads of what a `>` of an earlier call has just made."""
    reads = writes = NOTHING
    made: set[str] = set()
    for step in steps:
        mine = step.effects.reads | _folders_of(step.effects.writes)
        reads |= replace(mine, files=mine.files - made)
        writes |= step.effects.writes
        made |= _made(step)
    return reads, writes


def _folders_of(written: Paths) -> Paths:
    """A command that writes a file there needs its folder; those of every image are left out."""
    folders = {posixpath.dirname(path) for path in written.files | written.trees}
    return Paths(files=frozenset(folders - STANDARD_FOLDERS))


def _made(step: Step) -> set[str]:
    if not step.call.always:
        return set()
    return {
        absolute(redirect.target.text, step.call.cwd)
        for redirect in step.call.redirects
        if redirect.op == "write" and redirect.target.kind == "literal"
    }


def _env(script: str, steps: tuple[Step, ...]) -> frozenset[str] | None:
    names = referenced_names(script)
    for step in steps:
        if step.effects.env is None:
            return None
        names |= step.effects.env
    return names


_LINKER: Final = paths(trees=("/etc/ld.so.conf", "/etc/ld.so.conf.d"))

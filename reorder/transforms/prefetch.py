"""Add the dependency step that a build tool lacks.

What it does: `COPY . .` / `RUN mvn package` => the POMs / `RUN mvn dependency:go-offline` /
`COPY . .` / `RUN mvn package`; likewise `go mod download`.
Why: the build downloads its dependencies again after every change of the source.
When it refuses: the step would need sources, a step like it is already there, or the tool resolves
differently without them (Maven modules that depend on each other).
Safety: the step only fills the dependency cache, which the build then finds, or does a part of what
the author's own command does, which stays as it is and completes it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from reorder.ecosystems.contract import Prefetch
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.run_caches import Step
from reorder.ecosystems.words import absolute
from reorder.graph.facts import Facts, Node, derive
from reorder.graph.stages import Stage
from reorder.result import Refusal
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.mounts import place as place_of
from reorder.transforms.arguments import as_written, decided_by_argument
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.hoist import Hoisted, hoist
from reorder.transforms.layout import chain
from reorder.transforms.liveness import caches_at, reader_without_mount, written_before
from reorder.transforms.parts_of_work import in_the_way, installs_of, keeps_apart
from reorder.transforms.sources import (
    above_source,
    below_source,
    broad_copies,
    changed_between,
    context_path,
    needed_files,
)
from reorder.transforms.wording import listed, shortened

ID = "prefetch"
FETCH_WORDS = frozenset({"download", "dependency:go-offline", "dependency:resolve"})


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each build command whose dependency step is missing."""
    if facts.context is None:
        return
    for stage in facts.stages:
        for node in facts.body(stage):
            if node.understood is None:
                continue
            for step in node.understood.steps:
                if step.effects.prefetch is not None:
                    yield from _for_call(facts, settings, node, step)
                    break


def _for_call(facts: Facts, settings: Settings, node: Node, step: Step) -> Iterator[Proposal]:
    line, prefetch = node.line, step.effects.prefetch
    assert prefetch is not None
    if _has_step(facts, node, step):
        return
    if prefetch.spare and _mounted(facts, node, step, settings):
        return
    refusal = prefetch.refusal or prefetch.install.refusal
    if refusal is not None:
        if below_source(facts, node):
            yield Refusal(ID, line, changed_between(facts, node, refusal) or refusal)
        return
    needed = needed_files(node, [prefetch.install])
    broad = broad_copies(facts, node, needed)
    place = node.at if broad else above_source(facts, node, needed)
    if place is None or keeps_apart(node, prefetch):
        return
    elsewhere = step.call.cwd != node.scope.workdir
    decided = decided_by_argument(facts, node, [] if elsewhere else broad)
    if decided is not None:
        yield Refusal(ID, line, decided)
        return
    before = _set_up(node, step)
    if before is not None:
        yield Refusal(ID, line, before)
        return
    targets = {cache.target for cache in step.effects.caches}
    if settings.ephemeral and targets and targets <= _mounts(node):
        return  # what a step fetches into a mount is not there in the next build
    plain = as_written(node, step, prefetch.command)
    command = _with_settings(node, step, plain)
    if elsewhere:
        command = f"cd {shlex.quote(step.call.cwd)} && {command}"
    keyword = node.instruction.tokens[0].text
    flags = [token.text for token in node.instruction.tokens if token.kind == "flag"]
    flags = [flag for flag in flags if "type=cache" not in flag]
    text = chain(" ".join([keyword, *flags, command]), facts.file)
    draft = Draft.of(facts.file, facts.lines).insert(place, [text], line)
    added = derive(draft.build(), facts.context, draft.lines)
    found: Hoisted | str | None = _writes(added.nodes[place], node, command, prefetch)
    if found is None and broad:
        author = added.nodes[place]
        found = hoist(added, draft, author, installs_of(author, prefetch), prefetch.despite)
    elif found is None:
        found = Hoisted(draft, tuple(context_path(node, path) for path in needed), ())
    if isinstance(found, Hoisted):
        found = in_the_way(facts, found, text) or found
    if isinstance(found, str):
        yield Refusal(ID, line, found)
    elif found is not None:
        yield Rewrite(
            ID,
            line,
            f"add `{shortened(plain)}` after {listed(found.manifests) or 'the manifests'}, so "
            "that the dependencies stay when only sources change",
            found.draft,
            safety="unsafe" if prefetch.unsafe else "safe",
            assumptions=(*prefetch.install.assumptions, *prefetch.assumptions),
            ignore=found.ignore,
            adds_work=True,
        )


def _mounted(facts: Facts, node: Node, step: Step, settings: Settings) -> bool:
    """Whether cache mounts that live on keep what a step would fetch, or soon will."""
    if settings.ephemeral or not step.effects.caches:
        return False
    there = _mounts(node)
    allowed = settings.builder.mounts and settings.options.allows("cache-mount")
    body = facts.body(facts.stage_of(node))
    for cache in step.effects.caches:
        if cache.target in there:
            continue
        sharing = [other for other in body if caches_at(other, cache.target)]
        if not allowed or cache.off is not None:
            return False
        if written_before(facts, sharing[0], cache.target) is not None:
            return False
        if reader_without_mount(facts, sharing[0], cache.target, {n.at for n in sharing}):
            return False
    return True


def _mounts(node: Node) -> frozenset[str]:
    return frozenset(path for m in views.mounts(node.instruction) if (path := place_of(m)))


def _set_up(node: Node, step: Step) -> str | None:
    """An earlier call of the same RUN that may be what lets the tool download, as a reason."""
    if any(flag.value == "none" for flag in node.instruction.flags if flag.name == "network"):
        return "the RUN has no network, so its dependencies are there already"
    steps = node.understood.steps if node.understood is not None else ()
    for other in steps[: steps.index(step)]:
        if _is_setting(other, step) or _makes_executable(other, step):
            continue
        if other.effects.barrier or other.effects.writes:
            name = other.call.name
            return f"`{name}` in the same RUN may be what lets `{step.call.name}` download"
    return None


def _is_setting(other: Step, step: Step) -> bool:
    """Whether a call before the author's own can be made with the added step as well."""
    prefetch = step.effects.prefetch
    absorbed = prefetch is not None and prefetch.absorbed
    return absorbed and other.effects.repeatable and other.call.cwd == step.call.cwd


def _makes_executable(other: Step, step: Step) -> bool:
    """`chmod` of the script that is called next: the added step has the shell read it."""
    prefetch = step.effects.prefetch
    made = other.effects.writes
    if other.call.name != "chmod" or prefetch is None or made.trees or made.globs:
        return False
    script = absolute(step.call.name, step.call.cwd)
    return made.all_but is None and made.files <= {script} and "sh ./" in prefetch.command


def _with_settings(node: Node, step: Step, command: str) -> str:
    """The command behind the settings that the author makes in the same RUN."""
    script = views.script(node.instruction).text
    steps = node.understood.steps if node.understood is not None else ()
    before = (other.call for other in steps[: steps.index(step)] if _is_setting(other, step))
    words = (" ".join(script[slice(*arg.span)] for arg in call.args) for call in before)
    return " && ".join((*words, command))


def _writes(step: Node, author: Node, command: str, prefetch: Prefetch) -> str | None:
    """What the step would write beside caches and what the author's RUN writes, as a reason."""
    run = step.understood
    if run is None or run.barrier is not None:
        return f"`{command}` is not understood"
    named = sorted(run.writes.files | run.writes.trees)
    if prefetch.absorbed:
        named = [path for path in named if not author.effects.writes.paths.contains(path)]
    return f"`{command}` would write {named[0]}" if named else None


def _has_step(facts: Facts, node: Node, step: Step) -> bool:
    """Whether the dependencies are there already: by a step like it, or by a COPY of the cache."""
    tool = step.effects.tool
    cache = Paths(trees=frozenset(cache.target for cache in step.effects.caches))
    stage: Stage | None = facts.stage_of(node)
    while stage is not None:
        for other in facts.body(stage):
            if other.at >= node.at:
                break
            if other.keyword == "copy" and other.effects.writes.paths.overlaps(cache):
                return True
            if other.keyword == "run" and (_installs(other, tool) or _fetches(other)):
                return True
            if other.keyword == "run" and _builds(other, tool) and not below_source(facts, other):
                return True  # a build before the source: of stand-ins for it
        stage = facts.stages[stage.parent] if stage.parent is not None else None
    return False


def _installs(node: Node, tool: str) -> bool:
    run = node.understood
    known = [s.effects for s in run.steps if s.effects.tool == tool] if run is not None else []
    installs = [effects.install for effects in known if effects.install is not None]
    return any(install.manifests or install.refusal for install in installs)


def _builds(node: Node, tool: str) -> bool:
    run = node.understood
    known = [s.effects for s in run.steps if s.effects.tool == tool] if run is not None else []
    return any(effects.prefetch is not None for effects in known)


def _fetches(node: Node) -> bool:
    """A RUN with a bind mount is not understood, but says plainly that it fetches."""
    words = node.instruction.args.split()
    return isinstance(node.run, Opaque) and not FETCH_WORDS.isdisjoint(words)

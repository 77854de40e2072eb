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

from collections.abc import Iterator

from reorder.ecosystems.contract import Prefetch
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.run_caches import Step
from reorder.graph.facts import Facts, Node, derive
from reorder.graph.stages import Stage
from reorder.result import Refusal
from reorder.shell.nodes import Opaque
from reorder.transforms.arguments import as_written, decided_by_argument
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.hoist import Hoisted, hoist
from reorder.transforms.sources import below_source, broad_copies, changed_between, needed_files
from reorder.transforms.wording import listed

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
                    yield from _for_call(facts, node, step, step.effects.prefetch)
                    break


def _for_call(facts: Facts, node: Node, step: Step, prefetch: Prefetch) -> Iterator[Proposal]:
    line = node.line
    if _has_step(facts, node, step):
        return
    refusal = prefetch.refusal or prefetch.install.refusal
    if refusal is not None:
        if below_source(facts, node):
            yield Refusal(ID, line, changed_between(facts, node, refusal) or refusal)
        return
    broad = broad_copies(facts, node, needed_files(node, [prefetch.install]))
    if not broad:
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
    command = as_written(node, step, prefetch.command)
    if elsewhere:
        command = f"cd {step.call.cwd} && {command}"
    keyword = node.instruction.tokens[0].text
    flags = [token.text for token in node.instruction.tokens if token.kind == "flag"]
    flags = [flag for flag in flags if "type=cache" not in flag]
    text = " ".join([keyword, *flags, command])
    draft = Draft.of(facts.file, facts.lines).insert(node.at, [text], line)
    added = derive(draft.build(), facts.context, draft.lines)
    found: Hoisted | str | None = _writes(added.nodes[node.at], node, command, prefetch)
    found = found or hoist(added, draft, added.nodes[node.at], (prefetch.install,))
    if isinstance(found, str):
        yield Refusal(ID, line, found)
    elif found is not None:
        yield Rewrite(
            ID,
            line,
            f"add `{command}` after {listed(found.manifests) or 'the manifests'}, so that the "
            "dependencies stay when only sources change",
            found.draft,
            safety="unsafe" if prefetch.unsafe else "safe",
            assumptions=(*prefetch.install.assumptions, *prefetch.assumptions),
            ignore=found.ignore,
        )


def _set_up(node: Node, step: Step) -> str | None:
    """An earlier call of the same RUN that may be what lets the tool download, as a reason."""
    if any(flag.value == "none" for flag in node.instruction.flags if flag.name == "network"):
        return "the RUN has no network, so its dependencies are there already"
    steps = node.understood.steps if node.understood is not None else ()
    for other in steps[: steps.index(step)]:
        if other.effects.barrier or other.effects.writes:
            name = other.call.name
            return f"`{name}` in the same RUN may be what lets `{step.call.name}` download"
    return None


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
        stage = facts.stages[stage.parent] if stage.parent is not None else None
    return False


def _installs(node: Node, tool: str) -> bool:
    run = node.understood
    known = run.steps if run is not None else ()
    return any(s.effects.tool == tool and s.effects.install is not None for s in known)


def _fetches(node: Node) -> bool:
    """A RUN with a bind mount is not understood, but says plainly that it fetches."""
    words = node.instruction.args.split()
    return isinstance(node.run, Opaque) and not FETCH_WORDS.isdisjoint(words)

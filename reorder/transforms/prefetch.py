"""Add the dependency step that a build tool lacks.

What it does: `COPY . .` / `RUN mvn package` => the POMs / `RUN mvn dependency:go-offline` /
`COPY . .` / `RUN mvn package`; likewise `go mod download`.
Why: the build downloads its dependencies again after every change of the source.
When it refuses: the step would need sources, a step like it is already there, or the tool resolves
differently without them (Maven modules that depend on each other).
Safety: the step only fills the dependency cache, which the build then finds; it is best effort, the
author's own command stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from reorder.ecosystems.contract import Prefetch
from reorder.ecosystems.run import Step
from reorder.graph.facts import Facts, Node, derive
from reorder.result import Refusal
from reorder.transforms.arguments import decided_by_argument
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.hoist import Hoisted, hoist
from reorder.transforms.sources import below_source, broad_copies, changed_between, needed_files
from reorder.transforms.wording import listed

ID = "prefetch"


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
    line = node.instruction.line
    if _has_step(facts, node, step.effects.tool):
        return
    refusal = prefetch.refusal or prefetch.install.refusal
    if refusal is not None:
        if below_source(facts, node):
            yield Refusal(ID, line, changed_between(facts, node, refusal) or refusal)
        return
    if not broad_copies(facts, node, needed_files(node, [prefetch.install])):
        return
    decided = decided_by_argument(facts, node, [])
    if decided is not None:
        yield Refusal(ID, line, decided)
        return
    command = prefetch.command
    if step.call.cwd != node.scope.workdir:
        command = f"cd {step.call.cwd} && {command}"
    keyword = node.instruction.tokens[0].text
    draft = Draft.of(facts.file).insert(node.at, [f"{keyword} {command}"], line)
    added = derive(draft.build(), facts.context)
    found: Hoisted | str | None = _writes(added.nodes[node.at], command)
    found = found or hoist(added, draft, added.nodes[node.at], (prefetch.install,))
    if isinstance(found, str):
        yield Refusal(ID, line, found)
    elif found is not None:
        yield Rewrite(
            ID,
            line,
            f"add `{prefetch.command}` after {listed(found.manifests)}, so that the dependencies "
            "stay when only sources change",
            found.draft,
            assumptions=(*prefetch.install.assumptions, *prefetch.assumptions),
            ignore=found.ignore,
        )


def _writes(step: Node, command: str) -> str | None:
    """The step may fill caches and nothing else: what it would write beside them, as a reason."""
    run = step.understood
    if run is None or run.barrier is not None:
        return f"`{command}` is not understood"
    named = sorted(run.writes.files | run.writes.trees)
    return f"`{command}` would write {named[0]}" if named else None


def _has_step(facts: Facts, node: Node, tool: str) -> bool:
    """Whether the stage already has a dependency step of this tool above the node."""
    for other in facts.body(facts.stage_of(node)):
        if other.at < node.at and other.understood is not None:
            known = (other_step.effects for other_step in other.understood.steps)
            if any(effects.tool == tool and effects.install is not None for effects in known):
                return True
    return False

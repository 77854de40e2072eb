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

from reorder.ecosystems.run_caches import Step
from reorder.graph.facts import Facts, Node, derive
from reorder.result import Refusal
from reorder.transforms.arguments import as_written, decided_by_argument
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.hoist import Hoisted, hoist
from reorder.transforms.layout import chain
from reorder.transforms.parts_of_work import in_the_way, installs_of, keeps_apart
from reorder.transforms.prefetch_beside import set_up, with_settings, written_beside
from reorder.transforms.prefetch_there import has_step, mounted, mounts
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
    if has_step(facts, node, step):
        return
    if prefetch.spare and mounted(facts, node, step, settings):
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
    before = set_up(node, step)
    if before is not None:
        yield Refusal(ID, line, before)
        return
    targets = {cache.target for cache in step.effects.caches}
    if settings.ephemeral and targets and targets <= mounts(node):
        return  # what a step fetches into a mount is not there in the next build
    plain = as_written(node, step, prefetch.command)
    command = with_settings(node, step, plain)
    if elsewhere:
        command = f"cd {shlex.quote(step.call.cwd)} && {command}"
    keyword = node.instruction.tokens[0].text
    flags = [token.text for token in node.instruction.tokens if token.kind == "flag"]
    flags = [flag for flag in flags if "type=cache" not in flag]
    text = chain(" ".join([keyword, *flags, command]), facts.file)
    draft = Draft.of(facts.file, facts.lines).insert(place, [text], line)
    added = derive(draft.build(), facts.context, draft.lines)
    found: Hoisted | str | None = written_beside(added.nodes[place], node, command, prefetch)
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

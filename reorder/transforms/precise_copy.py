"""Copy what a build with modules reads, each module in a layer of its own. Only on request.

What it does: `COPY . .` of a build stage => what the modules share, then one COPY for each module,
those that others need and that seldom change first; where the history says that it pays, the
modules above are built in a step of their own (`mvn -pl api -am package`, `gradle :api:classes`,
`cargo build` with stand-ins for the rest).
Why: a change of the README builds nothing again, and a change in one module builds only what comes
after it.
Example: `COPY . .` / `RUN mvn package` => `COPY api/src api/src/` / `RUN mvn -pl api -am package` /
`COPY web/src web/src/` / `RUN mvn package`.
When it refuses: what the build reads is not known; the stage is shipped, or another one starts from
it or takes what would be left out; another step may read that; nothing would be gained.
Safety: unsafe: a build may read any file, and a new folder beside the modules has to be copied too.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from reorder.context.build import BuildContext
from reorder.ecosystems.paths import below
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node
from reorder.graph.stages import family
from reorder.result import Refusal
from reorder.syntax import views
from reorder.transforms.arguments import decided_by_argument
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.copy_text import is_readable
from reorder.transforms.precise_division import (
    division_of,
    files_brought,
    places_of_steps,
    sources_brought,
    with_manifests,
)
from reorder.transforms.precise_steps import changes_of, ordered
from reorder.transforms.precise_text import Found, draft, message
from reorder.transforms.sources import (
    below_source,
    changed_between,
    is_link,
    is_source,
)
from reorder.transforms.version_from_git import version_from_git

ID = "precise-copy"
MOST = 30  # each has a layer for its manifest and one for its sources; overlay2 of Docker takes 128
TWICE = "a module that is built keeps what was made of it when the whole build finds it unchanged"


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each stage that builds several modules from a copy of everything."""
    if facts.context is None or not settings.options.asks(ID):
        return
    for stage in facts.stages:
        for node in facts.body(stage):
            found = _found(facts, node)
            reason = _unknown(facts, node)
            if reason is not None and below_source(facts, node):
                yield Refusal(ID, node.line, reason)
                break
            if found is not None:
                yield _for_build(facts, settings, facts.context, found)
                break


def _unknown(facts: Facts, build: Node) -> str | None:
    """Why what a build reads is not known, of a tool that could tell."""
    run = build.understood
    for step in run.steps if run is not None else ():
        prefetch = step.effects.prefetch
        if step.effects.barrier and step.effects.modules is None and prefetch is not None:
            refusal = prefetch.install.refusal
            if refusal is None or _built_above(facts, build, step.effects.tool):
                return None
            return changed_between(facts, build, refusal) or _hidden(facts, build) or refusal
    return None


def _hidden(facts: Facts, build: Node) -> str | None:
    """The RUN between the source and a build after which nobody knows the files, as a reason."""
    runs = (n for n in facts.body(facts.stage_of(build)) if n.keyword == "run" and n.at < build.at)
    for run in runs:
        known = run.understood
        if (known is None or known.barrier is not None) and below_source(facts, run):
            return f"the RUN of line {run.line} may change what the build reads"
    return None


def _built_above(facts: Facts, build: Node, tool: str) -> bool:
    """Whether the same tool builds above, after which nobody knows the files: that one counts."""
    body = facts.body(facts.stage_of(build))
    above = (other.understood for other in body if other.at < build.at)
    steps = (step for run in above if run is not None for step in run.steps)
    return any(step.effects.tool == tool and step.effects.barrier for step in steps)


def _found(facts: Facts, build: Node) -> Found | None:
    run = build.understood
    steps = run.steps if run is not None else ()
    step = next((step for step in steps if step.effects.modules is not None), None)
    if step is None or step.effects.modules is None:
        return None
    modules = step.effects.modules
    for copy in facts.body(facts.stage_of(build)):
        if copy.at >= build.at:
            return None
        if not isinstance(copy.copy, Copied) or not is_source(copy):
            continue
        dest = copy.copy.dest
        if len(copy.copy.sources) != 1 or not all(below(m.folder, dest) for m in modules.parts):
            continue
        root = copy.copy.sources[0]
        folders = {
            m.folder: posixpath.normpath(posixpath.join(root, posixpath.relpath(m.folder, dest)))
            for m in modules.parts
        }
        return Found(copy, build, step, modules, root, folders)
    return None


def _for_build(facts: Facts, settings: Settings, context: BuildContext, found: Found) -> Proposal:
    line = found.copy.line
    reason = _barred(facts, found)
    if len(found.modules.parts) > MOST:
        reason = f"a layer for each of {len(found.modules.parts)} modules would be too many"
    if reason is not None:
        return Refusal(ID, line, reason)
    history = settings.costs.commits.history if settings.costs.commits is not None else None
    changes = changes_of(history, found.folders)
    order = ordered(found.modules.parts, changes)
    division = division_of(context, found, files_brought(facts, found))
    asks = version_from_git(facts, _scripts(found)) if context.git_data else None
    if asks is not None:
        return Refusal(ID, line, f"every commit changes .git, which has to stay: {asks}")
    places: tuple[int, ...] = ()
    if order is not None and history is not None:
        places = places_of_steps(facts, settings, found, division, order, history)
    if places:
        division = with_manifests(facts, context, found)
    named = (*division.shared, *(path for paths in division.parts.values() for path in paths))
    odd = next((path for path in named if not is_readable(path) or is_link(facts, path)), None)
    if odd is not None:
        return Refusal(ID, line, f"a COPY of {odd} alone would not bring it as it is")
    if not division.dropped and not places:
        return Refusal(ID, line, "the build needs all of it, and all of it at once")
    made = draft(facts, found, division, order or found.modules.parts, places)
    assumptions = (*found.modules.assumptions, *((TWICE,) if places else ()))
    return Rewrite(
        ID,
        line,
        message(found, division, order, places),
        made,
        safety="unsafe",
        assumptions=assumptions,
        narrows={line: tuple(dict.fromkeys((*sources_brought(facts, found), *named)))},
    )


def _barred(facts: Facts, found: Found) -> str | None:
    """Why the files of the COPY may not be fewer."""
    stage = facts.stage_of(found.copy)
    if stage.index == len(facts.stages) - 1:
        return "the stage is the image itself: every file of it counts"
    if len(family(facts.stages, stage)) > 1:
        return "another stage starts from this one, and may need every file of it"
    view = views.copy(found.copy.instruction)
    if view.parents or view.exclude or found.copy.keyword != "copy" or "$" in view.sources[0]:
        return "only a plain COPY of one folder is taken apart"
    for node in facts.body(stage):
        if node.keyword != "run" or node.at < found.copy.at:
            continue
        run = node.understood
        barriers = [s for s in run.steps if s.effects.barrier] if run is not None else []
        other = next((s.effects.barrier for s in barriers if s.effects.modules is None), None)
        if run is None or other is not None:
            return f"the RUN of line {node.line} may read any file of it"
    return decided_by_argument(facts, found.build, [found.copy])


def _scripts(found: Found) -> tuple[str, ...]:
    """The context paths of the manifests, and of build scripts beside them."""
    image = found.build.image
    assert image is not None
    beside = (posixpath.join(posixpath.dirname(p), "build.rs") for p in found.modules.manifests)
    paths = dict.fromkeys((*found.modules.manifests, *beside))
    return tuple(origin for path in paths if (origin := image.files.origin(path)) is not None)

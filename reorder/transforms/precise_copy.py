"""Copy what a build with modules reads, each module in a layer of its own. Only on request.

What it does: `COPY . .` of a build stage => what the modules share, then one COPY for each module,
those that others need and that seldom change first; where the history says that it pays, the
modules above are built in a step of their own (`mvn -pl api -am package`).
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
from dataclasses import replace

from reorder.context.build import BuildContext
from reorder.context.history import History
from reorder.cost.model import Model
from reorder.ecosystems.contract import Module
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node
from reorder.graph.stages import family
from reorder.result import Refusal
from reorder.syntax import views
from reorder.syntax.mounts import place as place_of
from reorder.transforms.arguments import decided_by_argument
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.copy_text import is_readable
from reorder.transforms.precise_sources import Division, divide, mentioned
from reorder.transforms.precise_steps import Weight, changes_of, cuts, ordered
from reorder.transforms.precise_text import Found, draft, message
from reorder.transforms.sources import (
    already_there,
    below_source,
    changed_between,
    files_of,
    is_link,
    is_source,
)
from reorder.transforms.version_from_git import version_from_git

ID = "precise-copy"
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
            return refusal and (changed_between(facts, build, refusal) or refusal)
    return None


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
    if reason is not None:
        return Refusal(ID, line, reason)
    history = settings.costs.commits.history if settings.costs.commits is not None else None
    changes = changes_of(history, found.folders)
    order = ordered(found.modules.parts, changes)
    division = _division(context, found, _brought(facts, found))
    asks = version_from_git(facts, _scripts(found)) if context.git_data else None
    if asks is not None:
        return Refusal(ID, line, f"every commit changes .git, which has to stay: {asks}")
    places: tuple[int, ...] = ()
    if order is not None and history is not None:
        places = _cuts(facts, settings, found, division, order, history)
    if places:
        division = _with_manifests(facts, context, found)
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
        narrows={line: tuple(dict.fromkeys((*_as_brought(facts, found), *named)))},
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


def _brought(facts: Facts, found: Found) -> tuple[str, ...]:
    """The context files that an earlier COPY has brought as this one would."""
    mine = dict(files_of(found.copy))
    return tuple(mine[path] for path in sorted(already_there(facts, found.copy, found.copy)))


def _as_brought(facts: Facts, found: Found) -> tuple[str, ...]:
    """The same as their COPYs name them: a folder that is copied whole brings its folders too."""
    context, brought = facts.context, frozenset(_brought(facts, found))
    assert context is not None
    sources = [
        source
        for copy in facts.body(facts.stage_of(found.copy))
        if copy.at < found.copy.at and isinstance(copy.copy, Copied)
        for source in copy.copy.sources
        if source
        and context.exists(source)
        and brought.issuperset(context.under(source) or [source])
    ]
    return (*sources, *(path for path in brought if not any(below(path, s) for s in sources)))


def _division(context: BuildContext, found: Found, brought: tuple[str, ...]) -> Division:
    image, modules = found.build.image, found.modules
    assert image is not None
    assert isinstance(found.copy.copy, Copied)
    texts = "\n".join(image.files.read(path) or "" for path in modules.manifests)
    dest = found.copy.copy.dest

    def is_read(path: str) -> bool:
        if modules.named is None:
            return mentioned(path, texts)
        place = posixpath.join(dest, posixpath.relpath(path, found.root or "."))
        return any(below(name, place) for name in modules.named)

    return divide(context, found.root, found.folders.values(), frozenset(brought), is_read)


def _with_manifests(facts: Facts, context: BuildContext, found: Found) -> Division:
    """The division where every manifest is there before the first module: a step reads them all."""
    image, brought = found.build.image, _brought(facts, found)
    assert image is not None
    mine = dict(files_of(found.copy))
    folders = found.folders.values()
    first = tuple(
        origin
        for path in found.modules.manifests
        if (origin := mine.get(path)) is not None
        and origin not in brought
        and any(below(origin, folder) for folder in folders)
    )
    division = _division(context, found, (*brought, *first))
    return replace(division, shared=(*division.shared, *first))


def _cuts(
    facts: Facts,
    settings: Settings,
    found: Found,
    division: Division,
    order: tuple[Module, ...],
    history: History,
) -> tuple[int, ...]:
    """After how many modules a step builds them; only a history tells whether that pays."""
    context, image = facts.context, found.build.image
    if not _has_a_step(found) or found.build.at != found.copy.at + 1:
        return ()
    assert context is not None
    assert image is not None
    sizes = [len(context.under(found.folders[m.folder])) for m in order]
    changes = changes_of(history, found.folders)
    weights = [
        Weight(size / max(sum(sizes), 1), changes.get(module.folder, 0))
        for module, size in zip(order, sizes, strict=True)
    ]
    all_read = {image.files.origin(path) for path in found.modules.manifests} - {None}
    trees = (*division.shared, *filter(None, all_read))
    shared = 0
    for path, mask in history.paths.items():
        if any(below(path, tree) for tree in trees):
            shared |= mask
    seconds = Model(facts, settings.costs.best, settings.costs.timings).seconds(found.build)
    least = max(settings.options.min_seconds, settings.options.min_percent / 100 * seconds)
    return cuts(weights, [m.alone for m in order], shared, history.commits, seconds, least)


def _has_a_step(found: Found) -> bool:
    """Whether some modules can be built by themselves, and what is made of them stays."""
    modules = found.modules
    if modules.command is None and modules.without is None:
        return False
    mounts = [place_of(mount) or "/" for mount in views.mounts(found.build.instruction)]
    base = found.build.scope.workdir
    if base is None or any("$" in path for path in mounts):
        return not mounts or not modules.outputs
    mounted = [absolute(path, base) for path in mounts]
    return not any(below(tree, path) for tree in modules.outputs for path in mounted)

"""Which files each module of a build gets, and after which of them a build step pays."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from reorder.context.build import BuildContext
from reorder.context.history import History
from reorder.cost.model import Model
from reorder.ecosystems.contract import Module
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts
from reorder.syntax import views
from reorder.syntax.mounts import place as place_of
from reorder.transforms.base import Settings
from reorder.transforms.precise_sources import Division, divide, mentioned
from reorder.transforms.precise_steps import Weight, changes_of, cuts
from reorder.transforms.precise_text import Found
from reorder.transforms.sources import already_there, files_of


def files_brought(facts: Facts, found: Found) -> tuple[str, ...]:
    """The context files that an earlier COPY has brought as this one would."""
    mine = dict(files_of(found.copy))
    return tuple(mine[path] for path in sorted(already_there(facts, found.copy, found.copy)))


def sources_brought(facts: Facts, found: Found) -> tuple[str, ...]:
    """The same as their COPYs name them: a folder that is copied whole brings its folders too."""
    context, brought = facts.context, frozenset(files_brought(facts, found))
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


def division_of(context: BuildContext, found: Found, brought: tuple[str, ...]) -> Division:
    """Who needs which of the files that a COPY brings and that are not there yet."""
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


def with_manifests(facts: Facts, context: BuildContext, found: Found) -> Division:
    """The division where every manifest is there before the first module: a step reads them all."""
    image, brought = found.build.image, files_brought(facts, found)
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
    division = division_of(context, found, (*brought, *first))
    return replace(division, shared=(*division.shared, *first))


def places_of_steps(
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

"""Give an install that is joined to a build a RUN of its own.

What it does: `RUN npm ci && npm run build` below `COPY . .` => `COPY` of the manifests,
`RUN npm ci`, `COPY . .`, `RUN npm run build`; also `set -e; …; …` and heredocs, with the flags, and
the `set` and `cd` at the start, in both halves.
Why: a change of the source runs the whole RUN again, the install with it. Below copies of manifests
or from other stages, where the order of the stage gains by it.
Example: `RUN npm ci && npm run build` => `RUN npm ci` above the source, `RUN npm run build` below.
When it refuses: the first half cannot stand above the source; the shell of the first half hands
something on (variables, functions, options); a failure of it would go unnoticed today; a clean-up
or `chown` at the end is about what it leaves, so that the image would grow; both share what a mount
holds. Package lists stay with what may install by them. A step of two seconds gets no
layer of its own.
Safety: the same commands run in the same order, each in the same state of the image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from reorder.cost.seconds import prior
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.run import RunEffects
from reorder.graph.facts import Facts, Node, dependencies, derive
from reorder.result import Refusal
from reorder.shell.chain import Link, chain, stops_on_failure
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.mounts import place
from reorder.syntax.rebuild import rebuilt
from reorder.transforms.added import without_added
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.cut_text import cut
from reorder.transforms.cuts import Cut, cuts
from reorder.transforms.draft import Draft
from reorder.transforms.growth import clean_up, needs_lists
from reorder.transforms.hoist import Hoisted, hoist
from reorder.transforms.moves import needs
from reorder.transforms.paying import Reckoning, changing_copies, pays
from reorder.transforms.sources import below_source, is_source
from reorder.transforms.wording import listed, open_sets

ID = "split-run"
LEAST = 2.5  # seconds below which a step gets no layer of its own


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each RUN below a copy whose first commands can stand above it."""
    if facts.context is None:
        return
    changing = cache(lambda: changing_copies(facts, settings.costs))
    for stage in facts.stages:
        copied = False
        for node in facts.body(stage):
            if node.keyword == "run" and copied:
                yield from _for_run(facts, node, settings, changing)
            copied = copied or node.keyword in ("copy", "add")


def _for_run(
    facts: Facts, node: Node, settings: Settings, changing: Callable[[], frozenset[int]]
) -> Iterator[Proposal]:
    kind = views.script(node.instruction).kind
    script = views.script(node.instruction).text
    if kind not in ("shell", "heredoc") or node.image is None:
        return
    links = chain(script, errexit=stops_on_failure(node.scope.shell))
    if isinstance(links, Opaque) or len([link for link in links if not link.repeated]) < 2:
        return
    body = facts.body(facts.stage_of(node))
    sources = below_source(facts, node)
    above = [n for n in body if n.at < node.at]
    over = [n for n in above if is_source(n)] if sources else _in(above, changing())
    whole = _lifted(facts, Draft.of(facts.file, facts.lines), node, over)
    if isinstance(whole, Hoisted):
        return
    reasons: list[tuple[bool, str]] = []
    for where in reversed(cuts(node, script, links)):
        if where.at + 1 == len(links):
            continue
        found = _split(facts, settings, node, script, links, where, over)
        if isinstance(found, Rewrite):
            gain = "classes" if sources else _gain(facts, node, found, settings)
            if gain is not None:
                yield replace(found, only_history=gain == "history")
            return
        if found is not None and found != whole and sources:
            reasons.append((where.cleaned, found))
    if reasons:
        yield Refusal(ID, node.line, min(reasons, key=lambda reason: reason[0])[1])


def _gain(facts: Facts, node: Node, found: Rewrite, settings: Settings) -> Reckoning | None:
    after = derive(found.draft.build(), facts.context, found.draft.lines)
    return pays(facts, after, facts.stage_of(node), settings.costs)


def _in(nodes: list[Node], positions: frozenset[int]) -> list[Node]:
    return [node for node in nodes if node.at in positions]


def _split(
    facts: Facts,
    settings: Settings,
    node: Node,
    script: str,
    links: tuple[Link, ...],
    where: Cut,
    over: list[Node],
) -> Rewrite | str | None:
    """The RUN cut in two, and its first half lifted; a str is why not; None: of no use."""
    newline, at, first = facts.file.newline, where.at, where.first
    later = links[at + 1].span[0]
    halves = cut(node.instruction, links, at, newline)
    rest = cut(without_added(node, settings.original, later), links, at, newline)
    if halves is None or rest is None:
        return None
    draft = Draft.of(facts.file, facts.lines)
    draft = draft.insert(node.at + 1, [rest.second], node.line, halves.above)
    first_half = replace(rebuilt(node.instruction, halves.first + newline), leading=halves.leading)
    draft = draft.put(node.at, first_half)
    after = derive(draft.build(), facts.context, draft.lines)
    upper = after.nodes[node.at]
    if prior(upper) < LEAST and any(map(is_source, over)):
        return None
    lifted = _lifted(after, draft, upper, [after.nodes[n.at] for n in over])
    if lifted is None or isinstance(lifted, str):
        return lifted
    begin = next(link for link in links if not link.repeated)
    tool = _named(script[begin.span[0] : links[at].span[1]])
    if needs_lists(node, first, later, script):
        return None
    reason = links[at].held or _shared(facts, node, script, later, first)
    if reason is not None:
        return f"{tool} cannot have a RUN of its own: {reason}"
    behind = f", below a COPY of {listed(lifted.manifests)}" if lifted.manifests else ""
    assumptions = (a for install in first.installs for a in install.assumptions)
    return Rewrite(
        ID,
        node.line,
        f"{tool} becomes a RUN of its own{behind}, so that a change of {_brought(over)} does not "
        "repeat it",
        lifted.draft,
        assumptions=tuple(dict.fromkeys((*assumptions, *open_sets(upper)))),
        ignore=lifted.ignore,
    )


def _brought(over: list[Node]) -> str:
    if any(map(is_source, over)):
        return "the source"
    lines = tuple(str(node.line) for node in over)
    return f"what line {lines[0]} copies" if len(lines) == 1 else f"what lines {listed(lines)} copy"


def _lifted(facts: Facts, draft: Draft, node: Node, over: list[Node]) -> Hoisted | str | None:
    """A RUN above some copies; a str is why it has to stay; None: there is nothing to gain."""
    run = node.understood
    if run is None or run.barrier is not None:
        return None
    found = hoist(facts, draft, node, run.installs)
    if found is not None or any(install.refusal is not None for install in run.installs):
        return found
    body = facts.body(facts.stage_of(node))
    edges = dependencies(body)
    needed = needs(node, body, edges)
    above = [n for n in over if n.at not in needed]
    if not above:
        return None
    group = [n.at for n in body if n.at in needed and n.at > above[0].at] + [node.at]
    return Hoisted(draft.move_up(group, above[0].at), (), ())


def _shared(facts: Facts, node: Node, script: str, start: int, first: RunEffects) -> str | None:
    """What a first half leaves that is only of use to the half at `start` in the same RUN."""
    left = first.writes | Paths(trees=frozenset(cache.target for cache in first.caches))
    for mount in views.mounts(node.instruction):
        target = place(mount) or ""
        written = mount.type == "bind" and not mount.readonly
        plain = any(c.target == target and not c.payload for c in first.caches)
        apart = target.startswith("/") and not left.overlaps(Paths(trees=frozenset({target})))
        filled = mount.type == "cache" and not plain and not apart
        if mount.type == "tmpfs" or written or filled:
            return f"what follows may need what it leaves in the mount at {target}"
    removed = clean_up(facts, node, first, start, script)
    if removed is not None:
        return f"`{removed}` changes or removes what it leaves, so that the image would grow"
    return None


def _named(text: str) -> str:
    text = " ".join(text.split())
    return f"`{text if len(text) <= 70 else text[:67] + '...'}`"

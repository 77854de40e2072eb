"""Give an install that is joined to a build a RUN of its own.

What it does: `RUN npm ci && npm run build` below `COPY . .` => `COPY` of the manifests,
`RUN npm ci`, `COPY . .`, `RUN npm run build`; also `set -e; …; …` and heredocs, with the flags, and
the `set` and `cd` at the start, in both halves.
Why: a change of the source runs the whole RUN again, the install with it.
Example: `RUN npm ci && npm run build` => `RUN npm ci` above the source, `RUN npm run build` below.
When it refuses: the first half cannot stand above the source; the shell of the first half hands
something on (variables, functions, options); a failure of it would go unnoticed today; a clean-up
or `chown` at the end is about what it leaves, so that the image would grow; both share what a mount
holds. A step of a few seconds gets no layer of its own.
Safety: the same commands run in the same order, each in the same state of the image.
"""

from __future__ import annotations

from collections.abc import Iterator

from reorder.cost.seconds import prior
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.run import RunEffects, run_effects
from reorder.graph.facts import Facts, Node, dependencies, derive
from reorder.result import Refusal
from reorder.shell.chain import Link, chain, stops_on_failure
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.mounts import place
from reorder.syntax.rebuild import rebuilt
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.cut_text import cut
from reorder.transforms.draft import Draft
from reorder.transforms.growth import clean_up, needs_lists
from reorder.transforms.hoist import Hoisted, hoist
from reorder.transforms.moves import needs
from reorder.transforms.sources import below_source, is_source
from reorder.transforms.wording import listed, open_sets

ID = "split-run"
LEAST = 5.0  # seconds that a layer of its own has to save


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each RUN below the source whose first commands can stand above it."""
    if facts.context is None:
        return
    for stage in facts.stages:
        for node in facts.body(stage):
            if node.keyword == "run" and below_source(facts, node):
                yield from _for_run(facts, node)


def _for_run(facts: Facts, node: Node) -> Iterator[Proposal]:
    kind = views.script(node.instruction).kind
    script = views.script(node.instruction).text
    if kind not in ("shell", "heredoc") or node.image is None:
        return
    links = chain(script, errexit=stops_on_failure(node.scope.shell))
    if isinstance(links, Opaque) or len([link for link in links if not link.repeated]) < 2:
        return
    whole = _lifted(facts, Draft.of(facts.file, facts.lines), node)
    if isinstance(whole, Hoisted):
        return
    refusal: Refusal | None = None
    for at, first in reversed(_costly(node, script, links)):
        if at + 1 == len(links):
            continue
        found = _split(facts, node, script, links, at, first)
        if isinstance(found, Rewrite):
            yield found
            return
        if found is not None and found != whole and refusal is None:
            refusal = Refusal(ID, node.line, found)
    if refusal is not None:
        yield refusal


def _costly(node: Node, script: str, links: tuple[Link, ...]) -> list[tuple[int, RunEffects]]:
    """The links that download or compile, with what runs up to them, as far as it is known."""
    found: list[tuple[int, RunEffects]] = []
    known = 0
    for at, link in enumerate(links):
        assert node.image is not None
        effects = run_effects(script[: link.span[1]], node.image)
        if isinstance(effects, Opaque) or effects.barrier is not None:
            break
        if any(step.effects.costly for step in effects.steps[known:]):
            found.append((at, effects))
        known = len(effects.steps)
    return found


def _split(
    facts: Facts, node: Node, script: str, links: tuple[Link, ...], at: int, first: RunEffects
) -> Rewrite | str | None:
    """The RUN cut after a link, and its first half lifted; a str is why not; None: of no use."""
    newline = facts.file.newline
    halves = cut(node.instruction, links, at, newline)
    if halves is None:
        return None
    draft = Draft.of(facts.file, facts.lines)
    draft = draft.insert(node.at + 1, [halves.second], node.line, halves.above)
    draft = draft.put(node.at, rebuilt(node.instruction, halves.first + newline))
    after = derive(draft.build(), facts.context, draft.lines)
    upper = after.nodes[node.at]
    if prior(upper) < LEAST:
        return None
    lifted = _lifted(after, draft, upper)
    if lifted is None or isinstance(lifted, str):
        return lifted
    begin = next(link for link in links if not link.repeated)
    tool = _named(script[begin.span[0] : links[at].span[1]])
    if needs_lists(node, first, links[at + 1].span[0], script):
        return None
    reason = links[at].held or _shared(facts, node, script, links[at + 1].span[0], first)
    if reason is not None:
        return f"{tool} cannot have a RUN of its own: {reason}"
    behind = f", below a COPY of {listed(lifted.manifests)}" if lifted.manifests else ""
    assumptions = (a for install in first.installs for a in install.assumptions)
    return Rewrite(
        ID,
        node.line,
        f"{tool} becomes a RUN of its own{behind}, so that a change of the source does not repeat "
        "it",
        lifted.draft,
        assumptions=tuple(dict.fromkeys((*assumptions, *open_sets(upper)))),
        ignore=lifted.ignore,
    )


def _lifted(facts: Facts, draft: Draft, node: Node) -> Hoisted | str | None:
    """A RUN above the source; a str is why it has to stay; None: there is nothing to gain."""
    run = node.understood
    if run is None or run.barrier is not None:
        return None
    found = hoist(facts, draft, node, run.installs)
    if found is not None or any(install.refusal is not None for install in run.installs):
        return found
    body = facts.body(facts.stage_of(node))
    edges = dependencies(body)
    needed = needs(node, body, edges)
    above = [n for n in body if n.at < node.at and n.at not in needed and is_source(n)]
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

"""Put the fetching of package lists into the RUN that installs by them.

What it does: `RUN apt-get update` / `RUN apt-get install -y git` => `RUN apt-get update && apt-get
install -y git`; likewise apk update, yum makecache, zypper refresh, also at the end of another RUN.
Why: a cached layer keeps the lists of the day it was built. When the install changes later, it asks
for packages that are gone, and the build breaks.
When it refuses: something between the two needs the lists where they are; the second RUN has other
flags, or is no chain of commands that stops at the first failure.
Safety: the same commands run in the same order, each in the same state of the image.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reorder.ecosystems.system import lists
from reorder.graph.facts import Facts, Node, dependencies
from reorder.result import Refusal
from reorder.shell.chain import Link, chain, stops_on_failure
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.rebuild import rebuilt
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.cut_text import cut
from reorder.transforms.draft import Draft
from reorder.transforms.join_text import is_one_chain, joined, without
from reorder.transforms.layout import INDENT
from reorder.transforms.wording import listed

ID = "join-run"


@dataclass(frozen=True, slots=True)
class Fetch:
    """A RUN that ends with fetching package lists."""

    node: Node
    managers: frozenset[str]
    command: str
    links: tuple[Link, ...]


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each RUN whose lists are first used by a later one."""
    for stage in facts.stages:
        body = facts.body(stage)
        for number, node in enumerate(body):
            fetch = _fetch(node)
            if fetch is None:
                continue
            user = _user(body[number + 1 :], fetch)
            if user is not None:
                found = _joined(facts, body, fetch, user)
                yield Refusal(ID, node.line, found) if isinstance(found, str) else found


def _fetch(node: Node) -> Fetch | None:
    """None: a RUN that does not end with a plain command that fetches lists."""
    run = node.understood
    if run is None or (script := views.script(node.instruction)).kind != "shell":
        return None
    links = chain(script.text, errexit=stops_on_failure(node.scope.shell))
    if isinstance(links, Opaque) or not links or not links[-1].plain:
        return None
    start, end = links[-1].span
    last = [step.call for step in run.steps if step.call.span[0] >= start]
    managers = lists.left_by(last)
    if not managers:
        return None
    return Fetch(node, managers, script.text[start:end], links)


def _user(later: list[Node], fetch: Fetch) -> Node | None:
    """The first RUN that installs by the lists; None: none surely does."""
    for node in later:
        if node.keyword != "run":
            continue
        run = node.understood
        if run is None:
            named = lists.named_in(node.instruction.args) & fetch.managers
            return node if named else None
        known = [step.call for step in run.steps]
        fetched = lists.fetched_by(known) & fetch.managers
        if lists.installed_by(known) & fetch.managers:
            return None if fetched else node
        if fetched:
            return None
        if run.barrier is not None:
            return None
    return None


def _joined(facts: Facts, body: list[Node], fetch: Fetch, user: Node) -> Rewrite | str:
    """The rewrite, or why the two stay apart."""
    edges = dependencies(body)
    node = fetch.node
    for between in body:
        if node.at < between.at < user.at and (node.at, between.at) in edges:
            reason = edges[node.at, between.at].replace("workdir", "the working folder")
            return (
                f"the {between.keyword.upper()} of line {between.line} stands between "
                f"`{fetch.command}` and its install ({reason})"
            )
    if node.instruction.flags != user.instruction.flags:
        return f"the RUN of line {user.line}, which installs by these lists, has other flags"
    if views.script(user.instruction).kind != "shell":
        return (
            f"the RUN of line {user.line}, which installs by these lists, is no plain command line"
        )
    more = _followers(body, fetch, user)
    edge = f"{facts.file.escape}{facts.file.newline}{INDENT}"
    text = joined(user, fetch.command, more, edge)
    if text is None:
        return f"a failure of `{fetch.command}` would go unnoticed in the RUN of line {user.line}"
    draft = Draft.of(facts.file, facts.lines)
    draft = draft.put(user.at, rebuilt(user.instruction, text + facts.file.newline))
    for gone in reversed(more):
        draft = replace(draft, parts=(*draft.parts[: gone.at], *draft.parts[gone.at + 1 :]))
    plain = [link for link in fetch.links if not link.repeated]
    if len(plain) > 1:
        halves = cut(node.instruction, fetch.links, len(fetch.links) - 2, facts.file.newline)
        if halves is None:
            return f"`{fetch.command}` cannot be taken out of its RUN"
        first = rebuilt(node.instruction, halves.first + facts.file.newline)
        draft = draft.put(node.at, first)
    else:
        draft = without(draft, node.at, user.at)
    lines = tuple(str(one.line) for one in more)
    which = f"line {lines[0]} follows" if len(lines) == 1 else f"lines {listed(lines)} follow"
    return Rewrite(
        ID,
        node.line,
        f"fetch the package lists in the RUN of line {user.line}, which installs by them, so that "
        f"they are never those of an earlier day{f'; {which} in the same RUN' if lines else ''}",
        draft,
    )


def _followers(body: list[Node], fetch: Fetch, user: Node) -> list[Node]:
    """The RUNs right below that install by the same lists, or remove them, and do nothing else."""
    found: list[Node] = []
    for node in body:
        if node.at <= user.at:
            continue
        run = node.understood
        alone = not node.instruction.leading and node.instruction.flags == user.instruction.flags
        if run is None or node.at != user.at + len(found) + 1 or not alone:
            break
        managers = {lists.tends(step.call) for step in run.steps}
        if run.barrier is not None or not managers <= {"", *fetch.managers}:
            break
        script = views.script(node.instruction)
        if script.kind != "shell" or not is_one_chain(script.text):
            break
        found.append(node)
    return found

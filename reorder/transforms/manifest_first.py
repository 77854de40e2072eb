"""Copy the manifests first, install, then copy the rest.

What it does: `COPY . .` / install => COPY of exactly the files the install reads / install /
`COPY . .`; per module, in the author's destination form and with the author's flags.
Why: an install runs again only when a manifest changes, not with every commit.
Example: `COPY . .` / `RUN npm ci` => `COPY package.json package-lock.json ./` / `RUN npm ci` /
`COPY . .`, and `node_modules` in .dockerignore.
When it refuses: the closure is not known; a step between them depends on the source; an output of
the install lies in the context and cannot be ignored.
Safety: the later COPY brings the same files again, byte for byte, so the image stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from reorder.ecosystems.contract import Install
from reorder.ecosystems.run import RunEffects
from reorder.graph.facts import Facts, Node
from reorder.result import Refusal
from reorder.shell.nodes import Opaque
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.hoist import hoist
from reorder.transforms.sources import below_source
from reorder.transforms.wording import listed, open_sets, tool_of

ID = "manifest-first"

# Words that make a RUN worth a refusal when it is not understood; nothing else depends on them.
INSTALLERS = frozenset(
    {
        "pip",
        "pip3",
        "bun",
        "npm",
        "yarn",
        "pnpm",
        "poetry",
        "uv",
        "bundle",
        "composer",
        "pipenv",
        "pdm",
        "mix",
        "conda",
        "mamba",
    }
)
INSTALL_WORDS = frozenset({"install", "ci", "i", "sync", "add", "deps.get"})


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each RUN that installs from manifests below a copy of the source."""
    if facts.context is None:
        return
    for stage in facts.stages:
        for node in facts.body(stage):
            yield from _for_run(facts, node)


def _for_run(facts: Facts, node: Node) -> Iterator[Proposal]:
    run = node.run
    if run is None:
        return
    line = node.line
    installs = () if isinstance(run, Opaque) else _whole_installs(run)
    if not any(install.manifests or install.refusal for install in installs):
        reason = _unclear_install(node)
        if reason is not None and below_source(facts, node):
            yield Refusal(ID, line, reason)
        return
    found = hoist(facts, Draft.of(facts.file, facts.lines), node, installs)
    if found is not None:
        found = _barred(node) or found
    if isinstance(found, str):
        yield Refusal(ID, line, found)
    elif found is not None:
        assumptions = tuple(dict.fromkeys(a for install in installs for a in install.assumptions))
        assumptions += open_sets(node)
        yield Rewrite(
            ID,
            line,
            f"{_first(found.manifests, tool_of(node))}, so that {tool_of(node)} stays cached "
            "when only other files change",
            found.draft,
            assumptions=assumptions,
            ignore=found.ignore,
        )


def _whole_installs(run: RunEffects) -> tuple[Install, ...]:
    """Those that go up as they are; of the others `prefetch` puts a part above the source."""
    known = (step.effects for step in run.steps)
    return tuple(
        effects.install
        for effects in known
        if effects.install is not None
        and not (effects.prefetch is not None and effects.prefetch.absorbed)
    )


def _first(manifests: tuple[str, ...], tool: str) -> str:
    """What is done, in words; without manifests an earlier COPY has brought them."""
    return f"copy {listed(manifests)} first" if manifests else f"move {tool} above the source"


# Build tools that download what they need: worth a word only where nothing of the call is known.
BUILDERS = {"cargo": {"build", "install"}, "dotnet": {"restore", "build", "publish"}}


def _unclear_install(node: Node) -> str | None:
    """Why a RUN that seems to install dependencies is not understood."""
    run = node.run
    if isinstance(run, Opaque):
        words = [word.strip("\"'[],") for word in node.instruction.args.split()]
        return run.reason if _installs(words) or _builds(words) else None
    for step in run.steps if run is not None else ():
        words = [arg.text for arg in step.call.args]
        if step.effects.barrier and _installs(words):
            return step.effects.barrier
        known = step.effects.caches or step.effects.prefetch
        if step.effects.barrier and not known and _builds(words):
            return step.effects.barrier
    return None


def _builds(words: list[str]) -> bool:
    return any(not BUILDERS[word].isdisjoint(words) for word in words if word in BUILDERS)


def _installs(words: list[str]) -> bool:
    return not INSTALLERS.isdisjoint(words) and not INSTALL_WORDS.isdisjoint(words)


def _barred(node: Node) -> str | None:
    run = node.understood
    return None if run is None or run.barrier is None else run.barrier

"""Keep out of the build context what no build should read.

What it does: creates the ignore file, or appends to it: dependency outputs, caches, and files of
editors and operating systems.
Why: a stale `node_modules` from the developer's machine breaks the cache, and sometimes the image.
When it refuses: no COPY, ADD or bind mount reads a folder; a Dockerfile of the same context reads
such a file; a tracked file matches; the author's `!` lines bring it back on purpose. `.git` is left
out only with --unsafe, and only where nothing can ask git for a version.
Safety: only untracked files of the listed kinds leave the context.
"""

from __future__ import annotations

from collections.abc import Iterator

from reorder.context.build import BuildContext
from reorder.ecosystems.junk import EVERYWHERE
from reorder.ecosystems.table import junk_of
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts
from reorder.graph.siblings import sources_read
from reorder.syntax import views
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.wording import listed

ID = "dockerignore"


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """At most one rewrite: the patterns that are missing and hide nothing that is needed."""
    context = facts.context
    line = _folder_reader(facts)
    if context is None or line is None:
        return
    wanted = [*_outputs(facts), *(() if context.ignore_text else EVERYWHERE)]
    read = sources_read(context.project)
    missing = tuple(
        pattern
        for pattern in dict.fromkeys(wanted)
        if not context.covers(pattern) and _is_free(context, pattern, read)
    )
    if missing:
        yield Rewrite(
            ID,
            line,
            f"keep {listed(missing)} out of the build context",
            facts.file,
            ignore=missing,
        )


def _folder_reader(facts: Facts) -> int | None:
    """The line of the first instruction that reads a folder of the context."""
    for node in facts.nodes.values():
        if isinstance(node.copy, Copied) and node.copy.folders:
            return node.instruction.line
        if node.keyword == "run":
            for mount in views.mounts(node.instruction):
                if mount.type == "bind" and not mount.from_:
                    return node.instruction.line
    return None


def _outputs(facts: Facts) -> list[str]:
    tools = {
        step.effects.tool
        for node in facts.nodes.values()
        if node.understood is not None
        for step in node.understood.steps
    }
    return [pattern for tool in sorted(tools) for pattern in junk_of(tool)]


def _is_free(context: BuildContext, pattern: str, read: frozenset[str]) -> bool:
    """Whether no tracked file and no source of any Dockerfile matches."""
    hidden = context.hidden_by((pattern,))
    tracked = context.project.tracked
    if tracked is None and hidden:
        return False
    if tracked is not None and any(path in tracked for path in hidden):
        return False
    after = context.with_patterns((pattern,))
    return not any(after.ignore.excluded(source) for source in read)

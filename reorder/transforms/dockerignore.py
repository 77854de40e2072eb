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
from reorder.ecosystems.table import ECOSYSTEMS, module
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts
from reorder.graph.siblings import sources_read
from reorder.result import Refusal
from reorder.syntax import views
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.ignoring import brought_back, missing, widened, with_patterns
from reorder.transforms.version_from_git import version_from_git
from reorder.transforms.wording import listed

ID = "dockerignore"


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """At most one rewrite: the patterns that are missing and hide nothing that is needed."""
    context = facts.context
    line = _folder_reader(facts)
    if context is None or line is None:
        return
    # A file that its author keeps gets only what an install here would clash with.
    wanted = [*_outputs(facts), *(_junk(facts) if settings.new_ignore else ())]
    wanted = [widened(context, pattern) for pattern in wanted]
    candidates = missing(context, tuple(wanted))
    read = sources_read(context.project) if candidates else frozenset[str]()
    reasons = {pattern: _needed(context, pattern, read) for pattern in candidates}
    for pattern in dict.fromkeys(widened(context, p) for p in _outputs(facts)):
        if (reason := reasons.get(pattern)) is not None:
            yield Refusal(ID, line, reason)
    added = tuple(pattern for pattern in candidates if reasons[pattern] is None)
    added = tuple(pattern for pattern in added if f"**/{pattern}" not in added)
    if added:
        yield Rewrite(
            ID,
            line,
            f"keep {listed(added)} out of the build context",
            Draft.of(facts.file, facts.lines),
            ignore=added,
        )
    if settings.options.unsafe:
        yield from _history(facts, context, line)


def _history(facts: Facts, context: BuildContext, line: int) -> Iterator[Proposal]:
    """`.git`: every commit changes it, so that a COPY of the whole context is never cached."""
    if not context.git_data:
        return
    reason = version_from_git(facts)
    if reason is not None:
        yield Refusal(ID, line, f"`.git` stays in the context: {reason}")
        return
    yield Rewrite(
        ID,
        line,
        "keep .git out of the build context",
        Draft.of(facts.file, facts.lines),
        safety="unsafe",
        assumptions=("nothing in the image or its build asks git for a version",),
        ignore=(".git",),
    )


def _folder_reader(facts: Facts) -> int | None:
    """The line of the first instruction that reads a folder of the context."""
    for node in facts.nodes.values():
        if isinstance(node.copy, Copied) and node.copy.open:
            return node.line
        if node.keyword == "run":
            for mount in views.mounts(node.instruction):
                if mount.type == "bind" and not mount.from_:
                    return node.line
    return None


def _outputs(facts: Facts) -> list[str]:
    runs = [node.understood for node in facts.nodes.values() if node.understood is not None]
    return [pattern for run in runs for install in run.installs for pattern in install.ignore]


def _junk(facts: Facts) -> list[str]:
    tools = {
        step.effects.tool
        for node in facts.nodes.values()
        if node.understood is not None
        for step in node.understood.steps
    }
    rows = [row for row in ECOSYSTEMS if row.tool in tools]
    junk = [pattern for row in rows for pattern in module(row.module).JUNK]
    return [*junk, *EVERYWHERE] if junk else []


def _needed(context: BuildContext, pattern: str, read: frozenset[str]) -> str | None:
    """Why a pattern must not be added: a file that is not known to be junk, or one that is read."""
    back = brought_back(context, pattern)
    if back is not None:
        return f"the ignore file brings it back: `{back}`"
    after = with_patterns(context, (pattern,))
    hidden = context.hidden_by(after.ignore_text or "")
    tracked = context.project.tracked
    kept = [path for path in hidden if tracked is None or path in tracked]
    if kept:
        how = (
            "is tracked by git"
            if tracked is not None
            else "is there, and git cannot tell what it is"
        )
        return f"{kept[0]} {how}: `{pattern}` is not ignored"
    wanted = sorted(source for source in read if after.ignore.excluded(source))
    if wanted:
        return f"a Dockerfile of this repository copies {wanted[0]}: `{pattern}` is not ignored"
    return None

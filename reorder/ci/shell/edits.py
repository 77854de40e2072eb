"""The new text of the builds of a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from reorder.ci.branch import BUILDER, VARIABLE, Branch, builder, tag
from reorder.ci.contract import Settings
from reorder.ci.edits import Edit
from reorder.ci.refs import CacheRef, exported, imported
from reorder.ci.shell.builds import Build, sets_branch
from reorder.ci.shell.declared import verb
from reorder.ci.shell.local import needs
from reorder.ci.shell.places import At, Inside, Place, Step
from reorder.ci.shell.pushes import folded
from reorder.ci.shell.script import Around, Script
from reorder.ci.shell.script import Step as DockerStep
from reorder.ci.shell.words import quoted
from reorder.shell.nodes import Span
from reorder.shell.tree import Seq

Plan: TypeAlias = tuple[Build, str, list[Edit]]
NO_LINE: Final = "A line is needed before it, and there is no place for one."


def rewritten(
    script: Script,
    builds: Sequence[tuple[Build, CacheRef]],
    settings: Settings,
    branch: Branch,
    around: Around,
    declared: Sequence[DockerStep] = (),
) -> tuple[list[Plan], list[tuple[Build, str]], list[Edit]]:
    """The changes for each build, with what is told of it; the builds left alone, with why.

    `declared` have their caches in a file and only have to name the branch; what changes for them
    comes last.
    """
    refused: list[tuple[Build, str]] = []
    kept: list[tuple[Build, CacheRef, str | None, bool]] = []
    for build, ref in builds:
        if reason := needs(script, build, settings, around):
            refused.append((build, reason))
            continue
        own = _built_elsewhere(build) or _in_use(script, build.step, around)
        option = None if own or branch.fresh else BUILDER
        kept.append((build, ref, option, own))
    if not kept and not declared:
        return [], refused, []
    line, slug = tag(branch, settings.branch)
    lines = [] if line is None or sets_branch(script.text) else [line]
    if declared:
        lines += [f'export {VARIABLE}="{slug}"' if line is None else f"export {VARIABLE}"]
    without = [build.step for build, _, _, own in kept if not own]
    others = [step for step in declared if not _in_use(script, step, around)]
    first = next(iter((*without, *others)), None)
    if first is not None and not _is_made(script, first, branch, around):
        lines.append(builder(branch).replace("docker ", f"{first.command.before}docker "))
    spot = _spot(script, [*(build.step.place for build, *_ in kept), *(s.place for s in declared)])
    if lines and spot is None:
        return [], [*refused, *((build, NO_LINE) for build, *_ in kept)], []
    more = [] if branch.fresh else [_with_builder(script, step) for step in others]
    plans: list[Plan] = []
    for build, ref, option, own in kept:
        edits, reason = _build(script, build, ref, slug, option, own, around)
        plans.append((build, reason, edits))
    if lines and spot is not None:
        start, indent = spot
        setup = "".join(f"{indent}{line}\n" for line in lines)
        more.append(Edit(start, start, setup))
    return plans, refused, more


def _with_builder(script: Script, step: DockerStep) -> Edit:
    end = verb(script, step)[1]
    return Edit(end, end, f" --builder {BUILDER}")


def _build(
    script: Script,
    build: Build,
    ref: CacheRef,
    slug: str,
    option: str | None,
    own: bool,
    around: Around,
) -> tuple[list[Edit], str]:
    command = build.step.command
    edits = _renamed(script, build)
    new = [] if option is None else [f"--builder {option}"]
    branch = ref.branch(slug)
    gone: list[Span] = []
    new += [
        f"--cache-from {quoted(imported(ref.main))}",
        *([f"--cache-from {quoted(imported(branch))}"] if branch != ref.main else ()),
        f"--cache-to {quoted(exported(branch))}",
    ]
    reason = f"its cache lies in {ref.repository}"
    if around.by_hand:
        reason += "; no CI file calls it, but it pushes already"
    if not build.pushes and not build.options.has("--load", "--output"):
        gone = folded(script, build, around)
        if gone:
            new.append("--push")
            reason += "; `--push` takes the place of `docker push`"
        elif not command.buildx or not own:
            new.append("--load")
    end = command.simple.words[-1].span[1]
    added = _joined(script.text, command.simple.span, new, around)
    behind = next((stop for start, stop in gone if start == end), end)
    edits.append(Edit(end, behind, added))
    edits += [Edit(start, stop, "") for start, stop in gone if start != end]
    return edits, reason


def _renamed(script: Script, build: Build) -> list[Edit]:
    """`docker build` as `docker buildx build`; DOCKER_BUILDKIT=1 says nothing to it."""
    command = build.step.command
    if command.buildx:
        return []
    edits = [Edit(*command.verb, "buildx build")]
    for one in command.simple.assigns:
        if one.name == "DOCKER_BUILDKIT":
            start, end = one.word.span[0] - len("DOCKER_BUILDKIT="), one.word.span[1]
            gap = len(script.text[end:]) - len(script.text[end:].lstrip(" "))
            edits.append(Edit(start, end + gap, ""))
    return edits


def _joined(text: str, span: tuple[int, int], new: Sequence[str], around: Around) -> str:
    """Options behind a command: on lines of their own, as the command's are if it has several."""
    if not around.wrap:
        return "".join(f" {option}" for option in new)
    inside = text[slice(*span)]
    if "\\\n" in inside:
        follows = inside.partition("\\\n")[2]
        indent = follows[: len(follows) - len(follows.lstrip(" \t"))]
    else:
        start = text.rfind("\n", 0, span[0]) + 1
        line = text[start : span[0]]
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        indent += "\t" if indent.endswith("\t") else "  "
    return "".join(f" \\\n{indent}{option}" for option in new)


def _built_elsewhere(build: Build) -> bool:
    """Whether a build names its builder, or is for platforms that the default one cannot build."""
    platforms = (given.source for given in build.options.values("--platform"))
    return build.options.has("--builder") or (
        build.step.command.buildx and any("," in platform for platform in platforms)
    )


def _in_use(script: Script, step: DockerStep, around: Around) -> bool:
    """Whether a builder that can export to a registry is in use where an image is built."""
    at = step.command.simple.span[0]
    if around.builder or "BUILDX_BUILDER" in script.text[:at] + around.before:
        return True
    return any(" use" in line or "--use" in line for line in _builders(script, at, around))


def _is_made(script: Script, step: DockerStep, branch: Branch, around: Around) -> bool:
    """Whether the builder with a name is there already."""
    lines = _builders(script, step.command.simple.span[0], around)
    return not branch.fresh and any(BUILDER in line for line in lines)


def _builders(script: Script, at: int, around: Around) -> list[str]:
    """The commands before an offset that make or choose a builder."""
    steps = [s.command for s in script.steps if s.command.kind in ("create", "use")]
    texts = [script.text[slice(*one.simple.span)] for one in steps if one.simple.span[0] < at]
    return [*texts, *(line for line in around.before.splitlines() if "docker buildx " in line)]


def _spot(script: Script, places: Sequence[Place]) -> tuple[int, str] | None:
    """Where a line can stand before all of these commands, and its indent."""
    common: list[Step] = []
    for steps in zip(*(place.steps for place in places), strict=False):
        first = steps[0]
        if isinstance(first, Inside) and first.kind in ("loop", "pipe", "not", "substitution"):
            break
        if isinstance(first, At):
            if any(not isinstance(s, At) or s.node is not first.node for s in steps):
                break
            index = min(s.index for s in steps if isinstance(s, At))
            common.append(At(first.node, index))
            if len({s.index for s in steps if isinstance(s, At)}) > 1:
                break
            continue
        if any(step != first for step in steps):
            break
        common.append(first)
    for step in reversed(common):
        if not isinstance(step, At) or not isinstance(step.node, Seq):
            continue
        start = step.node.spans[step.index][0]
        line = script.text.rfind("\n", 0, start) + 1
        rest = script.text[line:]
        indent = rest[: len(rest) - len(rest.lstrip(" \t"))]
        if any(begin == line + len(indent) for begin, _ in step.node.spans):
            return line, indent
    return None

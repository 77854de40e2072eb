"""`docker push` commands that `--push` makes needless."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from reorder.ci.shell.builds import Build
from reorder.ci.shell.docker_command import pushed
from reorder.ci.shell.places import At, Place
from reorder.ci.shell.script import Around, Script, Step, pushes_of, script, tagged
from reorder.ci.shell.words import cut
from reorder.shell.nodes import Opaque, Span
from reorder.shell.tree import AndOr, Seq

# They speak of images in a registry, or only of names.
_REMOTE: Final = frozenset(
    (
        "aws", "az", "cosign", "crane", "curl", "echo", "export", "flyctl", "gcloud", "git", "helm",
        "kubectl", "kustomize", "oc", "printf", "regctl", "sed", "skopeo", "terraform",
    )
)  # fmt: skip


def folded(read: Script, build: Build, around: Around) -> list[Span]:
    """What goes if the build pushes by itself; empty: it must not.

    The pushes of exactly the build's tags stand right behind it, with no comment between, and
    nothing later names the image: that might be the local one.
    """
    last = build.step.place.steps[-1]
    wanted = {tagged(read, tag) for tag in build.tags}
    pushes = [step for step in pushes_of(read, build.tags) if not _apart(read, step, wanted)]
    if not pushes or not isinstance(last, At):
        return []
    found = []
    for step in pushes:
        given = pushed(read.text, step.command)
        if given is None or not given[1] or len(given[0]) != 1 or step.command.simple.redirs:
            return []
        found.append(tagged(read, given[0][0]))
    if set(found) != wanted or len(found) != len(wanted):
        return []
    behind = [
        (*build.step.place.steps[:-1], At(last.node, last.index + i + 1)) for i in range(len(found))
    ]
    if [step.place.steps for step in pushes] != behind:
        return []
    if _later(read, pushes[-1].command.simple.span[1], wanted, around):
        return []
    return _spans(read.text, last, len(found))


def _later(read: Script, end: int, wanted: set[str], around: Around) -> bool:
    """Whether something behind an offset may need one of the images, other builds excepted."""
    names = {cut(tag)[0] for tag in wanted}
    after = script(around.after, read.values) if around.after else None
    if isinstance(after, Opaque) and any(name in read.meant(around.after) for name in names):
        return True
    behind = [(read, place) for place in read.every if place.simple.span[0] >= end]
    if isinstance(after, Script):
        behind += [(after, place) for place in after.every]
    for text, place in behind:
        said = text.meant(text.text[slice(*place.simple.span)])
        if any(name in said for name in names) and not _elsewhere(text, place, wanted):
            return True
    return False


def _elsewhere(read: Script, place: Place, wanted: set[str]) -> bool:
    """Whether a command that names an image does without the local one."""
    words = place.simple.words
    if not words or read.text[slice(*words[0].span)] in _REMOTE:
        return True
    return any(step.place is place and _apart(read, step, wanted) for step in read.steps)


def _apart(read: Script, step: Step, wanted: set[str]) -> bool:
    """Whether a command is a build, or pushes another image."""
    if step.command.kind == "push":
        given = pushed(read.text, step.command)
        return bool(given and given[1] and not {tagged(read, one) for one in given[0]} & wanted)
    return step.command.kind == "build"


def _spans(text: str, build: At, count: int) -> list[Span]:
    spans = build.node.spans[build.index : build.index + count + 1]
    gaps = [text[one[1] : two[0]] for one, two in pairwise(spans)]
    if isinstance(build.node, AndOr):
        ops = build.node.ops[build.index : build.index + count]
        joins = all(op == "&&" for op in ops)
        # Behind `||` or a comment the command would mean something else.
        if not joins or any(gap.replace("\\\n", "").strip() != "&&" for gap in gaps):
            return []
        return [(spans[0][1], spans[-1][1])] if _and_only(build.node) else []
    if not isinstance(build.node, Seq) or any(gap.strip() or "\n" not in gap for gap in gaps):
        return []
    lines: list[Span] = []
    for start, end in spans[1:]:
        first = text.rfind("\n", 0, start) + 1
        stop = text.find("\n", end)
        if text[first:start].strip() or text[end : stop if stop != -1 else None].strip():
            return []
        # The last line of a text may have no newline: then the one before it goes.
        lines.append((first, stop + 1) if stop != -1 else (max(first - 1, 0), len(text)))
    return lines


def _and_only(node: AndOr) -> bool:
    return all(op == "&&" for op in node.ops)

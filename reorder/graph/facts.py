"""Everything that is known of one Dockerfile, computed once and read-only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reorder.context.build import BuildContext
from reorder.ecosystems.application import application_folders
from reorder.ecosystems.contract import Image
from reorder.ecosystems.folders import above_mounts
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.symlinks import links_made
from reorder.graph import effects as rules
from reorder.graph.copies import Copied, copied
from reorder.graph.folders import folders_there
from reorder.graph.lists import Step, list_edges
from reorder.graph.mounts import NOTHING_SHOWN, Shown, mounted_at, shown
from reorder.graph.overlay import Overlay, Placed
from reorder.graph.resources import Effects, conflict
from reorder.graph.runs import understood
from reorder.graph.scope import Scope, advance, scopes
from reorder.graph.stages import Stage, stages
from reorder.shell.nodes import Opaque
from reorder.syntax import pragmas
from reorder.syntax.nodes import File, Instruction

KEPT = "reorder: keep"  # the reason of an edge that only a comment asks for


@dataclass(frozen=True)
class Node:
    """One instruction of a stage with what is known of it."""

    at: int  # position in the file
    instruction: Instruction
    stage: int
    scope: Scope  # in force before it
    effects: Effects
    image: Image | None = None  # the state a RUN starts in
    run: RunEffects | Opaque | None = None
    copy: Copied | str | None = None  # a str: why the files of a COPY are not known
    line: int = 0  # in the text that the author gave
    mounts: Shown = NOTHING_SHOWN  # of a RUN

    @property
    def keyword(self) -> str:
        """The instruction's keyword, lower case."""
        return self.instruction.keyword

    @property
    def pragmas(self) -> tuple[pragmas.Pragma, ...]:
        """What the comments above it ask of this program."""
        return pragmas.pragmas(self.instruction)

    @property
    def understood(self) -> RunEffects | None:
        """The effects of a RUN whose every command is understood."""
        return self.run if isinstance(self.run, RunEffects) else None


@dataclass(frozen=True)
class Facts:
    """The file, its stages and nodes (by position), and the context it is built with."""

    file: File
    context: BuildContext | None
    stages: tuple[Stage, ...]
    nodes: dict[int, Node] = field(hash=False)
    lines: tuple[int, ...] = ()  # for each instruction, its line in the text that the author gave

    def body(self, stage: Stage) -> list[Node]:
        """The nodes of a stage after its FROM, in order."""
        return [self.nodes[at] for at in stage.body]

    def stage_of(self, node: Node) -> Stage:
        """The stage a node stands in."""
        return self.stages[node.stage]


def derive(file: File, context: BuildContext | None, lines: tuple[int, ...] | None = None) -> Facts:
    """Compute every fact. `context` is None when it is not known.

    `lines` has the line that each instruction stands for; None: the file is the author's.
    """
    lines = tuple(node.line for node in file.instructions) if lines is None else lines
    known = stages(file)
    before = scopes(file, known)
    nodes: dict[int, Node] = {}
    ends: list[Overlay] = []
    links: list[Paths] = []  # what each stage ends with
    for stage in known:
        inherited = ends[stage.parent].steps if stage.parent is not None else ()
        made = links[stage.parent] if stage.parent is not None else NOTHING
        folders = application_of(file, known, stage, before, context)
        overlay = Overlay(context, inherited, folders)
        for at in stage.body:
            node = replace(_node(file, stage, at, before, overlay), line=lines[at])
            node = replace(node, effects=rules.behind_links(node.effects, node.keyword, made))
            nodes[at] = node
            overlay = _after(overlay, node)
            made |= links_made(node.understood) if node.understood is not None else NOTHING
        ends.append(overlay)
        links.append(made)
    return Facts(file, context, known, nodes, lines)


def dependencies(nodes: list[Node]) -> dict[tuple[int, int], str]:
    """The pairs of positions that may not change places, with the resource that forbids it."""
    edges: dict[tuple[int, int], str] = {}
    workdir = nodes[0].scope.workdir if nodes else None
    there = folders_there((node.effects for node in nodes), workdir)
    for i, first in enumerate(nodes):
        for later in nodes[i + 1 :]:
            reason = conflict(first.effects, later.effects, there[i])
            if reason is not None:
                edges[first.at, later.at] = reason
    runs = [Step(n.at, n.run, n.instruction.args) for n in nodes if n.run is not None]
    for pair in list(list_edges(runs, edges)):
        edges.setdefault(pair, "package lists stay with their install")
    for pair in held(nodes):
        edges.setdefault(pair, KEPT)
    return edges


def held(nodes: list[Node], transform: str | None = None) -> frozenset[tuple[int, int]]:
    """The pairs whose order a comment holds: for a transform, or None: for all of them."""
    fixed = [
        node.at
        for node in nodes
        if any(p.kind == "keep" if transform is None else p.holds(transform) for p in node.pragmas)
    ]
    return frozenset((min(a, n.at), max(a, n.at)) for a in fixed for n in nodes if n.at != a)


def application_of(
    file: File,
    known: tuple[Stage, ...],
    stage: Stage,
    before: dict[int, Scope],
    context: BuildContext | None,
) -> frozenset[str]:
    """The trees of a stage, and of those it starts from, that only the application fills."""
    copies: list[tuple[str, tuple[str, ...]]] = []
    workdirs: list[str] = []
    current: Stage | None = stage
    while current is not None:
        for at in current.body:
            node, scope = file.instructions[at], before[at]
            if node.keyword == "workdir":
                path = scope_after_workdir(file, at, before)
                workdirs += [path] if path else []
            elif node.keyword in ("copy", "add"):
                found = copied(node, file.escape, scope, context, Overlay(context))
                if isinstance(found, Copied):
                    base = found.dest.rstrip("/") + "/"
                    tops = {
                        path[len(base) :].partition("/")[0]
                        for path in (*found.placed.files, *found.placed.folders)
                        if path.startswith(base)
                    }
                    copies.append((found.dest, tuple(sorted(tops))))
        current = known[current.parent] if current.parent is not None else None
    return application_folders(copies, workdirs)


def scope_after_workdir(file: File, at: int, before: dict[int, Scope]) -> str | None:
    """The folder in force after a WORKDIR."""
    return advance(before[at], file.instructions[at], file.escape, {}).workdir


def _node(file: File, stage: Stage, at: int, before: dict[int, Scope], overlay: Overlay) -> Node:
    instruction, scope, escape = file.instructions[at], before[at], file.escape
    match instruction.keyword:
        case "run":
            mounts = shown(instruction, escape, scope, overlay.context)
            there = mounts if isinstance(mounts, Shown) else NOTHING_SHOWN
            image = _image(scope, there.over(overlay))
            run = understood(instruction, scope, image) if mounts is there else Opaque(str(mounts))
            effects = rules.run_effects(instruction, scope, run, there)
            effects = rules.with_open_outputs(effects, run, there, overlay.context)
            effects = rules.with_named(effects, run, overlay)
            places = mounted_at(instruction, escape, scope)
            made = above_mounts(places, scope.account().home).files
            effects = replace(effects, makes=effects.makes | made)
            return Node(at, instruction, stage.index, scope, effects, image, run, mounts=there)
        case "copy" | "add":
            found = copied(instruction, escape, scope, overlay.context, overlay)
            effects = rules.copy_effects(instruction, escape, scope, found)
            ignore = overlay.context.ignore if overlay.context is not None else None
            effects = rules.with_open_copies(effects, found, ignore)
            return Node(at, instruction, stage.index, scope, effects, copy=found)
        case "workdir":
            path = scope_after_workdir(file, at, before)
            effects = rules.workdir_effects(instruction, scope, path)
            return Node(at, instruction, stage.index, scope, effects)
    effects = rules.config_effects(instruction, escape, scope)
    return Node(at, instruction, stage.index, scope, effects)


def _after(overlay: Overlay, node: Node) -> Overlay:
    if isinstance(node.copy, Copied):
        return overlay.then(node.copy.placed)
    written, made = node.effects.writes.paths, node.effects.makes
    overlay = overlay.then(written) if written else overlay
    lists = node.understood.made if node.understood is not None else frozenset()
    if lists:
        overlay = overlay.then(Placed(texts=dict.fromkeys(lists, "")))
    return overlay.then(Placed(folders=made)) if made else overlay


def _image(scope: Scope, overlay: Overlay) -> Image:
    account = scope.account()
    return Image(
        files=overlay,
        env=scope.env,
        cwd=scope.workdir or "/",
        user=scope.user,
        home=account.home,
        uid=account.uid,
        gid=account.gid,
        base=scope.base.family if scope.base is not None and scope.base.whole else "",
        tag=scope.base.tag if scope.base is not None else "",
        application=overlay.application,
        told=scope.told,
    )

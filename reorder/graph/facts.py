"""Everything that is known of one Dockerfile, computed once and read-only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reorder.context.build import BuildContext
from reorder.ecosystems.application import application_folders
from reorder.ecosystems.contract import Image
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.run import run_effects as understand
from reorder.graph import effects as rules
from reorder.graph.copies import Copied, copied
from reorder.graph.overlay import Overlay
from reorder.graph.resources import Effects, conflict
from reorder.graph.scope import Scope, scopes
from reorder.graph.stages import Stage, stages
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.nodes import File, Instruction


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

    @property
    def keyword(self) -> str:
        """The instruction's keyword, lower case."""
        return self.instruction.keyword

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
    for stage in known:
        inherited = ends[stage.parent].steps if stage.parent is not None else ()
        folders = application_of(file, known, stage, before, context)
        overlay = Overlay(context, inherited, folders)
        for at in stage.body:
            node = replace(_node(file, stage, at, before, overlay), line=lines[at])
            nodes[at] = node
            overlay = _after(overlay, node)
        ends.append(overlay)
    return Facts(file, context, known, nodes, lines)


def dependencies(nodes: list[Node]) -> dict[tuple[int, int], str]:
    """The pairs of positions that may not change places, with the resource that forbids it."""
    edges: dict[tuple[int, int], str] = {}
    for i, first in enumerate(nodes):
        for later in nodes[i + 1 :]:
            reason = conflict(first.effects, later.effects)
            if reason is not None:
                edges[first.at, later.at] = reason
    return edges


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
                path = scope_after_workdir(file, current, at, before)
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


def scope_after_workdir(file: File, stage: Stage, at: int, before: dict[int, Scope]) -> str | None:
    """The folder in force after a WORKDIR."""
    if at + 1 < stage.end:
        return before[at + 1].workdir
    return before[at].expand(file.instructions[at].args, file.escape)


def _node(file: File, stage: Stage, at: int, before: dict[int, Scope], overlay: Overlay) -> Node:
    instruction, scope = file.instructions[at], before[at]
    match instruction.keyword:
        case "run":
            image = _image(scope, overlay)
            run = _understood(instruction, scope, image)
            effects = rules.run_effects(instruction, run)
            return Node(at, instruction, stage.index, scope, effects, image, run)
        case "copy" | "add":
            found = copied(instruction, file.escape, scope, overlay.context, overlay)
            effects = rules.copy_effects(instruction, file.escape, scope, found)
            return Node(at, instruction, stage.index, scope, effects, copy=found)
        case "workdir":
            path = scope_after_workdir(file, stage, at, before)
            effects = rules.workdir_effects(instruction, scope, path)
            return Node(at, instruction, stage.index, scope, effects)
    return Node(at, instruction, stage.index, scope, rules.config_effects(instruction))


def _after(overlay: Overlay, node: Node) -> Overlay:
    if isinstance(node.copy, Copied):
        return overlay.then(node.copy.placed)
    written = node.effects.writes.paths
    return overlay.then(written) if written else overlay


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
        base=scope.base.family if scope.base is not None else "",
        tag=scope.base.tag if scope.base is not None else "",
        application=overlay.application,
    )


def _understood(instruction: Instruction, scope: Scope, image: Image) -> RunEffects | Opaque:
    if scope.shell[0].rpartition("/")[2] not in ("sh", "bash", "ash", "dash"):
        return Opaque(f"the shell is {scope.shell[0]}")
    if scope.workdir is None:
        return Opaque("the working directory of the base image is not known")
    for mount in views.mounts(instruction):
        if mount.type not in ("cache", "secret", "ssh", "tmpfs"):
            return Opaque(f"it has a {mount.type} mount")
    script = views.script(instruction)
    if script.kind == "exec":
        return Opaque("it is in the JSON form")
    return understand(script.text, image)

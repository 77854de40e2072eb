"""The stages of a Dockerfile and how they use each other."""

from __future__ import annotations

from dataclasses import dataclass

from reorder.syntax import views
from reorder.syntax.nodes import File, Instruction


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and what follows it. Positions are indexes into `File.instructions`."""

    index: int
    name: str | None  # lower case
    image: str  # the image reference as written, unexpanded
    parent: int | None  # the earlier stage it starts from, by exact lower-case name
    start: int  # of the FROM
    end: int  # exclusive

    @property
    def body(self) -> range:
        """The positions after the FROM."""
        return range(self.start + 1, self.end)


def stages(file: File) -> tuple[Stage, ...]:
    """Every stage in order; a file without FROM has none."""
    starts = [at for at, node in enumerate(file.instructions) if node.keyword == "from"]
    found: list[Stage] = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(file.instructions)
        view = views.from_(file.instructions[start])
        # By exact match with the lower-cased name, the last one wins (BuildKit convert.go).
        parent = next((s.index for s in reversed(found) if s.name == view.image), None)
        found.append(Stage(index, view.stage, view.image, parent, start, end))
    return tuple(found)


def source_stage(value: str, before: int, known: tuple[Stage, ...]) -> Stage | None:
    """The stage that `--from=value` means for an instruction of stage `before`, or None: an image.

    Names are compared without case, numbers are positions (BuildKit `dispatchCopy`).
    """
    if value.isdecimal():
        number = int(value)
        return known[number] if number < before else None
    earlier = reversed(known[:before])
    return next((stage for stage in earlier if stage.name == value.lower()), None)


def targets(known: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stages somebody may ask for: the last one, and every one with a name of its own.

    `docker build --target` is not in the file, so a name counts; of two equal ones the later does.
    """
    last = {stage.name: stage.index for stage in known}
    return tuple(
        stage
        for stage in known
        if stage.index == len(known) - 1 or (stage.name and last[stage.name] == stage.index)
    )


def used_by(file: File, known: tuple[Stage, ...], wanted: tuple[Stage, ...]) -> frozenset[int]:
    """The stages that a build of some others needs, these included: what it starts or takes from.

    An ONBUILD trigger counts where it stands, as nobody knows who starts from its stage. Where an
    argument chooses the stage that one starts from, all that it may choose count.
    """
    found: set[int] = set()
    todo = [stage.index for stage in wanted]
    while todo:
        stage = known[todo.pop()]
        if stage.index in found:
            continue
        found.add(stage.index)
        todo += begins_from(known, stage)
        for at in stage.body:
            sources = (
                source_stage(s, stage.index, known) for s in sources_of(file.instructions[at])
            )
            todo += [source.index for source in sources if source is not None]
    return frozenset(found)


def begins_from(known: tuple[Stage, ...], stage: Stage) -> tuple[int, ...]:
    """The earlier stages that one starts from: at most one, or all that an argument may choose."""
    if stage.parent is not None:
        return (stage.parent,)
    if "$" not in stage.image:
        return ()
    start = stage.image.partition("$")[0]
    earlier = known[: stage.index]
    return tuple(one.index for one in earlier if one.name and one.name.startswith(start))


def sources_of(node: Instruction) -> tuple[str, ...]:
    """Every `from` an instruction names: `COPY --from`, and the `from` of RUN mounts."""
    if node.keyword == "onbuild" and node.inner is not None:
        return sources_of(node.inner)
    if node.keyword == "copy":
        value = node.flag("from")
        return (value,) if value else ()
    if node.keyword == "run":
        return tuple(mount.from_ for mount in views.mounts(node) if mount.from_)
    return ()


def family(known: tuple[Stage, ...], stage: Stage) -> tuple[Stage, ...]:
    """The stage and every stage that starts from it, however far."""
    found = [stage]
    for later in known[stage.index + 1 :]:
        if any(later.parent == member.index for member in found):
            found.append(later)
    return tuple(found)

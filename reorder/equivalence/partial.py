"""A step that was added above a build and does a part of it (`Modules.command`).

The build itself declares which calls do so. What the part leaves is asserted to be what the build
would leave (`unsafe`); proved is that the build follows in the same stage with only copies between,
in the same folder, environment and mounts, so that nobody else sees the half-done work.
"""

from __future__ import annotations

from collections.abc import Callable

from reorder.ecosystems.contract import Modules
from reorder.ecosystems.paths import below
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.run_caches import Step
from reorder.ecosystems.words import absolute
from reorder.equivalence.program import Refused
from reorder.equivalence.runs import Understood
from reorder.equivalence.stages import Ran, Stage
from reorder.shell.calls import calls
from reorder.shell.nodes import Call, Opaque


def is_part_of_a_build(run: Understood) -> bool:
    """Whether a RUN does nothing but to call a build, alone or with stand-ins for some modules."""
    single = _single(run)
    return single is not None and single.effects.barrier is not None


def check(added: Ran, stage: Stage, others: list[Ran]) -> None:
    """Raises Refused unless the build follows; `others` are all parts that were added to it."""
    at = next(at for at, ran in enumerate(stage.runs) if ran is added)
    single = _single(added.run)
    assert single is not None
    for later in stage.runs[at + 1 :]:
        if any(later is other for other in others):
            continue
        first = next((s for s in _steps(later.run) if _declares(s, single, added, later)), None)
        if first is None:
            break
        _as_before(added, later, single, first)
        return
    raise Refused("a RUN that was not there before", added.line)


def _steps(run: Understood) -> tuple[Step, ...]:
    return run.effects.steps if isinstance(run.effects, RunEffects) else ()


def _single(run: Understood) -> Step | None:
    """The one step that is more than `cd`."""
    rest = [step for step in _steps(run) if step.call.name != "cd"]
    return rest[0] if len(rest) == 1 else None


def _declares(step: Step, single: Step, added: Ran, later: Ran) -> bool:
    """Whether a RUN is what a build declares, with some of its modules."""
    modules = step.effects.modules
    if modules is None or step.call.cwd != single.call.cwd:
        return False
    if single.effects.together:
        return modules.without is not None and _stands_in(
            modules.without, modules, step, added, later
        )
    return modules.command is not None and _is_named(modules.command, modules, step, single.call)


def _is_named(command: str, modules: Modules, step: Step, call: Call) -> bool:
    """Whether a call is the build of some modules by their names."""
    wanted = calls(command, step.call.cwd, step.call.env)
    if isinstance(wanted, Opaque) or len(wanted) != 1:
        return False
    ours = [arg.text for arg in call.args if arg.kind == "literal"]
    theirs = [arg.text for arg in wanted[0].args]
    at = next((at for at, word in enumerate(theirs) if "{}" in word), None)
    if at is None or len(ours) != len(call.args):
        return False
    end = len(ours) - (len(theirs) - at - 1)
    if at >= end or ours[:at] != theirs[:at] or ours[end:] != theirs[at + 1 :]:
        return False
    front, _, back = theirs[at].partition("{}")
    text = " ".join(ours[at:end])
    if not text.startswith(front) or not text.endswith(back):
        return False
    return _known(text[len(front) : len(text) - len(back)], modules)


def _known(text: str, modules: Modules) -> bool:
    words = {part.word for part in modules.parts if part.alone}
    return set(text.split(modules.separator)) <= words


def _stands_in(
    text: Callable[[frozenset[str]], str], modules: Modules, step: Step, added: Ran, later: Ran
) -> bool:
    """Whether it is the build with stand-ins for the modules that only come to the later one."""
    there, since = added.state.cells, later.state.cells
    new = [path for path, cell in since.items() if path not in there and cell.kind != "dir"]
    absent = {part.folder for part in modules.parts if any(below(p, part.folder) for p in new)}
    if not absent or any(not m.alone and m.folder not in absent for m in modules.parts):
        return False
    folder = added.run.scope.cwd or "/"
    ours = calls(added.run.shell or "", folder, step.call.env)
    wanted = calls(text(frozenset(absent)), step.call.cwd, step.call.env)
    if isinstance(ours, Opaque) or isinstance(wanted, Opaque):
        return False
    rest = [call for call in ours if call.name != "cd"]
    if [_said(call) for call in rest] != [_said(call) for call in wanted]:
        return False
    removed = [absolute(arg.text, rest[-1].cwd) for arg in rest[-1].args[1:]]
    files = (path for path, cell in there.items() if cell.kind != "dir")
    return not any(below(path, tree) for path in files for tree in removed)


def _said(call: Call) -> tuple[object, ...]:
    words = tuple((arg.kind, arg.text) for arg in call.args)
    written = tuple((one.op, one.target.kind, one.target.text) for one in call.redirects)
    return words, written, call.cwd, call.always, call.user


def _as_before(added: Ran, later: Ran, single: Step, first: Step) -> None:
    line, scope, other = added.line, added.run.scope, later.run.scope
    if added.state.events.keys() != later.state.events.keys():
        raise Refused("a step between may see a build that is half done", line)
    manifests = first.effects.modules.manifests if first.effects.modules is not None else ()
    lacking = next((p for p in manifests if p not in added.state.cells), None)
    if lacking is not None:
        raise Refused(f"{lacking} is not there yet, and every part of the build reads it", line)
    for path, cell in added.state.cells.items():
        there = later.state.cells.get(path)
        if there is None or there.value != cell.value:
            raise Refused(f"{path} is not the same for the whole build", line)
    env = {name: value.sym for name, value in scope.env.items()}
    if env != {name: value.sym for name, value in other.env.items()}:
        raise Refused("the environment is not the same for the whole build", line)
    if single.call.env != first.call.env or single.call.user != first.call.user:
        raise Refused("the environment is not the same for the whole build", line)
    if _place(added.run) != _place(later.run):
        raise Refused("it runs as somebody else, or with other mounts", line)
    earlier = _steps(later.run)[: _steps(later.run).index(first)]
    if any(step.effects.writes for step in earlier):
        raise Refused("the whole build is prepared by another command", line)


def _place(run: Understood) -> tuple[object, ...]:
    scope = run.scope
    flags = sorted((key, value or "") for key, value in run.step.flags)
    return scope.user.sym, scope.shell, tuple(flags)

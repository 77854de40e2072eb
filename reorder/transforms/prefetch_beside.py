"""What stands beside an author's install in its RUN, and what that means for a step before it."""

from __future__ import annotations

from reorder.ecosystems.contract import Prefetch
from reorder.ecosystems.run_caches import Step
from reorder.ecosystems.words import absolute
from reorder.graph.facts import Node
from reorder.syntax import views


def set_up(node: Node, step: Step) -> str | None:
    """An earlier call of the same RUN that may be what lets the tool download, as a reason."""
    if any(flag.value == "none" for flag in node.instruction.flags if flag.name == "network"):
        return "the RUN has no network, so its dependencies are there already"
    steps = node.understood.steps if node.understood is not None else ()
    for other in steps[: steps.index(step)]:
        if _is_setting(other, step) or _makes_executable(other, step):
            continue
        if other.effects.barrier or other.effects.writes:
            name = other.call.name
            return f"`{name}` in the same RUN may be what lets `{step.call.name}` download"
    return None


def _is_setting(other: Step, step: Step) -> bool:
    """Whether a call before the author's own can be made with the added step as well."""
    prefetch = step.effects.prefetch
    absorbed = prefetch is not None and prefetch.absorbed
    return absorbed and other.effects.repeatable and other.call.cwd == step.call.cwd


def _makes_executable(other: Step, step: Step) -> bool:
    """`chmod` of the script that is called next: the added step has the shell read it."""
    prefetch = step.effects.prefetch
    made = other.effects.writes
    if other.call.name != "chmod" or prefetch is None or made.trees or made.globs:
        return False
    script = absolute(step.call.name, step.call.cwd)
    return made.all_but is None and made.files <= {script} and "sh ./" in prefetch.command


def with_settings(node: Node, step: Step, command: str) -> str:
    """The command behind the settings that the author makes in the same RUN."""
    script = views.script(node.instruction).text
    steps = node.understood.steps if node.understood is not None else ()
    before = (other.call for other in steps[: steps.index(step)] if _is_setting(other, step))
    words = (" ".join(script[slice(*arg.span)] for arg in call.args) for call in before)
    return " && ".join((*words, command))


def written_beside(step: Node, author: Node, command: str, prefetch: Prefetch) -> str | None:
    """What the step would write beside caches and what the author's RUN writes, as a reason."""
    run = step.understood
    if run is None or run.barrier is not None:
        return f"`{command}` is not understood"
    named = sorted(run.writes.files | run.writes.trees)
    if prefetch.absorbed:
        named = [path for path in named if not author.effects.writes.paths.contains(path)]
    return f"`{command}` would write {named[0]}" if named else None

"""What a build argument decides cannot be written down: its default is only one of its values."""

from __future__ import annotations

import re
import shlex

from reorder.ecosystems.run_caches import Step
from reorder.graph.facts import Facts, Node
from reorder.graph.scope import variables
from reorder.syntax import views

_VARIABLE = re.compile(r"\$\{?(\w+)")


def decided_by_argument(facts: Facts, node: Node, broad: list[Node]) -> str | None:
    """The build argument on which the files that an install reads depend, as a reason.

    The words of the install (and of a `cd` before it) and the sources of the broad copies count;
    a destination is carried over as it is written.
    """
    for copy in broad:
        for source in views.copy(copy.instruction).sources:
            for name in sorted(variables(source) & copy.scope.arguments):
                return _reason(copy, name)
    run = node.understood
    script = views.script(node.instruction).text
    for step in run.steps if run is not None else ():
        if (
            step.effects.install is None
            and step.effects.prefetch is None
            and step.call.name != "cd"
        ):
            continue
        prefetch = step.effects.prefetch
        install = step.effects.install or (prefetch.install if prefetch is not None else None)
        free = install.free if install is not None else frozenset()
        for arg in step.call.args:
            start, end = arg.span
            if arg.span in free:
                continue
            for name in _VARIABLE.findall(script[start:end]):
                if name in node.scope.arguments and not _moves_with(broad, name):
                    return _reason(node, name)
    return None


def as_written(node: Node, step: Step, command: str) -> str:
    """A command in the words of the author's own call, where that has a variable or quotes."""
    script = views.script(node.instruction).text
    for arg in step.call.args:
        source = script[slice(*arg.span)]
        if "$" in source and arg.text:
            command = " ".join(source if w == arg.text else w for w in command.split(" "))
        quoted = shlex.quote(arg.text)
        if quoted != arg.text and arg.kind == "literal":
            command = command.replace(quoted, source)
    return command


def _moves_with(broad: list[Node], name: str) -> bool:
    """The argument is part of the destination: install and files go to the same other place."""
    dests = [views.copy(copy.instruction).dest for copy in broad]
    return bool(dests) and all(name in variables(dest) for dest in dests)


def _reason(node: Node, name: str) -> str:
    keyword, line = node.keyword.upper(), node.line
    return f"the build argument {name} decides what the {keyword} of line {line} reads"

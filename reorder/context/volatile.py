"""Build arguments that CI passes anew each build: they miss the cache with nearly every build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reorder.context.argument_names import is_new_by_name
from reorder.context.passed import passed_arguments
from reorder.context.project import Project


@dataclass(frozen=True)
class Volatile:
    """Build arguments that get a new value with (nearly) every build."""

    passed: Mapping[str, str]  # name -> where that is said
    fixed: Mapping[str, str] = field(default_factory=dict)  # passed, and always as a fixed value

    def why(self, name: str, default: str | None) -> str | None:
        """Why an argument is new with each build; None: it is as stable as the file's text.

        `default` is what the Dockerfile gives it, None for nothing.
        """
        if name in self.passed:
            return self.passed[name]
        if name in self.fixed or not is_new_by_name(name, default):
            return None
        return f"{name} is by its name another one in each build"


def volatile_arguments(project: Project) -> Volatile:
    """What the files of a repository pass to their builds; `project` is opened at its root.

    One value that is new with each build makes its name volatile, wherever it is passed; a name
    that is only ever passed as a fixed value, or one of a matrix, is not, whatever it is called.
    What is not known says nothing.
    """
    passed: dict[str, str] = {}
    fixed: dict[str, str] = {}
    unknown: set[str] = set()
    for item in passed_arguments(project):
        if item.fresh is None:
            unknown.add(item.name)
        else:
            said = passed if item.fresh else fixed
            said.setdefault(item.name, f"{item.name} is passed by {item.path}")
    stable = {name: why for name, why in fixed.items() if name not in passed.keys() | unknown}
    return Volatile(passed, stable)

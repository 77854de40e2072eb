"""`RUN --mount` (BuildKit instructions/commands_runmount.go)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reorder.equivalence.program import Refused, Step
from reorder.equivalence.scope import Scope, normal

_NAMES: Final = {"dst": "target", "destination": "target", "src": "source"}
_SIMPLE: Final = frozenset({"type", "target", "sharing", "id", "uid", "gid"})


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount; `options` are its written and expanded options, sorted, as they count."""

    type: str
    target: str | None  # absolute; None: not known
    options: tuple[tuple[str, str], ...]

    def option(self, name: str) -> str | None:
        """The expanded value of an option."""
        return dict(self.options).get(name)

    @property
    def simple(self) -> bool:
        """Whether it has no option that gives a cache other content or another mode."""
        return all(name in _SIMPLE for name, _ in self.options)

    @property
    def store(self) -> tuple[str | None, str | None, str, str]:
        """Two mounts with the same store see the same files at the same place."""
        name = self.option("id") or self.target
        return self.target, name, self.option("uid") or "", self.option("gid") or ""


def mounts(step: Step, scope: Scope, escape: str) -> tuple[Mount, ...]:
    """Every mount of a RUN in order. Raises Refused for a form that is not followed."""
    found = []
    for text in step.flags_named("mount"):
        options: dict[str, str] = {}
        for part in text.split(","):
            key, equals, raw = part.partition("=")
            key = _NAMES.get(key.lower(), key.lower())
            if key in options:
                raise Refused(f"the mount option {key} is given twice", step.line)
            value = scope.value(raw, step, escape) if key != "from" else None
            options[key] = (raw if value is None else value.sym) if equals else "yes"
        kind = options.get("type", "bind")
        written = options.get("target")
        if written is None:
            target = None
        else:
            known = "\0" not in written
            target = normal(written) if known and written.startswith("/") else None
        if target is not None:
            options["target"] = target
        found.append(Mount(kind, target, tuple(sorted(options.items()))))
    return tuple(found)

"""What is in force before an instruction: variables, folder, user, shell (semantics.md 2)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from reorder.ecosystems.images import BaseImage, base_image
from reorder.ecosystems.told import Told
from reorder.ecosystems.users import Made
from reorder.equivalence.expand import BadText, expand, pairs
from reorder.equivalence.program import Refused, Step
from reorder.equivalence.values import Value, plain, symbol

DEFAULT_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# Automatic platform arguments (BuildKit dockerfile2llb/platform.go `defaultArgs`).
PLATFORM: Final = frozenset(
    side + part
    for side in ("TARGET", "BUILD")
    for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
) | {"TARGETSTAGE"}

ROOT_FOLDER: Final = plain("/")
NO_USER: Final = plain("")

Globals = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of one instruction. `image` is the reference that the chain of FROM ends in."""

    image: Value
    base: BaseImage | None
    env: Mapping[str, Value] = field(default_factory=dict)  # ENV and ARG: the last one wins
    folder: Value = ROOT_FOLDER  # as the config has it
    user: Value = NO_USER
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    made: Made = field(default_factory=dict)  # users that steps of the file made
    told: Told = ()  # calls in them that changed settings of a tool

    def lookup(self, name: str) -> Value | None:
        """A variable as instructions of the builder see it; None: surely not set."""
        if name in self.env:
            return self.env[name]
        if self.base is not None and self.base.family == "scratch":
            return None
        # Not in our facts: what the image says of it is the same before and after, whatever it is.
        # An official image sets no variable that is not among its facts.
        rest = "" if self.base is not None and self.base.whole else None
        known = self.base.env.get(name, rest) if self.base is not None else None
        return symbol("image env", self.image.sym, name, text=known)

    def value(self, text: str, step: Step, escape: str) -> Value:
        """The expanded text; raises Refused for what BuildKit rejects."""
        try:
            return expand(text, self.lookup, escape)
        except BadText as error:
            raise Refused(str(error), step.line) from None

    @property
    def cwd(self) -> str | None:
        """The working folder as a path, when it is known."""
        return None if self.folder.text is None else normal(self.folder.text)

    def path(self, value: Value) -> str | None:
        """The absolute path a value names, when it is known."""
        if value.text is None:
            return None
        if value.text.startswith("/"):
            return normal(value.text)
        return None if self.cwd is None else normal(posixpath.join(self.cwd, value.text))


def normal(path: str) -> str:
    """An absolute path without `.`, `..` and doubled slashes."""
    return "/" + posixpath.normpath("/" + path).lstrip("/")


def start(image: Value) -> Scope:
    """The scope right after FROM of an external image."""
    base = base_image(image.text) if image.text is not None else None
    if image.text == "scratch":
        return Scope(image, base, env={"PATH": plain(DEFAULT_PATH)})
    folder = symbol("image folder", image.sym, text=base.workdir if base is not None else None)
    user = symbol("image user", image.sym, text=base.user if base is not None else None)
    return Scope(image, base, folder=folder, user=user)


def global_args(steps: tuple[Step, ...], escape: str) -> Globals:
    """The arguments before the first FROM, in order."""
    found = {name: symbol("platform", name) for name in PLATFORM}
    for step in steps:
        for name, default in _pairs(step, escape):
            if default is None:
                found[name] = symbol("build argument", name)
                continue
            try:
                value = expand(default, found.get, escape)
            except BadText as error:
                raise Refused(str(error), step.line) from None
            found[name] = symbol("build argument", name, value.sym, text=value.text)
    return found


def advance(scope: Scope, step: Step, escape: str, globals_: Globals) -> Scope:
    """The scope after an instruction."""
    match step.keyword:
        case "env":
            return replace(scope, env={**scope.env, **env_pairs(scope, step, escape)})
        case "arg":
            for name, default in _pairs(step, escape):
                scope = _with_arg(scope, step, escape, name, default, globals_)
            return scope
        case "workdir":
            folder = scope.value(step.rest, step, escape)
            return replace(scope, folder=_joined(scope.folder, folder))
        case "user":
            return replace(scope, user=scope.value(step.rest, step, escape))
        case "shell":
            return replace(scope, shell=step.words or ())
    return scope


def env_pairs(scope: Scope, step: Step, escape: str) -> dict[str, Value]:
    """What ENV or LABEL sets; all values see the state before the instruction."""
    found: dict[str, Value] = {}
    for key, raw in _pairs(step, escape):
        name = scope.value(key, step, escape)
        if not name.certain or not name.sym:
            raise Refused(f"the name {key} depends on a variable", step.line)
        found[name.sym] = scope.value(raw or "", step, escape)
    return found


def _pairs(step: Step, escape: str) -> tuple[tuple[str, str | None], ...]:
    try:
        found = pairs(step.rest, escape)
    except BadText as error:
        raise Refused(str(error), step.line) from None
    if not found:
        raise Refused(f"{step.keyword.upper()} has no arguments", step.line)
    if step.keyword == "arg" or all(value is not None for _, value in found):
        return found
    if found[0][1] is not None:
        raise Refused(f"{step.keyword.upper()} has a word without =", step.line)
    # The legacy form: the whole rest of the line is the value.
    key, _, value = step.rest.replace("\t", " ").partition(" ")
    return ((key, value.strip()),)


def _with_arg(
    scope: Scope, step: Step, escape: str, name: str, default: str | None, globals_: Globals
) -> Scope:
    if default is not None:
        value = scope.value(default, step, escape)
        value = symbol("build argument", name, value.sym, text=value.text)
    elif name in globals_:
        value = globals_[name]
    elif name in scope.env:
        # A build argument would still win over what is in force.
        kept = scope.env[name]
        value = symbol("build argument", name, kept.sym, text=kept.text)
    else:
        value = symbol("build argument", name)
    return replace(scope, env={**scope.env, name: value})


def _joined(folder: Value, value: Value) -> Value:
    if value.text is not None and value.text.startswith("/"):
        return value
    joined = symbol("folder", folder.sym, value.sym)
    if folder.text is None or value.text is None:
        return joined
    text = normal(posixpath.join(folder.text, value.text))
    return plain(text) if folder.certain and value.certain else replace(joined, text=text)

"""The scope in force at each instruction: environment, folder, user, shell, base image."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from reorder.ecosystems.images import SYSTEM_PATH, BaseImage, base_image
from reorder.ecosystems.told import Told, may_tell, told_after
from reorder.ecosystems.users import Made, after_copy, users_after
from reorder.graph.stages import Stage
from reorder.shell.calls import calls
from reorder.shell.nodes import Opaque
from reorder.syntax import views, words
from reorder.syntax.nodes import File, Instruction

DEFAULT_SHELL = ("/bin/sh", "-c")

# Automatic platform ARGs (BuildKit convert.go `defaultArgs`): set, to values only the build knows.
PLATFORM = frozenset(
    prefix + part
    for prefix in ("TARGET", "BUILD")
    for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
) | {"TARGETSTAGE"}


class Account(NamedTuple):
    """Home and numeric ids of a user; None stands for "not known"."""

    home: str | None
    uid: int | None
    gid: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What is in force just before an instruction runs. None stands for "not known"."""

    env: Mapping[str, str | None] = field(default_factory=dict)
    workdir: str | None = "/"
    user: str | None = ""
    shell: tuple[str, ...] = DEFAULT_SHELL
    base: BaseImage | None = None
    arguments: frozenset[str] = frozenset()  # names whose value a build argument may change
    made: Made = field(default_factory=dict)  # users that RUNs of the file made
    told: Told = ()  # calls of them that changed settings of a tool

    def lookup(self, name: str) -> str | words.Unknown | None:
        """For `words.expand`: the value, None when surely unset, or Unknown."""
        if name in self.env:
            value = self.env[name]
            return words.UNKNOWN if value is None else value
        # Without facts about the base image any name may come from its environment.
        return None if self.base is not None and self.base.whole else words.UNKNOWN

    def expand(self, text: str, escape: str) -> str | None:
        """The expanded text, or None when it is not known."""
        return _expanded(text, self.lookup, escape)

    def account(self) -> Account:
        """The user that RUN runs as."""
        if self.user is None:
            return Account(None, None, None)
        name, _, group = self.user.partition(":")
        found = self._accounts.get(name)
        if found is None and name.isdecimal():
            found = next((a for a in self._accounts.values() if a.uid == int(name)), None)
        if found is None:
            return Account(None, None, None)
        gid = found.gid if not group else int(group) if group.isdecimal() else None
        return Account(self.env.get("HOME", found.home), found.uid, gid)

    @property
    def _accounts(self) -> dict[str, Account]:
        known: dict[str, Account] = {}
        if self.base is not None:
            known |= {name: Account(home, u, g) for name, (u, g, home) in self.base.users.items()}
            known[""] = known["root"] = Account(self.base.home, 0, 0)
        made = self.made.items()
        return known | {name: Account(u.home, u.uid, u.gid) for name, u in made}

    @property
    def is_root(self) -> bool:
        """Whether RUN surely runs as root."""
        return self.user is not None and self.user.partition(":")[0] in ("", "root", "0")


def scopes(file: File, known: tuple[Stage, ...]) -> dict[int, Scope]:
    """The scope before each instruction, by position; ARGs before the first FROM have none."""
    globals_ = _global_args(file, known)
    before: dict[int, Scope] = {}
    ends: list[Scope] = []
    for stage in known:
        scope = _start(file, stage, ends, globals_)
        before[stage.start] = scope
        for at in stage.body:
            before[at] = scope
            scope = advance(scope, file.instructions[at], file.escape, globals_)
        ends.append(scope)
    return before


def advance(
    scope: Scope, node: Instruction, escape: str, globals_: Mapping[str, str | None]
) -> Scope:
    """The scope after an instruction."""
    match node.keyword:
        case "env":
            # All values see the state before the instruction (semantics.md 2.3).
            pairs = views.pairs(node)
            added = {
                scope.expand(key, escape) or key: scope.expand(value or "", escape)
                for key, value in pairs
            }
            changed = {key for key, value in pairs if scope.arguments & variables(value or "")}
            kept = scope.arguments - {key for key, _ in pairs}
            return replace(scope, env={**scope.env, **added}, arguments=kept | changed)
        case "arg":
            for name, default in views.pairs(node):
                env = _with_arg(scope, name, default, escape, globals_)
                scope = replace(scope, env=env, arguments=scope.arguments | {name})
            return scope
        case "workdir":
            return replace(scope, workdir=_joined(scope.workdir, scope.expand(node.args, escape)))
        case "user":
            return replace(scope, user=scope.expand(node.args, escape))
        case "shell":
            return replace(scope, shell=node.words)
        case "run":
            return _with_settings(_with_users(scope, node), node)
        case "copy" | "add":
            return _with_copied(scope, node, escape)
    return scope


def _with_users(scope: Scope, node: Instruction) -> Scope:
    """The users that a RUN makes; a script that is not understood may have changed all of them."""
    text = views.script(node).text
    found = Opaque("") if node.is_json else calls(text, scope.workdir or "/", scope.env)
    known = None if isinstance(found, Opaque) else found
    return replace(scope, made=users_after(scope.made, known, text, scope.base))


def _with_copied(scope: Scope, node: Instruction, escape: str) -> Scope:
    words = views.copy(node)
    dest = scope.expand(words.dest, escape)
    made = after_copy(scope.made, None if dest is None else _joined(scope.workdir, dest))
    return scope if made is scope.made else replace(scope, made=made)


def _with_settings(scope: Scope, node: Instruction) -> Scope:
    """What a RUN tells a tool; a script that is not understood may have told it anything."""
    script = views.script(node)
    text = shlex.join(script.argv) if node.is_json else script.text
    if not may_tell(text):
        return scope
    found = calls(text, scope.workdir or "/", scope.env)
    told = (*scope.told, None) if isinstance(found, Opaque) else told_after(scope.told, found)
    return replace(scope, told=told)


def joined(folder: str, path: str) -> str:
    """An absolute path without `.`, `..` and doubled slashes."""
    return "/" + posixpath.normpath(posixpath.join(folder, path or ".")).lstrip("/")


def variables(text: str, read: Callable[..., object] = words.expand) -> frozenset[str]:
    """The variables that the builder would replace in a text, which `read` expands."""
    found: set[str] = set()

    def lookup(name: str) -> words.Unknown:
        found.add(name)
        return words.UNKNOWN

    with suppress(words.WordError):
        read(text, lookup)
    return frozenset(found)


def _start(
    file: File, stage: Stage, ends: list[Scope], globals_: Mapping[str, str | None]
) -> Scope:
    if stage.parent is not None:
        return ends[stage.parent]  # FROM of a stage takes its whole state, ARG values too
    reference = _expanded(stage.image, lambda name: _global(globals_, name), file.escape)
    facts = base_image(reference) if reference is not None else None
    if facts is None:
        return Scope(env={}, workdir=None, user=None)
    return Scope(
        env={"PATH": SYSTEM_PATH, **facts.env},
        workdir=facts.workdir,
        user=facts.user,
        base=facts,
    )


def _global_args(file: File, known: tuple[Stage, ...]) -> dict[str, str | None]:
    first = known[0].start if known else 0
    found: dict[str, str | None] = dict.fromkeys(PLATFORM)
    for node in file.instructions[:first]:
        for name, default in views.pairs(node) if node.keyword == "arg" else ():
            if default is None:
                found.setdefault(name, None)
                continue
            found[name] = _expanded(default, lambda key: _global(found, key), file.escape)
    return found


def _expanded(text: str, lookup: words.Lookup, escape: str) -> str | None:
    try:
        value = words.expand(text, lookup, escape)
    except words.WordError:
        return None
    return value if isinstance(value, str) else None


def _global(found: Mapping[str, str | None], name: str) -> str | words.Unknown | None:
    if name not in found:
        return None
    value = found[name]
    return words.UNKNOWN if value is None else value


def _with_arg(
    scope: Scope,
    name: str,
    default: str | None,
    escape: str,
    globals_: Mapping[str, str | None],
) -> dict[str, str | None]:
    if default is not None:
        return {**scope.env, name: scope.expand(default, escape)}
    if name in globals_:
        return {**scope.env, name: globals_[name]}
    # No default anywhere: only a build argument can give it a value.
    return dict(scope.env) if name in scope.env else {**scope.env, name: None}


def _joined(workdir: str | None, value: str | None) -> str | None:
    if value is None or (workdir is None and not value.startswith("/")):
        return None
    return joined(workdir or "/", value)

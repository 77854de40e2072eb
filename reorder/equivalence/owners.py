"""Who owns what is written: numbers stand for themselves, names are looked up in the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.paths import Paths
from reorder.equivalence.scope import Scope
from reorder.equivalence.state import State, named_touching
from reorder.equivalence.values import Value, fold, symbol

ACCOUNTS: Final = Paths(files=frozenset({"/etc/passwd", "/etc/group"}))
ROOT: Final = "0:0"


@dataclass(frozen=True, slots=True)
class Account:
    """The user that a RUN runs as; None: not known."""

    home: str | None
    uid: int | None
    gid: int | None


def owner(value: Value, scope: Scope, state: State) -> str:
    """The owner that `--chown` or USER means (BuildKit `readUser`: an unknown name is root)."""
    if value.text is not None and value.text.partition(":")[0] in ("", "root", "0"):
        group = value.text.partition(":")[2]
        if group in ("", "root", "0"):
            # What our facts say of the base image's user is as good as a literal.
            sure = value.certain or value == scope_user(scope)
            return ROOT if sure else fold("owner", value.sym)
    if value.certain and all(part.isdecimal() for part in value.sym.split(":")):
        return value.sym
    cells = [state.cells[path].value for path in sorted(ACCOUNTS.files) if path in state.cells]
    return fold("owner", value.sym, *cells, *_lookups(value, scope, state))


def scope_user(scope: Scope) -> Value:
    """The user that the base image starts with."""
    text = scope.base.user if scope.base is not None else None
    return symbol("image user", scope.image.sym, text=text)


def _lookups(value: Value, scope: Scope, state: State) -> list[str]:
    """The steps that may have decided what a name means.

    A name that the base image has, or that a step has made on purpose, keeps its number when the
    system's tools add further users.
    """
    named = named_touching(state.events.values(), ACCOUNTS)
    users = scope.base.users if scope.base is not None else {}
    names = (value.text or "\0").split(":")
    if all(name in users or name.isdecimal() for name in names):
        return named
    pinned = any(not state.events[id].base for id in named)
    return named if pinned else state.touching(ACCOUNTS)


def account(scope: Scope) -> Account:
    """Home and numbers of the user in force."""
    if scope.user.text is None:
        return Account(None, None, None)
    name, _, group = scope.user.text.partition(":")
    users: dict[str, tuple[int | None, int | None, str | None]] = {}
    users |= scope.base.users if scope.base is not None else {}
    users.setdefault("root", (0, 0, "/root"))
    users[""] = users["root"]
    users |= {name: (user.uid, user.gid, user.home) for name, user in scope.made.items()}
    found = users.get(name)
    if found is None and name.isdecimal():
        found = next((user for user in users.values() if user[0] == int(name)), None)
    uid = found[0] if found else int(name) if name.isdecimal() else None
    gid = int(group) if group.isdecimal() else found[1] if found and not group else None
    return Account(_home(scope, found[2] if found else None), uid, gid)


def _home(scope: Scope, own: str | None) -> str | None:
    """HOME where the file or the base image sets it, else the user's own."""
    if "HOME" in scope.env:
        return scope.env["HOME"].text
    return scope.base.env.get("HOME", own) if scope.base is not None else own

"""The users that commands of a RUN make: where their home is, and their numbers.

Source: shadow-utils useradd(8) with src/useradd.c (`find_new_gid`: the group of a user's own gets
the number of the user where it is free); Debian adduser(8); busybox loginutils/adduser.c.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.words import Words, split_words
from reorder.shell.nodes import Call, Opaque

_USERADD: Final = frozenset(
    "-b -c -d -e -f -g -G -k -K -p -P -R -s -u -Z --base-dir --comment --home-dir --expiredate "
    "--inactive --gid --groups --skel --key --password --prefix --root --shell --uid".split()
)
_ADDUSER: Final = frozenset(
    "-h -g -s -G -u -k --home --uid --gid --ingroup --shell --gecos --comment --firstuid --lastuid "
    "--conf --firstgid --lastgid --add_extra_groups".split()
)
_GROUP: Final = frozenset("-g -K -p -R -P -U --gid --key --password --root --prefix".split())
_CHANGE: Final = frozenset("usermod userdel deluser groupmod chpasswd newusers".split())
_OWN: Final = range(1000, 60000)  # numbers for people: /etc/login.defs, adduser.conf

HINTS: Final = ("useradd", "adduser", "groupadd", "addgroup", *sorted(_CHANGE))


@dataclass(frozen=True, slots=True)
class User:
    """A line of /etc/passwd; None: not known. A group has only its number."""

    home: str | None = None
    uid: int | None = None
    gid: int | None = None


Made = Mapping[str, User]  # users by name, groups by name with a `:` before it


def users_after(known: Made, calls: Iterable[Call]) -> Made:
    """The users and groups that the build itself has made, after some more calls."""
    found = dict(known)
    for call in calls:
        name = posixpath.basename(call.name)
        if name in _CHANGE or not call.always:
            found = {} if name in HINTS else found
        elif name == "useradd":
            _add(found, call, _USERADD, ("-d", "--home-dir"), ("-g", "--gid"))
        elif name == "adduser":
            _add(found, call, _ADDUSER, ("-h", "--home"), ("-G", "--gid", "--ingroup"))
        elif name in ("groupadd", "addgroup"):
            words = split_words(call, _GROUP)
            if not isinstance(words, Opaque) and len(words.operands) == 1:
                group = words.operands[0].text
                found[":" + group] = User(gid=_number(words.value("-g", "--gid")))
    return found


def _add(
    found: dict[str, User],
    call: Call,
    with_value: frozenset[str],
    home_options: tuple[str, ...],
    group_options: tuple[str, ...],
) -> None:
    words = split_words(call, with_value)
    if isinstance(words, Opaque) or any(arg.kind != "literal" for arg in words.operands):
        found.clear()
        return
    if len(words.operands) != 1:
        return  # `adduser user group` makes nobody
    name = words.operands[0].text
    uid = _number(words.value("-u", "--uid"))
    system = words.has("-r", "--system", "-S")
    home = words.value(*home_options) or f"/home/{name}"
    elsewhere = words.has("-b", "--base-dir", "-R", "--root", "-P", "--prefix", "--conf")
    # Debian's `adduser --system` gives a home or not by its version, busybox's `-H` likewise.
    told = words.value(*home_options) is not None
    if elsewhere or (not told and words.has("--system", "-H", "--no-create-home")):
        home = "" if call.name.endswith("adduser") or elsewhere else home
    found[name] = User(home or None, uid, _gid(found, words, group_options, uid, system))


def _gid(
    found: Made, words: Words, group_options: tuple[str, ...], uid: int | None, system: bool
) -> int | None:
    group = words.value(*group_options)
    if group is not None:
        made = found.get(":" + group)
        return int(group) if group.isdecimal() else made.gid if made is not None else None
    if system or uid is None or uid not in _OWN or words.has("-N", "--no-user-group"):
        return None
    return uid


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None

"""The users that commands of a RUN make: where their home is, and their numbers.

A number that nobody asks for is the next one, where everybody who has a number is known: the base
image's table has them all, and every command since then is one that makes nobody: system tools, and
package managers. Packages of a distribution take numbers below 1000 (Debian Policy 9.2.2, Fedora's
and Alpine's packaging rules); those of a language make no accounts.

Source: shadow-utils useradd(8) with src/useradd.c (`find_new_gid`: the group of a user's own gets
the number of the user where it is free); Debian adduser(8); busybox loginutils/adduser.c. Tried
with passwd 4.13 and adduser 3.134 of Debian 12: useradd and groupadd take the highest number of
1000 and above, and one more; adduser takes the first that is free as a user's and as a group's.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.image_facts.model import BaseImage
from reorder.ecosystems.paths import below
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
_SETTINGS: Final = ("/etc/passwd", "/etc/group", "/etc/login.defs", "/etc/adduser", "/etc/default")
# Each as a command of its own: none makes a user with a number for people.
_MAKES_NOBODY: Final = frozenset(
    "apt apt-get apt-key apt-mark dpkg add-apt-repository apk dnf microdnf yum zypper tdnf rpm "
    "[ : arch basename cat cd chmod chown chgrp cp corepack curl cut date dirname du echo env "
    "export false file find fc-cache gem git gpg grep gunzip head id install ldconfig ln ls "
    "locale-gen mkdir mktemp mv npm pip pwd rm rmdir sed set sha256sum sleep sort stat systemctl "
    "tail tar tee test touch tr true umask uname unlink unset unzip update-alternatives "
    "update-ca-certificates update-locale wc wget which xz yarn docker-php-ext-install "
    "docker-php-ext-configure docker-php-ext-enable pecl bundle cargo composer conda go pdm pip3 "
    "pipenv pnpm poetry rustup uv virtualenv".split()
)
_KEEPING: Final = frozenset(
    "-a -G -s -c -p -L -U --append --groups --shell --comment --password --lock --unlock".split()
)
_UNSURE: Final = "?"  # no name: somebody may have been made who is not known


@dataclass(frozen=True, slots=True)
class User:
    """A line of /etc/passwd; None: not known. A group has only its number."""

    home: str | None = None
    uid: int | None = None
    gid: int | None = None


Made = Mapping[str, User]  # users by name, groups by name with a `:` before it


def users_after(
    known: Made, calls: Iterable[Call] | None, text: str, base: BaseImage | None
) -> Made:
    """The users and groups that the build itself has made, after a RUN with some more calls.

    `calls` is None for a `text` that is not understood; `base` is what the stage starts from.
    """
    hinted = any(name in text for name in HINTS)
    if calls is None:
        return {_UNSURE: User()} if hinted else {**known, _UNSURE: User()}
    counts = base is not None and base.people and _UNSURE not in known
    if not hinted and not counts:
        return known
    found = dict(known)
    calls = tuple(calls)
    by_others = hinted and not any(posixpath.basename(call.name) in HINTS for call in calls)
    if not counts or by_others or any(path in text for path in _SETTINGS):
        found[_UNSURE] = User()
    for call in calls:
        name = posixpath.basename(call.name)
        if name == "chpasswd" or (name == "usermod" and _keeps_numbers(call)):
            continue
        if name in _CHANGE or (name in HINTS and not call.always):
            found = {_UNSURE: User()}
        elif name == "useradd":
            _add(found, call, _USERADD, ("-d", "--home-dir"), ("-g", "--gid"), base)
        elif name == "adduser":
            _add(found, call, _ADDUSER, ("-h", "--home"), ("-G", "--gid", "--ingroup"), base)
        elif name in ("groupadd", "addgroup"):
            _add_group(found, call, base)
        elif name not in _MAKES_NOBODY or (call.name != name and name not in ("pip", "uv")):
            found[_UNSURE] = User()
    return found


def after_copy(known: Made, dest: str | None) -> Made:
    """The same after a COPY to a folder, which may bring account files of its own."""
    if dest is not None and dest != "/" and not below(dest, "/etc"):
        return known
    return {**known, _UNSURE: User()}


def _keeps_numbers(call: Call) -> bool:
    """Whether a usermod changes nothing but groups, shell, comment or password."""
    words = split_words(call, frozenset({*_USERADD, "-l", "--login"}))
    return not isinstance(words, Opaque) and {name for name, _ in words.options} <= _KEEPING


def _add_group(found: dict[str, User], call: Call, base: BaseImage | None) -> None:
    words = split_words(call, _GROUP)
    if isinstance(words, Opaque) or len(words.operands) != 1:
        found[_UNSURE] = User()
        return
    given = words.value("-g", "--gid")
    system = words.has("-r", "--system", "-S")
    gid = _number(given)
    if given is None and not system:
        gid = _next_group(found, call, base)
    if gid is None and not system:
        found[_UNSURE] = User()
    found[":" + words.operands[0].text] = User(gid=gid)


def _add(
    found: dict[str, User],
    call: Call,
    with_value: frozenset[str],
    home_options: tuple[str, ...],
    group_options: tuple[str, ...],
    base: BaseImage | None,
) -> None:
    words = split_words(call, with_value)
    if isinstance(words, Opaque) or any(arg.kind != "literal" for arg in words.operands):
        found.clear()
        found[_UNSURE] = User()
        return
    if len(words.operands) != 1:
        return  # `adduser user group` makes nobody
    name = words.operands[0].text
    system = words.has("-r", "--system", "-S")
    given = words.value("-u", "--uid")
    uid = _number(given)
    home = words.value(*home_options) or f"/home/{name}"
    elsewhere = words.has("-b", "--base-dir", "-R", "--root", "-P", "--prefix", "--conf")
    # Debian's `adduser --system` gives a home or not by its version, busybox's `-H` likewise.
    told = words.value(*home_options) is not None
    if elsewhere or (not told and words.has("--system", "-H", "--no-create-home")):
        home = "" if call.name.endswith("adduser") or elsewhere else home
    plain = not (system or elsewhere or words.has("-K", "--key", "--firstuid", "--lastuid"))
    own_group = words.value(*group_options) is None
    if given is None and plain:
        uid = _next_user(found, call, base, own_group=own_group)
    gid = _gid(found, words, group_options, uid, system)
    if own_group and given is None and gid in _numbers(found, base)[1]:
        gid = _next_group(found, call, base)
    if uid is None and not system:
        found[_UNSURE] = User()
    found[name] = User(home or None, uid, gid)
    if own_group:
        found[":" + name] = User(gid=gid)


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


def _first(call: Call, base: BaseImage | None) -> bool:
    """Whether the first free number is taken, not the one above the highest."""
    redhat = base is not None and base.system == "redhat"  # there `adduser` is `useradd`
    return posixpath.basename(call.name) in ("adduser", "addgroup") and not redhat


def _next_user(found: Made, call: Call, base: BaseImage | None, *, own_group: bool) -> int | None:
    """The number that the next user gets; None where that is not sure."""
    if base is None or not base.people or _UNSURE in found:
        return None
    users, groups = _numbers(found, base)
    if not _first(call, base):
        return max((number for number in users if number in _OWN), default=_OWN[0] - 1) + 1
    uid = next(number for number in _OWN if number not in users)
    return None if own_group and uid in groups else uid  # by its version


def _next_group(found: Made, call: Call, base: BaseImage | None) -> int | None:
    """The same for a group."""
    if base is None or not base.people or _UNSURE in found:
        return None
    _, groups = _numbers(found, base)
    if not _first(call, base):
        return max((number for number in groups if number in _OWN), default=_OWN[0] - 1) + 1
    return next(number for number in _OWN if number not in groups)


def _numbers(found: Made, base: BaseImage | None) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of all users, and of all groups."""
    known = base.users.values() if base is not None else ()
    users = {uid for uid, _, _ in known} | {u.uid for u in found.values() if u.uid is not None}
    groups = {gid for _, gid, _ in known} | {u.gid for u in found.values() if u.gid is not None}
    return frozenset(users), frozenset(groups)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None

"""Commands that make users and groups: they change /etc and may create a home folder.

Source: shadow-utils useradd(8), groupadd(8), usermod(8); Debian adduser(8); busybox adduser.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.words import absolute, split_words, unknown
from reorder.shell.nodes import Call, Opaque

ACCOUNT_COMMANDS: Final = frozenset(
    "useradd groupadd usermod groupmod userdel groupdel adduser addgroup deluser delgroup passwd "
    "chpasswd".split()
)

# Account files, skeleton, home folders, mail spool and login records.
_SYSTEM: Final = frozenset({"/etc", "/home", "/var/mail", "/var/spool/mail", "/var/log"})
_HOME_OPTIONS: Final = ("-d", "-h", "--home", "--home-dir")
_WITH_VALUE: Final = frozenset(
    "-d -h -b -c -e -f -g -G -k -K -p -s -u -U --home --home-dir --base-dir --comment --gecos "
    "--expiredate --inactive --gid --groups --ingroup --skel --key --password --shell --uid "
    "--firstuid --lastuid --prefix --root -R -P".split()
)


def account_effects(call: Call) -> CommandEffects | Opaque:
    """What `useradd`, `adduser`, `groupadd` … do; a home that is not known makes it `Opaque`."""
    name = posixpath.basename(call.name)
    # -U and -h are flags for some of these tools and take a value for others.
    without = {"-U"} | (set() if name in ("adduser", "addgroup") else {"-h"})
    words = split_words(call, _WITH_VALUE - without)
    if isinstance(words, Opaque):
        return words
    for arg in words.operands:
        if arg.kind != "literal":
            return unknown(call, arg)
    if words.has("--root", "-R", "--prefix", "-P", "-b", "--base-dir"):
        return Opaque(f"`{name}` works below another root folder")
    homes = {
        absolute(value, call.cwd) for o, value in words.options if o in _HOME_OPTIONS and value
    }
    touched = Paths(trees=_SYSTEM | homes)
    return CommandEffects(name, touched, touched, env=frozenset({"PATH"}))

"""Commands that make users and groups: they change /etc and may create a home folder.

Source: shadow-utils useradd(8), groupadd(8), usermod(8); Debian adduser(8); busybox adduser.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.given import read_given
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Call, Opaque

ACCOUNT_COMMANDS: Final = frozenset(
    "useradd groupadd usermod groupmod userdel groupdel adduser addgroup deluser delgroup passwd "
    "chpasswd chsh chage gpasswd".split()
)

# Account files, skeleton, home folders, mail spool and login records.
_SYSTEM: Final = frozenset({"/etc", "/home", "/var/mail", "/var/spool/mail", "/var/log"})
# What distributions have in /etc/skel: shadow, bash, Debian base-files, Fedora and Alpine packages.
_SKELETON: Final = (
    *("", ".ash_history", ".bash_logout", ".bash_profile", ".bashrc", ".cshrc", ".emacs"),
    *(".face", ".face.icon", ".inputrc", ".kshrc", ".login", ".profile", ".tcshrc", ".zshrc"),
)
_HOME_OPTIONS: Final = ("-d", "-h", "--home", "--home-dir")
_WITH_VALUE: Final = frozenset(
    "-d -h -b -c -e -f -g -G -k -K -p -s -u -U --home --home-dir --base-dir --comment --gecos "
    "--expiredate --inactive --gid --groups --ingroup --skel --key --password --shell --uid "
    "--firstuid --lastuid --prefix --root -R -P".split()
)

_FLAGS: Final = frozenset(
    "-m -M -N -U -r -l -o -n -a -L -D -S -H -f -q -h -x -d --create-home --no-create-home "
    "--user-group --no-user-group --system --no-log-init --non-unique --append --lock --unlock "
    "--disabled-password --disabled-login --quiet --force --force-badname --allow-bad-names "
    "--badname --add_extra_groups --remove --remove-home --remove-all-files --group --delete "
    "--defaults --move-home --debug --verbose --help --expire --encrypted --stdin -V".split()
)
_FILES_ONLY: Final = frozenset("chage chpasswd chsh passwd".split())
_MOVES_HOMES: Final = ("-d", "--home", "-m", "--move-home", "-u", "--uid")  # -u gives them away
# They change groups, which have no home.
_HOME_KNOWN: Final = frozenset("groupadd groupmod addgroup groupdel delgroup gpasswd".split())


def account_effects(call: Call) -> CommandEffects | Opaque:
    """What `useradd`, `adduser`, `groupadd` … do; a home that is not known makes it `Opaque`."""
    name = posixpath.basename(call.name)
    # -U and -h are flags for some of these tools and take a value for others.
    without = {"-U"} | (set() if name in ("adduser", "addgroup") else {"-h"})
    given = read_given(call, _FLAGS | (without & _WITH_VALUE), _WITH_VALUE - without)
    if isinstance(given, Opaque):
        return given
    for arg in (*given.operands, *given.all(*_HOME_OPTIONS)):
        if arg.kind != "literal" and not (name in _HOME_KNOWN and arg in given.operands):
            return unknown(call, arg)
    if given.has("--root", "-R", "--prefix", "-P", "-b", "--base-dir"):
        return Opaque(f"`{name}` works below another root folder")
    homes = {absolute(arg.text, call.cwd) for arg in given.all(*_HOME_OPTIONS)}
    leaves_homes = name in _HOME_KNOWN or name in _FILES_ONLY
    leaves_homes |= name == "usermod" and not given.has(*_MOVES_HOMES)
    touched = Paths(trees=(_SYSTEM - {"/home"} if leaves_homes else _SYSTEM) | homes)
    if name in ("useradd", "adduser") and len(given.operands) == 1:
        homes = homes or {f"/home/{given.operands[0].text}"}
        made = {posixpath.join(home, part).rstrip("/") for home in homes for part in _SKELETON}
        touched = Paths(frozenset(made), _SYSTEM - {"/home"})
    return CommandEffects(name, touched, touched, env=frozenset({"PATH"}))

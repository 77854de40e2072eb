"""The commands that package scripts of a distribution run by their bare names.

A file of the application in a folder of PATH changes what they do only if it has such a name.
Source: the maintainer scripts of Debian 12, Alpine 3.19 and Fedora 39 (coreutils, util-linux, dpkg,
shadow, systemd, ca-certificates, fontconfig, the interpreters and their packages).
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.paths import Paths

_NAMES: Final = frozenset(
    "[ addgroup adduser apk ar arch ash awk base64 basename bash bunzip2 busybox bzip2 c_rehash "
    "cat chage chattr chfn chgrp chmod chown chpasswd chroot chsh cksum cmp comm cp cpio "
    "crontab csplit curl cut dash date dbus-send dbus-uuidgen dd delgroup deluser depmod df "
    "dialog diff dirname dnf du echo egrep emacs env expand expr false fc-cache fgrep file find "
    "fold fuser gawk gem getcap getent getopt git go gpasswd gpg gpgv grep groupadd groupdel "
    "groupmod groups grub-mkconfig gunzip gzip head hostid hostname iconv id insserv install "
    "ionice ip java javac jq kill killall ldconfig less ln locale locale-gen localedef logger "
    "logname ls lsb_release lsof lua mandb mawk md5sum microdnf mkdir mkfifo mknod mktemp "
    "modprobe more mount mountpoint mv mysql nice nl node nohup npm nproc od openssl passwd "
    "paste perl pgrep php pidof ping pip pip3 pkg-config pkill printenv printf ps psql pwck pwd "
    "pwgen readlink realpath rename restorecon rm rmdir rpm ruby runuser savelog sed semanage "
    "semodule seq service sestatus setcap setfacl setpriv sh sha1sum sha256sum sha512sum shred "
    "shuf sleep sort split start-stop-daemon stat strip su sudo sum sync sysctl tac tail tar "
    "tclsh tdnf tee tempfile test timeout touch tput tr true truncate tty ucf ucfr udevadm "
    "umount uname uniq unlink unxz unzip useradd userdel usermod uuidgen vi vim vipw visudo wc "
    "wget which whiptail whoami xargs xz yes yum zcat zip zypper".split()
)
_PATTERNS: Final = frozenset(
    "*-config *ctl a2* alsa* apt* authselect* cmake* conf* deb* desktop-* dpkg* gcc* gdk-* gio* "
    "glib-* gpg* gtk* install-* invoke-* ld* mk* pam* perl* php* policy-* py* rc-* rpm* run-* "
    "setup-* systemctl systemd* texhash trust udev* update-* upgrade-* xdg-*".split()
)


def looked_up_in(folder: str) -> Paths:
    """What package scripts may run from a folder of PATH."""
    return Paths(
        files=frozenset(posixpath.join(folder, name) for name in _NAMES),
        globs=frozenset(posixpath.join(folder, pattern) for pattern in _PATTERNS),
    )

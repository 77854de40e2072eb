"""Which trees of an image belong to the application, by the Filesystem Hierarchy Standard 3.0.

A declared fact: package managers of the system, and installs into it, neither read nor write these.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Final

from reorder.ecosystems.paths import below

# Every base image but `scratch` has them (debian, alpine, Red Hat and busybox alike).
STANDARD_FOLDERS: Final = frozenset(
    "/ /bin /dev /etc /home /lib /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr "
    "/usr/bin /usr/lib /usr/local /usr/local/bin /usr/sbin /usr/share /var /var/cache /var/lib "
    "/var/log /var/tmp".split()
)

# Hold other people's folders; only what is below them can be the application's.
_SHARED: Final = frozenset("/ /home /media /mnt /opt /root /srv /tmp /usr/src /var/www".split())
_SYSTEM: Final = ("/bin", "/boot", "/dev", "/etc", "/proc", "/run", "/sbin", "/sys", "/usr", "/var")
_OPEN: Final = ("/usr/src", "/usr/app")
# FHS 3.0 section 5.2, and what Debian, Alpine and Red Hat add; the distribution makes no others.
_OF_VAR: Final = frozenset(
    "account adm backups cache crash db empty ftp games gopher kerberos lib local lock log mail "
    "nis opt preserve run spool tmp yp".split()
)


def application_folders(
    copies: Iterable[tuple[str, Iterable[str]]], workdirs: Iterable[str]
) -> frozenset[str]:
    """The application's trees of a stage; none of them lies below another.

    `copies` has, for each COPY or ADD from the build context, the absolute destination and the
    names it puts directly into it; `workdirs` are the absolute working folders.
    """
    found = {posixpath.normpath(path) for path in workdirs if not is_system(path)}
    for dest, names in copies:
        dest = posixpath.normpath(dest)
        if not is_system(dest):
            found.add(dest)
            continue
        for name in names:
            path = posixpath.join(dest, name)
            if not is_system(path) and not (is_home(dest) and name.startswith(".")):
                found.add(path)
    return frozenset(
        path for path in found if not any(path != other and below(path, other) for other in found)
    )


def is_system(path: str) -> bool:
    """Whether a folder is the system's own, so that it is never taken for the application's."""
    path = "/" + posixpath.normpath(path).strip("/")
    if path in _SHARED:
        return True
    if any(below(path, tree) for tree in _OPEN):
        return False
    parts = path.split("/")
    if parts[1] == "var" and len(parts) > 2:
        return parts[2] in _OF_VAR
    first = "/" + parts[1]
    return first in _SYSTEM or first.startswith("/lib")


def is_home(path: str) -> bool:
    """Whether a folder is somebody's home: /root, or directly below /home."""
    return path == "/root" or posixpath.dirname(path) == "/home"

"""Commands that maintain a system: locales, certificates, libraries, alternatives, web servers.

They read and write what packages of the distribution own, like the package managers themselves, and
the files that are named.

Source: the manual pages of Debian 12 and Fedora 39 in sections 1 and 8; a2enmod(8) of apache2;
update-rc.d(8), debconf-set-selections(1), dpkg-divert(1), localedef(1), systemctl(1), crontab(1).
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.homes import PROXIES
from reorder.ecosystems.paths import NOTHING
from reorder.ecosystems.system.packages import package_effects
from reorder.ecosystems.words import Words, as_files, as_trees, split_words, unknown
from reorder.shell.nodes import Call, Opaque

NAME: Final = "system maintenance"
LEVEL: Final = 1
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of one of these does."""
    name = posixpath.basename(call.name)
    words = split_words(call, _WITH_VALUE.get(name, frozenset()))
    if isinstance(words, Opaque):
        return words
    refused = _refused(name, words)
    if refused is not None:
        return Opaque(refused)
    read = NOTHING
    for arg in words.operands:
        if arg.kind == "unknown":
            if name in _NAMES_ONLY and "/" not in arg.text:
                continue
            return unknown(call, arg)
        if name == "ldconfig":
            read |= as_trees(arg, call.cwd)
        elif ("/" in arg.text and "://" not in arg.text) or name in _TAKES_FILES:
            read |= as_files(arg, call.cwd)
    known = package_effects(name, image, read, _ENV)
    if name not in _WRITES_NAMED:
        return known
    return replace(known, writes=known.writes | read, costly=name in _SLOW)


def _refused(name: str, words: Words) -> str | None:
    if name == "ldconfig" and words.has("-r", "-f", "-C"):
        return "`ldconfig` with a root or a file of its own is not understood"
    if name == "localedef" and any("/" in (value or "") for _, value in words.options):
        return "`localedef` with files or a root folder of its own is not understood"
    if name == "visudo" and not words.has("-c", "--check"):
        return "`visudo` asks for input"
    if words.has("--root", "--admindir", "--altdir", "--instdir", "--installroot"):
        return f"`{name}` works below another root folder"
    if name == "systemctl" and (not words.operands or words.operands[0].text not in _SYSTEMCTL):
        return "`systemctl` talks to running services"
    if name == "crontab" and (words.has("-e") or not (words.operands or words.has("-l", "-r"))):
        return "`crontab` asks for input"
    return None


_SLOW: Final = frozenset({"fc-cache", "updatedb update-initramfs", "mandb"})
_NAMES_ONLY: Final = frozenset(
    "locale-gen localedef update-locale dpkg-reconfigure a2enmod a2ensite a2enconf".split()
)
_TAKES_FILES: Final = frozenset({"debconf-set-selections", "crontab", "visudo"})
_WRITES_NAMED: Final = frozenset(
    "update-alternatives alternatives dpkg-divert dpkg-statoverride fc-cache".split()
)
_SYSTEMCTL: Final = frozenset("enable disable mask unmask set-default preset".split())
COMMANDS: Final = (
    _NAMES_ONLY
    | _TAKES_FILES
    | _WRITES_NAMED
    | frozenset(
        "ldconfig update-ca-certificates update-ca-trust update-rc.d systemctl yum-config-manager "
        "a2dismod a2dissite a2disconf phpenmod phpdismod update-initramfs mandb "
        "update-mime-database update-desktop-database glib-compile-schemas gtk-update-icon-cache "
        "update-crypto-policies authconfig authselect".split()
    )
)
_WITH_VALUE: Final = {
    "dpkg-reconfigure": frozenset("-f --frontend -p --priority".split()),
    "locale-gen": frozenset("--lang --aliases".split()),
    "localedef": frozenset("-i -f -A -u --inputfile --charmap --alias-file --prefix".split()),
    "update-alternatives": frozenset("--altdir --admindir --log".split()),
    "alternatives": frozenset("--altdir --admindir --log".split()),
    "ldconfig": frozenset("-f -C -r -c".split()),
    "update-locale": frozenset({"--locale-file"}),
    "crontab": frozenset({"-u"}),
    "yum-config-manager": frozenset("--setopt --releasever -x --installroot --add-repo".split()),
    "dpkg-divert": frozenset("--divert --package --admindir --instdir --root".split()),
}
_ENV: Final = PROXIES | frozenset(
    "PATH HOME DEBCONF_* DEBIAN_* DPKG_* APACHE_* TZ LANG LANGUAGE LC_* LOCPATH TMPDIR PERL* "
    "PYTHON* LD_LIBRARY_PATH JAVA_HOME".split()
)

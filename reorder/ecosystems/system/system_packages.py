"""apk, dnf, yum, microdnf, tdnf and zypper: they read and write the system, not the application.

Level 1: recognised, so that they can move above the source. They have no caches:
* apk keeps packages only where /etc/apk/cache is a link to a folder (apk-tools `cache_dir`), which
  Alpine's image does not have; making the link changes the image, and `--no-cache` keeps nothing.
* dnf, yum, microdnf and tdnf delete packages after the transaction (dnf.conf(5), `keepcache=0`),
  and what they keep of the metadata goes with `dnf clean all`; telling them to keep packages
  changes the command line in /var/lib/dnf/history.sqlite and in their logs.
* zypper keeps packages of a repository only if that says so (zypper(8), `keeppackages`).

Source: apk(8), dnf(8), yum(8), the README of microdnf, zypper(8).
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.homes import PROXIES
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.system.packages import package_effects
from reorder.ecosystems.words import Words, as_files, as_trees, split_words, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "system packages (apk, dnf, yum, microdnf, tdnf, zypper)"
LEVEL: Final = 1
COMMANDS: Final = frozenset("apk dnf yum microdnf zypper tdnf".split())
JUNK: Final = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of one of these does."""
    tool = posixpath.basename(call.name)
    words = split_words(call, _WITH_VALUE["apk" if tool == "apk" else "others"])
    if isinstance(words, Opaque):
        return words
    elsewhere = [name for name, _ in words.options if name in _ELSEWHERE]
    if elsewhere:
        return Opaque(f"`{tool} {elsewhere[0]}` works on another root than the image's")
    if not words.operands:
        return _known(tool, image, NOTHING, changes=False)
    verb, *names = words.operands
    if verb.kind != "literal":
        return unknown(call, verb)
    if verb.text in _QUERIES:
        return _known(tool, image, NOTHING, changes=False)
    if verb.text not in _CHANGES:
        return Opaque(f"`{tool} {verb.text}` is not understood")
    read = _files(call, words, names)
    if isinstance(read, Opaque):
        return read
    return _known(tool, image, read, costly=verb.text not in _CHEAP)


def _files(call: Call, words: Words, names: list[Arg]) -> Paths | Opaque:
    """Package files and local repositories that are named by path."""
    read = NOTHING
    for arg in names:
        if arg.kind == "unknown" and not _pinned(arg.text):
            return unknown(call, arg)
        local = arg.text.startswith(("./", "../", "/")) or arg.text.endswith(_SUFFIXES)
        if arg.kind != "unknown" and "://" not in arg.text and (local or arg.kind == "glob"):
            read |= as_files(arg, call.cwd)
    for name, value in words.options:
        if name in _NAME_FILES and value is not None and "://" not in value:
            read |= as_trees(Arg(value, "literal", (0, 0)), call.cwd)
    return read


def _pinned(text: str) -> bool:
    """`nginx=${VERSION}`, `nginx-${VERSION}`: a known name before what the RUN is given."""
    plain = text.strip("\"'")
    return plain[:1].isalnum() and "`" not in text and "$(" not in text


def _known(
    tool: str, image: Image, read: Paths, changes: bool = True, costly: bool = False
) -> CommandEffects:
    return package_effects(tool, image, read, _ENV, changes=changes, costly=costly)


_CHANGES: Final = frozenset(
    "add del fix update upgrade cache install reinstall remove erase autoremove clean makecache "
    "distro-sync downgrade swap group groupinstall localinstall module check-update builddep "
    "config-manager in refresh ref up dup dist-upgrade patch rm addrepo ar removerepo rr addlock "
    "al modifyrepo mr history needs-restarting mark".split()
)
_SUFFIXES: Final = (".apk", ".rpm", ".repo")
_CHEAP: Final = frozenset("del remove erase autoremove clean cache rm mark fix".split())
_QUERIES: Final = frozenset(
    "info list search policy version stats dot audit verify repolist repoquery provides "
    "whatprovides se if lr repos".split()
)
_ELSEWHERE: Final = frozenset("--root -p --installroot -R --cache-dir".split())
_NAME_FILES: Final = frozenset(
    "-X --repository --keys-dir --repositories-file -c --config --setopt --from-repo".split()
)
_WITH_VALUE: Final = {
    "apk": frozenset(
        "-p --root -X --repository -t --virtual --arch --keys-dir --repositories-file --cache-dir "
        "--cache-max-age --wait --timeout --progress-fd".split()
    ),
    "others": frozenset(
        "-c --config --installroot --enablerepo --disablerepo --repo --repoid --releasever "
        "--setopt -x --exclude -d -e --forcearch --from -r --root -R --add-repo --comment".split()
    ),
}
_ENV: Final = PROXIES | frozenset("PATH HOME LANG LC_* TZ TMPDIR ZYPP_* DNF* YUM* APK_*".split())

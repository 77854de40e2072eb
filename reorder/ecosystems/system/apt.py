"""apt and dpkg: Debian's and Ubuntu's packages.

They read and write the whole system, and never an application's folder: package files that are
named by path (`./tool.deb`) are read. Maintainer scripts know nothing of the application.

Its caches are in `apt_archives`.

Source: apt-get(8), apt(8), apt.conf(5) with its environment, dpkg(1), Debian Policy chapter 9
(packages keep out of /srv, /home, /usr/local and /opt by others), debconf(7).
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.homes import PROXIES, in_home
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.system.apt_archives import archives, is_archives
from reorder.ecosystems.system.packages import package_effects
from reorder.ecosystems.words import Words, as_files, as_trees, split_words, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "apt"
LEVEL: Final = 4
COMMANDS: Final = frozenset(
    "apt-get apt apt-cache apt-mark apt-key add-apt-repository apt-add-repository dpkg".split()
)
JUNK: Final = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of one of these does."""
    name = posixpath.basename(call.name)
    words = split_words(call, _WITH_VALUE.get(name, frozenset()))
    if isinstance(words, Opaque):
        return words
    if name in ("apt-get", "apt"):
        return _apt(call, image, words)
    if name == "dpkg":
        return _dpkg(call, image, words)
    return _sources(call, image, name, words)


def _apt(call: Call, image: Image, words: Words) -> CommandEffects | Opaque:
    if not words.operands:
        return _known("apt", image, NOTHING, changes=False)
    verb, *names = words.operands
    if verb.kind != "literal":
        return unknown(call, verb)
    told = _told(call, words)
    if isinstance(told, Opaque):
        return told
    if verb.text in _QUERIES:
        return _known("apt", image, told, changes=False)
    if verb.text not in _CHANGES:
        return Opaque(f"`{call.name} {verb.text}` is not understood")
    packages = _packages(call, names)
    if isinstance(packages, Opaque):
        return packages
    costly = verb.text not in _CHEAP
    env = _LISTS_ENV if verb.text == "update" else _ENV
    known = package_effects("apt", image, told | packages, env, costly=costly)
    return replace(known, caches=archives(call, image, words) if verb.text == "install" else ())


def _told(call: Call, words: Words) -> Paths | Opaque:
    """Files that options name. An option that moves apt's own folders is not understood."""
    read = NOTHING
    for name, value in words.options:
        if name in ("-c", "--config-file") and value is not None:
            read |= as_files(Arg(value, "literal", (0, 0)), call.cwd)
        elif name in ("-o", "--option") and value is not None:
            key, _, text = value.partition("=")
            if is_archives(key, text):
                continue
            if key.lower().startswith(("dir", "rootdir", "dpkg::chroot")) and "/" in text:
                read |= as_trees(Arg(text, "literal", (0, 0)), call.cwd)
            if key.lower().startswith(("apt::update::", "dpkg::pre-", "dpkg::post-")):
                return Opaque(f"`{call.name} -o {key}` runs a command")
    return read


def _packages(call: Call, names: list[Arg]) -> Paths | Opaque:
    """The package files among the names. A name of a package has no slash before its name."""
    read = NOTHING
    for arg in names:
        if arg.kind == "unknown":
            if not _pinned(arg.text):
                return unknown(call, arg)
        elif ("/" in arg.text and arg.text.startswith((".", "/"))) or arg.text.endswith(".deb"):
            read |= as_files(arg, call.cwd)
        elif arg.kind == "glob":
            # The shell tries it in the working folder first; apt takes it as a pattern of its own.
            read |= as_files(arg, call.cwd)
    return read


def _pinned(text: str) -> bool:
    """`nginx=${NGINX_VERSION}`: the name is known, and the variable is an input of the RUN."""
    name, equals, rest = text.strip("\"'").partition("=")
    return bool(equals) and "$" not in name and "`" not in text and "$(" not in rest


def _dpkg(call: Call, image: Image, words: Words) -> CommandEffects | Opaque:
    if words.has(*_DPKG_QUERIES):
        return _known("dpkg", image, NOTHING, changes=False)
    if words.has("-x", "--extract", "-X", "--vextract", "--root", "--instdir", "--admindir", "-b"):
        return Opaque("`dpkg` with a folder of its own is not understood")
    if words.has("-i", "--install", "--unpack", "-R", "--recursive"):
        read = NOTHING
        for arg in words.operands:
            if arg.kind == "unknown":
                return unknown(call, arg)
            folder = words.has("-R", "--recursive")
            read |= as_trees(arg, call.cwd) if folder else as_files(arg, call.cwd)
        return _known("dpkg", image, read, costly=True)
    if words.has(*_DPKG_CHANGES):
        return _known("dpkg", image, NOTHING)
    return Opaque("this use of `dpkg` is not understood")


def _sources(call: Call, image: Image, name: str, words: Words) -> CommandEffects | Opaque:
    """Package marks, keys and repositories: their operands are names, addresses and files."""
    read = NOTHING
    for arg in words.operands:
        if arg.kind == "unknown":
            if "://" in arg.text or arg.text.strip("\"'").startswith(("deb ", "ppa:")):
                continue
            return unknown(call, arg)
        if "/" in arg.text and "://" not in arg.text:
            read |= as_files(arg, call.cwd)
    if name == "apt-key" and any(arg.text == "add" for arg in words.operands[:1]):
        for arg in words.operands[1:]:
            read |= as_files(arg, call.cwd) if arg.text != "-" else NOTHING
    if name == "apt-key":
        # gpg's own files, when apt-key runs it.
        read |= in_home(call, image, ".gnupg")
    changes = name != "apt-cache"
    fetches = name in ("add-apt-repository", "apt-add-repository") or words.has(
        "--keyserver", "--recv-keys", "--recv", "--fetch-keys"
    )
    return _known("apt" if not changes else name, image, read, changes=changes, costly=fetches)


def _known(
    tool: str, image: Image, read: Paths, changes: bool = True, costly: bool = False
) -> CommandEffects:
    return package_effects(tool, image, read, _ENV, changes=changes, costly=costly)


_CHANGES: Final = frozenset(
    "update upgrade full-upgrade dist-upgrade dselect-upgrade install reinstall remove purge "
    "autoremove autopurge auto-remove clean autoclean auto-clean distclean build-dep check "
    "satisfy".split()
)
_CHEAP: Final = frozenset("clean autoclean auto-clean distclean check remove purge".split())
_QUERIES: Final = frozenset("list search show showsrc policy depends rdepends moo".split())
_DPKG_QUERIES: Final = frozenset(
    "-l --list -s --status -L --listfiles -S --search -p --print-avail -W --show --get-selections "
    "--print-architecture --print-foreign-architectures --compare-versions --version -V --verify "
    "-I --info -c --contents --assert-support-predepends --help".split()
)
_DPKG_CHANGES: Final = frozenset(
    "--configure -r --remove -P --purge --add-architecture --remove-architecture --set-selections "
    "--clear-selections --triggers-only --update-avail".split()
)
_APT_VALUES: Final = frozenset(
    "-t --target-release --default-release -o --option -c --config-file -a --host-architecture "
    "-P --build-profiles --with-source".split()
)
_REPOSITORY_VALUES: Final = frozenset("-k --keyserver -c --component -p --pocket -U --uri".split())
_WITH_VALUE: Final = {
    "apt-get": _APT_VALUES,
    "apt": _APT_VALUES,
    "apt-cache": _APT_VALUES,
    "apt-mark": frozenset("-o -c -f --file".split()),
    "apt-key": frozenset("--keyring --keyserver --recv-keys --recv --homedir".split()),
    "add-apt-repository": _REPOSITORY_VALUES,
    "apt-add-repository": _REPOSITORY_VALUES,
    "dpkg": frozenset("--root --instdir --admindir --log -D".split()),
}
# `update` only runs what APT::Update::* names, and no script of a package.
_LISTS_ENV: Final = PROXIES | frozenset("PATH HOME APT_* TZ LANG LANGUAGE LC_* TMPDIR".split())
_ENV: Final = PROXIES | frozenset(
    "PATH HOME DEBCONF_* DEBIAN_* APT_* DPKG_* UCF_* TZ LANG LANGUAGE "
    "LC_* TMPDIR NEEDRESTART_* ACCEPT_EULA GNUPGHOME SOURCE_DATE_EPOCH PYTHON* PERL* "
    "LD_LIBRARY_PATH LD_PRELOAD JAVA_HOME".split()
)

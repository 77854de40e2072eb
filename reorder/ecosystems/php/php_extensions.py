"""PHP extensions of the official images: `docker-php-ext-*`, `docker-php-source`, `pecl`, `pear`.

They compile in /usr/src/php or /tmp and install into PHP's own folders: the system, never the
application, whose files they do not look at.

Source: the scripts of docker-library/php; the manual of PEAR, "Command line installer".
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.fetching import ENV
from reorder.ecosystems.given import bare
from reorder.ecosystems.homes import in_home
from reorder.ecosystems.paths import NOTHING
from reorder.ecosystems.words import as_trees, unknown
from reorder.shell.nodes import Call, Opaque

NAME: Final = "PHP extensions"
LEVEL: Final = 1
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of one of these does."""
    name = posixpath.basename(call.name)
    words = call.args[1:]
    if name in ("pecl", "pear"):
        verb = next((arg.text for arg in words if not arg.text.startswith("-")), "")
        if verb not in _VERBS:
            return Opaque(f"`{name} {verb}` is not understood")
        if any(
            arg.text.startswith(("-R", "--installroot", "-P", "--packagingroot")) for arg in words
        ):
            return Opaque(f"`{name}` installs below another root folder")
    read = NOTHING
    for arg in words:
        text = bare(arg)
        if text.startswith("-"):
            value = text.partition("=")[2]
            if arg.kind == "unknown" and ("/" in value or not text.startswith(_SWITCHES)):
                return unknown(call, arg)
            if "/" in value:
                read |= as_trees(replace(arg, text=value), call.cwd)
        elif arg.kind == "unknown" and text not in _COUNTS and not text[:1].isalpha():
            return unknown(call, arg)
        elif "/" in text and "://" not in text and not _channel(text):
            read |= as_trees(arg, call.cwd)
    own = in_home(call, image, ".pearrc")
    return CommandEffects(
        name, image.system | read | own, image.system | own, env=_ENV, costly=name not in _CHEAP
    )


def _channel(text: str) -> bool:
    """`pecl.php.net/redis`: a package of a channel, which is a host."""
    return "." in text.partition("/")[0] and not text.startswith(".")


_SWITCHES: Final = ("-j", "--with-", "--enable-")
_COUNTS: Final = ("$(nproc)", "`nproc`", "$(getconf _NPROCESSORS_ONLN)")
_VERBS: Final = frozenset(
    "install upgrade update-channels channel-update channel-discover clear-cache list info search "
    "config-set config-show config-get uninstall version".split()
)
_CHEAP: Final = frozenset({"docker-php-ext-enable", "docker-php-source"})
COMMANDS: Final = _CHEAP | frozenset(
    "docker-php-ext-install docker-php-ext-configure install-php-extensions pecl pear".split()
)
_ENV: Final = ENV | frozenset(
    "PHP* CFLAGS CPPFLAGS CXXFLAGS LDFLAGS MAKEFLAGS CC CXX AR LD PKG_CONFIG* GPG_KEYS IPE_* "
    "LIBRARY_PATH CPATH DEBIAN_FRONTEND".split()
)

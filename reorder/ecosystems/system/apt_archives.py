"""The packages that apt-get downloads, kept in a directory that nothing empties.

Debian's and Ubuntu's images delete downloads after every run: docker-clean has a hook that removes
`/var/cache/apt/archives/*.deb`. A mount there is of no use, and taking docker-clean away changes
the image. With `-o Dir::Cache::Archives=` downloads lie elsewhere, where the hook does not look;
then apt's log has another command line, and the usual folder lacks apt's lock. The lists are no
cache: an install needs those of its own day, and Dockerfiles delete them.

The file name of a package has no distribution in it, and apt only compares sizes: each release gets
a cache of its own.

Source: apt.conf(5), "Directories" and "How apt calls dpkg"; apt-pkg/acquire-item.cc
`pkgAcqArchive`; docker-clean of debuerreotype and of Ubuntu's image. Tried with apt 2.6.1 of Debian
12 and a docker-clean of that text: but for logs, lock and `partial`, two installs leave the same
files with and without the option, and a second one with it downloads nothing.
"""

from __future__ import annotations

import re
from typing import Final

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.homes import ROOT
from reorder.ecosystems.words import Words
from reorder.shell.nodes import Call

_PLACE: Final = "/var/cache/apt-archives"
_KEY: Final = "dir::cache::archives"
_LOG: Final = (
    "/var/log/apt/history.log tells of the option, and apt leaves no lock and no folder `partial` "
    "in /var/cache/apt/archives"
)
_RELEASE: Final = re.compile(
    r"(?:^|-)(bullseye|bookworm|trixie|focal|jammy|noble|1[0-3]|2[0246]\.04)(?=[-.]|$)"
)


def archives(call: Call, image: Image, words: Words) -> tuple[Cache, ...]:
    """The directory of an `apt-get install`; none where its distribution is not known."""
    if call.name != "apt-get" or call.user is not None or image.user not in ROOT:
        return ()
    named = [arg for arg in call.args if is_archives(*_setting(arg.text))]
    given = [value for name, value in words.options if name in ("-o", "--option") and value]
    if any(is_archives(*_setting(value)) for value in given):
        place = next(_setting(v)[1] for v in given if is_archives(*_setting(v)))
        if len(named) != 1 or place != _PLACE:
            return ()
        at = call.args.index(named[0])
        spans = (call.args[at - 1].span, named[0].span)
        return (_cache(image, named_by=spans),) if call.args[at - 1].text == "-o" else ()
    added = ((call.args[0].span[1], f" -o Dir::Cache::Archives={_PLACE}"),)
    release = _release(image)
    return (_cache(image, naming=added),) if release is not None else ()


def is_archives(key: str, value: str) -> bool:
    """Whether a setting of apt says where it puts downloads."""
    return key.lower() == _KEY and value.startswith("/")


def _setting(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, value


def _cache(
    image: Image,
    *,
    named_by: tuple[tuple[int, int], ...] = (),
    naming: tuple[tuple[int, str], ...] = (),
) -> Cache:
    return Cache(
        _PLACE,
        "locked",
        f"apt-{_release(image)}",
        named_by=named_by,
        naming=naming,
        unsafe=_LOG,
    )


def _release(image: Image) -> str | None:
    """The release that a tag names: of a distribution, or what an official image stands on."""
    if image.base not in _DISTRIBUTIONS or "alpine" in image.tag:
        return None
    own = _RELEASE.search(image.tag)
    if own is None or (own[1][0].isdigit() and image.base not in ("debian", "ubuntu")):
        return None
    return f"{image.base}-{own[1]}" if image.base in ("debian", "ubuntu") else own[1]


_DISTRIBUTIONS: Final = frozenset(
    "debian ubuntu buildpack-deps python node golang ruby rust php maven gradle eclipse-temurin "
    "pypy erlang elixir".split()
)

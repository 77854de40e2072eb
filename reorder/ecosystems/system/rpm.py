"""rpm: queries, keys, and packages by file or address.

Source: rpm(8) 4.18.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.fetching import ENV
from reorder.ecosystems.given import bare, read_given
from reorder.ecosystems.paths import NOTHING
from reorder.ecosystems.system.packages import package_effects
from reorder.ecosystems.words import as_files, unknown
from reorder.shell.nodes import Call, Opaque

NAME: Final = "rpm"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"rpm", "rpmkeys"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What an rpm call reads and writes."""
    given = read_given(call, _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return given
    read = NOTHING
    asks = given.has("-q", "--query", "-V", "--verify", "-K", "--checksig", "--eval", "-E")
    for arg in given.operands:
        if "://" in bare(arg).partition("$")[0]:
            continue
        if arg.kind == "unknown":
            return unknown(call, arg)
        if not given.has("-e", "--erase") and (not asks or given.has("-p", "-K")):
            read |= as_files(arg, call.cwd)
    asks |= not given.has("-i", "-U", "-F", "-e", *_CHANGES) or given.has("--test")
    return package_effects("rpm", image, read, ENV, changes=not asks, costly=not asks)


_CHANGES: Final = (
    *("--install", "--upgrade", "--freshen", "--erase", "--import", "--rebuilddb", "--initdb"),
    *("--reinstall", "--setperms", "--setugids", "--restore"),
)
_VALUES: Final = frozenset("--eval -E --qf --queryformat".split())
_FLAGS: Final = frozenset(
    (
        *_CHANGES,
        *(
            "-q --query -V --verify -K --checksig -i -U -F -e -v -h -p -a -l -f -c -d -s --test "
            "--force --nodeps --nosignature --nodigest --nogpgcheck --noscripts --notriggers "
            "--replacepkgs --replacefiles --oldpackage --excludedocs --quiet --hash --percent "
            "--ignorearch --ignoreos --allmatches --all --list --package --version --whatprovides "
            "--provides --requires --changelog --last --scripts --nofiles --noplugins"
        ).split(),
    )
)

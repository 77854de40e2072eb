"""The forge of a host, with the client library of its kind; imported when needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from reorder.errors import InputError
from reorder.fleet.pulls.contract import Forge
from reorder.fleet.pulls.hosts import Kind, Place, place_of, token_of

# kind -> the library's module and its name in the package index. The extra is called as the kind.
# Left out: Bitbucket (no client library that is kept up) and Azure DevOps (its own was last
# released in 2023).
LIBRARIES: dict[Kind, tuple[str, str]] = {
    "github": ("github", "PyGithub"),
    "gitlab": ("gitlab", "python-gitlab"),
    "gitea": ("requests", "requests"),
}


def opener(
    servers: Mapping[str, Place],
    environment: Mapping[str, str],
    *,
    writes: bool,
    only: Kind | None = None,
) -> Callable[[str], Forge]:
    """A function from a host to its forge, which is opened once. `writes`: a token is needed.

    The function raises InputError: a host of an unknown kind, or of another one than `only`; a
    library or a token that is missing. Nothing is asked of the server, so that a run can call it
    for every host before it begins.
    """

    @cache
    def at(host: str) -> Forge:
        place = place_of(host, servers)
        if only not in (None, place.kind):
            raise InputError(host, f"is a {place.kind}, and --pr says {only}")
        needs(place.kind, f"pull requests at {host}" if writes else host)
        token = token_of(place, environment)
        if writes and token is None:
            raise InputError(host, f"a token is needed; set {' or '.join(place.tokens)}")
        forge: Forge = import_module(f"reorder.fleet.pulls.{place.kind}").connect(place, token)
        return forge

    return at


def needs(kind: Kind, what: str) -> None:
    """Raises InputError unless the library of a kind is installed; nothing is imported here."""
    module, name = LIBRARIES[kind]
    if find_spec(module) is None:
        line = f"pip install 'dockerfile-reorder[{kind}]'"
        raise InputError(what, f"needs {name}; type: {line}")

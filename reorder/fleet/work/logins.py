"""The tokens of the environment as what git needs to clone from a forge and to push there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reorder.fleet.git.settings import Login
from reorder.fleet.pulls.hosts import KNOWN, Kind, named, token_of

# What each takes with a token as the password. GitHub: "Authenticating as an installation"; GitLab:
# "Clone using a token"; Gitea takes any name beside a token (its API documentation).
_USERS: Final[Mapping[Kind, str]] = {
    "github": "x-access-token",
    "gitlab": "oauth2",
    "gitea": "reorder",
}


def logins(servers: Sequence[str], environment: Mapping[str, str]) -> Mapping[str, Login]:
    """By host, for the forges that everybody knows and those of `--forge`."""
    places = {**KNOWN, **named(servers)}
    return {
        host: Login(_USERS[place.kind], token)
        for host, place in places.items()
        if (token := token_of(place, environment)) is not None
    }

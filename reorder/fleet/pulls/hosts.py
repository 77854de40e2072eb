"""Which kind of forge a host is, where it answers, and whose token it gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from reorder.errors import InputError

Kind = Literal["github", "gitlab", "gitea"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Place:
    """A server. Its token is only ever sent to it."""

    host: str
    kind: Kind
    url: str  # of its pages, without a slash at the end
    tokens: tuple[str, ...]  # environment variables, the first that is set counts


# A token belongs to one server: to any other it goes only if the user names that server himself.
KNOWN: dict[str, Place] = {
    place.host: place
    for place in (
        Place("github.com", "github", "https://github.com", ("GH_TOKEN", "GITHUB_TOKEN")),
        Place("gitlab.com", "gitlab", "https://gitlab.com", ("GITLAB_TOKEN",)),
        Place("gitea.com", "gitea", "https://gitea.com", ("GITEA_TOKEN",)),
        Place("codeberg.org", "gitea", "https://codeberg.org", ("CODEBERG_TOKEN",)),
    )
}
# What `gh`, `glab` and Forgejo's and Gitea's own tools read; `gh help environment` has both of
# GitHub's, and keeps the token of github.com from every other server.
_OWN: dict[Kind, tuple[str, ...]] = {
    "github": ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"),
    "gitlab": ("GITLAB_TOKEN",),
    "gitea": ("GITEA_TOKEN", "FORGEJO_TOKEN"),
}
_HOW = "HOST=github|gitlab|gitea[,url=URL][,token=VARIABLE]"


def named(words: Iterable[str], option: str = "--forge") -> dict[str, Place]:
    """The servers of `--forge HOST=KIND[,url=URL][,token=VARIABLE]`.

    `url` is for a server that answers below a path or at another address; `token` names the
    environment variable that holds its token. Forgejo is `gitea`. Raises InputError.
    """
    return {place.host: place for place in (_named(word, option) for word in words)}


def place_of(host: str, servers: Mapping[str, Place]) -> Place:
    """The server of a host: one the user named, or one everybody knows. Raises InputError."""
    host = host.lower()
    found = servers.get(host) or KNOWN.get(host)
    if found is not None:
        return found
    if host.endswith(".ghe.com"):  # GitHub Enterprise Cloud with data residency; as in `gh`
        return Place(host, "github", f"https://{host}", KNOWN["github.com"].tokens)
    kinds = "|".join(KINDS)
    raise InputError(host, f"which kind of forge it is is not known; add --forge {host}={kinds}")


def token_of(place: Place, environment: Mapping[str, str]) -> str | None:
    """None: none is set, so that only what is public can be read."""
    return next((value for name in place.tokens if (value := environment.get(name))), None)


def _named(word: str, option: str) -> Place:
    host, _, rest = word.partition("=")
    host = host.strip().lower()
    kind, *more = (part.strip() for part in rest.split(","))
    own: Kind | None = next((known for known in KINDS if known == kind), None)
    if not host or "/" in host or "@" in host or own is None:
        raise InputError(option, f"takes {_HOW}, once for each server")
    url, tokens = f"https://{host}", _OWN[own]
    if (known := KNOWN.get(host)) is not None and known.kind == own:
        url, tokens = known.url, known.tokens
    for part in more:
        key, _, value = part.partition("=")
        if key == "url" and _is_address(value):
            url = value.rstrip("/")
        elif key == "token" and value.isidentifier():
            tokens = (value,)
        else:  # the value is not repeated: it may hold a secret
            raise InputError(option, f"{host}: {key or 'a comma'} is not understood; {_HOW}")
    return Place(host, own, url, tokens)


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc

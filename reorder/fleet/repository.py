"""A repository of the list, as one word names it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from reorder.errors import InputError
from reorder.fleet.secrets import redacted
from reorder.report.style import visible

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)(?P<kind>::|://)")
_SCP = re.compile(r"(?P<user>[A-Za-z0-9_][\w.-]*)@(?P<host>[^/:\s@]+):(?P<path>[^\s:]+)")
_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
)
_USER = re.compile(r"[A-Za-z0-9_][^\s:@/]*")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TRANSPORTS = ("https", "ssh", "http")
_USUAL_PORTS = {"https": ":443", "http": ":80", "ssh": ":22"}


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a repository is. `name` is unique in a list and holds no secret.

    Local: `path` is set, absolute, and is the name; `url`, `host` and `slug` are empty.
    Remote: `path` is None, `name` is `host/slug`, and `slug` is `owner/name` or deeper.
    """

    name: str
    path: Path | None = None
    url: str = field(default="", repr=False)  # as it was given: may hold credentials
    host: str = ""
    slug: str = ""


def repository(word: str) -> Repository:
    """The repository that a word names: a folder, a clone URL or `host/owner/name`.

    A folder exists or starts with `/`, `.` or `~`; `file://` is one too. URLs are https, ssh (also
    `git@host:owner/name`) and http. `host/owner/name` is fetched by https.

    Raises:
        InputError: it is none of these, or names a transport that could run a program.
    """
    if not word or not word.isprintable():
        raise _bad(word, "is not the name of a repository")
    scheme = _SCHEME.match(word)
    if scheme is not None and scheme["kind"] == "::":
        raise _bad(word, f"the transport {scheme['scheme']}:: is not used: it can run programs")
    if scheme is not None:
        return _from_url(word, scheme["scheme"].lower())
    if word.startswith(("/", ".", "~")) or os.path.lexists(word):
        return _local(Path(word).expanduser())
    scp = _SCP.fullmatch(word)
    if scp is not None:
        return _remote(word, word, scp["host"], scp["path"])
    host, _, path = word.partition("/")
    name = host.rpartition(":")[0] or host
    if not ("." in name or name == "localhost") or "/" not in path.strip("/"):
        raise _bad(word, "no such folder, and neither a clone URL nor host/owner/name")
    return _remote(word, f"https://{host}/{_slug(path)}.git", host, path)


def _local(path: Path) -> Repository:
    place = Path(os.path.realpath(path))
    return Repository(str(place), place)


def _from_url(word: str, scheme: str) -> Repository:
    try:
        parts = urlsplit(word)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _bad(word, "is not a URL") from None
    if scheme == "file":
        if host not in ("", "localhost") or not parts.path.startswith("/"):
            raise _bad(word, "a file URL names a folder of this machine: file:///folder")
        return _local(Path(unquote(parts.path)))
    if scheme not in _TRANSPORTS:
        raise _bad(word, f"the transport {scheme}: is not used, only {', '.join(_TRANSPORTS)}")
    if parts.query or parts.fragment:
        raise _bad(word, "a clone URL ends with the path of the repository")
    if scheme == "ssh" and parts.password is not None:
        raise _bad(word, "ssh takes no password from a URL: use a key")
    if parts.username is not None and scheme == "ssh" and not _USER.fullmatch(parts.username):
        raise _bad(word, "is not a user's name at that host")
    if parts.username is not None and scheme == "http" and host not in _LOOPBACK:
        raise _bad(word, "credentials are not sent over http: use https")
    shown = f"[{host}]" if ":" in host else host
    place = f"{shown}:{port}" if port is not None else shown
    return _remote(word, word, place.removesuffix(_USUAL_PORTS[scheme]), parts.path)


def _remote(word: str, url: str, host: str, path: str) -> Repository:
    if not _HOST.fullmatch(host):
        raise _bad(word, "is not at a host whose name can be used")
    slug = _slug(path)
    if any(part in ("", ".", "..") or part.startswith("-") for part in slug.split("/")):
        raise _bad(word, "has no path of a repository at that host")
    host = host.lower()
    return Repository(f"{host}/{slug}", None, url, host, slug)


def _slug(path: str) -> str:
    return path.strip("/").removesuffix(".git").rstrip("/")


def _bad(word: str, message: str) -> InputError:
    return InputError(visible(redacted(word)) or "(empty)", message)

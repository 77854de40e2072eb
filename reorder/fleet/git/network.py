"""Git over the network: with the user's own configuration, and secrets where nobody sees them.

The user's credential helpers, proxies, ssh command and `url.*.insteadOf` are trusted, so his
configuration counts; that of the repository is ours. Credentials of a URL are handed over by the
environment, through a credential helper that answers for their host alone: neither `ps` nor a
configuration file shows them, and another host that is redirected to does not get them
(gitcredentials(7), git-config(1) "GIT_CONFIG_COUNT").
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from reorder.context.git import environment
from reorder.fleet.git.errors import GitError, Kind
from reorder.fleet.git.run import MOST_OUTPUT, Ran, run, start
from reorder.fleet.git.settings import GitSettings, Login
from reorder.fleet.repository import Repository

# git(1): the user's, without those that trace (into what we print) or point at a repository.
_KEPT = (
    "GIT_ASKPASS", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM", "GIT_HTTP_",
    "GIT_PROXY_", "GIT_SSH", "GIT_SSL_", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_",
)  # fmt: skip
_OFF = {
    "core.alternateRefsCommand": "true",
    "core.commitGraph": "false",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.packedGitLimit": "1g",
    "core.packedGitWindowSize": "64m",
    "core.pager": "cat",
    "fetch.recurseSubmodules": "false",
    "fetch.writeCommitGraph": "false",
    "gc.auto": "0",
    "gpg.program": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "init.templateDir": "",
    "maintenance.auto": "false",
    "protocol.version": "2",
    "push.followTags": "false",
    "push.gpgSign": "false",
    "push.recurseSubmodules": "no",
    "submodule.recurse": "false",
}
_HELPER = (
    '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" '
    '"$REORDER_GIT_USERNAME" "$REORDER_GIT_PASSWORD"; }; f'
)
_MISSING = (
    "not found", "does not exist", "Authentication failed", "could not read Username",
    "Permission denied", "access denied", "The requested URL returned error: 40", "no such host",
    "Could not resolve host", "terminal prompts disabled",
)  # fmt: skip


def plain_url(repository: Repository) -> str:
    """The clone URL without what is secret in it; the user's name stays for ssh."""
    parts = urlsplit(repository.url)
    if parts.scheme.lower() not in ("http", "https") or "@" not in parts.netloc:
        return repository.url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def login_of(repository: Repository, settings: GitSettings) -> Login | None:
    """The credentials for a repository: those in its URL, else those of its host.

    Raises:
        GitError: they hold a control character, which git does not take.
    """
    parts = urlsplit(repository.url)
    login = settings.logins.get(repository.host)
    if parts.scheme.lower() in ("http", "https") and parts.username is not None:
        # A token alone stands where the name does; forges take it as the password as well.
        login = Login(unquote(parts.username), unquote(parts.password or parts.username))
    if login is not None and not (login.username + login.password).isprintable():
        raise GitError("refused", "its credentials hold a control character")
    return login


def network(
    *arguments: str,
    repository: Repository,
    settings: GitSettings,
    gitdir: Path | None = None,
    stdin: bytes = b"",
    push: bool = False,
    most: int = MOST_OUTPUT,
) -> Ran:
    """A git command that talks to the remote of a repository, to its end.

    Raises:
        GitError: git is missing, was too slow or said more than `most` bytes.
    """
    env = _environment(login_of(repository, settings), _origin(repository), push)
    if gitdir is not None:
        env["GIT_DIR"] = str(gitdir)
    return start(arguments, _OFF, env, gitdir, stdin, settings.seconds, most)


def failed(verb: str, ran: Ran) -> GitError:
    """What a command that did not succeed says."""
    kind: Kind = "missing" if any(words in ran.said for words in _MISSING) else "broken"
    return GitError(kind, f"git {verb} failed: {ran.said}")


def _origin(repository: Repository) -> str:
    """`https://host[:port]`, as git matches credentials."""
    parts = urlsplit(plain_url(repository))
    return f"{parts.scheme}://{parts.netloc}"


def _environment(login: Login | None, origin: str, push: bool) -> dict[str, str]:
    env = environment() | {key: v for key, v in os.environ.items() if key.startswith(_KEPT)}
    if "GIT_ASKPASS" not in os.environ:
        env.pop("GIT_ASKPASS", None)  # `core.askPass` is the user's as well
    env.pop("SSH_ASKPASS", None)
    env["SSH_ASKPASS_REQUIRE"] = "never"
    env["GIT_NO_LAZY_FETCH"] = "1"
    # A folder by the user's own insteadOf may be read; a push would run its hooks.
    env["GIT_ALLOW_PROTOCOL"] = "http:https:ssh" if push else "file:http:https:ssh"
    if not {"GIT_SSH", "GIT_SSH_COMMAND"} & env.keys() and not _own_ssh(env):
        env["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o ConnectTimeout=30"
    if login is not None:
        env |= {"REORDER_GIT_USERNAME": login.username, "REORDER_GIT_PASSWORD": login.password}
        _add(env, {"credential.helper": "", f"credential.{origin}.helper": _HELPER})
    return env


def _own_ssh(env: Mapping[str, str]) -> bool:
    """Whether the user's configuration names an ssh command, which a variable would beat."""
    # In no folder of anybody's, so that only the user's and the system's are read.
    return start(("config", "--get", "core.sshCommand"), {}, env, None, b"", 10.0).code == 0


def _add(env: dict[str, str], settings: Mapping[str, str]) -> None:
    count = env.get("GIT_CONFIG_COUNT", "0")
    first = int(count) if count.isascii() and count.isdigit() else 0
    for number, (key, value) in enumerate(settings.items(), first):
        env[f"GIT_CONFIG_KEY_{number}"], env[f"GIT_CONFIG_VALUE_{number}"] = key, value
    env["GIT_CONFIG_COUNT"] = str(first + len(settings))


def is_ref(name: str) -> bool:
    """Whether git takes it as the whole name of a ref: git-check-ref-format(1)."""
    return name.startswith("refs/") and run("check-ref-format", name).code == 0

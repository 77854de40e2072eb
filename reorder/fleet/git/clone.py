"""A remote repository in a git folder of ours: one branch, and the files of one commit.

The history comes without its files (`--filter=blob:none`; a server that cannot leave them out
sends them). Then, in one request each, the files of HEAD and the past of the Dockerfiles, which
the order of steps asks for. Source: git-fetch(1), partial-clone of git's technical documentation.
"""

from __future__ import annotations

import os
from pathlib import Path

from reorder.fleet.git.errors import GitError
from reorder.fleet.git.files import Listing, listing
from reorder.fleet.git.heads import Head, remote_refs
from reorder.fleet.git.network import failed, network, plain_url
from reorder.fleet.git.run import git, run
from reorder.fleet.git.settings import GitSettings
from reorder.fleet.git.shadow import write_config
from reorder.fleet.repository import Repository

MOST_PAST = 5_000  # versions of Dockerfiles
_WALKED = 10_000  # commits, as many as the history looks at
_FETCH = (
    "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
    "--no-auto-maintenance", "--no-prune",
)  # fmt: skip
_BLIND = ("-c", "fetch.negotiationAlgorithm=noop")  # what is asked for is known to lack
_DOCKERFILES = ("**/*dockerfile*", "**/*containerfile*")


def clone(repository: Repository, gitdir: Path, settings: GitSettings) -> tuple[Head, Listing]:
    """Fills `gitdir`, which must not exist: HEAD is the remote's, and its files are there.

    Raises:
        GitError: missing, empty, too many or too large files, too slow.
    """
    head, _ = remote_refs(repository, settings)
    sha256 = len(head.commit) == 64
    for name in ("objects/info", "objects/pack", "refs/heads"):
        (gitdir / name).mkdir(parents=True)
    (gitdir / "HEAD").write_text(f"ref: refs/heads/{head.branch}\n", "utf-8", "surrogateescape")
    extensions = [("objectformat", "sha256")] if sha256 else []
    extensions += [] if settings.blobs else [("partialclone", "origin")]
    config = remote_config(plain_url(repository), promisor=not settings.blobs)
    write_config(gitdir, tuple(extensions), more=config)
    commit = _fetch(repository, gitdir, head.branch, settings)
    names = _past(gitdir, commit) if not settings.blobs else frozenset()
    _fetch_blobs(repository, gitdir, listing(gitdir, commit, settings).blobs | names, settings)
    return Head(commit, head.branch), listing(gitdir, commit, settings, sizes=True)


def fetch_branch(
    repository: Repository,
    gitdir: Path,
    branch: str,
    into: str,
    settings: GitSettings,
    depth: int | None = None,
) -> str:
    """The tip of a branch of `origin`, fetched into a ref of ours. Raises GitError."""
    some = () if depth is None else (f"--depth={depth}",)
    words = (*_FETCH, *some, "origin", f"+refs/heads/{branch}:{into}")
    ran = network(*words, repository=repository, settings=settings, gitdir=gitdir)
    if ran.code:
        raise failed("fetch", ran)
    return git("rev-parse", f"{into}^{{commit}}", gitdir=gitdir).decode("ascii").strip()


def _fetch(repository: Repository, gitdir: Path, branch: str, settings: GitSettings) -> str:
    remote = f"refs/remotes/origin/{branch}"
    commit = fetch_branch(repository, gitdir, branch, remote, settings, settings.depth)
    git("update-ref", f"refs/heads/{branch}", commit, gitdir=gitdir)
    git("symbolic-ref", "refs/remotes/origin/HEAD", remote, gitdir=gitdir)
    return commit


def remote_config(url: str, *, promisor: bool) -> str:
    """The section `remote.origin` of a configuration file: git-config(1), "Syntax"."""
    value = url.replace("\\", "\\\\").replace('"', '\\"')
    some = "\tpromisor = true\n\tpartialclonefilter = blob:none\n" if promisor else ""
    return f'[remote "origin"]\n\turl = "{value}"\n{some}'


def _fetch_blobs(
    repository: Repository, gitdir: Path, names: frozenset[str], settings: GitSettings
) -> None:
    asked = "".join(f"{name}\n" for name in sorted(names)).encode("ascii")
    if not asked:
        return
    words = (*_BLIND, *_FETCH, "--filter=blob:none", "--stdin", "origin")
    ran = network(*words, repository=repository, settings=settings, gitdir=gitdir, stdin=asked)
    if ran.code:
        raise failed("fetch", ran)


def _past(gitdir: Path, commit: str) -> frozenset[str]:
    """The blobs that were Dockerfiles in the last commits of the line; empty if git is too slow."""
    paths = [f":(glob,icase){pattern}" for pattern in _DOCKERFILES]
    log = (
        "log", "--first-parent", "--diff-merges=first-parent", "--raw", "--no-abbrev", "-z",
        "--format=", "--root", "--no-renames", f"--max-count={_WALKED}", commit, "--", *paths,
    )  # fmt: skip
    try:
        ran = run(*log, gitdir=gitdir, extra={"GIT_LITERAL_PATHSPECS": "0"}, most=1 << 26)
    except GitError:
        return frozenset()
    found: dict[str, None] = {}
    for token in os.fsdecode(ran.output).split("\0"):
        words = token.lstrip("\n").split(" ")
        if len(words) == 5 and words[0].startswith(":"):
            found |= {name: None for name in words[2:4] if name.strip("0")}
    return frozenset(list(found)[:MOST_PAST])

"""A view of a local repository that does not run git with its configuration.

A git folder of our own whose objects and refs are links to the other's, in the manner of git's
contrib/workdir/git-new-workdir. HEAD and the list of shallow commits are copied; hooks,
info/grafts, info/attributes, includes and every setting but its format stay behind. Whose folder
it is does not matter (`safe.directory` guards against a configuration that is not read here).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reorder.fleet.git.errors import GitError
from reorder.fleet.git.gitdir import (
    GitFolder,
    branch_of_head,
    git_folder,
    is_commit,
    line_of,
    settings_of,
    small_file,
)
from reorder.fleet.git.run import git, run
from reorder.report.style import visible

MOST_SHALLOW = 1 << 22
# git-config(1) "extensions.*": what changes how objects and refs are read, and what does not.
_FORMATS = {"objectformat": ("sha1", "sha256"), "refstorage": ("files", "reftable")}
_HARMLESS = frozenset({"worktreeconfig", "preciousobjects", "noop", "noop-v1", "relativeworktrees"})
_SHARED = re.compile(r"group|true|all|world|everybody|umask|false|0[0-7]{3}|[0-2]")


@dataclass(frozen=True, slots=True)
class Shadow:
    """`gitdir` is ours; `source` is what it shows. `branch` is a ref, or empty when detached."""

    gitdir: Path
    source: GitFolder
    commit: str
    branch: str
    extensions: tuple[tuple[str, str], ...]
    config: Mapping[str, str]  # of the source, as data


def shadow(checkout: Path, gitdir: Path) -> Shadow:
    """A view of the repository of a checkout (its root) or of a bare one, made at `gitdir`.

    Raises:
        GitError: not a repository, no commit yet, or not one to be worked on.
    """
    source = git_folder(checkout)
    config = settings_of(source.common)
    extensions = _extensions(config)
    gitdir.mkdir(parents=True)
    for name in ("objects", "refs", "packed-refs", "reftable"):
        place = source.common / name
        if name in ("packed-refs", "reftable") and not os.path.lexists(place):
            continue
        if place.is_symlink() or not (place.is_dir() or place.is_file()):
            raise GitError("refused", f"{name} is not an ordinary file or folder")
        (gitdir / name).symlink_to(place)
    _check_alternates(source.common / "objects" / "info" / "alternates")
    copy_shallow(source.common, gitdir)
    write_config(gitdir, extensions, _shared(config))
    head = line_of(source.own / "HEAD") or ""
    branch = branch_of_head(head) or ""
    if not branch and not is_commit(head):
        raise GitError("refused", "its HEAD is neither a branch nor a commit")
    (gitdir / "HEAD").write_text(head + "\n", "utf-8", "surrogateescape")
    if ("refstorage", "reftable") in extensions:
        if source.own != source.common:
            raise GitError("refused", "a linked worktree with reftable is not read")
        ran = run("symbolic-ref", "--quiet", "HEAD", gitdir=gitdir)
        branch = os.fsdecode(ran.output).strip()
    return Shadow(gitdir, source, _commit(gitdir), branch, extensions, config)


def write_config(
    gitdir: Path, extensions: tuple[tuple[str, str], ...], shared: str = "", more: str = ""
) -> None:
    """The configuration of a git folder of ours."""
    lines = ["[core]", f"\trepositoryformatversion = {1 if extensions else 0}", "\tbare = false"]
    lines += ["\tcommitGraph = false", "\tlogAllRefUpdates = false"]
    lines += [f"\tsharedRepository = {shared}"] if shared else []
    lines += ["[gc]", "\tauto = 0"]
    lines += ["[extensions]"] if extensions else []
    lines += [f"\t{name} = {value}" for name, value in extensions]
    (gitdir / "config").write_text("\n".join(lines) + "\n" + more, "utf-8")


def copy_shallow(source: Path, gitdir: Path) -> None:
    """Takes over where the history of a shallow repository ends."""
    if not os.path.lexists(source / "shallow"):
        return
    data = small_file(source / "shallow", MOST_SHALLOW)
    lines = None if data is None else data.decode("ascii", "replace").splitlines()
    if lines is None or not all(map(is_commit, lines)):
        raise GitError("broken", "its list of shallow commits cannot be read")
    if lines:
        (gitdir / "shallow").write_text("\n".join(lines) + "\n", "ascii")


def _extensions(config: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    version = config.get("core.repositoryformatversion", "0")
    if version not in ("0", "1"):
        raise GitError("refused", "its repository format is newer than what is known here")
    found: dict[str, str] = {}
    for key, value in config.items():
        section, _, name = key.partition(".")
        if section != "extensions":
            continue
        if name == "partialclone":
            found[name] = "origin"  # objects may lack; the name is ours, and has no URL
        elif name in _FORMATS and value.lower() in _FORMATS[name]:
            found[name] = value.lower()
        elif name not in _HARMLESS and (version == "1" or name in _FORMATS):
            raise GitError("refused", f"its format has the unknown extension {visible(name[:40])}")
    return tuple(sorted(found.items()))


def _shared(config: Mapping[str, str]) -> str:
    value = config.get("core.sharedrepository", "").lower()
    return value if _SHARED.fullmatch(value) else ""


def _check_alternates(path: Path, depth: int = 0) -> None:
    """Alternates are followed by git; here only so that it does not wait for a FIFO."""
    if not os.path.lexists(path):
        return
    text = line_of(path)
    if text is None or depth > 5:
        raise GitError("refused", "its objects/info/alternates is not an ordinary file")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            at = Path(path.parent.parent, line)
            _check_alternates(at / "info" / "alternates", depth + 1)


def _commit(gitdir: Path) -> str:
    ran = run("rev-parse", "--verify", "--quiet", "HEAD", gitdir=gitdir)
    name = ran.output.decode("ascii", "replace").strip()
    if ran.code and "format" in ran.said:
        raise GitError("refused", f"git cannot read its format: {ran.said}")
    if ran.code or not is_commit(name):
        raise GitError("empty", "it has no commit yet")
    if run("cat-file", "-e", f"{name}^{{tree}}", gitdir=gitdir).code:
        raise GitError("broken", "its objects lack the commit that HEAD names")
    return git("rev-parse", f"{name}^{{commit}}", gitdir=gitdir).decode("ascii").strip()

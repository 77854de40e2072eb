"""A work tree of our own for one repository: read by `reorder` as any other, gone afterwards.

For a local repository the objects are its own, by alternates; what we make is put beside them, in
our folder, until a branch is placed. Checked out without filters, line end conversion or anything
else that .gitattributes asks for, so that a file on disk is the file in the commit.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from reorder.errors import InputError
from reorder.fleet.git.clone import clone, remote_config
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.files import Listing, listing
from reorder.fleet.git.gitdir import line_of
from reorder.fleet.git.network import is_ref, plain_url
from reorder.fleet.git.run import git, run
from reorder.fleet.git.settings import GitSettings
from reorder.fleet.git.shadow import Shadow, copy_shallow, shadow, write_config
from reorder.fleet.repository import Repository, repository

_HEADS, _REMOTES = "refs/heads/", "refs/remotes/origin/"
# gitattributes(5): info/attributes goes before those of the tree; `!` is as if nothing were said.
_ATTRIBUTES = "* -text !eol -ident -filter !working-tree-encoding !diff !merge !whitespace\n"


@dataclass(frozen=True, slots=True)
class Tree:
    """`root` is what `reorder` works on. Nothing outside of `folder` was made.

    `branch` is the branch that `commit` is the tip of, short; empty where a local HEAD is on none.
    `default` is the default branch as far as it is known: a checkout may not tell.
    `remote` is where a push goes; where there is none, `no_remote` says why.
    """

    root: Path
    commit: str
    branch: str
    repository: Repository
    settings: GitSettings
    files: Listing
    folder: Path
    local: Shadow | None = None
    remote: Repository | None = None
    no_remote: str = ""
    default: str = ""

    @property
    def gitdir(self) -> Path:
        """The git folder of `root`."""
        return self.root / ".git"

    @property
    def made(self) -> Path:
        """Where the objects that we make are put."""
        return self.folder / "made"


@contextmanager
def open_tree(
    repository: Repository, folder: Path, settings: GitSettings | None = None
) -> Iterator[Tree]:
    """The commit at hand of a repository, checked out below `folder`, which is made and removed.

    Raises:
        GitError: it is missing, empty, refused, broken, or took too long; with the reason.
    """
    chosen = settings or GitSettings()
    try:
        folder.mkdir(mode=0o700, parents=True)
        yield _opened(repository, folder, chosen)
    finally:
        remove(folder)


def settle(tree: Tree) -> None:
    """Makes the clone of a remote repository stand alone: what we made is then in it."""
    shutil.copytree(tree.made, tree.gitdir / "objects", dirs_exist_ok=True)
    (tree.gitdir / "objects/info/alternates").unlink()


def remove(folder: Path) -> None:
    """Takes a folder away, whatever the modes in it; links are not followed."""

    def again(function: object, path: str, _: object) -> None:
        with suppress(OSError):
            os.chmod(os.path.dirname(path), stat.S_IRWXU)
            os.unlink(path) if not os.path.isdir(path) else os.rmdir(path)

    shutil.rmtree(folder, onerror=again)


def _opened(repository: Repository, folder: Path, settings: GitSettings) -> Tree:
    root = folder / "tree"
    root.mkdir()
    if repository.path is None:
        head, files = clone(repository, root / ".git", settings)
        tree = Tree(
            root, head.commit, head.branch, repository, settings, files, folder,
            remote=repository, default=head.branch,
        )  # fmt: skip
    else:
        tree = _local(repository, repository.path, folder, settings)
    _check_out(tree)
    tree.made.mkdir()
    _borrow(tree.gitdir, *(("source/objects",) if tree.local else ()), "made")
    return tree


def _borrow(gitdir: Path, *places: str) -> None:
    """Object folders beside the tree; relative, so that no name of a folder has to be quoted."""
    text = "".join(f"../../../{place}\n" for place in places)
    (gitdir / "objects/info/alternates").write_text(text, "ascii")


def _local(given: Repository, checkout: Path, folder: Path, settings: GitSettings) -> Tree:
    source = shadow(checkout, folder / "source")
    gitdir = folder / "tree" / ".git"
    for name in ("objects/info", "objects/pack", "refs/heads"):
        (gitdir / name).mkdir(parents=True)
    _borrow(gitdir, "source/objects")
    copy_shallow(source.source.common, gitdir)
    remote, reason = _remote_of(source)
    config = remote_config(plain_url(remote), promisor=False) if remote is not None else ""
    extensions = tuple(item for item in source.extensions if item[0] != "refstorage")
    write_config(gitdir, extensions, more=config)
    branch = source.branch.removeprefix(_HEADS)
    (gitdir / "HEAD").write_text(f"{source.commit}\n", "ascii")
    if branch:
        git("update-ref", source.branch, source.commit, gitdir=gitdir)
        git("symbolic-ref", "HEAD", source.branch, gitdir=gitdir)
    default = _remote_head(source)
    if default:
        git("update-ref", _REMOTES + default, source.commit, gitdir=gitdir)
        git("symbolic-ref", _REMOTES + "HEAD", _REMOTES + default, gitdir=gitdir)
    files = listing(gitdir, source.commit, settings, sizes=True)
    return Tree(
        folder / "tree", source.commit, branch, given, settings, files, folder,
        source, remote, reason, default,
    )  # fmt: skip


def _remote_of(source: Shadow) -> tuple[Repository | None, str]:
    """Where `origin` of a checkout is; a folder is none, as a stranger's config could name it."""
    url = source.config.get("remote.origin.pushurl") or source.config.get("remote.origin.url")
    if url is None:
        return None, "it has no remote named origin"
    try:
        found = repository(url)
    except InputError as error:
        return None, f"its remote origin cannot be used: {error.message}"
    if found.path is not None:
        return None, "its remote origin is a folder: name that one instead"
    return found, ""


def _remote_head(source: Shadow) -> str:
    """The default branch of `origin` as the checkout knows it."""
    text = line_of(source.source.common / (_REMOTES + "HEAD")) or ""
    ref = text.removeprefix("ref: ")
    known = text.startswith("ref: " + _REMOTES) and is_ref(ref)
    return ref.removeprefix(_REMOTES) if known else ""


def _check_out(tree: Tree) -> None:
    (tree.gitdir / "info").mkdir(exist_ok=True)
    (tree.gitdir / "info/attributes").write_text(_ATTRIBUTES, "ascii")
    git("read-tree", tree.commit, gitdir=tree.gitdir, kind="refused")  # minds names as `..`
    if tree.files.lacking:
        bits = ("update-index", "-z", "--skip-worktree", "--stdin")
        paths = "\0".join(tree.files.lacking)
        git(*bits, gitdir=tree.gitdir, worktree=tree.root, stdin=os.fsencode(paths))
    ran = run(
        "checkout-index", "--all", "--index", "--quiet",
        gitdir=tree.gitdir, worktree=tree.root, seconds=tree.settings.seconds,
    )  # fmt: skip
    if ran.code:
        raise GitError("broken", f"its files cannot be written: {ran.said}")

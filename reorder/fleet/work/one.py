"""One repository from checkout to row. Runs in a process of its own, see `confined`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

from reorder.errors import InputError
from reorder.fleet.git.branch import Placed
from reorder.fleet.git.commit import commit_files
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.heads import head_and_tip, tip_in
from reorder.fleet.git.keep import keep_clone
from reorder.fleet.git.patch import patch_of
from reorder.fleet.git.place import place_branch
from reorder.fleet.git.push import push_branch
from reorder.fleet.git.settings import GitSettings
from reorder.fleet.git.tree import Tree, open_tree
from reorder.fleet.places import clone_folder
from reorder.fleet.repository import Repository
from reorder.fleet.row import Row, Status, noted, unnoted
from reorder.fleet.settings import Settings
from reorder.fleet.work.logins import logins
from reorder.fleet.work.message import commit_message
from reorder.fleet.work.propose import Origin, Proposal, propose
from reorder.fleet.work.task import Done, Task, Tell

UNASKED = "not known whether it has a newer commit"
_STATUS: Mapping[str, Status] = {"empty": "refused", "refused": "refused", "timeout": "timeout"}


def work_on(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
    """Work on a repository in a folder of its own. `begun`: when, on the monotonic clock."""
    row = Row(task.repository.name, "unchanged", version=task.version, config=task.config)
    settings, patch = _git(task.settings), b""
    try:
        if task.still is not None:
            tell("asking for its newest commit")
            stands = _stands(task, task.still, settings)
            if stands is not None:
                return Done(stands, kept=True)
        tell("cloning")
        with open_tree(task.repository, folder / "repository", settings) as tree:
            row = replace(row, commit=tree.commit)
            row, patch = _in(tree, task, row, tell)
    except GitError as error:
        row = replace(row, status=_STATUS.get(error.kind, "error"), reason=error.reason)
    except InputError as error:
        row = replace(row, status="error", reason=str(error))
    return Done(replace(row, seconds=monotonic() - begun), patch)


def _stands(task: Task, row: Row, settings: GitSettings) -> Row | None:
    """The earlier row, unless there is a newer commit, or its branch is gone.

    A branch that had a pull request may be gone for good. A server that does not answer makes
    nothing stale; the row says so.
    """
    repository = task.repository
    here = repository.path is not None
    pushed = task.settings.push
    try:
        head, tip = head_and_tip(repository, settings, "" if here and pushed else row.branch)
    except GitError as error:
        if here or error.kind in _STATUS.keys() - {"timeout"}:
            raise
        return noted(row, UNASKED, error.reason)
    if head.commit != row.commit:
        return None
    if not here and not pushed and row.branch:
        place = clone_folder(task.settings.output, repository.name)
        tip = tip_in(place / ".git", row.branch)
    looked = row.branch and not row.pr and not (here and pushed)
    return None if looked and tip is None else unnoted(row, UNASKED)


def _git(settings: Settings) -> GitSettings:
    found = GitSettings(
        seconds=settings.timeout,
        blobs=settings.simulate,
        logins=logins(settings.servers, os.environ),
    )
    name, _, mail = settings.author.partition("<")
    if not (name and mail):
        return found
    return replace(found, author=name.strip(), email=mail.rstrip("> "))


def _in(tree: Tree, task: Task, row: Row, tell: Tell) -> tuple[Row, bytes]:
    os.chdir(tree.root)
    proposal = propose(task.settings, _origin(tree, task.repository), tell)
    os.chdir(os.sep)  # the tree may move
    row = replace(row, files=proposal.files, saving=proposal.saving, notes=proposal.notes)
    if not proposal.edits:
        return _untouched(row), b""
    tell("committing")
    message = commit_message(proposal.files, task.settings, task.version, task.config)
    commit = commit_files(tree, _bytes(proposal), message)
    patch = patch_of(tree, commit) if task.settings.patch else b""
    row = replace(row, status="changed")
    if not task.settings.branch:
        return row, patch
    tell("pushing" if task.settings.push else "making the branch")
    placed = _placed(tree, task, commit)
    if placed.status in ("refused", "failed"):
        status: Status = "refused" if placed.status == "refused" else "error"
        return replace(row, status=status, reason=placed.reason), patch
    remote = tree.remote.name if task.settings.push and tree.remote is not None else ""
    return replace(row, branch=task.settings.branch, remote=remote), patch


def _placed(tree: Tree, task: Task, commit: str) -> Placed:
    """The branch, where it was asked for: at the remote, in the checkout, or in a clone of ours."""
    settings = task.settings
    if settings.push:
        return push_branch(tree, settings.branch, commit)
    if tree.local is not None:
        return place_branch(tree, settings.branch, commit)
    place = clone_folder(settings.output, task.repository.name)
    return keep_clone(tree, settings.branch, commit, place)


def _origin(tree: Tree, repository: Repository) -> Origin:
    """A checkout may be on any branch; its main one is what `origin` says."""
    return Origin(
        tree.default or tree.branch, repository.slug if repository.host == "github.com" else ""
    )


def _bytes(proposal: Proposal) -> Mapping[str, bytes]:
    return {edit.path: edit.after.encode("utf-8", "surrogateescape") for edit in proposal.edits}


def _untouched(row: Row) -> Row:
    """Why nothing changes: an error weighs more than a refusal."""
    if not row.files:
        return replace(row, reason="no Dockerfile found")
    errors = [file.error for file in row.files if file.error]
    if errors:
        return replace(row, status="error", reason=_sentence(errors[0]))
    refusals = [refusal for file in row.files for refusal in file.refusals]
    if refusals:
        return replace(row, status="refused", reason=refusals[0].reason)
    return replace(row, reason="nothing to change")


def _sentence(error: str) -> str:
    """An error in one line: of a build's log what it is about, and its end."""
    first, *rest = [line.strip() for line in error.splitlines() if line.strip()]
    return f"{': '.join(first.split(': ')[:2])}: {rest[-1]}" if rest else first

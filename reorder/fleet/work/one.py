"""One repository from checkout to row. Runs in a process of its own, see `confined`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

from reorder.errors import InputError
from reorder.fleet.git.branch import place_branch
from reorder.fleet.git.commit import commit_files
from reorder.fleet.git.errors import Refused
from reorder.fleet.git.head import head_of
from reorder.fleet.git.patch import patch_of
from reorder.fleet.git.push import push_branch
from reorder.fleet.git.tree import Tree, open_tree
from reorder.fleet.places import clone_folder
from reorder.fleet.repository import Repository
from reorder.fleet.row import Row
from reorder.fleet.work.message import commit_message
from reorder.fleet.work.propose import Origin, Proposal, propose
from reorder.fleet.work.task import Done, Task, Tell


def work_on(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
    """Work on a repository in a folder of its own. `begun`: when, on the monotonic clock."""
    row = Row(task.repository.name, "unchanged", version=task.version, config=task.config)
    patch = b""
    try:
        if task.still is not None:
            tell("asking for its newest commit")
            if head_of(task.repository) == task.still.commit:
                return Done(task.still, kept=True)
        tell("cloning")
        with open_tree(task.repository, folder, commits=task.settings.options.commits) as tree:
            row = replace(row, commit=tree.commit)
            row, patch = _in(tree, task, row, tell)
    except Refused as refused:
        row = replace(row, status="refused", reason=str(refused))
    except InputError as error:
        row = replace(row, status="error", reason=str(error))
    return Done(replace(row, seconds=monotonic() - begun), patch)


def _in(tree: Tree, task: Task, row: Row, tell: Tell) -> tuple[Row, bytes]:
    os.chdir(tree.root)
    proposal = propose(task.settings, _origin(tree, task.repository), tell)
    row = replace(row, files=proposal.files, saving=proposal.saving, notes=proposal.notes)
    if not proposal.edits:
        return _untouched(row), b""
    tell("committing")
    message = commit_message(proposal.files, task.settings, task.version, task.config)
    sha = commit_files(tree, _bytes(proposal), message, author=task.settings.author)
    patch = patch_of(tree, sha) if task.settings.patch else b""
    row = replace(row, status="changed")
    branch = task.settings.branch
    if branch:
        tell("pushing" if task.settings.push else "making the branch")
        if task.repository.path is None and not task.settings.push:
            keep = clone_folder(task.settings.output, task.repository.name)
        else:
            keep = None
        place_branch(tree, branch, sha, keep=keep)
        if task.settings.push:
            push_branch(tree, branch, sha)
        row = replace(row, branch=branch)
    return row, patch


def _origin(tree: Tree, repository: Repository) -> Origin:
    return Origin(tree.branch, repository.slug if repository.host == "github.com" else "")


def _bytes(proposal: Proposal) -> Mapping[str, bytes]:
    return {edit.path: edit.after.encode("utf-8", "surrogateescape") for edit in proposal.edits}


def _untouched(row: Row) -> Row:
    """Why nothing changes: an error weighs more than a refusal."""
    if not row.files:
        return replace(row, reason="no Dockerfile found")
    errors = [file.error for file in row.files if file.error]
    if errors:
        return replace(row, status="error", reason=errors[0])
    refusals = [refusal for file in row.files for refusal in file.refusals]
    if refusals:
        return replace(row, status="refused", reason=refusals[0].reason)
    return replace(row, reason="nothing to change")

"""From what the user chose for `codemod` to what a run needs; whatever is wrong is said here."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any, Final

import click

from reorder.cli.as_rewrite import CHOICES, SETTINGS, options
from reorder.cli.configured import configured
from reorder.cli.extras import needs
from reorder.config import Options
from reorder.errors import InputError
from reorder.fleet.git.branch import branch_name
from reorder.fleet.listing import files, opt_out
from reorder.fleet.listing.rows import Listed, looked_up, rows
from reorder.fleet.places import WORK
from reorder.fleet.pulls.contract import Forge, PullOptions, Refused
from reorder.fleet.pulls.hosts import named
from reorder.fleet.pulls.opening import opener
from reorder.fleet.pulls.pace import Pace
from reorder.fleet.row import Row
from reorder.fleet.run.opening import opens
from reorder.fleet.run.run import Open
from reorder.fleet.settings import BRANCH, TIMEOUT, Settings
from reorder.settings.keys import TABLES

VERIFY_TIMEOUT: Final = 3600.0
OF_RUN: Final = frozenset(CHOICES) - {*SETTINGS}
_AUTHOR: Final = re.compile(r"[^<>\n]+ <[^<>\s]+@[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What there is to do, and how."""

    settings: Settings
    listed: tuple[Listed, ...]
    # Given the rows that are known, and what is set when the run ends early.
    open_pull: Callable[[Mapping[str, Row], Event], Open] | None = None
    look: Callable[[Listed], Listed] | None = None


def prepared(folder: Path, chosen: Mapping[str, Any]) -> Prepared:
    """`chosen` has the command's options by name. Raises InputError and UsageError."""
    settings = _settings(folder, chosen)
    if settings.verify and not chosen["scheduler"]:
        from reorder.verify.engines import find

        find("auto")  # before a thousand repositories find out one by one
    entries = files.given(chosen["repos"])
    if chosen["listed"] is not None:
        entries += files.read(chosen["listed"], sys.stdin.buffer)
    servers = named(chosen["servers"])
    forge = opener(servers, os.environ, writes=bool(settings.pr), only=chosen["pr"])
    listed = _listed(chosen, entries, forge)
    if not settings.pr:
        return Prepared(settings, listed)
    for host in sorted({one.repository.host for one in listed} - {""}):
        forge(host)  # a token or a library that is missing is said before any work

    def look(one: Listed) -> Listed:
        try:
            known = one.repository.host
            return looked_up(one, forge(known)) if known else one
        except Refused as refused:
            return replace(one, skip=f"its forge did not answer: {refused}")

    return Prepared(settings, listed, _opens(chosen, settings, forge), look)


def _settings(folder: Path, chosen: Mapping[str, Any]) -> Settings:
    push = chosen["push"] or chosen["pr"] is not None
    commit = chosen["commit"] or chosen["branch"] is not None or push
    branch = branch_name(chosen["branch"] or BRANCH) if commit else ""
    author = chosen["author"] or ""
    if author and not _AUTHOR.fullmatch(author):
        raise click.BadParameter("it takes `Name <address>`.", param_hint="'--author'")
    if chosen["scheduler"]:
        needs("cluster", "distributed", option="--scheduler")
    timeout = chosen["timeout"] or (VERIFY_TIMEOUT if chosen["verify"] else TIMEOUT)
    folder = Path(os.path.abspath(folder))
    return Settings(
        output=folder,
        options=_options(chosen),
        branch=branch,
        patch=chosen["patch"] or not commit,
        push=push,
        servers=chosen["servers"],
        pr=chosen["pr"] or "",
        ci=chosen["ci"],
        verify=chosen["verify"],
        simulate=chosen["simulate"],
        author=author,
        timeout=timeout,
        work=None if chosen["scheduler"] else folder / WORK,
    )


def _options(chosen: Mapping[str, Any]) -> Options:
    """The command line beats `--config`, which holds for every repository alike."""
    path = chosen["config"]
    if path is None:
        return options({name: chosen[name] for name in OF_RUN if name in chosen})
    from reorder.settings import inforce

    said = configured()
    file = said.file(path.parent)
    assert file is not None
    for name in ("off", "context", "timings"):
        if name in file.values:
            where = file.values[name].line
            raise InputError(str(path), f"`{name}` is for one repository: put it there", where)
    if file.overrides:
        raise InputError(str(path), "`overrides` are for one repository: put them there")
    for name in TABLES:
        if chosen.get(name) and name in file.tables:
            raise InputError(str(path), f"the table `{name}` is not used by codemod: leave it out")
    return inforce.options(said.in_force(path.parent / "Dockerfile"))


def _listed(
    chosen: Mapping[str, Any], entries: Sequence[files.Entry], forge: Callable[[str], Forge]
) -> tuple[Listed, ...]:
    without = opt_out.OptOut() if chosen["opt_out"] is None else opt_out.read(chosen["opt_out"])
    return rows(entries, without, forge)


def _opens(
    chosen: Mapping[str, Any], settings: Settings, forge: Callable[[str], Forge]
) -> Callable[[Mapping[str, Row], Event], Open]:
    how = PullOptions(chosen["draft"], chosen["labels"], chosen["reviewers"])

    def from_rows(known: Mapping[str, Row], stopped: Event) -> Open:
        earlier = [
            (row.pr, datetime.fromisoformat(row.opened)) for row in known.values() if row.opened
        ]
        pace = Pace(chosen["max_prs_per_hour"], earlier, stopped=stopped)
        return opens(forge, settings, how, pace)

    return from_rows

"""`codemod --ci`: the registry cache in the CI files of a work tree of our own."""

from __future__ import annotations

from pathlib import Path

from reorder.batch.edits import Edit
from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.run import planned
from reorder.context.write import Write, write_all
from reorder.fleet.row import FileRow
from reorder.result import Change, Refusal


def ci_files(branch: str, at_github: str) -> tuple[tuple[FileRow, ...], tuple[Edit, ...]]:
    """Rewrite the CI files below the current folder, and write them there."""
    files = planned(Path(), Settings(branch or "main", repository=at_github or None))
    edits = tuple(
        Edit(file.path, file.before, file.after) for file in files if file.before != file.after
    )
    write_all([Write(Path(edit.path), _raw(edit.after), _raw(edit.before or "")) for edit in edits])
    return tuple(_row(file) for file in files if file.found), edits


def _row(file: Planned) -> FileRow:
    return FileRow(
        path=file.path,
        status="changed" if file.before != file.after else "unchanged",
        changes=tuple(_change(one) for one in file.found if one.status == "rewritten"),
        refusals=tuple(
            Refusal("ci", one.line, one.reason) for one in file.found if one.status == "refused"
        ),
    )


def _change(one: Found) -> Change:
    return Change("ci", one.line, "safe", f"{one.what}: {one.reason}")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")

"""The row of one repository in `results.jsonl`, version 1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from reorder.result import Change, Estimate, Refusal
from reorder.result import Status as FileStatus

Status = Literal["changed", "unchanged", "refused", "error", "timeout"]
STATUSES: Final[tuple[Status, ...]] = ("changed", "unchanged", "refused", "error", "timeout")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One Dockerfile, or a CI file under `--ci`. `path` is relative to the repository's root."""

    path: str
    status: FileStatus
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    estimate: Estimate | None = None
    ignore: str = ""  # the ignore file that changes with it
    error: str = ""


@dataclass(frozen=True, slots=True)
class Saving:
    """Expected seconds of a rebuild, all changed Dockerfiles together, and the builds of a year."""

    seconds_before: float
    seconds_after: float
    builds_a_year: float
    source: str = "estimate"  # or "simulation"

    @property
    def hours_a_year(self) -> float:
        """That are saved."""
        return (self.seconds_before - self.seconds_after) * self.builds_a_year / 3600


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one repository. `reason`: one sentence, for every status but `changed`."""

    repo: str
    status: Status
    reason: str = ""
    commit: str = ""  # that it was made from
    files: tuple[FileRow, ...] = ()
    saving: Saving | None = None
    branch: str = ""
    remote: str = ""  # host/owner/name that it was pushed to
    patch: str = ""  # relative to the output folder
    pr: str = ""  # its address
    opened: str = ""  # when, if this run or an earlier one opened it; ISO 8601
    notes: tuple[str, ...] = ()  # what did not work, though the change itself did
    seconds: float = 0.0
    version: str = ""  # of the tool
    config: str = ""  # hash of what the user chose

    @property
    def done(self) -> bool:
        """Whether there is nothing to try again."""
        return self.status not in ("error", "timeout")

    @property
    def unplaced(self) -> bool:
        """Whether a change was refused by its branch alone, which may be free without a commit."""
        return self.status == "refused" and any(file.status == "changed" for file in self.files)


def as_line(row: Row) -> str:
    """One line of JSON, plain ASCII, with its end."""
    data = asdict(row)
    saving = data.pop("saving")
    data["estimate"] = row.saving and {
        **{name: _rounded(value) for name, value in saving.items()},
        "hours_a_year": round(row.saving.hours_a_year, 2),
    }
    data["seconds"] = round(row.seconds, 2)
    return json.dumps(data, ensure_ascii=True) + "\n"


def from_line(line: str) -> Row:
    """The row again. Raises ValueError for what is none."""
    data = json.loads(line)
    if not isinstance(data, dict) or data.get("status") not in STATUSES:
        raise ValueError("not a row")
    try:
        return _row(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a row: {error}") from None


def mapped(row: Row, change: Any) -> Row:
    """The row with its texts changed by a function from text to text.

    What a row is found again by, and words that are the tool's own, stay as they are.
    """
    return _row(_texts(json.loads(as_line(row)), change))


def noted(row: Row, about: str, why: str) -> Row:
    """The row with the note `about: why`, in place of an earlier one about the same."""
    return replace(row, notes=(*unnoted(row, about).notes, f"{about}: {why}"))


def unnoted(row: Row, about: str) -> Row:
    """The row without its notes about something."""
    return replace(row, notes=tuple(one for one in row.notes if not one.startswith(f"{about}: ")))


def _texts(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_texts(item, change) for item in value]
    if isinstance(value, dict):
        return {
            name: item if name in _OWN else _texts(item, change) for name, item in value.items()
        }
    return value


def _row(data: Mapping[str, Any]) -> Row:
    saving = data.get("estimate")
    names = ("seconds_before", "seconds_after", "builds_a_year", "source")
    rest = {key: value for key, value in data.items() if key in _PLAIN}
    row = Row(**rest)
    return replace(
        row,
        notes=tuple(row.notes),
        files=tuple(_file(item) for item in data.get("files", ())),
        saving=Saving(*(saving[name] for name in names)) if saving else None,
    )


def _file(data: Mapping[str, Any]) -> FileRow:
    estimate = data.get("estimate")
    return FileRow(
        path=data["path"],
        status=data["status"],
        changes=tuple(
            Change(**{**one, "assumptions": tuple(one["assumptions"])}) for one in data["changes"]
        ),
        refusals=tuple(Refusal(**one) for one in data["refusals"]),
        estimate=Estimate(**estimate) if estimate else None,
        ignore=data["ignore"],
        error=data["error"],
    )


def _rounded(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value


_OWN: Final = frozenset(
    ("repo", "status", "commit", "branch", "remote", "opened", "version", "config", "id", "safety")
)
_PLAIN: Final = frozenset(Row.__dataclass_fields__) - {"files", "saving"}

"""The changes of a run as SARIF fixes (SARIF 2.1.0, sections 3.55 to 3.57)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from reorder.batch.edits import Edit, edits
from reorder.result import Result

Place = Callable[[str], dict[str, object]]  # a path as the user wrote it -> an artifactLocation
_MARK = "\ufeff"  # a byte order mark is no part of a text that regions count in (section 3.30.2)


def fix(result: Result, place: Place) -> dict[str, object] | None:
    """All changes of one Dockerfile, its ignore file included; None where there is none.

    One fix for them all: each was proved together with those before it.
    """
    changes = [_file(edit, place) for edit in edits([result])]
    if not changes:
        return None
    text = "Make all changes of `reorder` to this Dockerfile"
    return {"description": {"text": text}, "artifactChanges": changes}


def _file(edit: Edit, place: Place) -> dict[str, object]:
    before, after = edit.before or "", edit.after
    exact = all(map(_is_text, (before, after)))
    replacements = _of_text(before, after) if exact else _of_bytes(before, after)
    return {"artifactLocation": place(edit.path), "replacements": list(replacements)}


def _of_text(before: str, after: str) -> Iterator[dict[str, object]]:
    """Whole lines, from the start of the first to the start of the line after the last."""
    old, new = (_lines(text.removeprefix(_MARK)) for text in (before, after))
    for at, end, lines in _hunks(old, new):
        (first, column), (last, after_it) = _point(old, at), _point(old, end)
        region = {
            "startLine": first,
            "startColumn": column,
            "endLine": last,
            "endColumn": after_it,
        }
        yield {"deletedRegion": region, "insertedContent": {"text": "".join(lines)}}


def _point(old: Sequence[str], at: int) -> tuple[int, int]:
    """Line and column before a line; the end of a text is on its last line (section 3.30.2)."""
    return (at, len(old[-1]) + 1) if at and at == len(old) else (at + 1, 1)


def _of_bytes(before: str, after: str) -> Iterator[dict[str, object]]:
    """The same in bytes, for what is not UTF-8 and cannot be said as text."""
    old, new = _lines(before), _lines(after)
    starts = [0, *accumulate(len(_raw(line)) for line in old)]
    for at, end, lines in _hunks(old, new):
        region = {"byteOffset": starts[at], "byteLength": starts[end] - starts[at]}
        raw = b64encode(_raw("".join(lines))).decode("ascii")
        yield {"deletedRegion": region, "insertedContent": {"binary": raw}}


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, Sequence[str]]]:
    # Loaded here: only a run that changes something needs it.
    from difflib import SequenceMatcher

    for kind, at, end, first, last in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind != "equal":
            yield at, end, new[first:last]


def _lines(text: str) -> list[str]:
    """Lines with their ends; only "\\n" ends a line, unlike `str.splitlines`."""
    lines = text.split("\n")
    return [*(line + "\n" for line in lines[:-1]), *filter(None, lines[-1:])]


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")

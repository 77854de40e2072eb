"""Results as a unified diff that `git apply` takes, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reorder.batch.edits import Edit, edits
from reorder.result import Result

PatchPath = Callable[[str], str]  # a path as the user wrote it -> the path inside the patch

_NAMED_ESCAPES = {
    0x07: "\\a",
    0x08: "\\b",
    0x09: "\\t",
    0x0A: "\\n",
    0x0B: "\\v",
    0x0C: "\\f",
    0x0D: "\\r",
    0x22: '\\"',
    0x5C: "\\\\",
}


def unified(results: Iterable[Result], patch_path: PatchPath) -> str:
    """The patch of all results together; "" when nothing changes."""
    return patch(edits(results), patch_path)


def patch(changes: Iterable[Edit], patch_path: PatchPath) -> str:
    """The patch of some files."""
    return "".join(_patch(edit, patch_path(edit.path)) for edit in changes)


def quote(path: str) -> str:
    """A path as git prints it with `core.quotePath` on (git, `quote.c`)."""
    raw = path.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in (0x22, 0x5C) for byte in raw):
        return path
    return '"' + "".join(map(_escape, raw)) + '"'


def _escape(byte: int) -> str:
    if byte in _NAMED_ESCAPES:
        return _NAMED_ESCAPES[byte]
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


def _patch(edit: Edit, path: str) -> str:
    # Loaded here: only a run that changes something needs it.
    from difflib import unified_diff

    old, new = quote(f"a/{path}"), quote(f"b/{path}")
    # Git ends a name with a tab where a blank in it could be taken for a time stamp.
    tab = "\t" if " " in path else ""
    head = f"diff --git {old} {new}\n"
    if edit.before is None:
        head += "new file mode 100644\n"
        if not edit.after:
            return head
        old_name = "/dev/null"
    else:
        old_name = old + tab
    before, after = _lines(edit.before or ""), _lines(edit.after)
    hunks = list(unified_diff(before, after, lineterm="\n"))[2:]
    return head + f"--- {old_name}\n+++ {new}{tab}\n" + "".join(_closed(hunks))


def _lines(text: str) -> list[str]:
    """Lines with their ends; only "\\n" ends a line for git, unlike `str.splitlines`."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _closed(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"

"""The sources of a COPY or ADD that the listing of the context does not tell everything about."""

from __future__ import annotations

import posixpath
from urllib.parse import urlsplit

from reorder.equivalence.folders import Target
from reorder.equivalence.listing import Listing, is_odd, is_pattern, normal_source
from reorder.equivalence.program import Step
from reorder.equivalence.values import Value


def is_on(step: Step, name: str) -> bool:
    """Whether a flag without a value is set."""
    value = step.flag(name)
    return value is not None and value.lower() != "false"


def is_foreign(step: Step, source: Value, listing: Listing) -> bool:
    """Whether the files of a source cannot be listed: fetched, unpacked, linked, or not there."""
    text = source.text
    if text is None:
        return True
    if text.startswith("<<") and step.inlines:
        return False
    if not listing.complete:
        return True
    if is_on(step, "parents"):
        return False  # looked at where they are picked
    name = normal_source(text)
    if is_pattern(text):
        found = listing.matches(name)
        return is_odd(text) or any(_is_special(step, path, listing) for path in found)
    if step.keyword == "add" and ("://" in text or text.startswith("git@")):
        return True
    return listing.kind(name) is None or _is_special(step, name, listing)


def _is_special(step: Step, path: str, listing: Listing) -> bool:
    kind = listing.kind(path)
    if kind == "link":
        return True
    if step.keyword != "add" or kind != "file":
        return False
    text = listing.read(path)
    # BuildKit looks at the content, not at the name, to find an archive.
    if text is None or "\0" in text or text.startswith("BZh"):
        return True
    return not text.isascii() and any("\udc80" <= char <= "\udcff" for char in text)


def fetched(step: Step, sources: list[Value], into: Target) -> frozenset[str] | None:
    """The files that an ADD of plain URLs makes in a folder; None: it does something else."""
    if step.keyword != "add" or not into.folder or is_on(step, "unpack") or step.inlines:
        return None
    found: set[str] = set()
    for source in sources:
        text = source.text or ""
        name = posixpath.basename(urlsplit(text).path)
        plain_url = text.startswith(("http://", "https://")) and not is_pattern(text)
        if not source.certain or not plain_url or not name or ".git" in text:
            return None
        found.add(posixpath.join(into.path, name))
    return frozenset(found)

"""What `--exclude` and `--parents` take of a source (fsutil copy/copy.go `copier.copy`)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from reorder.context.ignore import Ignore, parse_ignore
from reorder.equivalence.listing import Listing, is_odd, is_pattern, normal_source
from reorder.equivalence.program import Step
from reorder.equivalence.values import Value


@dataclass(frozen=True, slots=True)
class Picked:
    """The patterns of one instruction."""

    excluded: Ignore | None
    parents: bool

    def keeps(self, path: str) -> bool:
        """Whether an entry is taken; the path is relative to its source."""
        return self.excluded is None or not self.excluded.excluded(path)

    def below(self, source: str, listing: Listing) -> tuple[str, list[tuple[str, bool]]]:
        """For a source of --parents: the folder that paths are relative to, and the entries that
        are taken, folders first, each with whether it matches itself."""
        root, pattern = _pivot(source)
        wanted = _patterns((pattern,))
        start = len(root) + 1 if root else 0
        taken: dict[str, bool] = {}
        for path in listing.below(root):
            name = path[start:]
            if wanted is None or not wanted.excluded(name) or not self.keeps(name):
                continue
            above = posixpath.dirname(name)
            folders = []
            while above:
                folders.append(root + "/" + above if root else above)
                above = posixpath.dirname(above)
            for folder in reversed(folders):
                taken.setdefault(folder, False)
            taken[path] = True
        return root, sorted(taken.items())


def pick(step: Step, sources: list[Value], listing: Listing) -> Picked | None:
    """What the flags of a COPY choose; None: it depends on what is not followed."""
    patterns = step.flags_named("exclude")
    excluded = _patterns(patterns) if patterns else None
    parents = step.flag("parents")
    followed = parents is not None and parents.lower() != "false"
    if patterns and excluded is None:
        return None
    if patterns and not followed and any(_unsure(s, excluded, listing) for s in sources):
        return None
    if followed and any(not _parents_known(source, listing) for source in sources):
        return None
    return Picked(excluded, followed)


def _unsure(source: Value, excluded: Ignore | None, listing: Listing) -> bool:
    """Whether a source that is itself a file might be left out."""
    if source.text is None or excluded is None:
        return True
    name = normal_source(source.text)
    found = listing.matches(name) if is_pattern(source.text) else [name]
    files = [path for path in found if listing.kind(path) != "dir"]
    return any(excluded.excluded(p) or excluded.excluded(posixpath.basename(p)) for p in files)


def _parents_known(source: Value, listing: Listing) -> bool:
    text = source.text
    if text is None or not listing.complete or text.startswith("<<") or is_odd(text):
        return False
    root, pattern = _pivot(text)
    if is_pattern(root) or listing.kind(root) != "dir" or _patterns((pattern,)) is None:
        return False
    _, taken = Picked(None, True).below(text, listing)
    if any(listing.kind(path) == "link" for path, _ in taken):
        return False
    return bool(taken) or is_pattern(pattern)


def _pivot(source: str) -> tuple[str, str]:
    head, mark, tail = source.partition("/./")
    return (normal_source(head), normal_source(tail)) if mark else ("", normal_source(source))


def _patterns(texts: tuple[str, ...]) -> Ignore | None:
    """An ignore file has comments, anchors and blanks to trim, a flag has none: left alone."""
    for text in texts:
        if not text.isascii() or text != text.strip() or text[:1] in ("", "#", "/", "!"):
            return None
    parsed = parse_ignore("\n".join(texts))
    return parsed if parsed.problem is None else None

"""Which entries below a source a COPY takes: `--exclude`, and the pattern of `--parents`.

Both are patterns of moby/patternmatcher, as in an ignore file but without its comments and anchors
(fsutil copy/copy.go `newCopier`).
"""

from __future__ import annotations

from dataclasses import dataclass

from reorder.context.ignore import Ignore, parse_ignore


@dataclass(frozen=True, slots=True)
class Chosen:
    """Paths are relative to the source folder."""

    left_out: Ignore | None = None
    wanted: Ignore | None = None

    def file(self, path: str) -> bool:
        """Whether a file is taken."""
        if self.left_out is not None and self.left_out.excluded(path):
            return False
        return self.wanted is None or self.wanted.excluded(path)

    folder = file  # one that is not taken is still made when something in it is

    def surely(self, path: str) -> bool:
        """Whether a source that is itself a file is taken, whatever patterns are relative to."""
        return self.left_out is None or not any(
            self.left_out.excluded(name) for name in (path, path.rpartition("/")[2])
        )

    def only(self, pattern: str) -> Chosen | str:
        """The same, of what a pattern names, with all below it."""
        found = _parsed((pattern,))
        return found if isinstance(found, str) else Chosen(self.left_out, found)


def chosen(exclude: tuple[str, ...]) -> Chosen | str:
    """What is left by the `--exclude` flags, or why that is not known."""
    if not exclude:
        return Chosen()
    found = _parsed(exclude)
    return found if isinstance(found, str) else Chosen(found)


def _parsed(patterns: tuple[str, ...]) -> Ignore | str:
    for pattern in patterns:
        plain = pattern == pattern.strip() and pattern.isascii() and pattern[:1] not in "#/!"
        if not plain or "\n" in pattern:
            return f"the pattern {pattern} is not followed"
    ignore = parse_ignore("\n".join(patterns))
    return ignore if ignore.problem is None else f"a pattern: {ignore.problem.message}"

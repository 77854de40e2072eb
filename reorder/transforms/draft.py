"""A file on its way to another: its instructions, each with the line it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reorder.syntax import edit
from reorder.syntax.lines import split_lines
from reorder.syntax.nodes import File, Instruction

# Comments that speak to a tool about the instruction right below them.
PRAGMAS = (
    "hadolint",
    "check=",
    "reorder:",
    "checkov:",
    "trivy:",
    "kics",
    "tally",
    "nosec",
    "shellcheck",
)


@dataclass(frozen=True, slots=True)
class Part:
    """An instruction and the line, in the text that the author gave, that it stands for."""

    instruction: Instruction
    line: int


@dataclass(frozen=True, slots=True)
class Draft:
    """Positions are indexes into `parts`."""

    file: File
    parts: tuple[Part, ...]

    @staticmethod
    def of(file: File, lines: Sequence[int]) -> Draft:
        """The file as it is; `lines` has the line that each instruction stands for."""
        pairs = zip(file.instructions, lines, strict=True)
        return Draft(file, tuple(Part(node, line) for node, line in pairs))

    def insert(self, at: int, texts: Sequence[str], line: int, leading: str = "") -> Draft:
        """New instructions, one for each source text without a line end, before position `at`."""
        file = self.file
        made = [edit.make(text + file.newline, file.newline, file.escape) for text in texts]
        if made:
            made[0] = replace(made[0], leading=leading)
        new = tuple(Part(node, line) for node in made)
        return replace(self, parts=(*self.parts[:at], *new, *self.parts[at:]))

    def move_up(self, positions: Sequence[int], target: int) -> Draft:
        """The instructions at `positions` just before the one at `target`, in their own order."""
        moved = sorted(positions)
        if moved == [target + 1] and self._is_pair(target):
            # One comment above two copies is about both.
            leading = self.parts[target].instruction.leading
            draft = self.with_leading(target, "").with_leading(target + 1, leading)
            first, second = draft.parts[target], draft.parts[target + 1]
            parts = (*draft.parts[:target], second, first, *draft.parts[target + 2 :])
            return replace(self, parts=parts)
        order = [i for i in range(len(self.parts)) if i not in set(moved)]
        at = order.index(target)
        order[at:at] = moved
        draft = replace(self, parts=tuple(self.parts[i] for i in order))
        opening = blank_lines(self.parts[target].instruction.leading)
        between = self.parts[target + 1 : moved[0] + 1]
        if not any(blank_lines(part.instruction.leading) for part in between):
            # One paragraph before and after: only its first line is another.
            place = at + len(moved)
            rest = draft.parts[place].instruction.leading
            draft = draft.with_leading(place, rest.removeprefix(opening))
        head = draft.parts[at].instruction.leading
        if target and not opening and self.parts[target - 1].instruction.keyword == "from":
            # It takes the place right below FROM; the blank line goes between the two.
            blank = blank_lines(head)
            draft = draft.with_leading(at, head.removeprefix(blank))
            draft = draft.opened(at + len(moved), blank)
        elif between and not opening:
            # What moves comes from another paragraph: it stays one of its own.
            blanks = (blank_lines(self.parts[i].instruction.leading) for i in moved)
            draft = draft.opened(at + len(moved), next(filter(None, blanks), ""))
        draft = draft.opened(at, opening)
        for i in moved:
            follower = next((j for j in range(i + 1, len(order)) if j not in moved), None)
            if follower is not None:
                blank = blank_lines(self.parts[i].instruction.leading)
                draft = draft.opened(order.index(follower), blank)
        return draft

    def move_down(self, positions: Sequence[int], last: int) -> Draft:
        """Neighbouring instructions just after the one at `last`, below them."""
        first, after = positions[0], positions[-1] + 1
        group = self.parts[first:after]
        parts = (
            *self.parts[:first],
            *self.parts[after : last + 1],
            *group,
            *self.parts[last + 1 :],
        )
        opening = blank_lines(group[0].instruction.leading)
        draft = replace(self, parts=parts).opened(first, opening)
        if last + 1 == len(self.parts) or self.parts[last + 1].instruction.keyword == "from":
            return draft
        # It joins the paragraph of what it now stands above, unless one of the two has parts.
        leading = self.parts[last + 1].instruction.leading
        blank = blank_lines(leading)
        several = any(blank_lines(part.instruction.leading) for part in group[1:])
        if leading == blank and not several:
            draft = draft.with_leading(last + 1, "")
        own = group[0].instruction.leading.removeprefix(opening)
        return draft.with_leading(last + 1 - len(group), blank + own)

    def _is_pair(self, at: int) -> bool:
        first, second = self.parts[at].instruction, self.parts[at + 1].instruction
        plain = not second.leading and not has_pragma(first.leading)
        return first.keyword == second.keyword == "copy" and plain

    def opened(self, at: int, blank: str) -> Draft:
        """With blank lines above a position that has none."""
        leading = self.parts[at].instruction.leading
        return self if blank_lines(leading) else self.with_leading(at, blank + leading)

    def put(self, at: int, instruction: Instruction) -> Draft:
        """Another instruction at a position; it stands for the same line."""
        part = replace(self.parts[at], instruction=instruction)
        return replace(self, parts=(*self.parts[:at], part, *self.parts[at + 1 :]))

    def with_leading(self, at: int, leading: str) -> Draft:
        """Other comments above the instruction at a position."""
        return self.put(at, replace(self.parts[at].instruction, leading=leading))

    def directive(self, name: str, value: str) -> Draft:
        """The same with a parser directive added at the top."""
        file = edit.with_directive(self.build(), name, value)
        pairs = zip(file.instructions, self.lines, strict=True)
        return Draft(file, tuple(Part(node, line) for node, line in pairs))

    @property
    def lines(self) -> tuple[int, ...]:
        """The line that each instruction stands for."""
        return tuple(part.line for part in self.parts)

    def build(self) -> File:
        """The new file. Raises ValueError when the text would not say what the parts say."""
        return edit.arranged(self.file, [part.instruction for part in self.parts])


def has_pragma(leading: str) -> bool:
    """Whether a comment must stay right above its instruction."""
    return any(word in leading for word in PRAGMAS)


def blank_lines(leading: str) -> str:
    """The blank lines a leading text starts with."""
    found = ""
    for line in split_lines(leading):
        if line.strip():
            break
        found += line
    return found

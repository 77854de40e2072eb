"""One `COPY --parents` in place of a long list of manifest copies.

`--parents` keeps the folders of what it copies. It came with Dockerfile 1.20 (BuildKit docs,
reference.md; `-labs` frontends have it since 1.7), so a list of more than a dozen lines takes this
form only where the file names such a frontend itself: to name one would make every build fetch it.
`--manifest-style parents` takes the form for every list, and names the frontend. The files are
listed, not matched by a pattern: `**/pom.xml` would bring those of examples and fixtures too, and
the install would run again for them; what is missing is found by `--check`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from reorder.context.build import BuildContext
from reorder.ecosystems.paths import below
from reorder.syntax import views
from reorder.syntax.nodes import Instruction
from reorder.transforms.base import Settings
from reorder.transforms.draft import Draft
from reorder.transforms.layout import INDENT, WIDTH

MOST_LINES: Final = 12
_SINCE: Final = (1, 20)
_LABS_SINCE: Final = (1, 7)
_PIN: Final = re.compile(
    r"(?:docker\.io/)?docker/dockerfile(?P<upstream>-upstream)?(?::(?P<tag>[^@]+))?(?:@.+)?"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A source of a list: its path below `root`, which is where it goes below `base`."""

    root: str
    inner: str
    base: str


def compacted(draft: Draft, context: BuildContext | None, settings: Settings) -> Draft:
    """The draft with its new lists of copies in the form that is wanted; else the same."""
    most = _most(draft.file.directive("syntax"), settings)
    if context is None or most is None:
        return draft
    authors = {node.text.strip() for node in settings.original}
    keys = [
        (_flags(part.instruction), part.line)
        if _is_new_list(part.instruction, authors)
        else (str(at),)
        for at, part in enumerate(draft.parts)
    ]
    for _, group in groupby(reversed(range(len(keys))), key=lambda at: keys[at]):
        places = sorted(group)
        if len(places) > most:
            draft = _joined(draft, places, context)
    return draft


def has_parents(pin: str | None) -> bool:
    """Whether the frontend that a file names surely knows `--parents`."""
    image = (pin or "").split(" ")[0]
    found = _PIN.fullmatch(image)
    if found is None:
        return False
    tag = found["tag"] or "latest"
    if found["upstream"] or tag in ("latest", "labs", "1", "1-labs"):
        return "@" not in image  # a digest stays at the version that it had one day
    version = re.match(r"(\d+)\.(\d+)", tag)
    number = (int(version[1]), int(version[2])) if version else (0, 0)
    return number >= (_LABS_SINCE if "labs" in tag else _SINCE)


def _most(pin: str | None, settings: Settings) -> int | None:
    """The longest list that stays one; None: all of them do."""
    style = settings.options.manifest_style
    if style == "explicit" or not settings.builder.mounts:
        return None
    if pin is None:
        return 1 if style == "parents" and settings.options.allows("syntax-directive") else None
    if not has_parents(pin):
        return None
    return 1 if style == "parents" else MOST_LINES


def _is_new_list(node: Instruction, authors: set[str]) -> bool:
    if node.keyword != "copy" or node.is_json or node.heredocs or node.text.strip() in authors:
        return False
    view = views.copy(node)
    texts = (*view.sources, view.dest)
    wild = any(char in text for text in texts for char in "*?[$")
    return view.from_ is None and not view.parents and not view.exclude and not wild


def _flags(node: Instruction) -> str:
    return " ".join(token.text for token in node.tokens if token.kind == "flag")


def _joined(draft: Draft, places: Sequence[int], context: BuildContext) -> Draft:
    """The instructions at some neighbouring positions as one; the same where that is not known."""
    nodes = [draft.parts[at].instruction for at in places]
    if any(node.leading for node in nodes[1:]):
        return draft
    found = list(_placed(nodes, context))
    if len({(place.root, place.base) for place in found}) != 1 or not found:
        return draft
    root, base = found[0].root, found[0].base
    words = [f"{root}/./{place.inner}" if root else place.inner for place in found]
    keyword = nodes[0].tokens[0].text
    flags = [flag for flag in _flags(nodes[0]).split(" ") if flag]
    text = _wrapped([keyword, *flags, "--parents", *words, base], draft)
    first = places[0]
    kept = (*draft.parts[:first], *draft.parts[places[-1] + 1 :])
    line = draft.parts[first].line
    return replace(draft, parts=kept).insert(first, [text], line, nodes[0].leading)


def _placed(nodes: Sequence[Instruction], context: BuildContext) -> Iterator[_Place]:
    """Each source with the part of its path that the destination has, too; nothing: it differs."""
    pairs: list[tuple[str, str]] = []  # a source, and the path it gets
    for node in nodes:
        view = views.copy(node)
        dest = posixpath.normpath(view.dest)
        for source in view.sources:
            whole = context.kind(source) == "dir"
            name = "" if whole else posixpath.basename(source)
            pairs.append((posixpath.normpath(source), posixpath.normpath(f"{dest}/{name}")))
    base = posixpath.commonpath([posixpath.dirname(place) for _, place in pairs] or ["."])
    for source, place in pairs:
        inner = posixpath.relpath(place, base or ".")
        if not below(f"/{source}", "/") or not f"/{source}".endswith(f"/{inner}"):
            return
        root = source.removesuffix(inner).strip("/")
        if root == base:
            yield _Place("", source, "./")
        else:
            yield _Place(root, inner, f"{base or '.'}/")


def _wrapped(words: Sequence[str], draft: Draft) -> str:
    edge = f" {draft.file.escape}{draft.file.newline}{INDENT}"
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) >= WIDTH:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return edge.join(lines)

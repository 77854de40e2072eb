"""What a developer changes before a rebuild, and what of the context is worth changing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reorder.context.history import History, history
from reorder.cost.tiers import is_manifest
from reorder.errors import InputError
from reorder.graph.copies import Copied
from reorder.verify.marks import has_comments, marked
from reorder.verify.pair import Pair
from reorder.verify.workspace import Workspace

Kind = Literal["source", "manifest", "nothing", "file", "commit"]
MOST_TEXT = 1 << 20
_LOCKS = (
    ".lock",
    ".sum",
    ".lockb",
    "-lock.json",
    "-lock.yaml",
    "shrinkwrap.json",
    "mvnw",
    "gradlew",
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. `path` is relative to the context; "" for nothing."""

    kind: Kind
    path: str = ""

    def apply(self, workspace: Workspace, original: bytes, mark: str) -> None:
        """Puts the line `mark` at the end of what the file was."""
        if self.path:
            data = marked(self.path, original, mark)
            workspace.write(self.path, original + b"\n" if data is None else data)


def choose(pair: Pair) -> tuple[Edit, ...]:
    """A source file, a manifest and nothing: those of them that there are.

    Of what a COPY of the original takes and git tracks, the file that changed most often.
    """
    context = pair.before.context
    taken = sorted(set(_taken(pair)))
    known = history(pair.root, pair.dockerfile, pair.before.text)
    masks = known.paths if isinstance(known, History) else {}
    order = sorted(taken, key=lambda path: (-masks.get(path, 0).bit_count(), path.count("/"), path))
    texts = [path for path in order if _is_text(pair, path)]
    skipped = {context.ignore_path, pair.dockerfile.name}
    sources = [p for p in texts if not is_manifest(p) and p not in skipped]
    sources = [p for p in sources if has_comments(p) and not p.endswith(".md")] or sources
    manifests = [p for p in texts if is_manifest(p) and not p.endswith(_LOCKS)]
    found = [Edit("source", path) for path in sources[:1]]
    found += [Edit("manifest", path) for path in manifests[:1]]
    return (*found, Edit("nothing"))


def named(pair: Pair, path: str) -> Edit:
    """The edit of one file. Raises InputError when it does not reach the builder."""
    context = pair.before.context
    found = context.resolve(path)
    if not found or context.visible[found].kind != "file":
        raise InputError(path, f"is no file of the build context {pair.root}")
    return Edit("file", found)


def _taken(pair: Pair) -> Iterator[str]:
    context = pair.before.context
    tracked = context.project.tracked
    for node in pair.before.facts.nodes.values():
        if isinstance(node.copy, Copied):
            for path in node.copy.placed.files.values():
                if tracked is None or path in tracked:
                    yield path


def _is_text(pair: Pair, path: str) -> bool:
    entry = pair.before.context.visible.get(path)
    if entry is None or entry.kind != "file" or entry.size > MOST_TEXT:
        return False
    text = pair.before.context.read(path)
    return text is not None and _plain(text)


def _plain(text: str) -> bool:
    """No zero bytes, and nothing that is not UTF-8 (surrogates)."""
    return "\0" not in text and not any("\udc80" <= char <= "\udcff" for char in text)

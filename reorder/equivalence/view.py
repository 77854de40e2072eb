"""The image as an ecosystem sees it, made from the state of the abstract machine."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.paths import Paths, below
from reorder.equivalence import owners
from reorder.equivalence.listing import Listing
from reorder.equivalence.scope import DEFAULT_PATH, Scope
from reorder.equivalence.state import State, named_overlap

_WILD: Final = {"**": ".*", "*": "[^/]*", "?": "[^/]"}


# No slots: the folders are computed when they are first asked for.
@dataclass(frozen=True)
class View:
    """Implements `ecosystems.contract.Files`."""

    state: State
    listing: Listing
    application: frozenset[str]

    def origin(self, path: str) -> str | None:
        """The context path of a file that still is the context's."""
        cell = self.state.cells.get(path)
        return cell.origin if cell is not None and cell.kind == "file" else None

    def read(self, path: str) -> str | None:
        """The text of such a file."""
        origin = self.origin(path)
        return None if origin is None else self.listing.read(origin)

    def written(self, path: str) -> bool:
        """Whether a step, by its name, puts something at a path or below it."""
        tree = Paths(trees=frozenset({path}))
        if any(below(p, path) for p in self.state.cells):
            return True
        return any(
            not event.base and replace(event.writes, all_but=None).overlaps(tree)
            for event in self.state.events.values()
        )

    def executable(self, path: str) -> bool:
        """Whether the context has it with an execute bit."""
        origin = self.origin(path)
        return origin is not None and self.listing.executable(origin)

    def exists(self, path: str) -> bool | None:
        """True, False or not known; see `Files.exists`."""
        cell = self.state.cells.get(path)
        if cell is not None:
            return None if cell.kind == "changed" else True
        here = Paths(files=frozenset({path}))
        if any(not e.base and named_overlap(e, here) for e in self.state.events.values()):
            return None
        return False if any(below(path, tree) for tree in self.application) else None

    def under(self, tree: str) -> tuple[str, ...]:
        """Every known file below a folder, sorted."""
        return tuple(path for path in self._files if below(path, tree) and path != tree)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Known files and folders that match, sorted."""
        parts = re.split(r"(\*\*|\*|\?)", pattern)
        compiled = re.compile("".join(_WILD.get(p) or re.escape(p) for p in parts), re.DOTALL)
        return tuple(path for path in self._known if compiled.fullmatch(path))

    @cached_property
    def _known(self) -> tuple[str, ...]:
        cells = self.state.cells.items()
        return tuple(sorted(path for path, cell in cells if cell.kind != "changed"))

    @cached_property
    def _files(self) -> tuple[str, ...]:
        cells = self.state.cells
        return tuple(path for path in self._known if cells[path].kind != "dir")


def image(scope: Scope, state: State, listing: Listing, application: frozenset[str]) -> Image:
    """The state in which a RUN starts."""
    env: dict[str, str | None] = {"PATH": DEFAULT_PATH} if scope.base is not None else {}
    env |= scope.base.env if scope.base is not None else {}
    env |= {name: value.text for name, value in scope.env.items()}
    account = owners.account(scope)
    return Image(
        files=View(state, listing, application),
        env=env,
        cwd=scope.cwd or "/",
        user=scope.user.text,
        home=account.home,
        uid=account.uid,
        gid=account.gid,
        base=scope.base.family if scope.base is not None and scope.base.whole else "",
        tag=scope.base.tag if scope.base is not None else "",
        application=application,
        told=scope.told,
    )

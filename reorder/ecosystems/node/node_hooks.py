"""Dependencies whose own install scripts look at the project that installs them.

Each is taken from the install script of the published package (the names are those on the npm
registry). Every other dependency is taken to read its own files only, and that is printed as an
assumption.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.node.node_manifests import Package
from reorder.ecosystems.node.node_scripts import Touched, git_hooks
from reorder.ecosystems.node.prisma import schema_reads

_GIT: Final = frozenset(
    "husky simple-git-hooks lefthook yorkie pre-commit pre-push ghooks git-validate".split()
)
_PUPPETEER: Final = (
    *(".puppeteerrc", ".puppeteerrc.json", ".puppeteerrc.yaml", ".puppeteerrc.yml"),
    *(".puppeteerrc.js", ".puppeteerrc.cjs", ".puppeteerrc.mjs", ".puppeteerrc.ts"),
    *("puppeteer.config.js", "puppeteer.config.cjs", "puppeteer.config.mjs", "puppeteer.config.ts"),
)


def dependency_hooks(
    names: Iterable[str], root: Package, image: Image, env: Mapping[str, str | None]
) -> Touched:
    """What the install scripts of these dependencies touch in the project."""
    touched = Touched()
    for name in sorted(names):
        if name in _GIT:
            touched |= git_hooks(root.folder, image, env, name)
        elif name == "@prisma/client":
            reads = schema_reads([], root.folder, root, image.files)
            touched |= Touched(problem=reads) if isinstance(reads, str) else Touched(*reads)
        elif name == "puppeteer":
            places = (posixpath.join(root.folder, config) for config in _PUPPETEER)
            touched |= Touched(files=tuple(p for p in places if image.files.exists(p)))
        elif name == "nx" and image.files.exists(posixpath.join(root.folder, "nx.json")):
            touched |= Touched(problem="installing nx looks at the whole workspace (nx.json)")
        elif name == "msw" and root.data.get("msw"):
            touched |= Touched(problem="installing msw writes its worker script into the source")
    return touched

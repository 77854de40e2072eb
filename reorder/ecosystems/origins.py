"""From an image path that does not exist yet back to the place it has in the build context."""

from __future__ import annotations

from collections.abc import Iterable

from reorder.ecosystems.contract import Files
from reorder.ecosystems.paths import below


def in_context(files: Files, path: str, near: Iterable[str]) -> str | None:
    """Where the context would have `path`, judged by known files next to it.

    A known file `/app/web/package.json` that came from `web/package.json` says that `/app` is the
    context's root, so `/app/web/node_modules` would be `web/node_modules`. None: not known.
    """
    for known in near:
        origin = files.origin(known)
        if origin is None:
            continue
        image, context = known.split("/"), origin.split("/")
        while image and context and image[-1] == context[-1]:
            image.pop()
            context.pop()
        root = "/".join(image) or "/"
        if below(path, root):
            rest = path[len(root.rstrip("/")) + 1 :]
            return "/".join((*context, rest)) if rest else "/".join(context) or None
    return None

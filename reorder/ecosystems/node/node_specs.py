"""Dependencies of a package.json that name a path: `file:../lib`, `link:./src`, `./a.tgz`.

Source: `npm-package-arg`; the documentation of Yarn ("protocols"), pnpm ("workspaces", "file") and
bun for the other schemes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_FILE: Final = re.compile(r"^(\.|~/|/)")
_TARBALL: Final = re.compile(r"\.(tgz|tar\.gz|tar)$", re.IGNORECASE)
_SCHEMES: Final = ("file:", "link:", "portal:", "exec:")
DEPENDENCIES: Final = ("dependencies", "devDependencies", "optionalDependencies")


@dataclass(frozen=True, slots=True)
class LocalSpec:
    """A dependency or an override given as a path, as it is written."""

    name: str
    scheme: str  # "file:" for a path without a scheme
    path: str

    @property
    def is_tarball(self) -> bool:
        """Whether it is an archive, which is unpacked, and no folder."""
        return _TARBALL.search(self.path) is not None


def local_specs(data: Mapping[str, Any]) -> Iterator[LocalSpec]:
    """Those of a package.json: dependencies, and what overrides them."""
    for field in DEPENDENCIES:
        yield from paths_in(data.get(field))
    yield from paths_in(data.get("overrides"))
    yield from paths_in(data.get("resolutions"))
    pnpm = data.get("pnpm")
    yield from paths_in(pnpm.get("overrides") if isinstance(pnpm, dict) else None)


def paths_in(entries: object) -> Iterator[LocalSpec]:
    """Those of one table of names and specifications, which may be nested."""
    for name, spec in entries.items() if isinstance(entries, Mapping) else ():
        if isinstance(spec, Mapping):
            yield from paths_in(spec)
        elif isinstance(spec, str):
            found = local_spec(name, spec)
            if found is not None:
                yield found


def local_spec(name: str, spec: str) -> LocalSpec | None:
    """What a specification names by its path; None for a version, a tag or an address."""
    for scheme in _SCHEMES:
        if spec.startswith(scheme):
            rest = spec.removeprefix(scheme)
            path = rest[2:] if rest.startswith("///") else rest
            return LocalSpec(name, scheme, path.partition("#")[0].partition("::")[0])
    if _FILE.match(spec) or (_TARBALL.search(spec) and ":" not in spec):
        return LocalSpec(name, "file:", spec)
    return None

"""What a rewrite may change in an image: the classes that are declared to the user.

Contents of dependency caches, with the empty folders left where one is mounted; untracked files
that the new ignore file keeps out; the Dockerfile and the ignore file where a COPY takes them; and
what tools record of their own runs, which is more or less where a command was cut in two.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reorder.context.build import BuildContext
from reorder.graph.facts import Facts, Node
from reorder.graph.scope import joined
from reorder.syntax import views
from reorder.verify.content import digest
from reorder.verify.image import Entry

CACHE = "a dependency cache"
MOUNT_POINT = "an empty folder where a cache is mounted"
RECORD = "a record that a tool keeps of its own runs"
IGNORED = "the ignore file leaves it out now"
BUILD_FILE = "the Dockerfile or its ignore file"

# Of tools that no ecosystem stands for, and of those that run inside a script.
_CACHES = (
    "/.cache", "/.npm", "/.m2/repository", "/.gradle/caches", "/.nuget/packages", "/go/pkg/mod",
    "/.cargo/registry", "/usr/local/cargo/registry", "/.cargo/git", "/usr/local/cargo/git",
    "/.composer/cache", "/.pnpm-store", "/.yarn/berry/cache", "/.hex", "/.bundle/cache",
    "/var/cache/apt", "/var/lib/apt/lists", "/var/cache/apk", "/var/cache/dnf", "/var/cache/yum",
)  # fmt: skip
# Of telemetry and logs: https://go.dev/doc/telemetry; npm-config(7) `logs-dir`.
# Poetry forgets an empty folder with a random name (`installation/chef.py`).
# Compiled scripts, one after the other in a file: v8-compile-cache, which yarn 1 brings along.
_RECORDS = (
    "/.config/go/telemetry/", "/.npm/_logs/", "/.npm/_update-notifier-last-checked",
    "/tmp/poetry-chef-", "/tmp/v8-compile-cache-",
)  # fmt: skip


# No slots: cached_property hashes what the ignore file hides only when an image asks.
@dataclass(frozen=True)
class Expectations:
    """Of one pair of Dockerfiles. The facts of both are derived with their own context."""

    before: Facts
    after: Facts
    texts: tuple[tuple[str, str, str], ...]  # build files by context path, with both digests

    @cached_property
    def caches(self) -> frozenset[str]:
        """Folders whose contents do not count."""
        return frozenset(path for facts in (self.before, self.after) for path in _caches(facts))

    @cached_property
    def mounts(self) -> frozenset[str]:
        """Where a cache is mounted, with every folder above."""
        points = {
            point
            for facts in (self.before, self.after)
            for node in facts.nodes.values()
            for point in mount_targets(node, facts.file.escape)
        }
        return frozenset(above for point in points for above in _upward(point))

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Untracked context paths that only the build of the original gets."""
        old, new = self.before.context, self.after.context
        if old is None or new is None:
            return frozenset()
        return frozenset(
            path
            for path in old.visible
            if path not in new.visible and not old.project.is_tracked(path)
        )

    def why(self, path: str, before: Entry | None, after: Entry | None) -> str:
        """The reason in words why this difference is expected; "" when it is not."""
        if any(above in self.caches for above in _upward(posixpath.dirname(path))):
            return CACHE
        if any(name in path for name in _RECORDS):
            return RECORD
        if path in self.mounts and _only_folder(before, after):
            return MOUNT_POINT
        if before is not None and self._is_ignored(path, before):
            return IGNORED
        return BUILD_FILE if self._is_build_file(path, before, after) else ""

    def _is_ignored(self, path: str, before: Entry) -> bool:
        """Whether the original has at a path just what the context has, and no longer gives."""
        for tail in _tails(path):
            if tail in self.hidden:
                return self._same(tail, before)
        return False

    def _same(self, path: str, entry: Entry) -> bool:
        context = self.before.context
        assert context is not None  # or nothing is hidden
        found = context.visible[path]
        if found.kind != entry.kind:
            return False
        if entry.kind == "link":
            return found.target == entry.content
        return entry.kind == "dir" or _file_digest(context, path) == entry.content

    def _is_build_file(self, path: str, before: Entry | None, after: Entry | None) -> bool:
        return any(
            path.endswith(f"/{name}")
            and (before is None or before.content == old)
            and (after is None or after.content == new)
            for name, old, new in self.texts
        )


def mount_targets(node: Node, escape: str) -> Iterator[str]:
    """Where the cache mounts of a RUN lie, as far as that is known."""
    if node.keyword != "run":
        return
    for mount in views.mounts(node.instruction):
        text = node.scope.expand(mount.target or "", escape) if mount.type == "cache" else None
        if text and (text.startswith("/") or node.scope.workdir is not None):
            yield joined(node.scope.workdir or "/", text)


def _caches(facts: Facts) -> Iterator[str]:
    for node in facts.nodes.values():
        if node.understood is not None:
            yield from (c.target for c in node.understood.caches if c.target.startswith("/"))
        for target in mount_targets(node, facts.file.escape):
            if any(
                f"{target}/".endswith(f"{end}/") or f"{end}/" in f"{target}/" for end in _CACHES
            ):
                yield target


def _only_folder(before: Entry | None, after: Entry | None) -> bool:
    only = before or after
    return (before is None or after is None) and only is not None and only.kind == "dir"


def _file_digest(context: BuildContext, path: str) -> str:
    place = Path(context.project.root, path)
    try:
        with place.open("rb") as stream:
            return digest(f"/{path}", place.stat().st_size, stream)
    except OSError:
        return ""


def _tails(path: str) -> Iterator[str]:
    """`a/b/c`, `b/c` and `c` of `/a/b/c`."""
    tail = path.lstrip("/")
    while tail:
        yield tail
        tail = tail.partition("/")[2]


def _upward(path: str) -> Iterator[str]:
    """The path and every folder above it but the root."""
    while path not in ("/", ""):
        yield path
        path = posixpath.dirname(path)

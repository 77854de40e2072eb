"""A toy engine: runs small Dockerfiles for real on a made-up file system.

The tools below do what they declare, or less. Nothing here knows how the checker works.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from reorder.ecosystems.contract import Image
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.run import RunEffects
from reorder.shell.nodes import Opaque

CONTEXT = {"a": "A", "b": "B", "d/x": "DX", "d/y": "DY", "d/e/z": "Z"}
SYSTEM = ("/etc", "/usr")
BASE = ("/", "/opt", *SYSTEM)


@dataclass(frozen=True)
class Tool:
    """What a toy command declares."""

    reads: Paths
    writes: Paths
    env: frozenset[str] = frozenset()


TOOLS: Mapping[str, Tool] = {
    "one": Tool(paths("/app/a"), paths(trees=("/app/out",))),
    "two": Tool(paths("/app/b"), paths(trees=("/app/lib",)), frozenset({"K"})),
    "three": Tool(paths(trees=("/app/out",)), paths("/app/sum")),
    "tree": Tool(paths(trees=("/app/d",)), paths("/app/made")),
    "edit": Tool(paths("/app/a"), paths("/app/a")),
    "drop": Tool(NOTHING, paths("/app/d/x")),
    "look": Tool(paths("/app/b"), NOTHING),
}


class Failed(Exception):
    """The toy build fails."""


@dataclass
class Machine:
    """The state of the one stage: files and folders with their owners, and the config."""

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=lambda: dict.fromkeys(BASE, "base"))
    env: dict[str, str] = field(default_factory=dict)
    config: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0"

    def run(self, lines: list[str]) -> Machine:
        """Execute the instructions after FROM."""
        for line in lines:
            keyword, _, rest = line.partition(" ")
            getattr(self, f"do_{keyword.lower()}")(rest)
        return self

    def image(self) -> tuple[object, ...]:
        """What two builds are compared by."""
        config = {**self.config, "folder": self.folder, "user": self.user}
        return self.files, self.folders, config

    def do_env(self, rest: str) -> None:
        key, _, value = rest.partition("=")
        self.env[key] = value
        self.config[f"env {key}"] = value

    def do_arg(self, rest: str) -> None:
        key, _, value = rest.partition("=")
        self.env[key] = value

    def do_label(self, rest: str) -> None:
        key, _, value = rest.partition("=")
        self.config[f"label {key}"] = value

    def do_user(self, rest: str) -> None:
        self.user = rest

    def do_workdir(self, rest: str) -> None:
        self.folder = posixpath.normpath(posixpath.join(self.folder, rest))
        self.make(self.folder, self.user)

    def do_copy(self, rest: str) -> None:
        owner = "0"
        words = rest.split()
        if words[0].startswith("--chown="):
            owner = words.pop(0).partition("=")[2].partition(":")[0]
        dest = posixpath.normpath(posixpath.join(self.folder, words[-1]))
        into = words[-1].endswith(("/", ".")) or dest in self.folders
        for source in words[:-1]:
            if source in CONTEXT:
                path = posixpath.join(dest, posixpath.basename(source)) if into else dest
                self.make(posixpath.dirname(path), owner)
                self.put(path, f"{CONTEXT[source]} {owner}")
            else:
                self.make(dest, owner)
                self.copy_folder("" if source == "." else source + "/", dest, owner)

    def copy_folder(self, prefix: str, dest: str, owner: str) -> None:
        for name, text in CONTEXT.items():
            if name.startswith(prefix):
                inner = name[len(prefix) :]
                above = inner.split("/")[:-1]
                for depth in range(len(above)):
                    nested = posixpath.join(dest, *above[: depth + 1])
                    if nested in self.files:
                        raise Failed(nested)
                    self.folders[nested] = f"context {owner}"
                self.put(posixpath.join(dest, inner), f"{text} {owner}")

    def do_run(self, rest: str) -> None:
        if rest == "anything":
            seen = repr((sorted(self.files.items()), sorted(self.folders.items())))
            self.tool(rest, [repr(sorted(self.env.items())), seen], ["/app/any"])
        elif rest == "system":
            seen = repr(sorted(item for item in self.files.items() if item[0].startswith(SYSTEM)))
            self.tool(rest, [seen], ["/etc/system"])
        else:
            declared = TOOLS[rest]
            seen = repr(sorted(i for i in self.files.items() if declared.reads.contains(i[0])))
            env = [f"{name}={self.env.get(name)}" for name in sorted(declared.env)]
            outputs = [*sorted(declared.writes.files), *(f"{t}/o" for t in declared.writes.trees)]
            touched = [p for p in self.files if declared.writes.contains(p) and p not in outputs]
            if rest == "drop":
                self.files.pop("/app/d/x", None)
                return
            self.tool(rest, [seen, *env], [*outputs, *touched])

    def tool(self, name: str, seen: list[str], outputs: list[str]) -> None:
        for path in outputs:
            parent = posixpath.dirname(path)
            if parent not in self.folders:
                if posixpath.dirname(parent) not in self.folders:
                    raise Failed(f"{name}: no {parent}")
                self.make(parent, self.user)
            old = self.files.get(path, "")
            self.put(path, repr((name, seen, self.user, self.folder, old)))

    def make(self, path: str, owner: str) -> None:
        parts = path.strip("/").split("/")
        for depth in range(len(parts)):
            at = "/" + "/".join(parts[: depth + 1])
            if at in self.files:
                raise Failed(at)
            self.folders.setdefault(at, owner)

    def put(self, path: str, text: str) -> None:
        if path in self.folders:
            raise Failed(path)
        self.files[path] = text


def effects(script: str, image: Image) -> RunEffects | Opaque:
    """Stands in for `run_effects`: what the toy commands declare."""
    if script == "anything":
        return Opaque("it may do anything")
    declared = Tool(image.system, image.system) if script == "system" else TOOLS[script]
    return RunEffects((), declared.reads, declared.writes, declared.env, (), None, script)

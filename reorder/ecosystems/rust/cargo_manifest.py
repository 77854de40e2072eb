"""One Cargo.toml: the package, its targets, the packages it names by path, the workspace.

Source: "The Manifest Format", "Cargo Targets" and "Workspaces" of The Cargo Book for Cargo 1.95.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.words import absolute

_TOO_BIG: Final = 2_000_000
_KINDS: Final = ("dependencies", "build-dependencies", "dev-dependencies")
_DENIED: Final = ("missing_docs", "unused_crate_dependencies", "unused_extern_crates")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A Cargo.toml as far as it says which files are read. Paths are absolute."""

    folder: str
    table: Mapping[str, Any]

    @property
    def package(self) -> Mapping[str, Any] | None:
        """The [package] table; None for the manifest of a workspace without a package."""
        found = self.table.get("package", self.table.get("project"))
        return found if isinstance(found, dict) else None

    @property
    def workspace(self) -> Mapping[str, Any] | None:
        """The [workspace] table."""
        found = self.table.get("workspace")
        return found if isinstance(found, dict) else None

    @property
    def name(self) -> str:
        """The name of the package, or ""."""
        return str((self.package or {}).get("name", ""))

    def version(self, root: Manifest) -> str:
        """The version, which may be that of the workspace; "" where there is none."""
        told = (self.package or {}).get("version", "0.0.0")
        if isinstance(told, dict):
            told = _section(root.workspace or {}, "package").get("version", "")
        return str(told)

    def dependencies(self, kinds: tuple[str, ...] = _KINDS) -> Iterator[tuple[str, Any]]:
        """Every dependency as (name in this manifest, what is said of it), of all targets."""
        sections = [self.table, *_section(self.table, "target").values()]
        for section in sections:
            for kind in kinds:
                for spelling in (kind, kind.replace("-", "_")):
                    yield from _section(section, spelling).items()

    def paths(self, root: Manifest) -> Iterator[str]:
        """The folders of packages that are named by path, those of the workspace's table too."""
        shared = _section(root.workspace or {}, "dependencies")
        for name, told in self.dependencies():
            if not isinstance(told, dict):
                continue
            where = self.folder
            if told.get("workspace") is True:
                told, where = shared.get(name), root.folder
            if isinstance(told, dict) and isinstance(told.get("path"), str):
                yield absolute(told["path"], where)
        for source in (*_section(self.table, "patch").values(), _section(self.table, "replace")):
            for told in source.values() if isinstance(source, dict) else ():
                if isinstance(told, dict) and isinstance(told.get("path"), str):
                    yield absolute(told["path"], self.folder)

    def locked_names(self, root: Manifest) -> frozenset[str]:
        """The packages that a lockfile must name for this one; development left aside."""
        shared = _section(root.workspace or {}, "dependencies")
        found = set()
        for name, told in self.dependencies(_KINDS[:2]):
            if isinstance(told, dict) and told.get("workspace") is True:
                told = shared.get(name)
            own = told.get("package") if isinstance(told, dict) else None
            found.add(str(own or name))
        return frozenset(found)

    def targets(self, files: Files) -> Iterator[tuple[str, bool]]:
        """The source files that targets start from, as (path, whether it needs a `main`).

        Files that are not there are left out, and so are targets that `cargo build` only looks
        for where a manifest names them (tests, examples, benches).
        """
        package = self.package
        if package is None:
            return
        lib = _section(self.table, "lib")
        yield from self._there(files, [str(lib.get("path", "src/lib.rs"))], main=False)
        build = package.get("build", "build.rs")
        if isinstance(build, str):
            yield from self._there(files, [build], main=True)
        bins = [path for path in files.under(f"{self.folder}/src/bin") if path.endswith(".rs")]
        inner = [path[len(self.folder) + 1 :] for path in bins]
        inner = [p for p in inner if p.count("/") == 2 or (p.count("/") == 3 and _is_main(p))]
        yield from self._there(files, ["src/main.rs", *inner], main=True)
        for kind, folder in _FOLDERS.items():
            named = self.table.get(kind)
            for told in named if isinstance(named, list) else ():
                name = told.get("name", "") if isinstance(told, dict) else ""
                guess = [f"{folder}/{name}.rs", f"{folder}/{name}/main.rs"]
                path = told.get("path") if isinstance(told, dict) else None
                yield from self._there(files, [str(path)] if path else guess, main=True)

    def _there(self, files: Files, names: list[str], *, main: bool) -> Iterator[tuple[str, bool]]:
        for name in names:
            path = absolute(name, self.folder)
            if files.exists(path):
                yield path, main

    @property
    def problem(self) -> str | None:
        """What keeps stand-ins for its sources from being compiled in their place."""
        if self.table.get("cargo-features"):
            return "it asks for unstable features of cargo"
        if (self.package or {}).get("forced-target") or (self.package or {}).get("default-target"):
            return "it names a target of its own"
        if isinstance((self.package or {}).get("build"), list):
            return "it has several build scripts"
        lints = _section(_section(self.table, "lints"), "rust")
        lints = {**_section(_section(self.workspace or {}, "lints"), "rust"), **lints}
        for name, told in lints.items():
            level = told.get("level") if isinstance(told, dict) else told
            if name in _DENIED and level in ("deny", "forbid"):
                return f"the lint {name} does not let an empty source pass"
        return None


def read_manifest(folder: str, files: Files) -> Manifest | str:
    """The Cargo.toml of a folder, or why it is not known."""
    path = f"{folder.rstrip('/')}/Cargo.toml"
    text = files.read(path)
    if text is None:
        return f"{path} does not come from the build context"
    table = read_toml(text)
    return f"{path} cannot be read" if table is None else Manifest(folder, table)


def read_toml(text: str) -> dict[str, Any] | None:
    """A TOML document, or None for what is none."""
    import tomli

    if len(text) > _TOO_BIG:
        return None
    try:
        return tomli.loads(text)
    except (ValueError, RecursionError):
        return None


def _section(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def _is_main(path: str) -> bool:
    return path.endswith("/main.rs")


_FOLDERS: Final = {"bin": "src/bin", "example": "examples", "test": "tests", "bench": "benches"}

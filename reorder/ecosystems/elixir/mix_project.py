"""mix.exs as data: dependencies, applications of an umbrella, where things go.

Source: Mix.Project and "mix deps" of Elixir 1.16 (`apps_path`, `lockfile`, `deps_path`,
`build_path`, `config_path`, options of a dependency).
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.elixir.elixir_reads import (
    Found,
    Place,
    collect,
    functions,
    reachable,
    text_value,
)
from reorder.ecosystems.script_tokens import Token, tokens
from reorder.ecosystems.words import absolute

_MOST: Final = 200
WORKED_OUT: Final = "()"  # the key of options that a function gives


@dataclass(frozen=True, slots=True)
class Dependency:
    """One dependency; `options` has the plain texts among its options, other keys with None."""

    name: str
    requirement: str | None
    options: tuple[tuple[str, str | None], ...]

    def option(self, name: str) -> str | None:
        """The text of an option."""
        return dict(self.options).get(name)

    def has(self, *names: str) -> bool:
        """Whether one of the options is given."""
        return any(key in names for key, _ in self.options)


@dataclass(frozen=True, slots=True)
class Project:
    """One mix.exs. `unsure`: why the list of its dependencies is not known."""

    folder: str
    settings: tuple[tuple[str, str | None], ...]
    dependencies: tuple[Dependency, ...]
    unsure: str | None

    def setting(self, name: str) -> str | None:
        """The text of a setting of `project`."""
        return dict(self.settings).get(name)

    def place(self, name: str, default: str) -> str:
        """The path that a setting names."""
        return absolute(self.setting(name) or default, self.folder)


def read_projects(folder: str, found: Found, files: Files, place: Place) -> tuple[Project, ...]:
    """The project of a folder, the applications of its umbrella, and its dependencies in folders.

    What their scripts read is added to `found`.
    """
    projects: dict[str, Project] = {}
    queue = [folder]
    while queue and len(projects) < _MOST:
        here = queue.pop(0)
        if here in projects:
            continue
        path = posixpath.join(here, "mix.exs")
        text = files.read(path)
        if text is None:
            there = files.exists(path)
            found.looked[path] = None
            if here == folder or there is not False:
                found.refuse(
                    f"{path} {'is not in' if there is False else 'does not come from'} the "
                    "build context"
                )
            continue
        found.files[path] = None
        project = _read(text, found, files, Place(path, here, place.env, place.target))
        projects[here] = project
        queue += _inner(project, files)
    return tuple(projects.values())


def _inner(project: Project, files: Files) -> list[str]:
    found = []
    apps = project.setting("apps_path")
    if apps:
        below = absolute(apps, project.folder)
        found += [posixpath.dirname(path) for path in files.glob(f"{below}/*/mix.exs")]
    for dependency in project.dependencies:
        path = dependency.option("path")
        if path:
            found.append(absolute(path, project.folder))
    return found


def _read(text: str, found: Found, files: Files, place: Place) -> Project:
    code = tokens(text, "elixir")
    collect(found, reachable(code, "project"), place, files)
    _, known = functions(code)
    body = list(known.get("project", []))
    settings = tuple(_pairs(body, place))
    inner, unsure = _dependencies_code(body, known)
    for key in ("lockfile", "deps_path", "build_path", "apps_path", "config_path"):
        if dict(settings).get(key, "") is None:
            found.refuse(f"`{key}` in {place.path} is not known")
    dependencies = tuple(_dependencies(inner, place))
    for dependency in dependencies:
        if dependency.has("path") and dependency.option("path") is None:
            found.refuse(f"where the dependency {dependency.name} lies is not known")
    return Project(posixpath.dirname(place.path), settings, dependencies, unsure)


def _dependencies_code(
    body: Sequence[Token], known: dict[str, list[Token]]
) -> tuple[list[Token], str | None]:
    """The list behind `deps:`, and why it is not all that there is."""
    at = next((i for i, t in enumerate(body) if t.kind == "key" and t.text == "deps"), None)
    if at is None:
        return [], None
    if body[at + 1].kind == "op" and body[at + 1].text == "[":
        return list(body[at + 1 : _close(body, at + 1) + 1]), None
    name = body[at + 1].text
    if name not in known:
        return [], "which dependencies mix.exs asks for is not known"
    code: list[Token] = []
    queue = [name]
    while queue:
        code += known[queue[-1]]
        inner = {t.text for t in known.pop(queue.pop()) if t.kind == "word"}
        queue += sorted(inner & known.keys() - set(queue))
    # A condition only leaves some out, and what is left out stays in the lockfile.
    words = {t.text for t in code if t.kind == "word" and t.text in _MAKERS}
    made = any(t.kind == "op" and t.text in ("|>", "<-") for t in code)
    if made or words:
        return code, "which dependencies mix.exs asks for is worked out by a function"
    return code, None


def _dependencies(code: Sequence[Token], place: Place) -> list[Dependency]:
    found = []
    for at, token in enumerate(code):
        opens = token.kind == "op" and token.text == "{"
        if opens and at + 2 < len(code) and code[at + 1].kind == "symbol":
            end = _close(code, at)
            inner = code[at + 2 : end]
            version = inner[1] if len(inner) > 1 and inner[0].text == "," else None
            plain = version is not None and version.kind == "string" and not version.holes
            requirement = version.text if plain and version is not None else None
            options = _pairs(inner, place)
            dots = [False, *(t.kind == "op" and t.text == "." for t in inner)]
            own = (t for t, dot in zip(inner, dots, strict=False) if not dot)
            if any(t.kind == "word" and t.text not in _VALUES for t in own):
                options.append((WORKED_OUT, None))
            found.append(Dependency(code[at + 1].text, requirement, tuple(options)))
    return found


def _pairs(code: Sequence[Token], place: Place) -> list[tuple[str, str | None]]:
    """The keys of a keyword list with the texts after them; nested ones come after."""
    found: list[tuple[str, str | None]] = []
    for at, token in enumerate(code):
        if token.kind == "key" and not any(key == token.text for key, _ in found):
            found.append((token.text, text_value(code, at + 1, place)[0]))
    return found


def _close(code: Sequence[Token], at: int) -> int:
    """Where a bracket is closed."""
    depth = 0
    for i in range(at, len(code)):
        if code[i].kind == "op":
            depth += (code[i].text in "([{") - (code[i].text in ")]}")
        if not depth:
            return i
    return len(code) - 1


_VALUES: Final = frozenset({"true", "false", "nil"})
_MAKERS: Final = frozenset({"for", "map", "flat_map", "reduce", "quote", "unquote"})

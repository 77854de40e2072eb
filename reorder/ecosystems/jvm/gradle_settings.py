"""Which projects a Gradle build has, as its settings script says.

Source: the user guide's "Settings File Basics" and "Multi-Project Builds", and
`DefaultSettings.include` and `ProjectDescriptor` of Gradle 4.4.1 and 8: `a:b` is the folder a/b
below the root and makes a project `:a` too, unless `projectDir` says another folder.
A settings script is a program: what it computes is not known, and is a problem with a reason.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.jvm.build_script import (
    Token,
    calls_of,
    depths,
    filled,
    literals,
    tokens,
)
from reorder.ecosystems.words import absolute

SETTINGS: Final = ("settings.gradle", "settings.gradle.kts")
COMPUTED: Final = "computes which projects the build has"


@dataclass(slots=True)
class Settings:
    """What the settings scripts say; it grows while they are read."""

    root: str
    scripts: list[str] = field(default_factory=list)  # image paths
    projects: dict[str, str] = field(default_factory=dict)  # `:a:b` and its folder; `:` the root
    sure: set[str] = field(default_factory=set)  # projects that stand under no condition
    builds: list[str] = field(default_factory=list)  # folders of included builds
    problem: str | None = None


def read_settings(root: str, files: Files) -> Settings:
    """The settings of the build whose root folder is known; without a script it has one project."""
    found = Settings(root, projects={":": root}, sure={":"})
    for name in SETTINGS:
        path = posixpath.join(root, name)
        if files.exists(path):
            _read(path, found, files)
            break
    return found


def root_of(start: str, files: Files) -> str:
    """The nearest folder from `start` upwards with a settings script; `start` where none is."""
    folder = start
    while True:
        if any(files.exists(posixpath.join(folder, name)) for name in SETTINGS):
            return folder
        if folder == "/":
            return start
        folder = posixpath.dirname(folder)


def applied(script: tuple[Token, ...], folder: str, root: str) -> tuple[list[str], str | None]:
    """Image paths of the scripts of `apply from:`, and the first that is not known."""
    found: list[str] = []
    for _, arguments in _applies(script):
        word = next((t for t in arguments if t.kind in ("text", "code")), None)
        text = filled(word.text, places(folder, root)) if word is not None else None
        if text is None:
            return found, word.text if word is not None else "a value that is computed"
        if "://" not in text:
            base = root if any(t.text in _ROOTS for t in arguments) else folder
            found.append(absolute(text, base))
    return found, None


def _applies(script: tuple[Token, ...]) -> list[tuple[int, tuple[Token, ...]]]:
    found = []
    for at, token in enumerate(script):
        if token == Token("word", "apply") and Token("word", "from") in script[at + 1 : at + 3]:
            start = script.index(Token("word", "from"), at) + 2
            end = next((n for n in range(start, len(script)) if _ends(script[n])), len(script))
            found.append((at, script[start : max(end, start) + 1]))
    return found


def _ends(token: Token) -> bool:
    return token.kind in ("text", "code")


def places(folder: str, root: str) -> dict[str, str]:
    """What names of folders mean in a script of a project."""
    values = dict.fromkeys(("rootDir", "settingsDir", "rootProject.projectDir"), root)
    values |= dict.fromkeys(("rootProject.rootDir", "project.rootDir", "rootDir.path"), root)
    return values | dict.fromkeys(("projectDir", "project.projectDir"), folder)


def _read(path: str, found: Settings, files: Files) -> None:
    name = posixpath.relpath(path, found.root)
    script = tokens(files.read(path) or "")
    if files.read(path) is None or script is None:
        found.problem = found.problem or f"{name} does not come from the build context"
        return
    if path in found.scripts:
        return
    found.scripts.append(path)
    if any(t.kind == "word" and t.text in _SEARCHES for t in script):
        found.problem = found.problem or f"{name} {COMPUTED}"
    depth = depths(script)
    for at, arguments in calls_of(script, "include"):
        plain = literals(arguments)
        names = plain or _looped(script, at, arguments)
        if not names:
            found.problem = found.problem or f"{name} {COMPUTED}"
        for one in names:
            _include(one, found, sure=depth[at] == (0 if plain else 1))
    for _, arguments in calls_of(script, "includeBuild"):
        text = arguments[0].text if arguments and arguments[0].kind == "text" else None
        folder = absolute(text, found.root) if text is not None else None
        if folder is None or not files.under(folder):
            where = text or "that it names"
            found.problem = found.problem or f"the build {where} does not come from the context"
        else:
            found.builds.append(folder)
    _moved(script, name, found)
    scripts, unknown = applied(script, posixpath.dirname(path), found.root)
    if unknown is not None:
        found.problem = found.problem or f"{name} applies {unknown}, which is not known"
    for other in scripts:
        _read(other, found, files)


def _include(text: str, found: Settings, sure: bool) -> None:
    parts = [part for part in text.split(":") if part]
    for length in range(1, len(parts) + 1):
        path = ":" + ":".join(parts[:length])
        found.projects.setdefault(path, posixpath.join(found.root, *parts[:length]))
        if sure:
            found.sure.add(path)


def _looped(script: tuple[Token, ...], at: int, arguments: tuple[Token, ...]) -> tuple[str, ...]:
    """The names of `["a", "b"].each { include it }` or `listOf("a").forEach { include(it) }`."""
    if len(arguments) != 1 or at < 4:
        return ()
    loop = [token.text for token in script[at - 3 : at]]
    if loop[0] != "." or loop[1] not in ("each", "forEach") or loop[2] != "{":
        return ()
    opening = {"]": "[", ")": "("}.get(script[at - 4].text)
    start = at - 4
    while start >= 0 and script[start].text != opening:
        start -= 1
    names = literals(script[start : at - 3]) if start >= 0 else None
    pattern = "$it" if arguments[0] == Token("word", "it") else arguments[0].text
    if not names or (pattern.count("$it") != 1 and pattern.count("${it}") != 1):
        return ()
    whole = [filled(pattern, {"it": name}) for name in names]
    return tuple(name for name in whole if name is not None)


def _moved(script: tuple[Token, ...], name: str, found: Settings) -> None:
    """`project(":a").projectDir = file("x")` and its kin; other folders are a problem."""
    for at, token in enumerate(script):
        if token.text == "buildFileName" or token.text == "includeFlat":
            found.problem = found.problem or f"{name} {COMPUTED}"
        if token != Token("word", "projectDir") or script[at + 1 : at + 2] != (_EQUALS,):
            continue
        before = [t.text for t in script[max(at - 5, 0) : at]]
        following = script[at + 2 : at + 12]
        named = len(before) == 5 and before[:2] == ["project", "("] and before[3:] == [")", "."]
        text = _folder(following)
        if not named or text is None:
            found.problem = found.problem or f"{name} computes where its projects lie"
        else:
            path = ":" + before[2].strip(":")
            found.projects[path] = absolute(text, found.root)


def _folder(following: tuple[Token, ...]) -> str | None:
    """`file("x")`, `new File(settingsDir, "x")`, `File(rootDir, "x")` -> x."""
    words = [t for t in following if t != Token("word", "new")]
    if len(words) < 3 or words[0].text not in ("file", "File") or words[1].text != "(":
        return None
    rest = words[2:]
    while rest and rest[0].text in _ROOTS:
        rest.pop(0)
    if len(rest) < 2 or rest[1].text != ")":
        return None
    if rest[0].kind == "code":
        return filled(rest[0].text, {"rootDir": ".", "settingsDir": "."})
    return rest[0].text if rest[0].kind == "text" else None


_EQUALS: Final = Token("mark", "=")
_ROOTS: Final = frozenset("settingsDir rootDir rootProject settings projectDir . ,".split())
_SEARCHES: Final = frozenset(
    "eachDir eachFile eachFileRecurse eachDirRecurse eachFileMatch eachDirMatch listFiles walk "
    "walkTopDown walkBottomUp traverse fileTree newDirectoryStream".split()
)

"""A call of a tool that installs packages which are named in the command: `cargo install`, ….

They read the system, their own folders and the settings that they look for in the working folder;
they fill the system, their own folders and those that options name. What a package runs while it is
installed knows nothing of the application (as with pip and npm). An install of a folder, a file or
of the project itself is not understood here.

Source: see `named_table`, `named_javascript` and `named_python`.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final

from reorder.ecosystems.by_name.named_table import TOOLS
from reorder.ecosystems.by_name.named_tool import Tool
from reorder.ecosystems.contract import Cache, CommandEffects, Image
from reorder.ecosystems.fetching import ENV, transport_files
from reorder.ecosystems.given import Given, bare, read_given
from reorder.ecosystems.homes import in_application, in_home, user_cache
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.python.python_env import environment_trees
from reorder.ecosystems.words import absolute, unknown, upward
from reorder.shell.nodes import Arg, Call, Opaque


def named_effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of one of these tools does; None for a verb that works on the project."""
    folder, name = posixpath.split(call.name)
    if folder and (posixpath.basename(folder) != "bin" or in_application(folder, image)):
        return None
    clean = f"{name} clean"
    cleans = clean in TOOLS and any(arg.text == "clean" for arg in call.args[1:])
    tool = TOOLS[clean if cleans else name]
    near = paths(*upward(call.cwd, tool.near))
    env = ENV | tool.env
    if call.words is not None and call.words[1:] in _VERSION_QUERIES:
        return CommandEffects(name, image.system | near, env=env)
    given = read_given(call, tool.flags, tool.values | tool.folders)
    if isinstance(given, Opaque):
        return given if _verb_of(call, tool) else None
    verb, operands = _verb(given, tool)
    if verb is None:
        return None
    refused = _refused(name, verb, given, operands)
    if refused is not None:
        return Opaque(refused)
    for arg in operands:
        bad = _not_a_name(arg, slash_is_path=name in _PATHS)
        if bad and verb in tool.installs:
            return (
                unknown(call, arg)
                if arg.kind == "unknown"
                else Opaque(f"`{name} {verb} {arg.text}` does not name a package")
            )
    if name == "corepack" and (operands or verb in tool.changes):
        near = NOTHING
    filled = _filled(tool, given, image)
    if isinstance(filled, Opaque):
        return filled
    here = Paths(globs=frozenset(absolute(pattern, call.cwd) for pattern in tool.patterns))
    writes = image.system | filled
    if name in _IN_PROJECT and verb in tool.changes:
        writes |= near  # Yarn 2 keeps its settings in the project
    return CommandEffects(
        tool=name,
        reads=writes | near | here | transport_files(call, image),
        writes=writes,
        env=env,
        caches=_archives(call, image, tool) if verb in tool.installs else (),
        costly=verb in tool.installs,
    )


def _archives(call: Call, image: Image, tool: Tool) -> tuple[Cache, ...]:
    """What it downloads, where a variable says the folder."""
    variable, _, inner = tool.archives.partition("/")
    value = call.env.get(variable) if tool.archives else None
    if not value:
        return ()
    return (user_cache(call, image, absolute(posixpath.join(value, inner), call.cwd), ""),)


def _verb(given: Given, tool: Tool) -> tuple[str | None, tuple[Arg, ...]]:
    """The verb, of up to two words, and the operands after it."""
    if tool.installs == ("",):
        return ("", given.operands) if given.operands else (None, ())
    words = [arg.text if arg.kind == "literal" else "" for arg in given.operands[:2]]
    for length in (2, 1):
        verb = " ".join(words[:length])
        if len(words) >= length and verb in (*tool.installs, *tool.changes):
            return verb, given.operands[length:]
    return None, ()


def _verb_of(call: Call, tool: Tool) -> bool:
    """Whether a call that cannot be read has one of the tool's verbs all the same."""
    first = {verb.partition(" ")[0] for verb in (*tool.installs, *tool.changes)}
    return bool(first & {arg.text for arg in call.args[1:]}) or "" in first


def _refused(name: str, verb: str, given: Given, operands: tuple[Arg, ...]) -> str | None:
    """Uses that work on the project in the working folder."""
    if name == "pnpm" and not given.has("-g", "--global"):
        return f"`pnpm {verb}` works on the project"
    if name == "corepack" and verb in ("use", "up"):
        return f"`corepack {verb}` changes package.json"
    if name == "corepack" and any("/" in arg.text and "@" not in arg.text for arg in operands):
        return "`corepack` with an archive is not understood"
    if verb in ("install", "i", "add", "") and not operands and name not in ("corepack", "cargo"):
        return f"`{f'{name} {verb}'.rstrip()}` installs what the project asks for"
    if name == "cargo" and not operands and not given.has("--git"):
        return "`cargo install` installs the project itself"
    if verb == "config" and name == "yarn":
        return "`yarn config` is not understood"
    return None


def _not_a_name(arg: Arg, slash_is_path: bool) -> bool:
    """A path, an archive, a pattern, or a word whose name part is not known."""
    text = bare(arg)
    if arg.kind == "unknown":
        return _PINNED.match(text) is None
    if (arg.kind == "glob" and any(char in text for char in "*?")) or "@ file:" in text:
        return True
    if slash_is_path and "/" in text and "://" not in text:
        return True
    if "://" in text:
        return text.lower().startswith("file:")
    return text.startswith((".", "/", "~", "file:", "link:")) or text.endswith(_ARCHIVES)


def _filled(tool: Tool, given: Given, image: Image) -> Paths | Opaque:
    """The tool's own folders and those that options name."""
    named = given.named(given.all(*tool.folders), whole=True)
    if isinstance(named, Opaque):
        return named
    found = named
    if tool is TOOLS["uv"]:
        found |= Paths(trees=environment_trees(given.call, image))
        found |= Paths(trees=frozenset(upward(given.call.cwd, (".venv",))))
    for variable, default in tool.homes:
        variable, _, inner = variable.partition("/")
        value = given.call.env.get(variable, "") if variable else ""
        if value is None:
            return Opaque(f"where {variable} points is not known")
        if value:
            found |= Paths(
                trees=frozenset(
                    absolute(posixpath.join(v, inner), given.call.cwd)
                    for v in value.split(":")
                    if v
                )
            )
        found |= in_home(given.call, image, default)
    return found


_VERSION_QUERIES: Final = (("--version",), ("-version",), ("-V",), ("-v",), ("version",))
_PATHS: Final = frozenset({"pipx", "uv", "cpanm", "luarocks", "gem"})
_IN_PROJECT: Final = frozenset({"yarn", "pnpm"})
_PINNED: Final = re.compile(r"^(@[a-z0-9][\w.-]*/)?[A-Za-z0-9][\w.:/-]*(\[[\w,-]+\])?[@=<>~:-]")
_ARCHIVES: Final = (
    ".gem",
    ".tgz",
    ".tar.gz",
    ".tar",
    ".whl",
    ".zip",
    ".rock",
    ".rockspec",
    ".crate",
    ".conda",
    ".tar.bz2",
)

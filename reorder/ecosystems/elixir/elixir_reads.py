"""Which files an Elixir script reads: mix.exs when a project is loaded, config/*.exs.

Only what runs counts: in mix.exs the body of the module and the functions that `project` calls, not
the tasks that `aliases` name. Calls of other modules are known to read nothing, or name a file that
can be worked out (`File.read!("VERSION")`, `Path.join(__DIR__, "x")`); else the reads are unknown.

Source: Elixir 1.16 documentation of Kernel, File, Code, System, Path, Config and Mix.Project.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.script_tokens import Token, holes, tokens
from reorder.ecosystems.words import absolute


# Collects while the texts are read, so it is not frozen.
@dataclass(slots=True)
class Found:
    """What some scripts read, look for and do not find, and the variables that they ask."""

    files: dict[str, None] = field(default_factory=dict)
    looked: dict[str, None] = field(default_factory=dict)
    variables: set[str] | None = field(default_factory=set)  # None: any
    problem: str | None = None

    def refuse(self, reason: str) -> None:
        """Keeps the first reason."""
        self.problem = self.problem or reason


@dataclass(frozen=True, slots=True)
class Place:
    """A script, the folder it runs in, and MIX_ENV and MIX_TARGET where they are known."""

    path: str
    cwd: str
    env: str | None = None
    target: str | None = None


def functions(code: Sequence[Token]) -> tuple[list[Token], dict[str, list[Token]]]:
    """The tokens outside of functions, and those of each function, its heads left out."""
    outside: list[Token] = []
    found: dict[str, list[Token]] = {}
    at = 0
    while at < len(code):
        token = code[at]
        if token.kind == "word" and token.text in ("def", "defp") and at + 1 < len(code):
            name = code[at + 1].text
            start, at = _body(code, at + 2)
            found.setdefault(name, []).extend(code[start:at])
        else:
            outside.append(token)
            at += 1
    return outside, found


def _body(code: Sequence[Token], at: int) -> tuple[int, int]:
    """Where the body of a function starts and ends: `do … end`, or one expression after `do:`."""
    depth = 0
    while at < len(code):
        token = code[at]
        if token.kind == "op":
            depth += (token.text in "([{") - (token.text in ")]}")
        elif token.kind == "key" and token.text == "do" and depth <= 0:
            return at + 1, _expression_end(code, at + 1)
        elif token.kind == "word" and token.text == "do" and depth <= 0:
            return at + 1, _block_end(code, at + 1)
        at += 1
    return at, at


def _expression_end(code: Sequence[Token], at: int) -> int:
    depth = 0
    while at < len(code):
        token = code[at]
        if token.kind == "op":
            depth += (token.text in "([{") - (token.text in ")]}")
        elif token.kind == "word" and token.text in ("do", "fn"):
            depth += 1
        elif token.kind == "word" and token.text == "end":
            depth -= 1
        before = code[at - 1]
        if depth < 0 or (token.kind == "line" and depth == 0 and before.kind not in ("op", "key")):
            return at
        if token.kind == "line" and depth == 0 and before.text in (")", "]", "}"):
            return at
        at += 1
    return at


def _block_end(code: Sequence[Token], at: int) -> int:
    depth = 1
    while at < len(code) and depth:
        token = code[at]
        if token.kind == "word":
            depth += (token.text in ("do", "fn")) - (token.text == "end")
        at += 1
    return at


def reachable(code: Sequence[Token], start: str) -> list[Token]:
    """What runs when a function of a module is called, and the module's own body."""
    outside, known = functions(code)
    found = list(outside)
    queue, seen = [start], set[str]()
    while queue:
        name = queue.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        body = known[name]
        found += body
        for at, token in enumerate(body):
            captured = at > 0 and body[at - 1].kind == "op" and body[at - 1].text == "&"
            if token.kind == "word" and token.text in known and not captured:
                queue.append(token.text)
    return found


def collect(found: Found, code: Sequence[Token], place: Place, files: Files) -> None:
    """Add what a script reads, imported configuration included."""
    for at, token in enumerate(code):
        name = posixpath.basename(place.path)
        if token.kind == "odd":
            found.refuse(f"{name} has a text that is not followed: `{token.text[:40]}`")
        elif token.kind == "word" and token.text == "import_config":
            _import(found, code, at, place, files)
        elif token.kind == "constant" and _is(code, at + 1, "."):
            _call(found, code, at, place, files)
        elif token.kind == "symbol" and token.text == "os" and _is(code, at + 1, "."):
            found.refuse(f"{name} calls `:os`, which may run anything")
        if token.holes:
            collect(found, holes(token, "elixir"), place, files)


def read_script(found: Found, path: str, place: Place, files: Files) -> None:
    """A whole script, such as config/config.exs (absolute path)."""
    text = files.read(path)
    if path in found.files:
        return
    if text is None:
        there = files.exists(path)
        found.looked[path] = None
        found.refuse(
            f"{path} {'is not in' if there is False else 'does not come from'} the build context"
        )
        return
    found.files[path] = None
    inner = Place(path, place.cwd, place.env, place.target)
    collect(found, tokens(text, "elixir"), inner, files)


def text_value(code: Sequence[Token], at: int, place: Place) -> tuple[str | None, int]:
    """The text that an expression gives, and where it ends; None where it cannot be worked out."""
    if at >= len(code):
        return None, at
    token = code[at]
    if token.kind == "string":
        return _filled(token, place), at + 1
    if token.kind == "word" and token.text == "__DIR__":
        return posixpath.dirname(place.path), at + 1
    if token.kind == "op" and token.text == "(":
        value, end = text_value(code, at + 1, place)
        return value, end + 1
    if token.kind == "constant" and token.text == "Path" and _is(code, at + 1, "."):
        method = code[at + 2].text if at + 2 < len(code) else ""
        first, end = text_value(code, at + 4, place)
        second, end = text_value(code, end + 1, place) if _is(code, end, ",") else (None, end)
        if first is None or method not in ("join", "expand"):
            return None, end
        if method == "join":
            return (posixpath.join(first, second) if second is not None else None), end + 1
        return absolute(first, second or place.cwd), end + 1
    return None, at + 1


def _filled(token: Token, place: Place) -> str | None:
    """A string with the environment of Mix put in."""
    values: Mapping[str, str | None] = {
        "config_env": place.env,
        "Mix.env": place.env,
        "config_target": place.target,
        "Mix.target": place.target,
    }
    text = token.text
    for code in token.holes:
        value = values.get(code.replace("()", "").strip())
        if value is None:
            return None
        text = text.replace("#{" + code + "}", value)
    return text


def _import(found: Found, code: Sequence[Token], at: int, place: Place, files: Files) -> None:
    value, _ = text_value(code, at + (2 if _is(code, at + 1, "(") else 1), place)
    folder = posixpath.dirname(place.path)
    if value is None:
        name = posixpath.basename(place.path)
        found.refuse(f"which file `import_config` in {name} names is not known")
        return
    path = absolute(value, folder)
    if "*" in path:
        for hit in files.glob(path):
            read_script(found, hit, place, files)
        return
    conditional = any(t.text in ("exists?", "regular?") for t in code[max(0, at - 30) : at])
    if conditional and files.exists(path) is False:
        found.looked[path] = None
        return
    read_script(found, path, place, files)


def _call(found: Found, code: Sequence[Token], at: int, place: Place, files: Files) -> None:
    module, method = code[at].text, code[at + 2].text if at + 2 < len(code) else ""
    name = posixpath.basename(place.path)
    if module == "System" and method in _ASKS:
        variable = next((t for t in code[at + 3 : at + 5] if t.kind == "string"), None)
        if variable is None or variable.holes:
            found.variables = None
        elif found.variables is not None:
            found.variables.add(variable.text)
    elif module in ("File", "Code") and method in _READS:
        value, _ = text_value(code, at + (4 if _is(code, at + 3, "(") else 3), place)
        if value is None:
            found.refuse(f"{name} reads a file whose name is not known (`{module}.{method}`)")
            return
        path = absolute(value, place.cwd)
        if files.origin(path) is not None:
            found.files[path] = None
        elif files.exists(path) is False:
            found.looked[path] = None
        else:
            found.refuse(f"{name} reads {path}, which does not come from the build context")
        if module == "Code" and path in found.files:
            text = files.read(path) or ""
            collect(found, tokens(text, "elixir"), Place(path, place.cwd), files)
    elif (module, method) in _RISKY or (module in _RISKY_MODULES and method not in _PURE):
        found.refuse(f"{name} calls `{module}.{method}`, so that what it reads is not known")


def _is(code: Sequence[Token], at: int, text: str) -> bool:
    return at < len(code) and code[at].kind == "op" and code[at].text == text


_ASKS: Final = frozenset("get_env fetch_env fetch_env!".split())
_READS: Final = frozenset(
    "read read! exists? regular? stream! require_file eval_file load_file".split()
)
_RISKY: Final = frozenset(
    {("System", "cmd"), ("System", "shell"), ("Path", "wildcard"), ("Mix", "install")}
    | {("Mix.Project", "in_project"), ("Mix.Task", "run")}
)
_PURE: Final = frozenset("cwd cwd! ensure_loaded? ensure_compiled fetch_docs concat".split())
_RISKY_MODULES: Final = frozenset("File Code Port Module Dotenvy Dotenv Config.Reader".split())

"""npm's settings: the command line, `npm_config_*` variables, and .npmrc files.

Source: npm documentation "config" and `@npmcli/config` (order: command line, environment, project,
user), nopt's reading of options (`--name=value`, `--name value`, `--no-name`, `--flag true`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.shell.nodes import Arg, Opaque

Values = Mapping[str, str | None]  # canonical name: value; None: given, but not known

_VARIABLE: Final = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Options by canonical name, the last one counts; the first operand is the command."""

    options: Values
    operands: tuple[Arg, ...]


def read_command_line(args: Sequence[Arg]) -> CommandLine | Opaque:
    """The options of npm; `Opaque` where it is not clear whether a word is a value."""
    options: dict[str, str | None] = {}
    operands: list[Arg] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        text = arg.text.strip("\"'") if arg.kind == "unknown" else arg.text
        if text == "--":
            operands += rest
            break
        if not text.startswith("-") or text == "-":
            operands.append(arg)
            continue
        head, equals, value = text.partition("=")
        if arg.kind == "unknown" and ("$" in head or not equals):
            return Opaque(f"`{arg.text}` has a value that is not known")
        for name, given in _names(head):
            known = None if arg.kind == "unknown" else value
            if given is not None or equals:
                options[name] = given if given is not None else known
            elif name in _WITH_VALUE:
                if not rest:
                    return Opaque(f"`{arg.text}` lacks its value")
                word = rest.pop(0)
                options[name] = word.text if word.kind == "literal" else None
            elif rest and rest[0].text in ("true", "false"):
                options[name] = rest.pop(0).text
            elif name not in _FLAGS and rest and not rest[0].text.startswith("-"):
                return Opaque(f"`{arg.text}` is not an option of npm that is known")
            else:
                options[name] = "true"
    return CommandLine(options, tuple(operands))


def _names(head: str) -> list[tuple[str, str | None]]:
    """Canonical names of an option word, each with the value the word itself implies."""
    if not head.startswith("--"):
        if head[1:] in _SHORT:
            return [_SHORT[head[1:]]]
        return [_SHORT.get(letter, (letter, None)) for letter in head[1:]]
    name = head[2:].replace("_", "-")
    if name.startswith("no-") and name[3:] in _FLAGS:
        return [(name[3:], "false")]
    return [_LONG.get(name, (name, None))]


def from_environment(env: Mapping[str, str | None]) -> Values:
    """The settings in `npm_config_*` variables, whose names are not case-sensitive."""
    return {
        name[len("npm_config_") :].lower().replace("_", "-"): value
        for name, value in env.items()
        if name.lower().startswith("npm_config_") and value != ""
    }


def from_npmrc(text: str, env: Mapping[str, str | None]) -> Values:
    """The settings of a .npmrc; `${NAME}` is expanded, unset ones stay as they are."""
    found: dict[str, str | None] = {}
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith((";", "#", "[")):
            continue
        key, equals, value = (part.strip() for part in line.partition("="))
        key = key.removesuffix("[]").strip("\"'")
        found[key] = _expand(value.strip("\"'"), env) if equals else "true"
    return found


def variables(text: str) -> frozenset[str]:
    """The variables a .npmrc names."""
    return frozenset(name.rstrip("?") for name in _VARIABLE.findall(text))


def _expand(value: str, env: Mapping[str, str | None]) -> str | None:
    for name in _VARIABLE.findall(value):
        known = env.get(name.rstrip("?"), "")
        if known is None:
            return None
        if known or name.endswith("?"):
            value = value.replace("${" + name + "}", known)
    return value


_SHORT: Final[dict[str, tuple[str, str | None]]] = {
    "C": ("prefix", None),
    "g": ("global", "true"),
    "w": ("workspace", None),
    "ws": ("workspaces", "true"),
    "iwr": ("include-workspace-root", "true"),
    "c": ("call", None),
    "f": ("force", "true"),
    "y": ("yes", "true"),
    "n": ("yes", "false"),
    "D": ("save-dev", "true"),
    "E": ("save-exact", "true"),
    "O": ("save-optional", "true"),
    "P": ("save-prod", "true"),
    "S": ("save", "true"),
    "B": ("save-bundle", "true"),
    "s": ("loglevel", "silent"),
    "q": ("loglevel", "warn"),
    "d": ("loglevel", "info"),
    "dd": ("loglevel", "verbose"),
    "ddd": ("loglevel", "silly"),
    "v": ("version", "true"),
    "h": ("usage", "true"),
    "L": ("location", None),
    "l": ("long", "true"),
    "p": ("parseable", "true"),
}
_LONG: Final[dict[str, tuple[str, str | None]]] = {
    "silent": ("loglevel", "silent"),
    "quiet": ("loglevel", "warn"),
    "verbose": ("loglevel", "verbose"),
    "prod": ("production", "true"),
    "no-save": ("save", "false"),
}
_WITH_VALUE: Final = frozenset(
    "prefix cache registry loglevel omit include only also workspace tag before location "
    "userconfig globalconfig install-strategy cpu os libc arch target-arch platform maxsockets "
    "fetch-retries fetch-retry-factor fetch-retry-mintimeout fetch-retry-maxtimeout fetch-timeout "
    "network-timeout script-shell otp depth https-proxy proxy noproxy cafile ca cert key python "
    "node-options save-prefix replace-registry-host scope umask logs-dir logs-max cache-min "
    "cache-max jobs call audit-level access auth-type heading local-address min-release-age".split()
)
_FLAGS: Final = frozenset(
    "global force save save-dev save-exact save-optional save-prod save-bundle yes audit fund "
    "progress optional package-lock package-lock-only ignore-scripts legacy-peer-deps strict- "
    "peer-deps prefer-offline prefer-online offline production dev unsafe-perm bin-links "
    "shrinkwrap color update-notifier workspaces include-workspace-root foreground-scripts "
    "install-links dry-run engine-strict strict-ssl global-style legacy-bundling version usage "
    "long parseable json prefer-dedupe build-from-source shamefully-hoist rebuild-bundle timing "
    "allow-same-version ignore-engines node-gyp if-present".split()
)

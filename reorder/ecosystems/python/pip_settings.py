"""pip's settings from outside the command line: `PIP_*` variables and pip.conf.

Source: pip documentation, "Configuration"; `_internal/configuration.py` and `cli/parser.py` (an
empty value counts as not set; values of repeatable options are split at blanks).
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.homes import home, user_cache
from reorder.ecosystems.python.pip_options import Options
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Arg, Call, Opaque

_PATHS: Final = (  # options that name files or change where things go
    *("requirement", "constraint", "build-constraint", "editable", "find-links", "target"),
    *("prefix", "root", "src", "cache-dir", "log", "report", "group", "user", "dest", "wheel-dir"),
)
_REPEATED: Final = {"requirement", "constraint", "build-constraint", "editable", "find-links"}


def with_settings(call: Call, image: Image, command: str, given: Options) -> Options | Opaque:
    """The options of a command with those that variables and known pip.conf files add."""
    if given.has("--isolated"):
        return given
    found: dict[str, str] = {}
    for path in config_files(call, image):
        text = image.files.read(path)
        if text is None:
            continue
        read = _config(text, command)
        if read is None:
            return Opaque(f"{path} is not a configuration of pip")
        found |= read
    for name in (*_PATHS, "no-cache-dir"):
        variable = "PIP_" + name.upper().replace("-", "_")
        value = call.env.get(variable, "")
        if value is None:
            if name not in ("no-cache-dir", "cache-dir"):
                return Opaque(f"{variable} is set to a value that is not known")
            value = "?"
        if value:
            found[name] = value
    return _merged(found, given)


def config_files(call: Call, image: Image) -> tuple[str, ...]:
    """The pip.conf files that are read, weakest first; without those of a home not known."""
    explicit = call.env.get("PIP_CONFIG_FILE")
    if explicit:
        return (absolute(explicit, call.cwd),)
    there = home(call, image)
    ours = [absolute(name, there) for name in (".pip/pip.conf", ".config/pip/pip.conf") if there]
    active = call.env.get("VIRTUAL_ENV")
    return ("/etc/pip.conf", *ours, *([posixpath.join(active, "pip.conf")] if active else ()))


# pip keeps the wheels it builds itself under a key of URL and interpreter; their tag, linux_x86_64,
# says nothing of the C library (pip/_internal/cache.py `_get_cache_path_parts`).
MUSL_ID: Final = "pip-musl"


def cache(call: Call, image: Image, options: Options) -> Cache:
    """pip's cache of downloads and built wheels; pip guards it with its own lock files."""
    folder = options.last("--cache-dir")
    base = call.env.get("XDG_CACHE_HOME", "")
    if folder is not None and folder.kind == "literal" and folder.text != "?":
        found = user_cache(call, image, absolute(folder.text, call.cwd), "")
    elif base:
        found = user_cache(call, image, absolute("pip", absolute(base, call.cwd)), "")
    else:
        found = user_cache(call, image, None, ".cache/pip")
    if found.off is not None:
        return found
    if base is None or (folder is not None and (folder.kind != "literal" or folder.text == "?")):
        return replace(found, off="where pip keeps its cache is not known")
    words = tuple(span for name, span in options.flags if name == "--no-cache-dir")
    if _FROM_OUTSIDE in words:
        # Any valid value disables it, "0" and "false" too: pip `cmdoptions._handle_no_cache_dir`.
        return replace(
            found, off="PIP_NO_CACHE_DIR (or no-cache-dir in pip.conf) disables the cache"
        )
    musl = image.base == "alpine" or "alpine" in image.tag
    return replace(found, cancels=words, id=MUSL_ID if musl else None)


_FROM_OUTSIDE: Final = (-1, -1)


def _merged(found: dict[str, str], given: Options) -> Options:
    values: list[tuple[str, Arg]] = []
    flags = list(given.flags)
    for name, value in found.items():
        if name == "no-cache-dir":
            flags.append(("--no-cache-dir", _FROM_OUTSIDE))
        elif name == "user":
            flags += [("--user", _FROM_OUTSIDE)] if value.lower() in _TRUE else []
        elif name in _PATHS:
            parts = value.split() if name in _REPEATED else [value]
            values += [(f"--{name}", Arg(part, "literal", _FROM_OUTSIDE)) for part in parts]
    return Options((*values, *given.values), tuple(flags), given.operands)


_TRUE: Final = ("y", "yes", "t", "true", "on", "1")


def _config(text: str, command: str) -> dict[str, str] | None:
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return {
        key.lower().replace("_", "-"): value
        for section in ("global", command)
        if parser.has_section(section)
        for key, value in parser.items(section)
        if value
    }

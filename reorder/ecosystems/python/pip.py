"""pip: what an install reads, where it writes, and where it caches.

The closure is every requirement and constraint file, each that those include, local archives, and
folders given to `--find-links`. A folder that is installed (`.`, `-e .`, `./lib`) is built in
place: its build may read all of it and writes into it, so that such an install is not split.
`__pycache__` is never counted.

Checked with pip 23 on made projects (nested `-r` and `-c`, hashes, markers, `--find-links`, local
wheels, sdists, `PIP_*`, pip.conf): the closure alone in an empty folder, and then the rest of the
project, gives the same tree as an install in the whole project.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.homes import in_home
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.python.pip_install import ENVIRONMENT, pip_install, site_packages
from reorder.ecosystems.python.pip_options import Options, read_options
from reorder.ecosystems.python.pip_settings import cache, with_settings
from reorder.ecosystems.python.python_env import environment_trees, shadows
from reorder.ecosystems.words import absolute, split_words
from reorder.shell.nodes import Call, Opaque

NAME: Final = "pip"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"pip", "python", "virtualenv"})
JUNK: Final = (
    *("**/__pycache__", "**/*.py[cod]", "**/.venv", "**/venv"),
    *("**/.pytest_cache", "**/.mypy_cache", "**/.ruff_cache"),
)


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a pip, `python -m pip` or `python -m venv` call does."""
    name = posixpath.basename(call.name)
    folder = posixpath.dirname(call.name)
    if folder and posixpath.basename(folder) != "bin":
        return None
    if name == "virtualenv":
        return _venv(call, image, 1)
    if name.startswith("pip"):
        return _pip(call, image, 1, module_run=False)
    return _python(call, image)


def _python(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """`python -m pip`, `python -m venv`, `python --version`; None for any other Python."""
    position = 1
    isolated = False
    while position < len(call.args) and call.args[position].text in _PYTHON_FLAGS:
        isolated |= call.args[position].text in ("-I", "-P")
        position += 1
    call = _apart(call, position)
    words = [arg.text if arg.kind == "literal" else None for arg in call.args[position:]]
    if words in (["--version"], ["-V"]):
        return _query(call, image)
    if len(words) < 2 or words[0] != "-m":
        return None
    if words[1] == "pip":
        return _pip(call, image, position + 2, module_run=not isolated)
    if words[1] in ("venv", "virtualenv"):
        return _venv(call, image, position + 2)
    if words[1] == "ensurepip":
        return replace(_query(call, image), writes=site_packages(call, image))
    return None


def _apart(call: Call, position: int) -> Call:
    """`-mpip` as the two words it stands for."""
    if position >= len(call.args):
        return call
    arg = call.args[position]
    if arg.kind != "literal" or not arg.text.startswith("-m") or arg.text == "-m":
        return call
    halves = (replace(arg, text="-m"), replace(arg, text=arg.text[2:]))
    return replace(call, args=(*call.args[:position], *halves, *call.args[position + 1 :]))


def _venv(call: Call, image: Image, position: int) -> CommandEffects | Opaque:
    words = split_words(replace(call, args=call.args[position - 1 :]), _VENV_VALUES)
    if isinstance(words, Opaque):
        return words
    if not words.operands or any(arg.kind != "literal" for arg in words.operands):
        return Opaque("which folder becomes a virtual environment is not known")
    made = Paths(trees=frozenset(absolute(arg.text, call.cwd) for arg in words.operands))
    hidden = Paths(files=frozenset(shadows(call, image, module_run=position > 1)))
    reads = image.system | made | hidden
    return CommandEffects("venv", reads, made, env=ENVIRONMENT, costly=words.has("--upgrade-deps"))


def _pip(call: Call, image: Image, position: int, module_run: bool) -> CommandEffects | Opaque:
    options = read_options(call.args[position:])
    if isinstance(options, Opaque):
        return options
    if not options.operands:
        return _query(call, image)
    first, *operands = options.operands
    options = replace(options, operands=tuple(operands))
    command = first.text if first.kind == "literal" else ""
    if command in _QUERIES:
        return _query(call, image)
    if command in ("cache", "config"):
        return _housekeeping(call, image, command, options)
    if command not in ("install", "download", "wheel", "uninstall"):
        return Opaque(f"`pip {first.text}` is not understood")
    settled = with_settings(call, image, command, options)
    if isinstance(settled, Opaque):
        return settled
    return pip_install(call, image, command, settled, module_run)


def _query(call: Call, image: Image) -> CommandEffects:
    trees = environment_trees(call, image)
    return CommandEffects("pip", image.system | Paths(trees=trees), env=ENVIRONMENT)


def _housekeeping(
    call: Call, image: Image, command: str, options: Options
) -> CommandEffects | Opaque:
    words = [arg.text for arg in options.operands if arg.kind == "literal"]
    if len(words) != len(options.operands) or not words:
        return Opaque(f"`pip {command}` with words that are not known")
    query = _query(call, image)
    if command == "cache":
        if words[0] in ("purge", "remove"):
            return replace(
                query, writes=Paths(trees=frozenset({cache(call, image, options).target}))
            )
        return query
    if words[0] in ("list", "get", "debug"):
        return query
    if words[0] == "set" and len(words) == 3 and words[1].partition(".")[2] in _PLAIN_SETTINGS:
        return replace(query, writes=_config_writes(call, image))
    return Opaque(f"`pip config {' '.join(words[:2])}` changes how pip works")


def _config_writes(call: Call, image: Image) -> Paths:
    return image.system | in_home(call, image, ".config/pip")


_QUERIES: Final = frozenset("list freeze show check debug help hash index inspect search".split())
_PYTHON_FLAGS: Final = frozenset({"-u", "-B", "-E", "-s", "-q", "-I", "-P"})
_VENV_VALUES: Final = frozenset({"--prompt", "-p", "--python"})
_PLAIN_SETTINGS: Final = frozenset(
    "index-url extra-index-url index trusted-host timeout retries progress-bar cert proxy "
    "disable-pip-version-check root-user-action break-system-packages prefer-binary".split()
)

"""Poetry's command line.

Source: the commands of Poetry 1.0 to 2.5 (`console/commands/`); an option has one meaning in every
version that knows it.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.python.project_files import TRUE, nearest, read_toml, table
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GLOBAL: Final = _words(
    "-n --no-interaction --ansi --no-ansi --no-plugins --no-cache -q --quiet -v --verbose -V "
    "--version -h --help"
)
_FOLDER: Final = _words("-C --directory -P --project")
_INSTALL: Final = _words(
    "--no-dev --dev-only --sync --no-root --no-directory --dry-run --all-extras --all-groups "
    "--only-root --compile --remove-untracked --default"
)
GROUPS: Final = ("--with", "--without", "--only", "-E", "--extras")
_INSTALL_VALUES: Final = frozenset(GROUPS)
_EXPORT: Final = _words(
    "--without-hashes --without-urls --with-credentials --dev --all-extras --all-groups "
)
_EXPORT_VALUES: Final = _INSTALL_VALUES | _words("-f --format -o --output")
_OTHER: Final = _words(
    "--unset --list --local --migrate --all -t --tree -l --latest -o --outdated -s --short "
    "--no-update --check --lock --strict --regenerate --full-path -p --path --json"
)
INSTALLS: Final = ("install", "sync")


def read_options(call: Call) -> tuple[str, Given] | Opaque:
    """The verb and the options of a call; the operands are those after the verb."""
    verb = next((arg.text for arg in call.args[1:] if arg.text in _VERBS), "")
    flags, values = _VERBS.get(verb, (_OTHER, frozenset[str]()))
    given = read_given(call, _GLOBAL | flags, _FOLDER | values)
    if isinstance(given, Opaque):
        return given
    if any(arg.kind != "literal" for arg in given.operands):
        return Opaque("`poetry` gets words that are not known")
    words = [arg.text for arg in given.operands]
    first, *rest = words or [""]
    return first, Given(call, given.options, given.operands[1:] if rest else ())


def project_folder(given: Given, image: Image) -> str | Opaque:
    """Where pyproject.toml is, as Poetry looks for it: here, or in the first folder above."""
    start = given.call.cwd
    for name in ("-C", "-P"):
        long = {"-C": "--directory", "-P": "--project"}[name]
        arg = given.last(name, long)
        if arg is None:
            continue
        if arg.kind != "literal":
            return Opaque(f"where `{long}` points is not known")
        start = absolute(arg.text, start)
    return nearest(start, "pyproject.toml", image.files) or start


def setting(name: str, call: Call, image: Image, folder: str) -> str | None:
    """A setting as text; "" where nothing sets it, None where its value is not known.

    A variable counts before poetry.toml, which counts before the user's own file.
    """
    value = call.env.get("POETRY_" + name.upper().replace("-", "_").replace(".", "_"), "")
    if value != "":
        return value
    group, _, key = name.rpartition(".")
    local = read_toml(f"{folder.rstrip('/')}/poetry.toml", image.files) or {}
    near = (table(local, group) if group else local).get(key)
    if near is not None:
        return str(near).lower() if isinstance(near, bool) else str(near)
    for earlier in reversed(image.told):
        if earlier is None:
            return None
        if earlier.name.rpartition("/")[2] != "poetry":
            continue
        words = [arg.text for arg in earlier.args]
        if name in words:
            follows = words[words.index(name) + 1 :]
            known = earlier.words is not None and earlier.always and "--local" not in words
            return follows[0] if known and follows and "--unset" not in words else None
    return ""


def environment_elsewhere(call: Call, image: Image, folder: str) -> bool:
    """Whether the virtual environment is surely not among Poetry's own files.

    By default it is made in the cache folder, below `virtualenvs`.
    """
    if setting("virtualenvs.create", call, image, folder) in _FALSE:
        return True
    return setting("virtualenvs.in-project", call, image, folder) in TRUE


_FALSE: Final = ("0", "false", "no", "off", "n", "f")
_VERBS: Final = {
    **dict.fromkeys(INSTALLS, (_INSTALL, _INSTALL_VALUES)),
    "export": (_EXPORT, _EXPORT_VALUES),
}

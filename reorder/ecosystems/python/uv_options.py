"""uv's command line and its settings.

Source: the reference of uv 0.13, "Commands" and "Environment variables"; an option of an older uv
has the same meaning.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.homes import user_cache
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.python.environments import own_folders
from reorder.ecosystems.python.project_files import (
    TRUE,
    Table,
    looked_for,
    nearest,
    read_toml,
    table,
    upward,
)
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Arg, Call, Opaque, Span

GROUPS: Final = ("--extra", "--no-extra", "--group", "--no-group", "--only-group")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GLOBAL: Final = _words(
    "-q --quiet -v --verbose --native-tls --no-native-tls --system-certs --no-system-certs "
    "--offline --no-offline --no-progress --no-config -n --no-cache --no-cache-dir "
    "--managed-python --no-managed-python --no-python-downloads --preview --no-preview -h --help "
    "-V --version"
)
_GLOBAL_VALUES: Final = _words(
    "--color --allow-insecure-host --directory --project --config-file --cache-dir "
    "--python-preference --python-fetch --preview-features"
)
_RESOLVER: Final = _words(
    "--no-index -U --upgrade --no-sources --reinstall --compile-bytecode --no-compile-bytecode "
    "--compile --no-build-isolation --no-build --no-binary --refresh --require-build-hashes "
    "--no-require-build-hashes"
)
_RESOLVER_VALUES: Final = _words(
    "--index --default-index -i --index-url --extra-index-url -f --find-links --index-strategy "
    "--keyring-provider -P --upgrade-package --upgrade-group --resolution --prerelease "
    "--prerelease-package --fork-strategy --exclude-newer --exclude-newer-package "
    "--no-sources-package --reinstall-package --link-mode -C --config-setting "
    "--config-settings-package --no-build-isolation-package --no-build-package "
    "--no-binary-package --refresh-package -p --python --python-platform"
)
_SYNC: Final = _words(
    "--all-extras --no-dev --dev --only-dev --no-default-groups --all-groups --no-editable "
    "--inexact --exact --active --no-active --no-install-project --no-install-workspace "
    "--no-install-local --locked --frozen --dry-run --all-packages --check"
)
_SYNC_VALUES: Final = _words(
    "--extra --no-extra --group --no-group --only-group --no-editable-package "
    "--no-install-package --package --script --output-format"
)
_EXPORT: Final = _words(
    "--no-hashes --hashes --no-annotate --no-header --prune --no-emit-project "
    "--no-emit-workspace --no-emit-local --emit-find-links --emit-index-url"
)
_EXPORT_VALUES: Final = _words("--format -o --output-file --no-emit-package --prune")
_PIP: Final = _words(
    "--system --no-system --break-system-packages --no-break-system-packages --no-deps "
    "--all-extras --strict --no-strict --exact --dry-run --require-hashes --no-require-hashes "
    "--verify-hashes --no-verify-hashes --user --pre --allow-empty-requirements --no-cache-dir"
)
_PIP_VALUES: Final = _words(
    "-r --requirement --requirements -e --editable -c --constraint --constraints --override "
    "--overrides --exclude --excludes -b --build-constraint --build-constraints --extra --group "
    "--target -t --prefix --root --only-binary --no-binary --python-version --torch-backend "
    "--python-implementation"
)
_PIP_RESOLVER: Final = _RESOLVER - {"--no-binary"}


def read_sync(call: Call, start: int) -> Given | Opaque:
    """The options of `uv sync`, `uv lock` and `uv export`."""
    flags = _GLOBAL | _RESOLVER | _SYNC | (_EXPORT - {"--prune"})
    return read_given(
        call, flags, _GLOBAL_VALUES | _RESOLVER_VALUES | _SYNC_VALUES | _EXPORT_VALUES, start
    )


def read_pip(call: Call, start: int) -> Given | Opaque:
    """The options of `uv pip install` and `uv pip sync`."""
    flags = _GLOBAL | _PIP_RESOLVER | _PIP
    return read_given(call, flags, _GLOBAL_VALUES | _RESOLVER_VALUES | _PIP_VALUES, start)


def verb(call: Call) -> tuple[str, int]:
    """The verb of a call, and how many words stand up to it; "" where there is none."""
    at = 1
    while at < len(call.args):
        text = call.args[at].text
        name = text.partition("=")[0]
        if not text.startswith("-"):
            return text, at + 1
        at += 2 if name in _GLOBAL_VALUES and "=" not in text else 1
    return "", at


def start_folder(given: Given) -> str | Opaque:
    """The folder in which uv starts to look: `--directory`, then `--project`."""
    folder = given.call.cwd
    for name, variable in (("--directory", "UV_WORKING_DIR"), ("--project", "UV_PROJECT")):
        arg = _anywhere(given, name)
        value = given.call.env.get(variable, "") if arg is None else arg.text
        if value is None or (arg is not None and arg.kind != "literal"):
            return Opaque(f"where `{name}` points is not known")
        folder = absolute(value, folder) if value else folder
    return folder


def _anywhere(given: Given, name: str) -> Arg | None:
    """The value of an option that may stand before the verb as well."""
    found = given.last(name)
    before = read_given(given.call, _GLOBAL, _GLOBAL_VALUES)
    if found is None and not isinstance(before, Opaque):
        found = before.last(name)
    return found


def switched_on(name: str, given: Given) -> bool:
    """Whether a switch is on, by its option or its variable: `--frozen`, UV_FROZEN."""
    value = given.call.env.get("UV_" + name[2:].upper().replace("-", "_"), "")
    return given.has(name) or (value or "").lower() in TRUE


def user_settings(call: Call, image: Image) -> Paths:
    """The settings of the user, where `Image.system` has them not; those of /etc it has."""
    return own_folders(call, image, ".config/uv")


def project_settings(folder: str, image: Image) -> tuple[Table, Paths]:
    """uv's settings of a project (uv.toml, else [tool.uv]), and the files it looks for.

    Source: uv documentation, "Configuration files": the nearest of both kinds, here or above.
    """
    seen = looked_for(folder, ("uv.toml", "pyproject.toml"), image)
    for above in upward(folder):
        own = read_toml(f"{above.rstrip('/')}/uv.toml", image.files)
        if own is not None:
            return own, seen
        document = read_toml(f"{above.rstrip('/')}/pyproject.toml", image.files)
        if document is not None and "uv" in table(document, "tool"):
            return table(document, "tool", "uv"), seen
    return {}, seen


def settings_files(folder: str, image: Image) -> tuple[str, ...]:
    """uv.toml, where the context has one, and the versions of Python that are asked for."""
    files = image.files
    names = ("uv.toml", ".python-version", ".python-versions")
    found = [(nearest(folder, name, files), name) for name in names]
    return tuple(f"{at.rstrip('/')}/{name}" for at, name in found if at is not None)


def cache(given: Given, image: Image, settings: Table) -> Cache:
    """uv's cache; it guards it with lock files of its own.

    A mount is another file system: uv then copies where it would link, with a warning that
    UV_LINK_MODE=copy turns off (seen with 0.13.9: the same files). UV_LINK_MODE=symlink makes the
    environment point into the cache.
    """
    call = given.call
    asked = _anywhere(given, "--cache-dir")
    named = asked.text if asked is not None else call.env.get("UV_CACHE_DIR", "")
    named = named if named != "" else settings.get("cache-dir", "")
    base = call.env.get("XDG_CACHE_HOME", "")
    if named:
        found = user_cache(call, image, absolute(str(named), call.cwd), "")
    elif base:
        found = user_cache(call, image, absolute("uv", absolute(base, call.cwd)), "")
    else:
        found = user_cache(call, image, None, ".cache/uv")
    off = found.off
    if named is None or base is None or (asked is not None and asked.kind != "literal"):
        off = off or "where uv keeps its cache is not known"
    if (call.env.get("UV_NO_CACHE", "") or "").lower() in TRUE:
        off = off or "UV_NO_CACHE switches the cache off"
    elif settings.get("no-cache") is True:
        off = off or "`no-cache` in the settings of uv switches the cache off"
    mode = given.last("--link-mode")
    linked = mode.text if mode is not None else call.env.get("UV_LINK_MODE", "")
    linked = linked or settings.get("link-mode", "")
    if linked == "symlink":
        off = off or "the environment points into the cache (link mode `symlink`)"
    return Cache(found.target, found.sharing, cancels=_cancels(call), off=off)


def _cancels(call: Call) -> tuple[Span, ...]:
    return tuple(
        arg.span for arg in call.args if arg.text in ("-n", "--no-cache", "--no-cache-dir")
    )

"""conda, mamba and micromamba: environments from a file, and packages by name.

The closure is the environment file with the requirement files that its part for pip includes.
Packages are unpacked into a folder beside the environments and linked from there. The way each was
linked is written to `conda-meta`, and a cache mount, from which nothing can be linked, changes it:
so there is one only where files are copied anyway (CONDA_ALWAYS_COPY, `--copy`) and the folder is
the author's own (CONDA_PKGS_DIRS).

Source: conda 24 `core/path_actions.py` (`Link(source, type)` in CreatePrefixRecordAction),
`core/link.py` (`determine_link_type`), "Settings" (`pkgs_dirs`, `always_copy`); the manual of
micromamba 1.5. Not tried with real builds: no channel could be reached.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.by_name.named_call import named_effects
from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install
from reorder.ecosystems.fetching import ENV, transport_files
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.homes import in_application, in_home, user_cache
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.paths import Paths, paths
from reorder.ecosystems.python.conda_environment import read_environments
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Call, Opaque

NAME: Final = "conda, mamba"
LEVEL: Final = 3
COMMANDS: Final = frozenset({"conda", "mamba", "micromamba"})
JUNK: Final[tuple[str, ...]] = ()

SOLVES: Final = "what conda solves depends on the environment file and the channels only"
BUILDS: Final = "building a dependency from source reads only the files of that dependency"

_FILES: Final = ("-f", "--file")
_FLAGS: Final = frozenset(
    "-y --yes -q --quiet --prune --force --freeze-installed --update-deps --no-deps --only-deps "
    "--override-channels --strict-channel-priority --no-channel-priority --copy --insecure "
    "--json --no-default-packages --offline --no-pin --no-pip --no-rc --no-env -v --experimental "
    "--always-copy --safety-checks --use-local".split()
)
_VALUES: Final = frozenset(
    "-f --file -n --name -p --prefix -c --channel --solver -r --root-prefix --platform "
    "--rc-file --category".split()
)
_ENV: Final = ENV | frozenset("CONDA* MAMBA* PYTHON* PIP_* CC CXX CFLAGS CXXFLAGS LDFLAGS".split())


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call does: installs from files here, packages by name as for any such tool."""
    given = read_given(call, _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return named_effects(call, image)
    verbs = tuple(arg.text for arg in given.operands[:2])
    whole = verbs in (("env", "create"), ("env", "update"))
    listed = verbs[:1] in (("create",), ("install",), ("update",)) and given.all(*_FILES)
    if not whole and not listed:
        return named_effects(call, image)
    folder = posixpath.dirname(call.name)
    if folder and (posixpath.basename(folder) != "bin" or in_application(folder, image)):
        return None
    if whole and len(given.operands) > 2:
        return Opaque("`conda env create` of an environment by name is not understood")
    return _install(given, image, whole)


def _install(given: Given, image: Image, whole: bool) -> CommandEffects | Opaque:
    call, files = given.call, image.files
    named = given.all(*_FILES)
    odd = next((arg for arg in named if arg.kind != "literal"), None)
    if odd is not None:
        return unknown(call, odd)
    starts = [absolute(arg.text, call.cwd) for arg in named if "://" not in arg.text]
    if whole and not named:
        starts = [absolute("environment.yml", call.cwd)]
    found = read_environments(starts, files, call.env)
    prefix = given.last("-p", "--prefix")
    if prefix is not None and prefix.kind != "literal":
        return unknown(call, prefix)
    into = Paths(trees=frozenset({absolute(prefix.text, call.cwd)} if prefix is not None else ()))
    outputs = tuple(tree for tree in into.trees if in_application(tree, image))
    places = (in_context(files, output, tuple(found.files)) for output in outputs)
    install = Install(
        manifests=tuple(found.files),
        folders=tuple(found.folders),
        outputs=outputs,
        ignore=tuple(place for place in places if place),
        refusal=found.problem,
        assumptions=(SOLVES, BUILDS) if found.builds else (SOLVES,),
    )
    own = _own(call, image)
    reads = paths(*found.files, *found.missing, trees=tuple(found.folders))
    return CommandEffects(
        tool="conda",
        reads=image.system | into | own | reads | transport_files(call, image),
        writes=image.system | into | own,
        env=_ENV | found.variables,
        caches=(_cache(given, image),),
        install=install,
        costly=True,
    )


def _own(call: Call, image: Image) -> Paths:
    """Settings, the index and the list of environments in the home; pip's settings too."""
    found = in_home(call, image, ".conda") | in_home(call, image, ".cache/conda")
    for name in (".condarc", ".mambarc", ".mamba", ".config/pip", ".pip", ".local/share/mamba"):
        found |= in_home(call, image, name)
    root = call.env.get("MAMBA_ROOT_PREFIX")
    return found | Paths(trees=frozenset({absolute(root, call.cwd)} if root else ()))


def _cache(given: Given, image: Image) -> Cache:
    """The folder of packages, where a mount changes nothing."""
    call = given.call
    named = call.env.get("CONDA_PKGS_DIRS", "")
    copies = call.env.get("CONDA_ALWAYS_COPY") or ""
    if named is None or "," in (named or ""):
        return Cache("CONDA_PKGS_DIRS", off="where CONDA_PKGS_DIRS points is not known")
    if not named:
        return Cache(
            "CONDA_PKGS_DIRS",
            off="conda keeps its packages where the image has those of conda itself: with "
            "CONDA_PKGS_DIRS and CONDA_ALWAYS_COPY=1 it could be a cache mount",
        )
    found = user_cache(call, image, absolute(named, call.cwd), "")
    if copies.lower() in ("1", "true", "yes", "on") or given.has("--copy", "--always-copy"):
        return found
    return replace(
        found,
        off="conda writes to conda-meta whether it linked or copied each file, and from a cache "
        "mount it can only copy: CONDA_ALWAYS_COPY=1 makes it the same with and without",
    )

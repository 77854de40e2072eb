"""An install by pip: its closure, where it writes, and why it cannot be split."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install
from reorder.ecosystems.homes import PROXIES, ROOT, home, in_application, in_home
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.paths import NOTHING, Paths, below, paths
from reorder.ecosystems.python.pip_options import Options
from reorder.ecosystems.python.pip_settings import cache, config_files
from reorder.ecosystems.python.python_env import environment_trees, shadows
from reorder.ecosystems.python.requirements import Closure, Source, requirement_closure, source
from reorder.ecosystems.words import absolute, as_files, unknown
from reorder.shell.nodes import Arg, Call, Opaque

SOURCE_BUILDS: Final = "building a dependency from source reads only the files of that dependency"
COMMITS: Final = "a dependency from version control gives the same files as before"
ON_PATH: Final = "the pip that PATH finds installs outside the application folders"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for, beside requirement files."""

    files: tuple[str, ...]  # requirement and constraint files
    sources: tuple[Source, ...]
    editables: tuple[Source, ...]
    links: tuple[str, ...]
    patterns: Paths  # what its unquoted patterns may match


def pip_install(
    call: Call, image: Image, command: str, options: Options, module_run: bool
) -> CommandEffects | Opaque:
    asked = _asked(call, image, options)
    if isinstance(asked, Opaque):
        return asked
    closure = requirement_closure(asked.files, call.cwd, image.files, call.env)
    sources = (*asked.sources, *closure.sources)
    editables = (*asked.editables, *closure.editables)
    folders = {s.path for s in (*sources, *editables) if s.kind == "folder"}
    archives = tuple(dict.fromkeys(s.path for s in sources if s.kind == "archive"))
    links = tuple(dict.fromkeys((*asked.links, *closure.folders)))
    hidden = shadows(call, image, module_run)
    projects = Paths(trees=frozenset(_whole(folder, image) for folder in folders))
    named = Paths(
        frozenset((*asked.files, *closure.files, *closure.missing, *archives, *hidden)),
        frozenset(links),
    )
    configs = config_files(call, image)
    known = [p for p in configs if in_application(p, image) and image.files.exists(p)]
    outputs, elsewhere = _outputs(call, image, command, options)
    lists = [path for path in closure.files if image.files.origin(path) is not None]
    install = Install(
        manifests=tuple(dict.fromkeys((*lists, *archives, *known))),
        folders=links,
        outputs=outputs,
        ignore=_ignore(image, outputs, closure.files),
        refusal=_refusal(call, image, options, closure, sources, editables, hidden, links),
        assumptions=_assumptions(call, options, sources, editables),
    )
    written = Paths(trees=frozenset((*outputs, *elsewhere))) | projects
    if command != "download":
        written |= site_packages(call, image, options.has("--user"))
    return CommandEffects(
        tool="pip",
        reads=image.system | named | asked.patterns | paths(*configs) | Paths(trees=written.trees),
        writes=written,
        env=ENVIRONMENT | closure.variables,
        caches=(cache(call, image, options),) if _downloads(command, options) else (),
        install=None if command == "uninstall" else install,
        costly=True,
    )


def _asked(call: Call, image: Image, options: Options) -> _Asked | Opaque:
    files: list[str] = []
    sources: list[Source] = []
    editables: list[Source] = []
    links: list[str] = []
    patterns = NOTHING
    wanted = (
        *(
            (arg, "file")
            for arg in options.all("--requirement", "--constraint", "--build-constraint")
        ),
        *((arg, "editable") for arg in options.all("--editable")),
        *((arg, "links") for arg in options.all("--find-links")),
        *((arg, "requirement") for arg in options.operands),
    )
    for arg, role in wanted:
        texts = _matches(arg, call, image)
        if texts is None:
            if role == "requirement" and _NAMED.match(arg.text.strip("\"'")):
                continue
            return unknown(call, arg)
        if arg.kind == "glob" and texts != (arg.text,):
            patterns |= as_files(arg, call.cwd)
        for text in texts:
            if role == "requirement":
                sources.append(source(text, call.cwd))
            elif role == "editable":
                editables.append(source(text, call.cwd))
            elif "://" not in text:
                (files if role == "file" else links).append(absolute(text, call.cwd))
    groups = options.all("--group", "--requirements-from-script")
    if groups:
        return Opaque(f"`--group {groups[0].text}`: dependency groups are not understood")
    return _Asked(tuple(files), tuple(sources), tuple(editables), tuple(links), patterns)


def _matches(arg: Arg, call: Call, image: Image) -> tuple[str, ...] | None:
    """The words that an argument becomes; None when it is not known."""
    if arg.kind == "literal":
        return (arg.text,)
    if arg.kind == "unknown":
        return None
    found = image.files.glob(absolute(arg.text, call.cwd))
    if not found and not any(char in arg.text for char in "*?"):
        return (arg.text,)  # `uvicorn[standard]`: a pattern to the shell that matches no file
    return found


def _downloads(command: str, options: Options) -> bool:
    """Whether the cache is of use: not for wheels that are there, without what they depend on."""
    if command == "uninstall":
        return False
    alone = options.has("--no-deps") and not options.all("--requirement", "--editable", "--group")
    return not (alone and all(arg.text.endswith(".whl") for arg in options.operands))


def _whole(folder: str, image: Image) -> str:
    """A build in place may look around: the outermost application folder that holds it."""
    around = [tree for tree in image.application if below(folder, tree)]
    return min(around, key=len) if around else folder


def site_packages(call: Call, image: Image, user: bool = False) -> Paths:
    """Where packages go: the system, an environment in the application, a user's own folder."""
    trees = Paths(trees=environment_trees(call, image))
    own = in_home(call, image, ".local") if user or image.user not in ROOT else NOTHING
    return image.system | trees | own


def _outputs(
    call: Call, image: Image, command: str, options: Options
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Trees that are filled: those in the application, and the others."""
    names = ["--target", "--prefix", "--root", "--src", "--report", "--log"]
    trees = {absolute(arg.text, call.cwd) for name in names for arg in options.all(name)}
    if command in ("download", "wheel"):
        folder = options.last("--dest" if command == "download" else "--wheel-dir")
        trees.add(absolute(folder.text if folder is not None else ".", call.cwd))
    else:
        trees |= environment_trees(call, image)
        there = home(call, image)
        if there is not None and (options.has("--user") or image.user not in ROOT):
            trees.add(absolute(".local", there))
    inside = tuple(sorted(tree for tree in trees if in_application(tree, image)))
    return inside, tuple(sorted(trees - set(inside)))


def _ignore(image: Image, outputs: tuple[str, ...], near: tuple[str, ...]) -> tuple[str, ...]:
    found = (in_context(image.files, output, near) for output in outputs)
    return tuple(path for path in found if path)


def _refusal(
    call: Call,
    image: Image,
    options: Options,
    closure: Closure,
    sources: tuple[Source, ...],
    editables: tuple[Source, ...],
    hidden: tuple[str, ...],
    links: tuple[str, ...],
) -> str | None:
    for found in (*editables, *sources):
        if found.kind != "folder":
            continue
        text = f"-e {found.text}" if found in editables else found.text
        if below(call.cwd, found.path):
            return f"`{text}` installs the project itself, which reads the whole source"
        return f"`{text}` is built in its folder, which reads and writes the source"
    if closure.problem is not None:
        return closure.problem
    for found in sources:
        if found.kind == "archive" and image.files.exists(found.path) is not True:
            return f"{found.path} does not come from the build context"
    for folder in links:
        if image.files.exists(folder) is not True:
            return f"{folder} (--find-links) does not come from the build context"
    for found in editables:
        if not options.all("--src"):
            return f"`-e {found.text}` is checked out into the working folder"
    if hidden:
        return f"{hidden[0]} stands in the way of a module that pip imports or installs"
    written = [arg for name, arg in options.values if name in _WHERE and arg.kind != "literal"]
    return f"where `{written[0].text}` points is not known" if written else None


def _assumptions(
    call: Call, options: Options, sources: tuple[Source, ...], editables: tuple[Source, ...]
) -> tuple[str, ...]:
    found: list[str] = []
    only = options.last("--only-binary")
    if only is None or only.text != ":all:":
        found.append(SOURCE_BUILDS)
    if any(s.kind == "vcs" for s in (*sources, *editables)):
        found.append(COMMITS)
    if call.env.get("PATH", "") is None:
        found.append(ON_PATH)
    return tuple(found)


_WHERE: Final = frozenset({"--target", "--prefix", "--root", "--src", "--dest", "--wheel-dir"})
# A name with a version part that is not known: `flask==${FLASK_VERSION}`.
_NAMED: Final = re.compile(r"^[A-Za-z0-9][\w.-]*(\[[\w,. -]*\])?(==|>=|<=|~=|!=|<|>)")
ENVIRONMENT: Final = PROXIES | frozenset(
    "PATH HOME USER LOGNAME LANG LC_* TZ TMPDIR TEMP TMP CI XDG_* PYTHON* PIP_* VIRTUAL_ENV "
    "CONDA_PREFIX CC CXX LD AR CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LDSHARED ARCHFLAGS MAKEFLAGS "
    "MAX_JOBS CMAKE_* NINJA* CARGO_* RUST* SETUPTOOLS_* DISTUTILS_* SOURCE_DATE_EPOCH "
    "LD_LIBRARY_PATH LIBRARY_PATH CPATH C_INCLUDE_PATH PKG_CONFIG* JAVA_HOME CUDA* TORCH_* NVCC* "
    "GRPC_* HDF5_* GDAL_* LLVM_* OPENSSL_* FORCE_* SSL_CERT_* REQUESTS_CA_BUNDLE CURL_CA_BUNDLE "
    "NETRC GIT_SSH* GIT_SSL* GIT_CONFIG* GIT_ASKPASS SSH_AUTH_SOCK".split()
)

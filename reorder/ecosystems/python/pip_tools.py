"""pip-tools: pip-sync installs requirement files, pip-compile makes them.

Source: pip-tools 7, `piptools/scripts/{sync,compile}.py`. pip-sync runs pip on the files that it is
given, or requirements.txt, and removes what they do not name. What pip-compile makes follows from
its sources and the index; where they name nothing local, neither does the result.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.paths import paths
from reorder.ecosystems.python.pip_install import ENVIRONMENT, pip_install
from reorder.ecosystems.python.pip_options import Options
from reorder.ecosystems.python.pip_settings import with_settings
from reorder.ecosystems.python.project_files import absent
from reorder.ecosystems.python.requirements import requirement_closure
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "pip-tools"
LEVEL: Final = 2
COMMANDS: Final = frozenset({"pip-compile", "pip-sync"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What pip-sync or pip-compile does."""
    name = posixpath.basename(call.name)
    given = read_given(call, _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return given
    if any(arg.kind != "literal" for arg in given.operands):
        return Opaque(f"which files `{name}` reads is not known")
    if given.has("-h", "--help", "--version"):
        return CommandEffects(name, image.system, env=ENVIRONMENT)
    if name == "pip-sync":
        return _sync(given, image)
    return _compile(given, image)


def _sync(given: Given, image: Image) -> CommandEffects | Opaque:
    if given.all("--pip-args", "--python-executable"):
        return Opaque("`pip-sync` hands options on to pip that are not read")
    files = given.operands or (Arg("requirements.txt", "literal", (-1, -1)),)
    values = [("--requirement", arg) for arg in files]
    values += [("--find-links", arg) for arg in given.all("-f", "--find-links")]
    settled = with_settings(given.call, image, "install", Options(tuple(values), (), ()))
    if isinstance(settled, Opaque):
        return settled
    found = pip_install(given.call, image, "install", settled, module_run=False)
    return found if isinstance(found, Opaque) else replace(found, tool="pip_tools")


def _compile(given: Given, image: Image) -> CommandEffects | Opaque:
    call = given.call
    sources = tuple(absolute(arg.text, call.cwd) for arg in given.operands)
    if not sources or any(not path.endswith((".in", ".txt")) for path in sources):
        return Opaque("`pip-compile` of a project builds it to learn what it asks for")
    named = given.last("-o", "--output-file")
    if named is None and len(sources) > 1:
        return Opaque("where `pip-compile` writes is not known")
    output = named.text if named is not None else f"{posixpath.splitext(sources[0])[0]}.txt"
    if named is not None and named.kind != "literal":
        return Opaque("where `pip-compile` writes is not known")
    target = absolute(output, call.cwd)
    extra = [absolute(arg.text, call.cwd) for arg in given.all("-c", "--constraint")]
    closure = requirement_closure((*sources, *extra), call.cwd, image.files, call.env)
    problem = closure.problem
    if closure.sources and any(s.kind in ("folder", "archive") for s in closure.sources):
        problem = problem or "a requirement is a folder or an archive"
    if closure.editables or closure.folders:
        problem = problem or "a requirement is a folder or an archive"
    missing = next((p for p in sources if image.files.exists(p) is not True), None)
    if missing is not None:
        problem = problem or absent(missing, image.files)
    near = absolute("pyproject.toml", call.cwd)
    known = tuple(p for p in (*closure.files, near) if image.files.origin(p) is not None)
    return CommandEffects(
        tool="pip_tools",
        reads=image.system | paths(*sources, *extra, *closure.files, near, target),
        writes=paths(target),
        env=ENVIRONMENT | {"PIP_TOOLS_*"} | closure.variables,
        install=Install(known, refusal=problem),
        costly=True,
        made=frozenset({target}) if problem is None else frozenset(),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FLAGS: Final = _words(
    "-a --ask --force -n --dry-run -q --quiet -v --verbose --user --no-index -U --upgrade -r "
    "--rebuild --generate-hashes --no-header --header --no-annotate --annotate "
    "--no-emit-index-url --emit-index-url --no-emit-trusted-host --no-emit-find-links "
    "--strip-extras --no-strip-extras --allow-unsafe --no-allow-unsafe --all-extras --pre "
    "--no-emit-options --reuse-hashes --no-reuse-hashes --no-config -h --help --version"
)
_VALUES: Final = _words(
    "-f --find-links -i --index-url --extra-index-url --trusted-host --pip-args --cert "
    "--client-cert --python-executable -P --upgrade-package --resolver --extra -o --output-file "
    "-c --constraint --annotation-style --newline --max-rounds --unsafe-package --cache-dir"
)

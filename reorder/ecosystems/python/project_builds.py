"""Tools that build a Python project in its folder: build, hatch, flit.

A build may read all of the application and writes into it (`dist`, `build`, `*.egg-info`), as with
`pip install .`; nothing of it can go above the source. Source: the manuals of build 1.2, hatch 1.12
and flit 3.9.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.given import read_given
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.python.pip_install import ENVIRONMENT
from reorder.ecosystems.python.pip_options import Options
from reorder.ecosystems.python.pip_settings import cache
from reorder.ecosystems.python.project_files import whole
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "hatch, flit, build"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"flit", "hatch", "pyproject-build"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a build does; None for any other use of these tools."""
    name = posixpath.basename(call.name)
    if call.words is not None and call.words[1:] in (("--version",), ("-V",)):
        return CommandEffects(name, image.system, env=ENVIRONMENT)
    given = read_given(call, _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return given
    words = [arg.text for arg in given.operands]
    if any(arg.kind != "literal" for arg in given.operands):
        return Opaque(f"`{name}` gets words that are not known")
    if name != "pyproject-build":
        if words[:1] != ["build"]:
            return None
        words = words[1:]
    source = absolute(words[0], call.cwd) if words and name == "pyproject-build" else call.cwd
    trees = {whole(source, image), whole(call.cwd, image)}
    trees |= {absolute(arg.text, call.cwd) for arg in given.all("-o", "--outdir")}
    trees |= {absolute(word, call.cwd) for word in words}
    built = image.system | Paths(trees=frozenset(trees))
    return CommandEffects(
        tool="project_builds",
        reads=built,
        writes=built,
        env=ENVIRONMENT | {"HATCH_*", "FLIT_*", "GIT_*", "PDM_BUILD_*", "POETRY_*"},
        caches=(cache(call, image, Options((), (), ())),) if name != "flit" else (),
        costly=True,
    )


_FLAGS: Final = frozenset(
    "-w --wheel -s --sdist -x --skip-dependency-check -n --no-isolation -v --verbose -q --quiet "
    "-c --clean --hooks-only --no-hooks --clean-only --clean-hooks-after --no-color -h --help "
    "--no-setup-py --setup-py --use-vcs --no-use-vcs".split()
)
_VALUES: Final = frozenset(
    "-o --outdir -C --config-setting --installer -t --target --format -e --env -p --project "
    "-f --ini-file --pypirc".split()
)

"""Which programs, run in a container, need what a tool keeps between its builds.

A tool's own relatives do (`mvn` for what `mvnw` has downloaded). So may a program that runs what
the project or a person says: a task runner, a supervisor, one that watches sources and builds them
again, a shell or an endless wait that people work in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from typing import Final

_RELATIVES: Final = tuple(
    frozenset(names.split())
    for names in (
        "mvn mvnw mvnd maven",
        "gradle gradlew",
        "sbt sbtn mill",
        "go go1 xgo gofmt",
        "cargo cargo-watch bacon trunk",
        "dotnet msbuild nuget",
        "npm npx yarn yarnpkg pnpm pnpx bun bunx corepack",
        "bundle bundler rails rake rackup gem",
        "mix iex elixir",
        "composer",
        "poetry pipenv pdm uv uvx hatch pip pipx conda mamba micromamba",
    )
)
_RUNNERS: Final = frozenset(
    "make gmake just task mage rake npm npx yarn pnpm bun supervisord foreman honcho overmind "
    "goreman air dlv gopls reflex CompileDaemon compiledaemon gow realize modd fresh entr "
    "watchexec nodemon cargo-watch bacon tilt skaffold sshd code-server jupyter jupyter-lab".split()
)
_SHELLS: Final = frozenset("sh bash ash dash zsh fish".split())
_WAITS: Final = frozenset({"sleep infinity", "tail -f /dev/null", "tail -F /dev/null", "cat"})


def needing(tools: Iterable[str]) -> frozenset[str]:
    """The programs that need what some tools keep, or may run one that does."""
    names = {posixpath.basename(tool) for tool in tools}
    related = (group for group in _RELATIVES if group & names)
    return _RUNNERS.union(names, *related)


def is_to_work_in(words: Sequence[str]) -> bool:
    """Whether a command starts nothing but a shell, or waits: for people to work in there."""
    plain = [word for word in " ".join(words).split() if word not in ("exec", "while", "-l", "-i")]
    if not plain:
        return False
    name = posixpath.basename(plain[0])
    if name in _SHELLS:
        return len(plain) == 1 or (plain[1].endswith("c") and is_to_work_in(plain[2:]))
    return any(f"{name} {' '.join(plain[1:])}".strip() == wait for wait in _WAITS)

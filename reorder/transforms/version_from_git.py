"""Signs that a build asks git for something, so that `.git` must stay in its context."""

from __future__ import annotations

from collections.abc import Iterable

from reorder.graph.facts import Facts

# Each reads the repository while it builds: setuptools-scm, hatch-vcs, versioneer, nbgv, MinVer,
# poetry-dynamic-versioning, GitVersion, the git-commit-id plugin of Maven, jgitver, axion-release,
# grgit, sbt-dynver, vergen and git2 of Rust, the file list of a gemspec, Go's stamp, and plain git.
SIGNS = (
    "setuptools_scm", "setuptools-scm", "hatch-vcs", "versioneer", "dynamic-versioning", "pbr",
    "vcs_versioning", "gitversion", "git-commit-id", "git describe", "git rev-parse", "git log",
    "git ls-files", "git status", "git show", "sourcelink", "nerdbank", "minver", "jgitver",
    "axion-release", "grgit", "git-version", "dynver", "vergen", "git2", "go build", "go install",
    'new("git")',
)  # fmt: skip
FILES = (
    "pyproject.toml", "setup.py", "setup.cfg", "Makefile", "package.json", "pom.xml",
    "build.gradle", "build.gradle.kts", "build.sbt", "build.rs", "Cargo.toml", "Rakefile",
    "justfile", "Justfile", "Taskfile.yml", "mix.exs", "Directory.Build.props",
)  # fmt: skip
SCRIPTS = (".sh", ".bash", ".mk", ".gemspec", ".csproj", ".js", ".mjs", ".py", ".rb")


def version_from_git(facts: Facts, more: Iterable[str] = ()) -> str | None:
    """Why a build may need `.git`: the file or the line, or None.

    `more` are context paths of files that are looked into as well.
    """
    for node in facts.nodes.values():
        if node.keyword != "run":
            continue
        words = node.instruction.args.split()
        if "git" in words:
            return f"the RUN of line {node.line} calls git"
        if "go" in words:
            return f"the RUN of line {node.line} builds with Go, which stamps the commit"
    for name in dict.fromkeys((*FILES, *_named(facts), *more)):
        text = (facts.context.read(name) or "").lower() if facts.context is not None else ""
        sign = next((sign for sign in SIGNS if sign in text), None)
        if sign is not None:
            return f"{name} mentions {sign}"
    return None


def _named(facts: Facts) -> list[str]:
    """The scripts of the context that commands name, and those at its top."""
    if facts.context is None:
        return []
    runs = (node for node in facts.nodes.values() if node.keyword == "run")
    words = {
        word.strip("\"'();&").removeprefix("./")
        for n in runs
        for word in n.instruction.args.split()
    }
    words |= {path for path in facts.context.visible if "/" not in path and path.endswith(SCRIPTS)}
    return sorted(word for word in words if word in facts.context.visible)

"""Signs that a build asks git for something, so that `.git` must stay in its context."""

from __future__ import annotations

from reorder.graph.facts import Facts

# Each reads the repository while it builds (traps.md 7.3): setuptools-scm, hatch-vcs, versioneer,
# poetry-dynamic-versioning, nbgv, GitVersion, the git-commit-id plugin of Maven, and plain git.
SIGNS = (
    "setuptools_scm", "setuptools-scm", "hatch-vcs", "versioneer", "dynamic-versioning", "pbr",
    "vcs_versioning", "gitversion", "git-commit-id", "git describe", "git rev-parse", "git log",
    "sourcelink", "nerdbank",
)  # fmt: skip
FILES = (
    "pyproject.toml", "setup.py", "setup.cfg", "Makefile", "package.json", "pom.xml",
    "build.gradle", "build.gradle.kts",
)  # fmt: skip


def version_from_git(facts: Facts) -> str | None:
    """Why a build may need `.git`: the file or the line, or None."""
    for node in facts.nodes.values():
        if node.keyword != "run":
            continue
        words = node.instruction.args.split()
        if "git" in words:
            return f"the RUN of line {node.line} calls git"
        if "go" in words:
            return f"the RUN of line {node.line} builds with Go, which stamps the commit"
    for name in FILES:
        text = (facts.context.read(name) or "").lower() if facts.context is not None else ""
        sign = next((sign for sign in SIGNS if sign in text), None)
        if sign is not None:
            return f"{name} mentions {sign}"
    return None

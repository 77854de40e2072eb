"""How often a step changes by its kind, as a stability tier: what holds without any history."""

from __future__ import annotations

from fnmatch import fnmatchcase

from reorder.graph.copies import Copied
from reorder.graph.facts import Node
from reorder.syntax import views

# The Dockerfile's own text; manifests; sources; what is new with every build.
TEXT, MANIFEST, SOURCE, ALWAYS = 0, 1, 2, 3

# Of a thousand rebuilds: those that change a step of a tier, and of the tiers before it not.
# Medians of 262 Dockerfiles in 55 repositories, up to 500 commits each: 2 % touch the text, 20 % a
# manifest of the context (a COPY of manifests alone: 6 %, mean 12 %), 80 % another file.
PRIORS = (20, 120, 760, 100)

# Names that only change when dependencies or build settings do.
MANIFESTS = (
    "requirements*.txt", "constraints*.txt", "Pipfile", "Pipfile.lock", "pyproject.toml",
    "poetry.lock", "uv.lock", "pdm.lock", "setup.cfg",
    "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml",
    "pnpm-workspace.yaml", ".npmrc", ".yarnrc", ".yarnrc.yml", "bun.lock", "bun.lockb",
    "pom.xml", "mvnw", "mvnw.cmd", "*.gradle", "*.gradle.kts", "gradlew", "gradle.properties",
    "go.mod", "go.sum", "go.work", "go.work.sum", "Cargo.toml", "Cargo.lock",
    "Gemfile", "Gemfile.lock", "composer.json", "composer.lock", "mix.exs", "mix.lock",
    "*.csproj", "*.sln", "environment.yml",
)  # fmt: skip
FOLDERS = frozenset({"requirements", ".mvn", ".yarn", "patches", "gradle"})


def is_manifest(path: str) -> bool:
    """Whether a context path is one that dependency installs read."""
    *folders, name = path.split("/")
    if any(fnmatchcase(name, pattern) for pattern in MANIFESTS):
        return True
    return any(folder in FOLDERS for folder in folders)


def own_tier(node: Node) -> int:
    """The tier of what a node itself brings in from the build context."""
    if node.keyword == "run":
        mounted = [m for m in views.mounts(node.instruction) if m.type == "bind" and not m.from_]
        sources = [(m.source or "").strip("/") for m in mounted]
        return max((MANIFEST if is_manifest(s) else SOURCE for s in sources), default=TEXT)
    if node.keyword not in ("copy", "add"):
        return TEXT
    view = views.copy(node.instruction)
    if view.from_ is not None or not view.sources:
        return TEXT  # a stage counts in `spread`; inline files are the Dockerfile's own text
    if not isinstance(node.copy, Copied):
        return SOURCE
    files = node.copy.placed.files.values()
    return MANIFEST if files and all(map(is_manifest, files)) else SOURCE

"""How often a step changes, as a stability tier: the priors where no history is at hand."""

from __future__ import annotations

from fnmatch import fnmatchcase

from reorder.ecosystems.paths import Paths
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node, dependencies
from reorder.graph.stages import Stage, source_stage
from reorder.syntax import views

TEXT, MANIFEST, SOURCE = 0, 1, 2  # the Dockerfile's own text; days; nearly every build

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
    """The tier of what a node itself brings in."""
    if node.keyword not in ("copy", "add"):
        return TEXT
    view = views.copy(node.instruction)
    if view.from_ is not None or not view.sources:
        return TEXT  # a stage counts in `tiers`; inline files are the Dockerfile's own text
    if not isinstance(node.copy, Copied):
        return SOURCE
    files = node.copy.placed.files.values()
    return MANIFEST if files and all(map(is_manifest, files)) else SOURCE


def tiers(facts: Facts) -> dict[int, int]:
    """The tier of every node, by position: its own, or that of anything it depends on."""
    found: dict[int, int] = {}
    for stage in facts.stages:
        body = facts.body(stage)
        edges = dependencies(body)
        inherited = _end(facts, found, stage.parent)
        for node in body:
            before = [found[a] for a, b in edges if b == node.at]
            found[node.at] = max([own_tier(node), _source(facts, found, stage, node), *before])
            if node.keyword == "run" and node.understood is None:
                found[node.at] = max(found[node.at], inherited)
    return found


def _end(facts: Facts, found: dict[int, int], index: int | None) -> int:
    if index is None:
        return TEXT
    stage = facts.stages[index]
    return max([_end(facts, found, stage.parent), *(found[at] for at in stage.body)])


def _source(facts: Facts, found: dict[int, int], stage: Stage, node: Node) -> int:
    """The tier of the files that a `COPY --from` takes: that of whoever writes them."""
    if node.keyword != "copy":
        return TEXT
    view = views.copy(node.instruction)
    origin = source_stage(view.from_, stage.index, facts.stages) if view.from_ else None
    if origin is None:
        return TEXT
    taken = []
    for word in view.sources:
        path = node.scope.expand(word, facts.file.escape)
        if path is None:
            return SOURCE
        taken.append("/" + path.strip("/"))
    paths = Paths(trees=frozenset(path for path in taken if not _has_wildcard(path)))
    paths |= Paths(globs=frozenset(path for path in taken if _has_wildcard(path)))
    highest, current = TEXT, origin
    while True:
        for writer in facts.body(current):
            if writer.effects.writes.paths.overlaps(paths):
                highest = max(highest, found[writer.at])
        if current.parent is None:
            return highest
        current = facts.stages[current.parent]


def _has_wildcard(path: str) -> bool:
    return any(char in path for char in "*?[")

"""Compose files: `cache_from` and `cache_to` below `build:` of the services that CI pushes.

Source: the Compose Build Specification, and its "Interpolation": `${NAME:+text}` is empty where
NAME is not set. So only a job that sets CACHE_BRANCH exports; a developer's build, whose driver
could not, is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from reorder.ci import secret_args
from reorder.ci.branch import VARIABLE
from reorder.ci.build_files.pushed_by_ci import pushed
from reorder.ci.contract import MAIN, Found, Planned, Settings
from reorder.ci.edits import Edit, applied, line_end, line_of, newline
from reorder.ci.refs import CacheRef, exported, imported, repository, slug
from reorder.ci.yaml.nodes import documents, elements, pairs, said, texts
from reorder.ci.yaml.scalars import scalar
from reorder.context.buildfiles import compose_files
from reorder.context.project import Project

if TYPE_CHECKING:
    from yaml.nodes import Node

NAME: Final = "Compose"
NEW: Final = (
    f"It reads the caches of the main branch and of {VARIABLE}, and writes the latter; the job "
    f"that builds must set {VARIABLE} ({MAIN}, or the branch's name as a tag)."
)
AT_GITHUB: Final = "A cache at GitHub is not set up in this file, but where it is built."
_VERSION: Final = f"Without {VARIABLE} the new entry is empty, which needs Docker Compose 2.34."
_LOCAL: Final = "Its image names no registry and no account, so it is not pushed."


def files(project: Project) -> list[str]:
    """The compose files whose images CI pushes."""
    wanted = pushed(project)
    return [path for path in compose_files(project) if path in wanted]


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The services that are built here."""
    read = documents(text)
    if read is None or len(read) != 1:
        return None
    built = {name: node for name, node in pairs(pairs(read[0]).get("services")).items()
             if "build" in pairs(node)}  # fmt: skip
    refs = _refs(built, settings)
    done: dict[int, CacheRef] = {}
    edits: list[Edit] = []
    found: list[Found] = []
    for name, service in built.items():
        node = pairs(service)["build"]
        line = line_of(text, node.start_mark.index)
        image = said(pairs(service).get("image"))
        told = f"service {name}"
        reason, status = _settled(node, image, settings)
        ref = refs.get(name)
        warnings: tuple[str, ...] = ()
        if not reason and ref is not None:
            # What an alias stands for is one build with one cache.
            made = [] if id(node) in done else _written(text, service, node, ref)
            if made is None:
                reason = "The change cannot be written in the YAML style of this service."
            else:
                edits += made
                ref = done.setdefault(id(node), ref)
        if reason or ref is None:
            found.append(Found(line, told, status, reason or _LOCAL, image))
            continue
        warnings = (_VERSION, *secret_args.warnings(_arguments(node)))
        cache = ref.repository
        found.append(Found(line, told, "rewritten", NEW, image, cache, warnings))
    if not found:
        return None
    return Planned(path, text, applied(text, edits), tuple(found))


def _settled(
    node: Node, image: str | None, settings: Settings
) -> tuple[str, Literal["fine", "refused"]]:
    """Why a service is left alone, and its status; "" if it is not."""
    keys = pairs(node)
    if "cache_to" in keys:
        options = ",".join(texts(keys["cache_to"]))
        if "type=inline" in options or "mode=max" not in options:
            return "It has a cache, but only of the last stage; mode=max would keep all.", "fine"
        return "It has a cache.", "fine"
    if "cache_from" in keys:
        return "It has a `cache_from` of its own and no `cache_to`.", "refused"
    if said(keys.get("no_cache")) == "true":
        return "It is told to use no cache.", "refused"
    if settings.backend == "gha":
        return AT_GITHUB, "refused"
    if image is None:
        return "It has no `image:`, so it is not pushed.", "refused"
    if settings.ref is None and not ("/" in image or "$" in image):
        return _LOCAL, "refused"
    if settings.ref is None and repository(image) is None:
        return f"It cannot be told where the tag begins in the name {image}.", "refused"
    return "", "refused"


def _refs(built: Mapping[str, Node], settings: Settings) -> dict[str, CacheRef]:
    """Where each service's caches lie: builds that differ are kept apart."""
    names: dict[str, str] = {}
    for name, service in built.items():
        image = said(pairs(service).get("image"))
        where = settings.ref or (repository(image) if image else None)
        if where is not None:
            names[name] = where
    made = {name: _identity(pairs(built[name])["build"]) for name in names}
    refs = {}
    for name, where in names.items():
        same = {made[other] for other in names if names[other] == where}
        refs[name] = CacheRef(where, slug(name) if len(same) > 1 else "")
    return refs


def _identity(node: Node) -> tuple[str, ...]:
    """What a build's layers come from."""
    keys = pairs(node)
    alone = said(node)
    context = alone if alone is not None else said(keys.get("context")) or "."
    dockerfile = said(keys.get("dockerfile")) or "Dockerfile"
    target = said(keys.get("target")) or ""
    more = (*texts(keys.get("platforms")), *_arguments(node))
    return (context.rstrip("/") or "/", dockerfile, target, *more)


def _arguments(node: Node) -> list[str]:
    args = pairs(node).get("args")
    named = [f"{name}={said(value) or ''}" for name, value in pairs(args).items()]
    return named or [one for item in elements(args) if (one := said(item)) is not None]


def _written(text: str, service: Node, node: Node, ref: CacheRef) -> list[Edit] | None:
    """The two lists behind the last line of a `build:`; the short form becomes the long one."""
    eol = newline(text)
    key = text.rfind("\n", 0, node.start_mark.index) + 1
    if said(node) is not None:
        read = scalar(text, node)  # type: ignore[arg-type]
        head = text[key : node.start_mark.index]
        outer = len(head) - len(head.lstrip(" "))
        if read is None or head.strip() != "build:":
            return None
        indent = " " * (outer + _step(text, service, outer))
        at = line_end(text, read.end)
        start = "" if text[:at].endswith("\n") else eol
        context = f"{indent}context: {text[read.start : read.end]}{eol}"
        # A comment on the line stays there.
        gap = text[key : read.start].rstrip(" ")
        return [
            Edit(key + len(gap), read.end, ""),
            Edit(at, at, start + context + _lists(ref, indent, eol)),
        ]
    if getattr(node, "flow_style", True):
        return None
    first = node.value[0][0].start_mark.index
    indent = text[text.rfind("\n", 0, first) + 1 : first]
    if indent.strip():
        return None
    at = _last_line(text, node)
    start = "" if text[:at].endswith("\n") else eol
    return [Edit(at, at, start + _lists(ref, indent, eol))]


def _step(text: str, service: Node, outer: int) -> int:
    """How much deeper a mapping in a mapping is indented: as this service is."""
    start = text.rfind("\n", 0, service.start_mark.index) + 1
    above = text.rfind("\n", 0, start - 1) + 1
    line = text[above:start]
    return max(1, outer - (len(line) - len(line.lstrip(" ")))) if line.strip() else 2


def _last_line(text: str, node: Node) -> int:
    """The offset behind the last line of a mapping that says something."""
    end = node.end_mark.index
    body = text[: text.rfind("\n", 0, end) + 1] if end < len(text) else text
    lines = body.splitlines(keepends=True)
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return sum(map(len, lines))


def _lists(ref: CacheRef, indent: str, eol: str) -> str:
    branch = ref.branch(f"${{{VARIABLE}:-{MAIN}}}")
    export = exported(ref.branch(f"${{{VARIABLE}}}"))
    lines = (
        "cache_from:",
        f"  - {imported(ref.main)}",
        f"  - {imported(branch)}",
        "cache_to:",
        f"  - ${{{VARIABLE}:+{export}}}",
    )
    return "".join(indent + line + eol for line in lines)

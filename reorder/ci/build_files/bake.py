"""Bake files: `cache-from` and `cache-to` of the targets that CI pushes.

Source: Docker, "Bake file reference": a variable takes its value from the environment. The job
that sets CACHE_BRANCH exports; without it nothing changes, as the default builder cannot export.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from reorder.ci import secret_args
from reorder.ci.branch import VARIABLE
from reorder.ci.build_files import bake_json
from reorder.ci.build_files.compose import AT_GITHUB, NEW
from reorder.ci.build_files.hcl import Attribute, Block, Unread, attributes, blocks, strings
from reorder.ci.build_files.pushed_by_ci import pushed
from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.edits import Edit, applied, line_of, newline
from reorder.ci.refs import CacheRef, exported, imported, repository, slug
from reorder.context.buildfiles import bake_files
from reorder.context.project import Project

NAME: Final = "Bake"
_SET: Final = f'{VARIABLE} != ""'
_INTO: Final = re.compile(r"\$\{([A-Za-z_]\w*)\}")


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a file."""

    name: str
    block: Block
    has: Mapping[str, Attribute]
    tags: tuple[str, ...] | None  # None: they are not written here
    bases: tuple[str, ...]


def files(project: Project) -> list[str]:
    """The bake files whose images CI pushes."""
    wanted = pushed(project)
    return sorted(path for path in bake_files(project) if path in wanted)


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The targets with an image name."""
    if path.endswith(".json"):
        return bake_json.plan(path, text, settings)
    try:
        every = blocks(text)
        targets = {
            one.labels[0]: _target(text, one)
            for one in every
            if one.kind == "target" and len(one.labels) == 1
        }
        variables = {b.labels[0]: _default(text, b) for b in every if b.kind == "variable"}
    except (Unread, IndexError):
        reason = "The file cannot be read as HCL."
        return Planned(path, text, text, (Found(1, "bake", "refused", reason),))
    edits: list[Edit] = []
    found: list[Found] = []
    refs = _refs(targets, variables, settings)
    for target in targets.values():
        answer = _settled(target, targets, refs, settings)
        if answer is None:
            continue
        reason, status = answer
        line = line_of(text, target.block.start)
        image = target.tags[0] if target.tags else None
        what = f"target {target.name}"
        if reason:
            found.append(Found(line, what, status, reason, image))
            continue
        ref = refs[target.name]
        edits.append(_written(text, target, ref))
        names = [name for one in _line(target, targets) for name in _arguments(text, one)]
        warnings = secret_args.warnings(names)
        found.append(Found(line, what, "rewritten", NEW, image, ref.repository, warnings))
    if edits and VARIABLE not in variables:
        edits.append(_variable(text, every))
    return Planned(path, text, applied(text, edits), tuple(found)) if found else None


def _target(text: str, block: Block) -> Target:
    has = attributes(text, block)
    tags = strings(text, has["tags"]) if "tags" in has else None
    bases = strings(text, has["inherits"]) if "inherits" in has else None
    return Target(
        block.labels[0], block, has, tuple(t for t in tags if t) if tags else None,
        tuple(bases or ()),
    )  # fmt: skip


def _default(text: str, block: Block) -> str | None:
    value = attributes(text, block).get("default")
    said = text[value.start : value.end] if value else ""
    return said[1:-1] if said.startswith('"') else None


def _settled(
    target: Target, targets: Mapping[str, Target], refs: Mapping[str, CacheRef], settings: Settings
) -> tuple[str, Literal["fine", "refused"]] | None:
    """Why a target is left alone, and its status; None: it makes no image of its own."""
    line = _line(target, targets)
    if any("cache-to" in one.has for one in line):
        return "It has a cache.", "fine"
    if "tags" not in target.has:
        return None
    if settings.backend == "gha":
        return AT_GITHUB, "refused"
    if any("cache-from" in one.has for one in line):
        return "It has a `cache-from` of its own and no `cache-to`.", "refused"
    if _lent(target, targets):
        return "Targets that differ inherit its name, and each needs a cache of its own.", "refused"
    if not target.tags and settings.ref is None:
        return "Its name is the result of an expression.", "refused"
    if target.name not in refs:
        return (
            f"It cannot be told where the tag begins in the name {(target.tags or ('',))[0]}.",
            "refused",
        )
    ref = refs[target.name]
    if "matrix" in target.has and "${" not in ref.repository:
        return "The targets of its matrix have one name, and would share one cache.", "refused"
    if settings.ref is None and not ("/" in ref.repository or "$" in ref.repository):
        return "Its image names no registry and no account, so it is not pushed.", "refused"
    return "", "refused"


def _lent(target: Target, targets: Mapping[str, Target]) -> bool:
    """Whether another target builds something else under the same name."""
    heirs = (one for one in targets.values() if target.name in one.bases and "tags" not in one.has)
    same = {"inherits", "output", "outputs", "description", "attest", "labels"}
    return any(set(heir.has) - same or len(heir.bases) > 1 for heir in heirs)


def _line(target: Target, targets: Mapping[str, Target], depth: int = 0) -> list[Target]:
    """A target and what it inherits from."""
    found = [target]
    for name in target.bases if depth < 10 else ():
        if name in targets:
            found += _line(targets[name], targets, depth + 1)
    return found


def _refs(
    targets: Mapping[str, Target], variables: Mapping[str, str | None], settings: Settings
) -> dict[str, CacheRef]:
    """Where each target's caches lie: targets of one repository are kept apart."""
    names: dict[str, str] = {}
    for target in targets.values():
        if "tags" not in target.has:
            continue
        where = settings.ref or _repository(target.tags or (), variables)
        if where is not None:
            names[target.name] = where
    every = list(names.values())
    return {
        name: CacheRef(where, slug(name) if every.count(where) > 1 else "")
        for name, where in names.items()
    }


def _repository(tags: tuple[str, ...], variables: Mapping[str, str | None]) -> str | None:
    """The repository of the first tag that shows one."""
    for tag in tags:
        found = repository(tag)
        last = (found or "").rpartition("/")[2]
        values = [variables.get(name) or "" for name in _INTO.findall(last)]
        # A variable of the last part may hold a tag too, unless a tag follows it.
        if found and not (found == tag and any(":" in v.rpartition("/")[2] for v in values)):
            return found
    return None


def _arguments(text: str, target: Target) -> list[str]:
    args = target.has.get("args")
    if args is None:
        return []
    return re.findall(r"^\s*\"?([A-Za-z_]\w*)\"?\s*[=:]", text[args.start + 1 : args.end], re.M)


def _written(text: str, target: Target, ref: CacheRef) -> Edit:
    """The two attributes, behind the last one of a target."""
    eol = newline(text)
    last = max(target.has.values(), key=lambda one: one.end)
    first = min(target.has.values(), key=lambda one: one.start)
    begin = text.rfind("\n", 0, first.start) + 1
    line = text[begin : first.start]
    indent = line[: len(line) - len(line.lstrip())]
    branch = imported(ref.branch(f"${{{VARIABLE}}}"))
    lines = (
        "cache-from = [",
        f'  "{imported(ref.main)}",',
        f'  {_SET} ? "{branch}" : "",',
        "]",
        f'cache-to = {_SET} ? ["{exported(ref.branch(f"${{{VARIABLE}}}"))}"] : []',
    )
    at = text.find("\n", last.end, target.block.end)
    if at == -1:  # all on one line
        own = text[target.block.body : target.block.end].strip()
        new = _joined((own, *lines), "  ", eol)
        return Edit(target.block.body, target.block.end, eol + new)
    return Edit(at + 1, at + 1, _joined(lines, indent, eol))


def _joined(lines: tuple[str, ...], indent: str, eol: str) -> str:
    return "".join(indent + line + eol for line in lines)


def _variable(text: str, every: tuple[Block, ...]) -> Edit:
    """The variable, behind the first ones of the file, or in front of its first block."""
    eol = newline(text)
    lines = (f'variable "{VARIABLE}" {{', '  default = ""', "}")
    first = next((i for i, one in enumerate(every) if one.kind != "variable"), len(every))
    if first:
        at = every[first - 1].end + 1
        gap = eol
        if first > 1 and "\n" in text[every[first - 2].end : every[first - 1].start]:
            gap = eol * text[every[first - 2].end : every[first - 1].start].count("\n")
        return Edit(at, at, gap + eol.join(lines))
    at = _above(text, every[0].start)
    return Edit(at, at, _joined(lines, "", eol) + eol)


def _above(text: str, at: int) -> int:
    """The start of the comment that stands directly above a block."""
    start = text.rfind("\n", 0, at) + 1
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith(("#", "//")):
            break
        start = above
    return start

"""Jenkins: the `sh` steps of a Jenkinsfile that are one string; all else is told and left alone.

Source: Jenkins documentation, "Pipeline: Nodes and Processes" (`sh`), "Using Docker with Pipeline".
Each `sh` has a shell of its own. A push is joined to its build within one block only: between two
stages there may be tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from reorder.ci.branch import JENKINS
from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.edits import Edit, line_end, line_of, newline
from reorder.ci.pipelines.groovy import CLOSE, OPEN, String, Unread, encoded, strings
from reorder.ci.shell.line import Around
from reorder.ci.yaml import jobs as yaml_jobs
from reorder.ci.yaml.jobs import Job
from reorder.ci.yaml.scalars import Scalar
from reorder.ci.yaml.script import Change, Dialect, Slot
from reorder.ci.yaml.steps import BUILD
from reorder.context.project import Project

NAME: Final = "Jenkins"
_FOLDERS: Final = ("", "jenkins", ".jenkins", "ci", ".ci", "build")
_STEP: Final = re.compile(r"(?<![\w.])sh[ \t]*\(?[ \t]*(?:label:[^\n]*?,\s*)?(?:script:\s*)?$")
_OTHER: Final = re.compile(r"(?<![\w.])(?:sh|bat|powershell|pwsh)\b[^\n]*$")
_PLUGIN: Final = re.compile(r"\bdocker\s*\.\s*build\s*\(|\bdockerfile\s*(?:true\b|\{)")
_SET: Final = re.compile(r"^[ \t]*([A-Z_][A-Z0-9_]*)[ \t]*=[ \t]*$")
_DIALECT: Final = Dialect(re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}"))
_BY_PLUGIN: Final = "The Docker plugin builds it with the engine's own builder, which has no cache \
that can be exported; build with docker buildx build in an `sh` step."
_NO_STEP: Final = "The command is not the one string of an `sh` step."


def files(project: Project) -> list[str]:
    """Files named Jenkinsfile at the usual places."""
    found = [
        path
        for folder in _FOLDERS
        for path, entry in project.children(folder).items()
        if entry.kind == "file"
        and (entry.name.startswith("Jenkinsfile") or entry.name.endswith(".jenkinsfile"))
    ]
    return sorted(found)


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The `sh` steps, block by block."""
    if not yaml_jobs.may_build(text):
        return None
    try:
        every = list(strings(text))
    except Unread:
        return _unread(path, text)
    known = _variables(text, every)
    jobs = _jobs(text, [one for one in every if _is_step(text, one)], known)
    found = list(_others(text, every))
    return yaml_jobs.planned(path, text, settings, jobs, found, written, _unchecked)


def _is_step(text: str, string: String) -> bool:
    before = text[text.rfind("\n", 0, string.start) + 1 : string.start]
    behind = text[string.end : line_end(text, string.end)].strip()
    return bool(_STEP.search(before)) and behind in ("", ")", "}", ") }", ";", ");")


def _variables(text: str, every: Sequence[String]) -> dict[str, str]:
    """What `NAME = "…"` sets in an `environment` block."""
    found = {}
    for string in every:
        line = text[text.rfind("\n", 0, string.start) + 1 : string.start]
        if name := _SET.match(line):
            value = re.sub(f"[{OPEN}{CLOSE}]", "", string.value)
            found[name[1]] = re.sub(r"\$\{(?:env|params)\.(\w+)\}", r"${\1}", value)
    return found


def _jobs(text: str, steps: Sequence[String], known: dict[str, str]) -> Iterator[Job]:
    """The steps of a block from one build to the next, and what runs before and after them."""
    builds = [at for at, one in enumerate(steps) if BUILD.search(one.value)]
    for number, start in enumerate(builds):
        stop = builds[number + 1] if number + 1 < len(builds) else len(steps)
        end = start + 1
        while end < stop and steps[end].block == steps[start].block:
            end += 1
        before, after = steps[:start], steps[end:]
        around = Around(
            "\n".join(one.value for one in before),
            "\n".join(one.value for one in after),
            variables=known,
        )
        slots = tuple(_slot(text, one) for one in steps[start:end])
        yield Job(slots, JENKINS, around, _DIALECT)


def _slot(text: str, string: String) -> Slot:
    start = text.rfind("\n", 0, string.start) + 1
    line = text[start : string.start]
    alone = not line.lstrip().partition("sh")[0]
    scalar = Scalar(
        string.value,
        "literal",
        string.start,
        string.end,
        string.places,
        string.quote,
    )
    indent = len(line) - len(line.lstrip())
    return Slot(scalar, indent, (start, line_end(text, string.end)) if alone else None)


def _unchecked(text: str, changes: Sequence[Change], edits: Sequence[Edit]) -> bool:
    return True


def written(text: str, changes: Sequence[Change]) -> list[Edit] | None:
    """The edits of the file that make the changes; None: they cannot be made."""
    edits: list[Edit] = []
    eol = newline(text)
    for change in changes:
        slot, scalar = change.slot, change.slot.scalar
        quote = scalar.indent
        if change.value is None:
            if slot.item is None:
                return None
            edits.append(Edit(*slot.item, ""))
        elif len(quote) == 3 or not any("\n" in edit.text for edit in change.edits):
            edits += [
                Edit(scalar.places[e.start], scalar.places[e.end], encoded(e.text, quote, eol))
                for e in change.edits
            ]
        else:
            start = text.rfind("\n", 0, scalar.start) + 1
            indent = text[start : start + slot.column]
            deeper = indent + _step(text, start, indent)
            lines = change.value.split("\n")
            body = "".join(f"{deeper}{line}\n" if line else "\n" for line in lines)
            new = encoded(f"\n{body}{indent}", quote * 3, eol)
            edits.append(Edit(scalar.start, scalar.end, quote * 3 + new + quote * 3))
    return edits


def _step(text: str, start: int, indent: str) -> str:
    """How much deeper a line stands than the one that opens its block."""
    for line in reversed(text[:start].splitlines()):
        outer = line[: len(line) - len(line.lstrip())]
        if line.rstrip().endswith("{") and indent.startswith(outer) and len(outer) < len(indent):
            return indent[len(outer) :]
    return "    "


def _others(text: str, every: Sequence[String]) -> Iterator[Found]:
    """Builds that are not in a plain step."""
    inside = [(one.start, one.end) for one in every]
    for found in _PLUGIN.finditer(text):
        start = text.rfind("\n", 0, found.start()) + 1
        if "//" in text[start : found.start()] or any(a <= found.start() < b for a, b in inside):
            continue
        what = found[0].rstrip("({ ")
        yield Found(line_of(text, found.start()), what, "refused", _BY_PLUGIN)
    for string in every:
        line = text[text.rfind("\n", 0, string.start) + 1 : string.start]
        if BUILD.search(string.value) and not _is_step(text, string) and _OTHER.search(line):
            yield Found(line_of(text, string.start), "docker build", "refused", _NO_STEP)


def _unread(path: str, text: str) -> Planned | None:
    answer = yaml_jobs.unread(path, text)
    if answer is None:
        return None
    reason = "The file has Groovy that is not read here, such as a regular expression."
    return replace(answer, found=tuple(replace(one, reason=reason) for one in answer.found))

"""The jobs of a YAML file of any CI system: their shell text rewritten, and told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from reorder.ci.branch import Branch, builder
from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.edits import Edit, applied, line_of
from reorder.ci.shell.builds import Build, varies
from reorder.ci.shell.line import Around, builds_of, rewrite_script
from reorder.ci.shell.words import variables
from reorder.ci.yaml.script import Change, Dialect, Script, Slot
from reorder.ci.yaml.steps import BUILD
from reorder.ci.yaml.write import says, written

Write: TypeAlias = Callable[[str, Sequence[Change]], "list[Edit] | None"]
Check: TypeAlias = Callable[[str, Sequence[Change], Sequence[Edit]], bool]
_VARYING: Final = "Jobs that differ share the script, and would overwrite each other's cache."
_MOST: Final = 150  # builds of one file
_MANY: Final = "The file builds more images than are read of one file."
_STYLE: Final = "The change cannot be written in the style of this script."
_CONTEXT: Final = "docker context create tls-env"
_THERE: Final = "docker context inspect tls-env >/dev/null 2>&1"
_SHARED: Final = "The script is shared with another job that needs another change."
_OTHERS: Final = (
    (r"/kaniko/executor", "kaniko", "Kaniko has a registry cache of its own (--cache=true, "
     "--cache-repo)."),
    (r"\bbuildah\s+(?:bud|build)\b", "buildah build", "Buildah has a registry cache of its own "
     "(--layers, --cache-from, --cache-to)."),
    (r"\bpodman\s+build\b", "podman build", "Podman has a registry cache of its own (--layers, "
     "--cache-from, --cache-to)."),
    (r"\bbuildctl(?:-daemonless\.sh)?\s+build\b", "buildctl build", "It has options of its own "
     "for a cache (--import-cache, --export-cache)."),
)  # fmt: skip
_BUILDS: Final = re.compile(
    r"docker|podman|buildah|kaniko|buildctl|\bbake\b|compose", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Job:
    """Commands that run one after the other on one machine."""

    slots: tuple[Slot, ...]
    branch: Branch
    around: Around = field(default_factory=Around)
    dialect: Dialect = field(default_factory=Dialect)
    refusal: str | None = None  # why a build in it is left alone whatever it looks like
    warnings: tuple[str, ...] = ()
    tls: bool = False  # the engine is reached by TLS, as the environment says
    again: bool = False  # a job may run it more than once
    follows: bool = False  # it runs on the machine of the job before it in the list
    varying: frozenset[str] = frozenset()  # the variables that differ where the script is used


def may_build(text: str) -> bool:
    """Whether a file is worth the reading."""
    return bool(_BUILDS.search(text))


def unread(path: str, text: str) -> Planned | None:
    """The answer for a file that is no YAML, if it builds an image."""
    reason = "The file cannot be read as YAML."
    found = tuple(
        Found(number, "docker build", "refused", reason)
        for number, line in enumerate(text.split("\n"), 1)
        if BUILD.search(line) and not line.lstrip().startswith(("#", "//"))
    )
    return Planned(path, text, text, found) if found else None


def planned(
    path: str,
    text: str,
    settings: Settings,
    jobs: Iterable[Job],
    found: Sequence[Found] = (),
    write: Write = written,
    check: Check = says,
) -> Planned | None:
    """What becomes of a file with these jobs; `found`: what its reader found beside them."""
    edits, more = changed(text, settings, jobs, write, check)
    places = [*found, *(one for one in more if one not in found)]
    if not places:
        return None
    places.sort(key=lambda one: one.line)
    return Planned(path, text, applied(text, edits), tuple(places))


def changed(
    text: str,
    settings: Settings,
    jobs: Iterable[Job],
    write: Write = written,
    check: Check = says,
) -> tuple[list[Edit], list[Found]]:
    """The changes of a file with these jobs, and their builds."""
    every = [job for job in jobs if job.slots]
    builds = [job for job in every if any(BUILD.search(slot.scalar.value) for slot in job.slots)]
    if len(builds) > _MOST:
        line = line_of(text, builds[0].slots[0].scalar.start)
        return [], [Found(line, "docker build", "refused", _MANY)]
    edits, places, changes = _made(text, settings, every, write, None)
    if not check(text, changes, edits):
        edits, places, _ = _made(text, settings, every, write, check)
    return edits, places


def _made(
    text: str, settings: Settings, jobs: Sequence[Job], write: Write, check: Check | None
) -> tuple[list[Edit], list[Found], list[Change]]:
    """As `changed`; with `check` each job is checked for itself, and left alone if it fails."""
    every: list[Change] = []
    edits: list[Edit] = []
    places: list[Found] = []
    made_builder = False
    kept: list[str] = []
    scripts = [Script(job.slots, job.dialect, kept) for job in jobs]
    builds_in = [
        builds_of(script.text, settings, _around(job, script))
        for job, script in zip(jobs, scripts, strict=True)
    ]
    for job, script, own in zip(jobs, scripts, builds_in, strict=True):
        made_builder = made_builder and job.follows
        beside = tuple(one for some in builds_in if some is not own for one in some)
        around = replace(_around(job, script, made_builder), beside=beside)
        new, builds = rewrite_script(script.text, settings, job.branch, around)
        builds = [_placed(one, script, text, job) for one in builds]
        reason = job.refusal or (_VARYING if _overwrite(own, _varying(job, kept)) else None)
        if new and reason is None:
            by_tls = [replace(edit, text=_by_tls(edit.text, job)) for edit in new]
            changes = script.changes(by_tls if job.tls else new)
            made = None if changes is None else write(text, changes)
            if made is None or changes is None or (check and not check(text, changes, made)):
                reason = _STYLE
            elif _clash(edits, made):
                reason = _SHARED
            else:
                every += changes
                edits += [edit for edit in made if edit not in edits]
                made_builder |= any(builder(job.branch) in edit.text for edit in new)
        if reason is not None:
            builds = [_refused(one, reason) for one in builds]
        places += [one for one in builds if one not in places]
        places += [one for one in _others(script, text) if one not in places]
    return edits, places, every


def _varying(job: Job, kept: Sequence[str]) -> frozenset[str]:
    """The names in a script that stand for other things where it is used again."""
    wanted = job.dialect.varies
    numbers = [n for n, one in enumerate(kept) if wanted is not None and wanted.match(one)]
    return job.varying | {f"KEPT_{number}" for number in numbers}


def _overwrite(builds: Sequence[Build], varying: frozenset[str]) -> bool:
    """Whether a build differs from job to job, and the name of its image does not."""
    return any(varies(one) & varying and not variables(one.repository) & varying for one in builds)


def _around(job: Job, script: Script, made_builder: bool = False) -> Around:
    """What is known of a job, by the names that stand in its script."""
    values = {**job.around.variables, **script.known(job.around.variables)}
    has_builder = job.around.builder or made_builder
    return replace(job.around, variables=values, builder=has_builder)


def _placed(one: Found, script: Script, text: str, job: Job) -> Found:
    """A build of a script as one of the file."""
    warnings = tuple(map(script.told, one.warnings))
    if one.status == "rewritten":
        warnings += tuple(w for w in job.warnings if w not in warnings)
    return replace(
        one,
        line=script.line(text, one.line),
        reason=script.told(one.reason),
        image=script.told(one.image) if one.image else one.image,
        cache=script.told(one.cache) if one.cache else one.cache,
        warnings=warnings,
    )


def _by_tls(text: str, job: Job) -> str:
    """A builder takes no certificates from the environment, but from a context (buildx#413)."""
    made = builder(job.branch)
    context = f"{_THERE} || {_CONTEXT}" if job.again else _CONTEXT
    line = re.compile(rf"^([ \t]*){re.escape(made)}$", re.MULTILINE)
    return line.sub(rf"\1{context}\n\1{made} tls-env", text)


def _refused(one: Found, reason: str) -> Found:
    if one.status != "rewritten":
        return one
    return replace(one, status="refused", reason=reason, cache=None, warnings=())


def _clash(edits: list[Edit], more: list[Edit]) -> bool:
    """Whether some of the edits meet others that are not the same."""
    fresh = [edit for edit in more if edit not in edits]
    return any(
        (a.start < b.end and b.start < a.end) or a.start == b.start for a in edits for b in fresh
    )


def _others(script: Script, text: str) -> list[Found]:
    """Builds by other programs than docker."""
    places = []
    for number, line in enumerate(script.text.split("\n"), 1):
        for pattern, what, reason in _OTHERS:
            if not line.lstrip().startswith("#") and re.search(pattern, line):
                places.append(Found(script.line(text, number), what, "refused", reason))
    return places

"""The lines that a job gets: its builds' inputs, and the steps in front of them."""

from __future__ import annotations

from collections.abc import Sequence

from reorder.ci.contract import Settings
from reorder.ci.edits import Edit
from reorder.ci.github.apart import Answer, Reader
from reorder.ci.github.builder import taken_from_docker
from reorder.ci.github.builds import Build
from reorder.ci.github.judge import Draft, No
from reorder.ci.github.policy import Export
from reorder.ci.github.steps import Names, branch, buildx, identifier, main_first, naming, output
from reorder.ci.github.write import Unwritable, inputs, only, steps
from reorder.ci.refs import CacheRef, exported, imported


def changes(text: str, answers: Sequence[tuple[Build, Answer]], settings: Settings) -> list[Edit]:
    """The edits for the builds of one job. Raises Unwritable."""
    wanted = [(build, answer) for build, answer in answers if not isinstance(answer, No)]
    edits: list[Edit] = []
    named = identifier(wanted[0][0].job) if wanted else ""
    names = _names(wanted, settings)
    # Before the first of them, so that all of them share one builder.
    builder = any(isinstance(answer, Draft) and answer.builder for _, answer in wanted)
    left = [build for build, answer in answers if isinstance(answer, No)]
    if builder and any(taken_from_docker(build) for build in left):
        raise Unwritable("buildx is not set up, and another build of its job needs it so")
    for build, answer in wanted:
        added: list[Sequence[str]] = []
        if (names.branch or names.part) and _here(answer, build):
            added.append(naming(build.step, build.job, names, named))
            names = Names()
        if builder:
            builder = False
            added.append(buildx(build.step, build.job))
        if added:
            edits.append(steps(text, build.step, added))
        edits.append(inputs(text, build.step, _inputs(answer, build, settings, named)))
    return edits


def _names(wanted: Sequence[tuple[Build, Draft | Reader]], settings: Settings) -> Names:
    """What must be made fit for the tags that a job uses. Raises Unwritable."""
    here = [_draft(answer) for build, answer in wanted if _here(answer, build)]
    if settings.backend == "gha" or not here:
        return Names()
    parts = {draft.build.moving for draft in here if draft.build.moving}
    if len(parts) > 1:
        raise Unwritable("its job builds for several unlike platforms or targets")
    own = any(draft.export.own and not draft.export.safe for draft in here)
    longest = max(draft.build.length for draft in here)
    return Names(branch(settings) if own else "", "".join(parts), longest)


def _draft(answer: Draft | Reader) -> Draft:
    return answer.of if isinstance(answer, Reader) else answer


def _here(answer: Answer, build: Build) -> bool:
    """Whether the build's own job exports; else only the main branch's cache is read."""
    return isinstance(answer, Draft) or (
        isinstance(answer, Reader) and answer.of.build.job is build.job
    )


def _inputs(
    answer: Draft | Reader, build: Build, settings: Settings, named: str
) -> list[tuple[str, Sequence[str]]]:
    draft = _draft(answer)
    if settings.backend == "gha":
        scope = "-".join(one for one in (draft.repository, draft.build.part) if one)
        found: list[tuple[str, Sequence[str]]] = [("cache-from", [f"type=gha,scope={scope}"])]
        to = f"type=gha,mode=max,scope={scope},ignore-error=true"
        if isinstance(answer, Draft):
            found.append(("cache-to", [only(draft.export.when, to)]))
        return found
    told_part = draft.build.part
    if draft.build.moving:
        told_part = told_part.replace(draft.build.moving, f"${{{{ {output(named, 'part')} }}}}")
    ref = CacheRef(draft.repository, told_part)
    own = ref.branch(_own(draft.export, settings, named)) if draft.export.own else ref.main
    read = [imported(ref.main)]
    if own != ref.main and _here(answer, build):
        read.append(imported(own))
    found = [("cache-from", read)]
    if isinstance(answer, Draft):
        found.append(("cache-to", [only(draft.export.when, exported(own))]))
    return found


def _own(export: Export, settings: Settings, named: str) -> str:
    if not export.safe:
        return f"${{{{ {output(named, 'branch')} }}}}"
    return f"${{{{ {main_first(settings, 'github.ref_name')} }}}}"


def told(answer: Draft | Reader, settings: Settings) -> str:
    """What is new, for people."""
    draft = _draft(answer)
    if settings.backend == "gha":
        where = "GitHub's own cache"
        does = f"imports and exports {where}" if isinstance(answer, Draft) else f"imports {where}"
    elif isinstance(answer, Reader):
        does = f"imports {_main(draft)}, which another build of the file exports"
    elif draft.export.own:
        does = f"imports {_main(draft)} and the branch's own cache, and exports the latter"
    else:
        does = f"imports and exports {_main(draft)}"
    more = f" where {draft.export.when}" if isinstance(answer, Draft) and draft.export.when else ""
    return does + more + ("; buildx is set up first" if _adds(answer) else "")


def _main(draft: Draft) -> str:
    return CacheRef(draft.repository, draft.build.part).main


def _adds(answer: Draft | Reader) -> bool:
    return isinstance(answer, Draft) and answer.builder

"""The whole proof of one Dockerfile: cold builds, comparison, rebuilds."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reorder.config import Options
from reorder.errors import InputError
from reorder.graph.stages import targets
from reorder.verify.archive import BadImage
from reorder.verify.builds import Builds
from reorder.verify.cold import OriginalFails, cold_builds
from reorder.verify.edit import choose, named
from reorder.verify.engine import LIMIT, BuildFailed, Engine
from reorder.verify.expected import Expectations
from reorder.verify.image import Known
from reorder.verify.outcome import Rebuild, Verification
from reorder.verify.pair import Pair, find_pair
from reorder.verify.rebuild import Rebuilds
from reorder.verify.replay import last_commits
from reorder.verify.workspace import lay

NO_EDIT = "none"
AUTO = "auto"


def _silent(_: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user wants to know. `edit` is `auto`, `none`, a path, or a number of commits."""

    options: Options = field(default_factory=Options)
    against: Path | None = None
    target: str | None = None  # only this stage
    edit: str = AUTO
    rounds: int = 1
    args: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()  # further words for the engine's own `build`
    seconds: float = LIMIT  # for one build


def verify(
    path: Path,
    asked: Asked,
    engine: Engine,
    tell: Callable[[str], None] = _silent,
    on_line: Callable[[str], None] = _silent,
    known: Known | None = None,
) -> Verification:
    """Builds, compares and measures one Dockerfile: the pair that `find_pair` finds.

    Raises:
        InputError: for what a user can mend; also that the original does not build.
    """
    pair = find_pair(path, asked.options, asked.against)
    return verify_pair(pair, asked, engine, tell, on_line, known)


def verify_pair(
    pair: Pair,
    asked: Asked,
    engine: Engine,
    tell: Callable[[str], None] = _silent,
    on_line: Callable[[str], None] = _silent,
    known: Known | None = None,
) -> Verification:
    """The same for two Dockerfiles at hand.

    `tell` hears what is being built, `on_line` what the engine says. `known` is for layers that
    several verifications share. Nothing is left behind, and nothing of the user's is written to,
    whatever happens.
    """
    path = pair.dockerfile
    blank = Verification(str(path), f"{engine.name} {engine.version}".strip(), pair.origin)
    names = _targets(pair, asked.target)
    if pair.same:
        return replace(blank, nothing=True)
    with tempfile.TemporaryDirectory(prefix="reorder-verify-") as folder:
        before, after = lay(pair, Path(folder))
        builds = Builds(
            engine=engine,
            sides={"before": before, "again": before, "after": after},
            folder=Path(folder),
            token=secrets.token_hex(4),
            args=asked.args,
            flags=asked.flags,
            seconds=asked.seconds,
            tell=tell,
            on_line=on_line,
            known={} if known is None else known,
        )
        try:
            return _verified(blank, pair, names, builds, asked)
        except (OriginalFails, BadImage, BuildFailed) as error:
            raise InputError(str(path), str(error)) from error
        finally:
            engine.forget()


def _verified(
    blank: Verification,
    pair: Pair,
    names: tuple[str | None, ...],
    builds: Builds,
    asked: Asked,
) -> Verification:
    expected = Expectations(pair.before.facts, pair.after.facts, _build_files(pair))
    cold = cold_builds(builds, names, expected)
    found = replace(
        blank,
        targets=cold.targets,
        steps=cold.steps,
        failed=cold.failed,
        failed_target=cold.failed_target,
    )
    if cold.failed:
        return found
    again = Rebuilds(builds, names[0], cold.noise, expected)
    return replace(found, rebuilds=_rebuilds(again, pair, asked))


def _rebuilds(again: Rebuilds, pair: Pair, asked: Asked) -> tuple[Rebuild, ...]:
    if asked.edit == NO_EDIT:
        return ()
    if asked.edit.isdecimal():
        return tuple(again.after_commits(last_commits(pair, int(asked.edit))))
    edits = choose(pair) if asked.edit == AUTO else (named(pair, asked.edit),)
    return tuple(again.after_edits(edits, asked.rounds))


def _targets(pair: Pair, only: str | None) -> tuple[str | None, ...]:
    """The stages to compare, the last one (None) first. Raises InputError for an unknown one."""
    stages = pair.before.facts.stages
    if only is not None:
        if only.lower() not in [stage.name for stage in stages]:
            raise InputError(str(pair.dockerfile), f"has no stage {only}")
        return (only,)
    last = stages[-1].index
    others = [stage.name for stage in targets(stages) if stage.index != last]
    return (None, *others)


def _build_files(pair: Pair) -> tuple[tuple[str, str, str], ...]:
    """The Dockerfile and the ignore file by their path in the context, with both digests."""

    name = os.path.relpath(os.path.realpath(pair.dockerfile), os.path.realpath(pair.root))
    ignores = [side.context.ignore_text or "" for side in (pair.before, pair.after)]
    return (
        (name, _sha(pair.before.text), _sha(pair.after.text)),
        (pair.before.context.ignore_path, _sha(ignores[0]), _sha(ignores[1])),
    )


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()

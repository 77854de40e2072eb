"""Whether real builds prove a proposed change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reorder.config import Options
from reorder.errors import InputError
from reorder.opened import open_file
from reorder.result import Result
from reorder.verify.engine import Engine
from reorder.verify.pair import proposed_pair
from reorder.verify.run import NO_EDIT, Asked, verify_pair


def why_not(
    result: Result,
    ignore: str | None,
    options: Options,
    engine: Engine,
    tell: Callable[[str], None] = lambda said: None,
    on_line: Callable[[str], None] = lambda line: None,
) -> str:
    """Why a change is not proved, in a line; "" when it is.

    `ignore` is the final text of the context's ignore file, None where it does not change. `tell`
    takes what is built now, in words; `on_line` a line of the engine's log.
    """
    try:
        pair = proposed_pair(open_file(Path(result.path), options), result, ignore)
        found = verify_pair(pair, Asked(options, edit=NO_EDIT), engine, tell, on_line)
    except InputError as error:
        return str(error)
    if found.identical:
        return ""
    differences = [one for target in found.targets for one in target.verdict.differences]
    if not differences:
        return f"{result.path}: the rewritten one does not build: {found.failed[-1]}"
    first = f"{differences[0].what}: {differences[0].words}"
    more = f", and {len(differences) - 1} more" if len(differences) > 1 else ""
    return f"{result.path}: left alone, because the image would differ: {first}{more}"

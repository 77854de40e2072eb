"""RUNs whose commands together do less than each of them might: known as a whole, by their form."""

from __future__ import annotations

import posixpath

from reorder.ecosystems.contract import Image
from reorder.ecosystems.run_caches import Step
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Call, Opaque


def as_one(calls: tuple[Call, ...], image: Image) -> tuple[Step, ...] | None:
    """The steps of such a RUN, `cd` apart; None for every other RUN."""
    names = {posixpath.basename(call.name) for call in calls}
    if not {"cargo", "rm"} <= names:
        return None
    from reorder.ecosystems.rust.cargo_recipe import recipe

    step = recipe(calls, image)
    if step is None:
        return None
    steps = []
    for call in calls:
        known = understand(call, image) if call.name == "cd" else None
        if isinstance(known, Opaque):
            return None
        if known is not None:
            steps.append(Step(call, known))
    return (*steps, step)

"""Every transform, in the order in which it may propose; the first proved proposal is taken.

`order` comes first so that system packages already stand above the source when an install is
brought up; `join-run` joins what then stands together; `split-run` comes before `manifest-first`,
which only moves whole RUNs; mounts come after the layers are where they will stay; the directive
comes last because it depends on what the others brought in. `precise-copy` takes apart the COPY
that the transforms before it leave.

Left out: merging other RUNs or reformatting them (no effect on rebuilds); moving LABEL, CMD or
EXPOSE (they cost nothing in BuildKit).
"""

from __future__ import annotations

from reorder.transforms import (
    cache_mount,
    dockerignore,
    join_run,
    manifest_drift,
    manifest_first,
    order,
    precise_copy,
    prefetch,
    split_run,
    syntax_directive,
)
from reorder.transforms.base import Transform

TRANSFORMS: tuple[Transform, ...] = (
    order,
    join_run,
    split_run,
    manifest_first,
    prefetch,
    manifest_drift,
    cache_mount,
    precise_copy,
    dockerignore,
    syntax_directive,
)

"""Every transform, in the order in which it may propose; the first proved proposal is taken.

`order` comes first so that system packages already stand above the source when an install is
brought up; `split-run` comes before `manifest-first`, which only moves whole RUNs; mounts come
after the layers are where they will stay; the directive comes last because it depends on what the
others brought in.

Left out: merging or reformatting RUNs (no effect on rebuilds); moving LABEL, CMD or EXPOSE (they
cost nothing in BuildKit); `precise-copy` (it needs what a build reads).
"""

from __future__ import annotations

from reorder.transforms import (
    cache_mount,
    dockerignore,
    manifest_drift,
    manifest_first,
    order,
    prefetch,
    split_run,
    syntax_directive,
)
from reorder.transforms.base import Transform

TRANSFORMS: tuple[Transform, ...] = (
    order,
    split_run,
    manifest_first,
    prefetch,
    manifest_drift,
    cache_mount,
    dockerignore,
    syntax_directive,
)

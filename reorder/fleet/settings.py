"""What the user chose for a whole run. Plain values that travel to every worker."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from reorder.config import Options

BRANCH: Final = "reorder/faster-rebuilds"
TIMEOUT: Final = 600.0
MEMORY: Final = 4 << 30  # bytes of address space for one repository, git included
_NOT_RESULT: Final = ("output", "work", "timeout", "memory")


@dataclass(frozen=True, slots=True)
class Settings:
    """`branch`: "" for none. `work`: where clones and work trees are; None: the usual place."""

    output: Path
    options: Options = field(default_factory=Options)
    branch: str = ""
    patch: bool = True
    push: bool = False
    servers: tuple[str, ...] = ()  # `--forge`
    pr: str = ""  # the kind of forge that gets a pull request; opened by the main process
    ci: bool = False
    verify: bool = False
    simulate: bool = False
    author: str = ""  # `Name <address>`; "" for the tool's own
    timeout: float = TIMEOUT  # seconds for one repository
    memory: int = MEMORY
    work: Path | None = None


def fingerprint(settings: Settings) -> str:
    """A hash of everything that the results depend on; the same on every machine."""
    held = {name: value for name, value in asdict(settings).items() if name not in _NOT_RESULT}
    return hashlib.sha256(_stable(held).encode()).hexdigest()[:12]


def _stable(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}={_stable(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, (set, frozenset)):
        return "{" + ",".join(sorted(map(_stable, value))) + "}"
    return repr(value)

"""What is known of a RUN: the shell that reads it, and the effects of its commands."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.run import RunEffects, effects_anywhere, run_effects
from reorder.graph.scope import Scope
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.nodes import Instruction

_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash"})
_OPTIONS: Final = frozenset("ceuxo")  # -l and --login read profiles, -i asks
_BUILTINS: Final = frozenset(
    ". : alias break cd command continue eval exec exit export local read readonly return set "
    "shift shopt source trap type ulimit umask unset wait".split()
)


def understood(node: Instruction, scope: Scope, image: Image) -> RunEffects | Opaque:
    """What the commands of a RUN do in a state, or why that is not known."""
    script = views.script(node)
    if script.kind == "exec" and scope.workdir is None:
        return Opaque("the working directory of the base image is not known")
    if script.kind == "exec":
        return _exec(script.argv, image)
    if script.kind == "shebang":
        return Opaque("it is a script with an interpreter of its own")
    reason = unusual(scope.shell)
    if reason is not None:
        return Opaque(reason)
    known = scope.workdir is not None
    return run_effects(script.text, image) if known else effects_anywhere(script.text, image)


def unusual(shell: tuple[str, ...]) -> str | None:
    """Why a SHELL does not run the text as `sh -c` would; None: it does."""
    if not shell or shell[0].rpartition("/")[2] not in _SHELLS:
        return f"the shell is {' '.join(shell)}"
    options = [word for word in shell[1:] if word != "pipefail"]
    odd = [word for word in options if not word.startswith("-") or set(word[1:]) - _OPTIONS]
    if odd and "l" in odd[0].lstrip("-"):
        return f"the shell is {' '.join(shell)}: a login shell reads profiles first"
    if odd or not any("c" in word for word in options):
        return f"the shell is {' '.join(shell)}, with an option that is not known"
    return None


def _exec(argv: tuple[str, ...], image: Image) -> RunEffects | Opaque:
    """The JSON form runs one program, with its words as they are."""
    if not argv or argv[0] in _BUILTINS:
        return Opaque(f"there is no program {argv[0] if argv else ''}")
    found = run_effects(shlex.join(argv), image)
    if isinstance(found, Opaque):
        return found
    # What switches a cache off is known by its place in a text that nobody wrote.
    caches = tuple(
        replace(cache, cancels=(), off="it is switched off in a JSON form")
        if cache.cancels
        else cache
        for cache in found.caches
        if not cache.naming
    )
    return replace(found, caches=caches)

"""What every instruction reads and writes (semantics.md section 3 and its commutation table)."""

from __future__ import annotations

import posixpath

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.paths import EVERYTHING, NOTHING, Paths
from reorder.ecosystems.run import RunEffects
from reorder.graph.copies import Copied
from reorder.graph.resources import Effects, Resources
from reorder.graph.scope import Scope, joined, variables
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.nodes import Instruction

IDENTITY_FILES = frozenset({"/etc/passwd", "/etc/group"})
BARRIER = Effects(
    Resources(EVERYTHING, None, frozenset({"workdir", "user", "shell"})), Resources(EVERYTHING)
)


def config_effects(node: Instruction) -> Effects:
    """An instruction that changes only the environment or the config of the image."""
    reads = Resources(env=_names(node))
    match node.keyword:
        case "env":
            names = frozenset(key for key, _ in views.pairs(node))
            # Config.Env keeps the order of assignment, so two ENVs never change places.
            return Effects(reads, Resources(env=names, config=frozenset({"the order of ENV"})))
        case "arg":
            return Effects(reads, Resources(env=frozenset(key for key, _ in views.pairs(node))))
        case "label":
            keys = frozenset(f"label {key}" for key, _ in views.pairs(node))
            return Effects(reads, Resources(config=keys))
        case "user" | "shell":
            return Effects(reads, Resources(config=frozenset({node.keyword})))
        case "cmd" | "entrypoint":
            shell = frozenset() if node.is_json else frozenset({"shell"})
            return Effects(Resources(config=shell), Resources(config=frozenset({node.keyword})))
        case "expose" | "volume":
            return Effects(reads, Resources())  # sets: every order gives the same
        case _:
            return Effects(reads, Resources(config=frozenset({node.keyword})))


def workdir_effects(node: Instruction, scope: Scope, path: str | None) -> Effects:
    """WORKDIR creates what is missing of `path`, the folder it sets, as the current user."""
    if path is None:
        return BARRIER
    relative = not node.args.lstrip("\"'").startswith(("/", "$"))
    reads = {"user"} | ({"workdir"} if relative else set())
    chain = Paths(files=frozenset(_chain(path)))
    # A plain COPY would create the same folders as root; with another owner the first one counts.
    seen, made = (chain, NOTHING) if scope.is_root else (NOTHING, chain)
    named = IDENTITY_FILES if not scope.is_root else frozenset[str]()
    return Effects(
        Resources(seen | Paths(files=named), _names(node), frozenset(reads)),
        Resources(made, config=frozenset({"workdir"})),
    )


def copy_effects(node: Instruction, escape: str, scope: Scope, known: Copied | str) -> Effects:
    """COPY and ADD: exact paths when they are known, else the whole destination."""
    view = views.copy(node)
    dest_text = scope.expand(view.dest, escape)
    relative = dest_text is None or not dest_text.startswith("/")
    if dest_text is None or (relative and scope.workdir is None):
        return BARRIER
    config = frozenset({"workdir"}) if relative else frozenset[str]()
    dest = joined(scope.workdir or "/", dest_text)
    names = _names(node)
    # A named owner is looked up in the image; a numeric one is not.
    owner = view.chown or ""
    named = owner and not all(part.isdecimal() for part in owner.split(":"))
    reads = Paths(files=IDENTITY_FILES) if named else NOTHING
    written = known.placed.paths if isinstance(known, Copied) else Paths(trees=frozenset({dest}))
    if owner or view.chmod or view.link:
        # Folders it creates on the way get the owner and mode too; --link resets existing ones.
        written |= Paths(files=frozenset(_chain(dest)))
    if isinstance(known, Copied) and not known.folders and not known.placed.files:
        written |= Paths(trees=frozenset({dest}))
    return Effects(
        # A destination that a command made a symbolic link would be followed.
        Resources(reads | Paths(files=frozenset(_chain(dest))), names, config),
        Resources(written),
    )


def run_effects(node: Instruction, run: RunEffects | Opaque) -> Effects:
    """RUN: what its commands do; not understood or able to do anything: a barrier."""
    if isinstance(run, Opaque) or run.barrier is not None:
        return BARRIER
    state = {"workdir", "user"} | (set() if node.is_json else {"shell"})
    return Effects(Resources(run.reads, run.env, frozenset(state)), Resources(run.writes))


def _names(node: Instruction) -> frozenset[str]:
    """The variables that the builder replaces in an instruction."""
    texts = (node.args, *(flag.value or "" for flag in node.flags))
    return frozenset(name for text in texts for name in variables(text))


def _chain(path: str) -> list[str]:
    """A folder and its parents, without those that every base image has."""
    found = []
    while path not in STANDARD_FOLDERS:
        found.append(path)
        path = posixpath.dirname(path) or "/"
    return found

"""What every instruction reads and writes (semantics.md section 3 and its commutation table)."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from reorder.context.build import BuildContext
from reorder.context.ignore import Ignore
from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.named import named_paths
from reorder.ecosystems.paths import EVERYTHING, NOTHING, Paths, below
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.symlinks import goes_through
from reorder.graph.copies import Copied, remote_files
from reorder.graph.mounts import Shown
from reorder.graph.open_copies import Open
from reorder.graph.overlay import Overlay
from reorder.graph.resources import Effects, Names, Resources
from reorder.graph.scope import Scope, joined, variables
from reorder.shell.nodes import Opaque
from reorder.syntax import views, words
from reorder.syntax.nodes import Instruction

IDENTITY_FILES = frozenset({"/etc/passwd", "/etc/group"})
ANYTHING = frozenset({"files of the image"})  # what may do anything keeps its place among RUNs
ACCOUNTS = "users and groups"
ENV_ORDER = "the order of ENV"


def config_effects(node: Instruction, escape: str, scope: Scope) -> Effects:
    """An instruction that changes only the environment or the config of the image."""
    keyword = node.keyword
    match keyword:
        case "env":
            # Config.Env keeps the order of assignment, so two ENVs never change places.
            order = Resources(env=_keys(node, escape, scope), config=frozenset({ENV_ORDER}))
            return Effects(Resources(env=_names(node)), order)
        case "arg":
            names = frozenset(name for name, _ in views.pairs(node))
            return Effects(Resources(env=_names(node)), Resources(env=names))
        case "label":
            found = _keys(node, escape, scope)
            keys = {"label"} if found is None else {f"label {key}" for key in found}
            # A key that is not known may be any: every LABEL reads the word that such a one writes.
            reads = Resources(env=_names(node), config=frozenset({"label"}))
            return Effects(reads, Resources(config=frozenset(keys)))
        case "cmd" | "entrypoint":
            shell = frozenset() if node.is_json else frozenset({"shell"})
            return Effects(Resources(config=shell), Resources(config=frozenset({keyword})))
        case "expose" | "volume":
            return Effects(Resources(env=_names(node)))  # sets: every order gives the same
        case "user" | "stopsignal":
            return Effects(Resources(env=_names(node)), Resources(config=frozenset({keyword})))
    # HEALTHCHECK, SHELL, ONBUILD and MAINTAINER: the builder replaces no variables in them.
    return Effects(writes=Resources(config=frozenset({keyword})))


def workdir_effects(node: Instruction, scope: Scope, path: str | None) -> Effects:
    """WORKDIR creates what is missing of `path`, the folder it sets, as the current user."""
    relative = not node.args.lstrip("\"'").startswith(("/", "$"))
    config = frozenset({"user"} | ({"workdir"} if relative or path is None else set()))
    names, sets = _names(node), frozenset({"workdir"})
    if path is None:
        return Effects(
            Resources(EVERYTHING, names, config), Resources(EVERYTHING, config=sets | ANYTHING)
        )
    folders = _chain(path, scope)
    if scope.is_root:
        # A COPY without --chown makes the same folders in the same way.
        made = _whole_chain(path)
        return Effects(Resources(env=names, config=config), Resources(config=sets), made)
    seen = Paths(files=folders | IDENTITY_FILES)
    return Effects(Resources(seen, names, config), Resources(Paths(files=folders), config=sets))


def copy_effects(node: Instruction, escape: str, scope: Scope, known: Copied | str) -> Effects:
    """COPY and ADD: exact paths when they are known, else the whole destination."""
    view = views.copy(node)
    dest_text = scope.expand(view.dest, escape)
    names = _names(node)
    relative = dest_text is None or not dest_text.startswith("/")
    config = frozenset({"workdir"}) if relative else frozenset[str]()
    if dest_text is None or (relative and scope.workdir is None):
        return Effects(
            Resources(EVERYTHING, names, frozenset({"workdir"})),
            Resources(EVERYTHING, config=ANYTHING),
        )
    dest = joined(scope.workdir or "/", dest_text)
    # A named owner is looked up in the image; a numeric one is not.
    owner = view.chown or ""
    named = owner and not all(part.isdecimal() for part in owner.split(":"))
    reads = NOTHING
    if named and _are_known(owner, scope):
        config |= {ACCOUNTS}  # further users change nothing for those who are there
    elif named:
        reads = Paths(files=IDENTITY_FILES)
    if isinstance(known, Copied):
        written, above = known.placed.paths, known.above
        if known.looks:
            reads |= Paths(files=frozenset({dest}))  # a folder there takes the file into it
    else:
        fetched = remote_files(node, escape, scope, dest_text, dest)
        written = Paths(trees=frozenset({dest})) if fetched is None else Paths(files=fetched)
        above = dest if fetched is not None and dest not in fetched else posixpath.dirname(dest)
    if above is None:
        return Effects(Resources(reads, names, config), Resources(written))
    if view.link and not view.chmod:
        # The merge resets every folder above, those of the base image as well.
        return Effects(
            Resources(reads, names, config), Resources(written | Paths(files=_whole_chain(above)))
        )
    folders = _chain(above, scope)
    if owner or view.chmod:
        # Folders it creates on the way get the owner and mode too: the first one counts.
        there = Paths(files=folders)
        makes = _whole_chain(above) - folders
        return Effects(Resources(reads | there, names, config), Resources(written | there), makes)
    return Effects(Resources(reads, names, config), Resources(written), _whole_chain(above))


def _are_known(owner: str, scope: Scope) -> bool:
    """Whether users and groups of an owner are there for sure."""
    users = {*(scope.base.users if scope.base is not None else {}), *scope.made}
    return all(part in users or part.isdecimal() for part in owner.split(":"))


def with_open_copies(effects: Effects, known: Copied | str, ignore: Ignore | None) -> Effects:
    """COPY and ADD with what a folder or a pattern may bring beyond the listing."""
    if isinstance(known, str) or ignore is None:
        return replace(effects, named=replace(effects.writes.paths, all_but=None))
    opens = tuple(Open(source, known.dest, ignore) for source in known.open)
    return replace(effects, opens=opens)


def with_named(effects: Effects, run: RunEffects | Opaque, files: Overlay) -> Effects:
    """RUN with the paths that order with copies of folders; what is listed is known."""
    if isinstance(run, Opaque) or run.barrier is not None:
        return replace(effects, named=EVERYTHING)
    named = named_paths(run)
    unknown = frozenset(path for path in named.files if not files.has(path))
    return replace(effects, named=replace(named, files=unknown))


def run_effects(node: Instruction, scope: Scope, run: RunEffects | Opaque, shown: Shown) -> Effects:
    """RUN: what its commands do; not understood or able to do anything: a barrier."""
    state = frozenset({"workdir", "user"} | (set() if node.is_json else {"shell"}))
    if isinstance(run, Opaque) or run.barrier is not None:
        known = None if isinstance(run, Opaque) or run.env is None else run.env
        env = None if known is None else known | _mount_names(node)
        return Effects(
            Resources(EVERYTHING, env, state | ANYTHING),
            Resources(_barrier_writes(run), config=ANYTHING),
        )
    reads = shown.without(run.reads)
    if not scope.is_root:
        reads |= Paths(files=IDENTITY_FILES)  # who that is, and which groups he is in
    env = None if run.env is None else run.env | _mount_names(node)
    writes = shown.without(run.writes)
    marks = ANYTHING if writes.all_but == frozenset() else frozenset[str]()
    if replace(writes, all_but=None).overlaps(Paths(files=IDENTITY_FILES)):
        marks |= {ACCOUNTS}
    return Effects(Resources(reads, env, state | ANYTHING), Resources(writes, config=marks))


def _barrier_writes(run: RunEffects | Opaque) -> Paths:
    """A part of a build that follows writes what it says; any other barrier everything."""
    barriers = [] if isinstance(run, Opaque) else [s for s in run.steps if s.effects.barrier]
    if isinstance(run, Opaque) or not all(step.effects.together for step in barriers):
        return EVERYTHING
    return run.writes


def with_open_outputs(
    effects: Effects, run: RunEffects | Opaque, shown: Shown, context: BuildContext | None
) -> Effects:
    """An install from mounted manifests stays among the copies that could bring its outputs.

    That the context has no such file today says nothing of other machines; its ignore file does.
    """
    if isinstance(run, Opaque) or not shown.trees:
        return effects
    outputs = (
        tree
        for install in run.installs
        for tree in install.outputs
        if any(below(path, there) for path in install.manifests for there in shown.trees)
    )
    places = frozenset(
        posixpath.dirname(tree)
        for tree in outputs
        if context is None or not context.ignore.excluded(posixpath.basename(tree))
    )
    reads = effects.reads
    return replace(effects, reads=replace(reads, paths=reads.paths | Paths(trees=places)))


def behind_links(effects: Effects, keyword: str, links: Paths) -> Effects:
    """The same, or everything: behind a link that a command has made lies nobody knows what."""
    reads, writes = effects.reads, effects.writes
    if not goes_through(links, reads.paths, writes.paths, Paths(files=effects.makes)):
        return effects
    env = None if keyword == "run" else reads.env
    return Effects(
        Resources(EVERYTHING, env, reads.config | {"workdir"}),
        Resources(EVERYTHING, config=writes.config | ANYTHING),
        opens=effects.opens,
        named=EVERYTHING,
    )


def _keys(node: Instruction, escape: str, scope: Scope) -> Names:
    """The names that ENV or LABEL sets; None: a name depends on what is not known."""
    found: set[str] = set()
    for key, _ in views.pairs(node):
        name = scope.expand(key, escape)
        if name is None or scope.arguments & variables(key):
            return None
        found.add(name)
    return frozenset(found)


def _mount_names(node: Instruction) -> frozenset[str]:
    return frozenset(n for text in node.flag_values("mount") for n in variables(text))


def _names(node: Instruction) -> frozenset[str]:
    """The variables that the builder replaces in an instruction."""
    texts = [node.args, *(flag.value or "" for flag in node.flags if flag.name in _EXPANDED)]
    bodies = [heredoc.content for heredoc in node.heredocs if heredoc.expand]
    found = [variables(text) for text in texts]
    found += [variables(text, words.expand_body) for text in bodies]
    return frozenset[str]().union(*found)


_EXPANDED = frozenset({"chown", "chmod", "checksum"})


def _chain(path: str, scope: Scope) -> frozenset[str]:
    """A folder and its parents, without those that every base image has."""
    scratch = scope.base is not None and scope.base.family == "scratch"
    return frozenset(
        folder for folder in _whole_chain(path) if scratch or folder not in STANDARD_FOLDERS
    )


def _whole_chain(path: str) -> frozenset[str]:
    found = set()
    while path != "/":
        found.add(path)
        path = posixpath.dirname(path) or "/"
    return frozenset(found)

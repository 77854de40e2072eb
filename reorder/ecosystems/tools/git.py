"""git: clones and check-outs, each a tree that it may rewrite as a whole.

What a clone brings is content that the text of the command gives, like any download. Hooks of a
fresh clone do nothing; a repository that the build context brings may have others, so that commands
which run hooks are not understood there. Settings and options that name commands are refused.

Source: git(1), git-clone(1), git-checkout(1), git-config(1), githooks(5) of git 2.43.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.fetching import ENV, GIT_ENV, brings, transport_files
from reorder.ecosystems.folders import created, folder_needed
from reorder.ecosystems.given import bare, read_given
from reorder.ecosystems.homes import in_application, in_home
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.tools.git_clone import clone_effects
from reorder.ecosystems.tools.git_settings import plain_setting, setting_effects
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Call, Opaque

NAME: Final = "git"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"git"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a git call reads and writes."""
    if [arg.text for arg in call.args[1:]] in (["--version"], ["version"]):
        return CommandEffects("git", image.system, env=_ENV)
    placed = _placed(call)
    if isinstance(placed, Opaque):
        return placed
    folder, at = placed
    if at >= len(call.args) or call.args[at].kind != "literal":
        return Opaque("which command of `git` runs is not known")
    verb = call.args[at].text
    if brings(call, image, ".gitconfig") or brings(call, image, ".config/git/config"):
        return Opaque("`.gitconfig` in the home folder changes what `git` does")
    reads = image.system | transport_files(call, image)
    if verb == "clone":
        return clone_effects(call, folder, at + 1, reads, _ENV)
    if verb == "config":
        return setting_effects(call, image, at + 1, _root(folder), reads, _ENV)
    if verb == "lfs" and _rest(call, at + 1)[:1] == ["install"]:
        own = in_home(call, image, ".gitconfig")
        return CommandEffects("git", reads | own, own, env=_ENV)
    root = _root(folder)
    if root == "/" and verb != "ls-remote":
        return Opaque(f"`git {verb}` in the root folder")
    tree = Paths(trees=frozenset({root}))
    if verb in _SHOWS:
        return CommandEffects("git", reads | tree, env=_ENV, costly=verb == "ls-remote")
    if verb == "init":
        return _init(call, image, folder, at + 1, reads)
    if verb not in _CHANGES:
        return Opaque(f"`git {verb}` is not understood")
    there = image.files.exists(f"{root}/.git") if in_application(root, image) else False
    if there is not False:
        whose = "that the build context brings" if there else "of which little is known"
        return Opaque(f"`git {verb}` runs the hooks of a repository {whose}")
    named = _named_files(call, at + 1, folder, verb)
    if isinstance(named, Opaque):
        return named
    costly = verb in ("fetch", "pull", "submodule", "lfs")
    return CommandEffects("git", reads | tree | named, tree, env=_ENV, costly=costly)


def _placed(call: Call) -> tuple[str, int] | Opaque:
    """The folder that `-C` leads to, and the position of the command word."""
    folder, at = call.cwd, 1
    while at < len(call.args) and call.args[at].text.startswith("-"):
        word = call.args[at].text
        value = call.args[at + 1] if at + 1 < len(call.args) else None
        if word in ("--no-pager", "-P", "--no-optional-locks"):
            at += 1
        elif word == "-C" and value is not None and value.kind == "literal":
            folder, at = absolute(value.text, folder), at + 2
        elif word == "-c" and value is not None and plain_setting(bare(value).partition("=")[0]):
            at += 2
        else:
            return Opaque(f"`git {word}` is not understood")
    return folder, at


def _root(folder: str) -> str:
    """The widest folder that may be the repository of a folder: no shared folder is one."""
    while folder not in _NO_REPOSITORY:
        above = posixpath.dirname(folder)
        if above in _NO_REPOSITORY:
            return folder
        folder = above
    return folder


def _rest(call: Call, at: int) -> list[str]:
    return [arg.text for arg in call.args[at:]]


def _init(call: Call, image: Image, folder: str, at: int, reads: Paths) -> CommandEffects | Opaque:
    values = frozenset({"-b", "--initial-branch", "--object-format"})
    given = read_given(call, frozenset({"-q", "--quiet", "--bare"}), values, start=at)
    if isinstance(given, Opaque):
        return given
    operands = given.operands[:1]
    if any(arg.kind != "literal" for arg in operands):
        return unknown(call, operands[0])
    path = absolute(operands[0].text if operands else ".", folder)
    own = path if given.has("--bare") else posixpath.join(path, ".git")
    written = Paths(trees=frozenset({own})) | created(path, call.cwd)
    return CommandEffects("git", reads | written, written, env=_ENV)


def _named_files(call: Call, at: int, folder: str, verb: str) -> Paths | Opaque:
    """Patches are files that may lie outside the repository; other words are inside or names."""
    words = call.args[at:]
    bad = next((a for a in words if a.kind != "literal" and a.text.lstrip("\"'")[:1] == "-"), None)
    if bad is not None or any(arg.text.startswith(_COMMAND_OPTIONS) for arg in words):
        return Opaque(f"`git {verb}` with an option that is not understood")
    if verb == "submodule" and any(arg.text == "foreach" for arg in words):
        return Opaque("`git submodule foreach` runs commands")
    if verb not in ("apply", "am"):
        return NOTHING
    found = NOTHING
    for arg in words:
        if arg.kind == "unknown":
            return unknown(call, arg)
        if not arg.text.startswith("-"):
            path = absolute(arg.text, folder)
            found |= paths(path) | folder_needed(path, call.cwd)
    return found


_NO_REPOSITORY: Final = STANDARD_FOLDERS | {"/usr/src", "/var/www", "/go"}  # GOPATH
_SHOWS: Final = frozenset(
    "rev-parse describe log show status ls-remote ls-files ls-tree rev-list cat-file diff "
    "name-rev shortlog".split()
)
_CHANGES: Final = frozenset(
    "checkout switch reset fetch pull submodule remote clean apply am restore branch tag lfs "
    "sparse-checkout rm mv add merge cherry-pick".split()
)
_COMMAND_OPTIONS: Final = ("--upload-pack", "--exec", "--git-dir", "--work-tree", "--template")
_ENV: Final = ENV | GIT_ENV | {"SSH_*", "EDITOR", "VISUAL"}

"""The contract between package managers and everything that asks about them.

An ecosystem is a module that satisfies `Ecosystem`. It gets one `Call` and an `Image`, the image as
far as it is known at that point, and answers with `CommandEffects`. `Opaque` means: this is my
command, but I do not understand this use of it. None means: not my command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.told import Told
from reorder.shell.nodes import Call, Opaque, Span


class Files(Protocol):
    """The files of the image as far as the build context determines them. Absolute paths."""

    def read(self, path: str) -> str | None:
        """The text of a file that is known to be the context's, or None (absent, or not known)."""

    def exists(self, path: str) -> bool | None:
        """True: a file or folder from the context. False: surely not there. None: not known.

        Below an application folder (`Image.application`) the context decides, so that False is
        the usual answer there; elsewhere the base image decides, and the answer is None.
        """

    def under(self, tree: str) -> tuple[str, ...]:
        """Every known file (no folders) below a folder, sorted."""

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Known files and folders that match, sorted; `*` stays in one segment, `**` does not."""

    def written(self, path: str) -> bool:
        """Whether a step of the build, by its name, puts something at a path or below it."""

    def executable(self, path: str) -> bool:
        """Whether the context has it with an execute bit."""

    def origin(self, path: str) -> str | None:
        """The context path (relative, no leading slash) that a known file came from."""


@dataclass(frozen=True, slots=True)
class Image:
    """The state in which a RUN starts."""

    files: Files
    env: Mapping[str, str | None]  # base image, ENV and ARG; None: set, to an unknown value
    cwd: str
    user: str | None  # "" and "root" and "0" are root; None: not known (base image not known)
    home: str | None  # HOME of that user; None: not known
    uid: int | None  # numeric ids of the user, None: not known
    gid: int | None
    base: str  # family of the base image as `images.py` names it: "python", "node", …; "": unknown
    application: frozenset[str]  # trees that only COPY, ADD and the build's own commands fill
    tag: str = ""  # of the base image, as `BaseImage.tag`; "": not known
    told: Told = ()  # earlier calls that changed settings of a tool

    @property
    def system(self) -> Paths:
        """Everything that is not the application's own: what any tool may read or write."""
        return Paths(all_but=self.application)

    @property
    def packages(self) -> Paths:
        """What a system package manager may write: distributions leave these folders to the user.

        Source: Debian Policy 9.1.1 and 9.1.2 with FHS 3.0 (/home, /root, /tmp); /go is GOPATH of
        the golang images.
        """
        own = {"/root", "/home", "/go", "/tmp", "/usr/local/bin", "/usr/local/sbin"}
        if self.home and self.home != "/":
            own.add(self.home)
        return Paths(all_but=self.application | own)


@dataclass(frozen=True, slots=True)
class Cache:
    """A directory in which a command keeps what it downloaded or compiled."""

    target: str  # absolute image path, the mount target
    sharing: Literal["shared", "locked", "private"] = "shared"
    id: str | None = None  # where the content fits one kind of image only; None: the target
    payload: bool = False  # later steps read it as input (~/.m2, /go/pkg/mod): losing it hurts
    product: bool = False  # the command puts something there that nobody can download again
    cancels: tuple[Span, ...] = ()  # what switches it off in the shell text; the mount drops it
    off: str | None = None  # why a mount would be useless or wrong and nothing can be dropped
    named_by: tuple[Span, ...] = ()  # words that only tell the tool to use this directory
    naming: tuple[tuple[int, str], ...] = ()  # such words to put in, each after a place in the text
    unsafe: str | None = None  # what a mount changes after all: only with --unsafe


@dataclass(frozen=True, slots=True)
class Install:
    """The dependency install a command performs, and every file it really reads."""

    manifests: tuple[str, ...]  # image paths of files, all of them known; the manifest closure
    folders: tuple[str, ...] = ()  # image folders that are read whole (`file:` dependencies, .mvn)
    outputs: tuple[str, ...] = ()  # image trees it fills inside the application folders
    ignore: tuple[str, ...] = ()  # .dockerignore patterns that keep such outputs out of the context
    refusal: str | None = None  # why the closure cannot be split off from the source
    assumptions: tuple[str, ...] = ()
    scratch: tuple[str, ...] = ()  # trees that it makes and removes: nothing may stand there yet
    free: frozenset[Span] = frozenset()  # words of the call that decide nothing it reads: a feature


@dataclass(frozen=True, slots=True)
class Prefetch:
    """A dependency step that can be put before a command that lacks one.

    It fills caches and nothing else, or it is `absorbed`: it leaves a part of what the command
    leaves (`poetry install --no-root` before `poetry install`), and the command, run after it, ends
    with what it ends with alone. What it writes is a part of what the command writes.
    """

    command: str  # shell text, to be run in the same folder
    install: Install
    refusal: str | None = None  # why it must not be added
    assumptions: tuple[str, ...] = ()
    absorbed: bool = False
    again: bool = False  # the command fetches all of it anew, unless a cache still has it
    spare: bool = False  # worth nothing where a cache mount of the command keeps what it fetches
    unsafe: bool = False  # only with --unsafe: the tool does not promise all of the above
    despite: tuple[str, ...] = ()  # trees that the step may see or not: the command looks again


@dataclass(frozen=True, slots=True)
class Module:
    """A part of a build with sources of its own: all that lies in its folder, inner modules not."""

    folder: str  # image path
    word: str  # what the command line calls it
    needs: tuple[str, ...] = ()  # the folders of the modules that are built before it
    alone: bool = True  # False: a second build of it does not end with what the first one left


@dataclass(frozen=True, slots=True)
class Modules:
    """What a build with several modules reads, and how it can be done one module after the other.

    It reads the folders of its modules, `manifests`, and may read what lies beside them. After a
    step for some of them the author's own command finds these modules built, does the rest, and
    ends with what it ends with alone. The step is `command` with some of the words in place of its
    `{}`, or what `without` says for the folders of all the others, of which only manifests are
    there; neither: the build has to be done at once.
    """

    parts: tuple[Module, ...]
    manifests: tuple[str, ...]  # image paths that every part of the build reads
    command: str | None = None
    separator: str = ","
    without: Callable[[frozenset[str]], str] | None = field(default=None, compare=False)
    named: tuple[str, ...] | None = None  # what it reads of documents; None: what manifests mention
    outputs: tuple[str, ...] = ()  # trees without which a step leaves nothing
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandEffects:
    """What one call does to the image. Reads and writes leave out the caches."""

    tool: str
    reads: Paths
    writes: Paths = NOTHING
    env: frozenset[str] | None = None  # names and `PREFIX_*` patterns it reads; None: all of them
    caches: tuple[Cache, ...] = ()
    install: Install | None = None
    prefetch: Prefetch | None = None
    modules: Modules | None = None  # of a build; None: what it reads is not known, or it has one
    costly: bool = False  # worth moving or caching: it downloads or compiles
    repeatable: bool = False  # a setting: made again at any later time, it leaves the same
    made: frozenset[str] = frozenset()  # files that its closure decides, and that name no others
    prints: bool = False  # the same for what it prints
    barrier: str | None = None  # known tool, but it may read and write anything: the reason
    together: bool = False  # a part of a build, several calls in one; `writes` is what it leaves


class Ecosystem(Protocol):
    """A module under `reorder/ecosystems/`."""

    NAME: str  # as the README's table has it
    LEVEL: int  # 1 recognised, 2 closure known, 3 caches known, 4 proved by real builds
    COMMANDS: frozenset[str]  # the command names it may understand
    JUNK: tuple[str, ...]  # .dockerignore patterns of outputs and caches that are never sources

    def effects(self, call: Call, image: Image) -> CommandEffects | Opaque | None:
        """What the call does; its words are already free of `env`, `exec` and the like."""

"""Go: what `go mod download` reads, the step a build lacks, and the two caches.

`go mod download` reads go.mod, go.sum, go.work and the go.mod of local replacements (`gomod`). A
build, a test or a tool may read every source file and write into the folder: a barrier. With
`vendor/` nothing is downloaded, so that only the build cache is of use.

Source: `go help` of Go 1.26, "Go Modules Reference". Tried with Go 1.26: the closure alone in an
empty folder, then the build with GOFLAGS=-mod=mod off and no network, on modules with requirements,
local replacements and workspaces; go.mod was never changed.
"""

from __future__ import annotations

import posixpath
import shlex
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install, Prefetch
from reorder.ecosystems.fetching import GIT_ENV
from reorder.ecosystems.go.go_caches import caches, gocache, gopath, modcache, without_cgo
from reorder.ecosystems.go.go_command import Asked, read_command, vendored
from reorder.ecosystems.go.go_modules import Modules
from reorder.ecosystems.go.go_work import named_folders
from reorder.ecosystems.homes import PROXIES, copied_below, in_home
from reorder.ecosystems.paths import EVERYTHING, Paths, below, paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "Go"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"go"})
JUNK: Final = ()

BARRIER: Final = "a Go command like this may read every source file and write into the folder"
DOWNLOADS: Final = "`go mod download` reads go.mod, go.sum and go.work, and no source file"
WORKS: Final = "`go work use` reads the go.mod of a module, and no source file"
LATEST: Final = "a Go program installed by `@latest` or a branch is as fresh as its layer"


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `go` does."""
    asked = read_command(call, image)
    if isinstance(asked, Opaque):
        return asked
    if asked.verb in ("version", "env", "help", "mod help", ""):
        return _settings(asked, image)
    if asked.verb == "clean":
        return _clean(asked, image)
    if asked.verb in ("mod download", "mod verify"):
        return _download(asked, image)
    if asked.verb in ("work init", "work use"):
        return _work(asked, image)
    if asked.verb == "install" and _named(asked):
        return _install_named(asked, image)
    if asked.verb not in _BARRIERS:
        return Opaque(f"`go {asked.verb}` is not understood")
    return CommandEffects(
        tool="go",
        reads=EVERYTHING,
        writes=EVERYTHING,
        env=_ENV if asked.verb in _RUNS_NOTHING else None,
        caches=_caches(asked, image),
        prefetch=_prefetch(asked, image) if asked.verb in _NEED_MODULES else None,
        costly=asked.verb in _RESOLVES,
        barrier=BARRIER,
    )


def _settings(asked: Asked, image: Image) -> CommandEffects | Opaque:
    """`go version` and `go env`: the toolchain line of go.mod counts for these too."""
    reads = _reads(asked, image)
    if not asked.has("w", "u"):
        return CommandEffects("go", reads, env=_ENV)
    for arg in asked.words:
        name = arg.text.partition("=")[0]
        if arg.kind == "unknown" or name in _PLACES:
            return Opaque(f"`go env` sets {name}, which says where go keeps its files")
    return CommandEffects("go", reads, in_home(asked.call, image, ".config/go"), env=_ENV)


def _clean(asked: Asked, image: Image) -> CommandEffects | Opaque:
    targets = {modcache(asked, image).target} if asked.has("modcache") else set()
    if asked.has("cache", "testcache", "fuzzcache"):
        targets.add(gocache(asked, image).target)
    if not targets or len(asked.flags) != len(asked.words) or asked.has("i", "r"):
        return Opaque("`go clean` removes files of the source folder")
    return CommandEffects("go", _reads(asked, image), Paths(trees=frozenset(targets)), env=_ENV)


def _download(asked: Asked, image: Image) -> CommandEffects:
    install = _install(asked, image)
    refused = install.refusal is not None
    found = asked.found
    changed = [found.missing_sum] if found is not None and found.missing_sum else []
    changed += [found.made_sum] if found is not None and found.made_sum else []
    if found is not None and found.incomplete:
        changed += [path for path in found.files if path.endswith(".sum")]
    return CommandEffects(
        tool="go",
        reads=EVERYTHING if refused and not changed else _reads(asked, image),
        writes=paths(*changed),
        env=_ENV,
        caches=(modcache(asked, image),),
        install=install,
        costly=asked.verb == "mod download",
    )


def _work(asked: Asked, image: Image) -> CommandEffects | Opaque:
    """A go.work made in the build, from the go.mod of each folder that is named."""
    folders = named_folders(asked.call)
    if folders is None or asked.change or asked.call.env.get("GOWORK"):
        return Opaque(f"`go {asked.verb}` with such words is not understood")
    mods = tuple(posixpath.join(folder, "go.mod") for folder in folders)
    work = absolute("go.work", asked.call.cwd)
    absent = next((path for path in mods if image.files.read(path) is None), None)
    refusal = f"{absent} does not come from the build context" if absent else None
    return CommandEffects(
        tool="go",
        reads=image.system | paths(work, *mods) | _settings_and_modules(asked, image),
        writes=paths(work),
        env=_ENV,
        install=Install(mods, refusal=refusal, assumptions=(WORKS,)) if mods else None,
    )


def _install(asked: Asked, image: Image) -> Install:
    """The install of `go mod download` in the folder of a call."""
    found = asked.found
    if found is None:
        return Install((), refusal=f"no go.mod is known in {asked.folder} or above")
    refusal = found.problem
    if refusal is None and not _present(asked, image, found):
        refusal = f"the folder {asked.folder} is not there before the source is"
    if refusal is None and found.missing_sum is not None:
        name = posixpath.basename(found.missing_sum)
        refusal = f"without {name}, `go mod download` writes one into the source folder"
    if refusal is None and found.incomplete is not None:
        refusal = (
            f"go.sum lacks {found.incomplete}: `go mod download` adds it, and the COPY that would "
            "follow puts the old go.sum back"
        )
    if refusal is None and asked.verb == "mod download":
        refusal = _unusual(asked)
    return Install(found.files, refusal=refusal, assumptions=(DOWNLOADS,))


def _unusual(asked: Asked) -> str | None:
    if len(asked.flags) != len(asked.words) and not asked.has("reuse"):
        return "`go mod download` of named modules adds their sums to go.sum"
    if "-mod=mod" in asked.flag_text or "-modfile" in asked.flag_text or asked.has("reuse"):
        return "with such flags `go mod download` may change go.mod"
    return None


def _present(asked: Asked, image: Image, found: Modules) -> bool:
    """Whether the folders of the call are there when only the manifests are."""
    cwd = asked.call.cwd
    return all(
        folder == image.cwd
        or not below(folder, image.cwd)
        or any(below(path, folder) for path in found.files)
        for folder in (cwd, asked.folder)
    )


def _caches(asked: Asked, image: Image) -> tuple[Cache, ...]:
    """The caches that a verb fills."""
    if asked.verb not in _RESOLVES:
        return ()
    both = caches(asked, image)
    # `-a` compiles everything again, whatever the cache has: C libraries may have changed.
    compiles = asked.verb in _COMPILES and (not asked.has("a") or without_cgo(asked))
    return both if compiles else tuple(cache for cache in both if cache.payload)


def _prefetch(asked: Asked, image: Image) -> Prefetch | None:
    """`go mod download`, where there is something to download."""
    found = asked.found
    if found is None or "-mod=vendor" in asked.flag_text or asked.has("h", "help"):
        return None
    if found.problem is None and (not found.requires or vendored(asked)):
        return None
    install = _install(replace(asked, verb="mod download", words=()), image)
    # A sum file that is only added to comes back as it was with the COPY that follows.
    if found.incomplete is not None and found.problem is None and _present(asked, image, found):
        install = replace(install, refusal=None)
    refusal = None
    if "-modfile" in asked.flag_text:
        refusal = "`-modfile` names another go.mod"
    elif asked.call.env.get("GO111MODULE") == "off":
        refusal = "GO111MODULE is off"
    prefix = [
        f"{name}={shlex.quote(value)}"
        for name in (
            "GOPROXY",
            "GOPRIVATE",
            "GONOSUMDB",
            "GONOPROXY",
            "GOSUMDB",
            "GOWORK",
            "GOFLAGS",
        )
        if (value := asked.call.env.get(name)) and value != image.env.get(name)
    ]
    change = ["-C", shlex.quote(asked.change)] if asked.change else []
    command = " ".join((*prefix, asked.call.name, "mod", "download"))
    if change:
        command = " ".join((*prefix, asked.call.name, *change, "mod", "download"))
    return Prefetch(command, install, refusal)


def _named(asked: Asked) -> bool:
    operands = [arg for arg in asked.words if "@" in arg.text and not arg.text.startswith("-")]
    return bool(operands)


def _install_named(asked: Asked, image: Image) -> CommandEffects | Opaque:
    """`go install pkg@version` ignores go.mod (Go 1.16 and later)."""
    names = [arg for arg in asked.words if "@" in arg.text]
    unknown = [arg for arg in asked.words if arg.kind != "literal" and "@" not in arg.text]
    if unknown:
        return Opaque(f"`go install` gets `{unknown[0].text}`, whose value is not known")
    fresh = any(not arg.text.rpartition("@")[2].startswith("v") for arg in names)
    place = asked.call.env.get("GOBIN", "")
    root = gopath(asked)
    bins = frozenset({absolute(place, asked.call.cwd)}) if place else frozenset({f"{root}/bin"})
    if place is None or (not place and root is None):
        bins = in_home(asked.call, image, "go/bin").trees
    install = Install((), assumptions=(LATEST,) if fresh else ())
    return CommandEffects(
        tool="go",
        reads=image.system | Paths(trees=bins) | _settings_and_modules(asked, image),
        writes=Paths(trees=bins) | in_home(asked.call, image, ".config/go"),
        env=_ENV,
        caches=(modcache(asked, image), gocache(asked, image)),
        install=install,
        costly=True,
    )


def _reads(asked: Asked, image: Image) -> Paths:
    found = asked.found
    own = _settings_and_modules(asked, image)
    if found is None:
        return image.system | own | paths(posixpath.join(asked.folder, "go.mod"))
    return image.system | own | paths(*found.files, *found.probed)


def _settings_and_modules(asked: Asked, image: Image) -> Paths:
    """What may have been copied into the home or the module cache, wherever these are."""
    read = copied_below(modcache(asked, image).target, image)
    for name in (".config/go", ".config/git", ".netrc", ".gitconfig", ".git-credentials", ".ssh"):
        read |= in_home(asked.call, image, name)
    return read


_NEED_MODULES: Final = frozenset(
    {*"build install test vet run generate list tool".split(), "mod vendor", "mod tidy"}
)
# Only what compiles fills the build cache; what only edits files has no cache at all.
_COMPILES: Final = frozenset("build install test vet run generate tool".split())
_RESOLVES: Final = _COMPILES | {"get", "list", "mod tidy", "mod vendor", "mod graph", "mod why"}
_BARRIERS: Final = _NEED_MODULES | frozenset(
    {*"get fmt fix bug doc".split(), "mod init", "mod edit", "mod graph", "mod why"}
    | {"work sync", "work edit", "work vendor"}
)
# These run neither compilers nor code of the project (`go help environment`).
_RUNS_NOTHING: Final = frozenset(
    {"get", "work sync", "work edit"} | {"mod init", "mod edit", "mod graph", "mod why", "mod tidy"}
)
_CARRIED: Final = "GOPROXY GOPRIVATE GONOSUMDB GONOPROXY GOSUMDB GOWORK GOFLAGS".split()
_PLACES: Final = frozenset("GOPATH GOMODCACHE GOCACHE GOFLAGS GOBIN GOWORK GOENV GOROOT".split())
_ENV: Final = (
    PROXIES
    | GIT_ENV
    | frozenset(
        "PATH HOME GO* CGO_* CC CXX AR FC PKG_CONFIG* XDG_CACHE_HOME XDG_CONFIG_HOME TMPDIR NETRC "
        "SSH_AUTH_SOCK SSL_CERT_*".split()
    )
)

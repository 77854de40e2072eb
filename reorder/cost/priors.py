"""The classes of commands, each with the seconds it is expected to take: data, one row each.

What counts is the ratio between rows, not the level. "Measured" is what two to four builds with
BuildKit took on two cores, next to a fast mirror: projects are larger and networks slower than
that, so the rows lie above it. Published:
* foojay.io, "Faster Maven Builds (Part 2): Inside Docker": a small project, 113 s, mostly download.
* lpalmieri.com, "5x Faster Rust Docker Builds with cargo-chef": 500 dependencies, 600 s; without
  them 120 s. depot.dev, rust-dockerfile-best-practices: a small project 34 s.
* dev.to, "20x faster Golang Docker builds": 26 s without the build cache.
* abe-winter.github.io, runmount: pip 10 s, with a warm mount 2 s.
* sul-dlss/dlme#487: `rake assets:precompile` 30 s. mdn/infra#250: a `chown -R` of node_modules
  takes longer than the install.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Prior:
    """One class of commands: how it is recognised, and its seconds with every cache cold.

    `verbs`: one of these phrases stands among the words that are no options; an empty phrase: there
    is no such word. `options`: one of these is a word. Empty tuples ask for nothing.
    """

    what: str
    seconds: float
    tools: tuple[str, ...]
    verbs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    each: float = 0.0  # for every further word: a package
    saves: tuple[tuple[str, float], ...] = ()  # a cache in force, and what of the seconds it saves
    fills: tuple[str, ...] = ()  # the caches that it leaves for later steps


def _row(
    what: str,
    seconds: float,
    tools: str,
    verbs: str | None = None,
    options: str = "",
    each: float = 0.0,
    fills: str = "",
    **saves: float,
) -> Prior:
    """Tools are separated by blanks, verbs and caches by commas; `go_build` saves on "go build"."""
    return Prior(
        what,
        seconds,
        tuple(tools.split()),
        tuple(verb.strip() for verb in verbs.split(",")) if verbs is not None else (),
        tuple(options.split()),
        each,
        tuple((name.replace("_", " "), share) for name, share in saves.items()),
        tuple(fills.split(",")) if fills else (),
    )


EVERY_FILE: Final = "change of every file"
_APT: Final = "apt-get apt aptitude"
_DNF: Final = "dnf yum microdnf tdnf"
_JS: Final = "npm yarn pnpm bun"
_BUNDLERS: Final = "npx vite webpack tsc ng next nuxt rollup esbuild gulp grunt turbo nx"
_GO_OFFLINE: Final = (
    "dependency:go-offline,dependency:resolve,dependency:resolve-plugins,"
    "de.qaware.maven:go-offline-maven-plugin:resolve-dependencies"
)

# The first row that fits is taken.
PRIORS: Final[tuple[Prior, ...]] = (
    # System packages. Measured: update 3 s, one small package 2 s, three 5 s, a compiler and three
    # more 17 s, ffmpeg and imagemagick 25 s; with mounts the same: most of it is dpkg.
    _row("package lists", 3, _APT, "update", apt=1),
    _row("package install", 3, _APT, "install,build-dep", each=2, apt=1),
    _row("package upgrade", 10, _APT, "upgrade,dist-upgrade,full-upgrade", apt=4),
    _row("package lists", 1, "apk", "update"),
    _row("package install", 2, "apk", "add,upgrade", each=0.5, apk=1),
    _row("package install", 15, _DNF, "install,groupinstall,update,upgrade", each=1, dnf=8),
    _row("package install", 12, "zypper", "install,in,update,up,refresh", each=1, zypp=5),
    _row("package install", 3, "dpkg", options="-i --install"),
    # Python. Measured: 12 requirements (39 packages, 317 MB) 24 s, with a mount 24 s; with uv 6 s;
    # flask 2 s; venv 3.5 s.
    _row("dependency install", 20, "pip", "install,wheel", "-r --requirement -e .", pip=7),
    _row("dependency install", 1, "pip", "install,wheel,download", each=2, pip=0.5),
    _row("dependency install", 6, "uv", "sync", fills="python environment", uv=3,
         python_environment=2),
    _row("dependency install", 6, "uv", "pip install,pip sync,tool install", uv=3),
    _row("dependency install", 20, "poetry pdm", "install,sync", fills="python environment", pip=8,
         python_environment=10),
    _row("dependency install", 20, "poetry pipenv pdm", "install,sync,update,lock", pip=8),
    _row("environment install", 60, "conda mamba micromamba", "install,create,update", conda=30),
    _row("virtual environment", 3, "venv virtualenv"),
    # JavaScript. Measured: 11 dependencies, vite and jest among them: install 27 s, ci 12 s, with a
    # mount 5 s; vite build of 200 modules 4 s; prune 2 s; a global pnpm 2 s.
    _row("clean-up", 2, _JS, "cache,prune,config,set,dedupe"),
    _row("dependency install", 1, _JS, "install,i,add,add global", "-g --global", 1.5, npm=0.5),
    # A second install after one without scripts: 1 to 4 s of 12.
    _row("dependency install", 20, "yarn bun", "install,i,ci,", each=1, fills="node modules",
         npm=9, node_modules=10),
    _row("dependency install", 20, _JS, "ci,install,i,add,fetch,", each=1, npm=11),
    _row("frontend build", 20, _JS, frontend=8),
    _row("frontend build", 15, _BUNDLERS, frontend=5),
    _row("tool set-up", 1, "corepack"),
    # JVM. Measured: three small modules: 49 s, with the repository there 31 s.
    _row("dependency download", 40, "mvn mvnw", _GO_OFFLINE, fills="maven", maven=34),
    _row("compile", 60, "mvn mvnw", fills="maven", maven=38),
    # Gradle gets plugins and POMs, and leaves the jars to the build. Measured: 69 jars behind 138
    # POMs: cold 17 s, after `dependencies` 9 s, with a mount 8 s. sbt: 51 s, after `update` 25 s.
    _row("dependency download", 35, "gradle gradlew", "dependencies,buildEnvironment",
         fills="gradle metadata", gradle=30),
    _row("compile", 70, "gradle gradlew", fills="gradle,gradle metadata", gradle=40,
         gradle_metadata=18),
    _row("dependency download", 45, "sbt", "update", fills="sbt", sbt=38),
    _row("compile", 90, "sbt", fills="sbt", sbt=45),
    _row("compile", 90, "mill lein ant", maven=40),
    # Go. Measured: a small server, all of net/http to be compiled: 15 to 29 s, with a mount 0.6 s.
    _row("dependency download", 8, "go", "mod download", fills="go modules", go_modules=7.5),
    _row("dependency download", 8, "go", "mod vendor,mod tidy,get", go_modules=7.5),
    _row("compile", 35, "go", "build,install,test,generate,run,vet", fills="go modules,go build",
         go_modules=8, go_build=25),
    _row("lint", 35, "golangci-lint govulncheck gotestsum", go_modules=8, go_build=20),
    # Rust.
    _row("dependency download", 8, "cargo", "fetch,vendor", fills="cargo", cargo=7),
    _row("compile", 90, "cargo cargo-chef", fills="cargo,target", cargo=8, target=70),
    _row("tool set-up", 25, "rustup rustup-init"),
    # .NET.
    _row("dependency download", 15, "dotnet", "restore", fills="nuget", nuget=11),
    _row("dependency download", 15, "nuget msbuild", "restore", fills="nuget", nuget=11),
    _row("compile", 25, "dotnet msbuild", fills="nuget", nuget=11),
    # Ruby, PHP, Elixir, Perl, R.
    _row("dependency install", 40, "bundle", "install,", gem=30),
    _row("compile", 15, "rake rails bundle"),
    _row("dependency install", 8, "gem", "install", each=2, gem=4),
    _row("dependency install", 10, "composer", "install", fills="composer packages", composer=4,
         composer_packages=5),
    _row("dependency install", 10, "composer", "update,require,create-project", composer=7),
    _row("tool set-up", 3, "mix", "local.hex,local.rebar,archive.install"),
    _row("dependency download", 6, "mix", "deps.get", fills="hex,mix packages", hex=2,
         mix_packages=3),
    _row("compile", 20, "mix", "deps.compile", fills="mix build"),
    _row("compile", 30, "mix", mix_build=18),
    _row("dependency install", 30, "cpan cpanm R Rscript install2.r luarocks"),
    _row("extension compile", 20, "docker-php-ext-install pecl", each=5),
    _row("configure", 3, "docker-php-ext-configure"),
    # Compilers.
    _row("compile", 40, "make gmake ninja bazel bazelisk buck2 scons meson just", ccache=25),
    _row("configure", 10, "cmake qmake configure autogen.sh autoreconf bootstrap", ccache=1),
    _row("compile", 5, "gcc g++ cc c++ clang clang++ javac rustc swiftc ghc", ccache=3),
    _row("compile", 60, "swift stack cabal zig gn"),
    _row("code generation", 3, "protoc buf swag sqlc prisma openapi-generator"),
    # Downloads.
    _row("download", 3, "curl wget aria2c Invoke-WebRequest iwr"),
    _row("clone", 5, "git", "clone,fetch,pull,submodule,lfs pull"),
    _row("unpack", 1, "tar unzip gunzip bunzip2 xz zstd 7z 7za bsdtar jar Expand-Archive"),
    # What runs a program of the project, or of somebody else.
    _row("program", 3, "python node ruby php perl java deno"),
    _row("script", 10, "bash sh zsh ash dash source . pwsh powershell cmd"),
    # What touches every file of a tree. Measured: chown of 15,000 files 6 to 34 s.
    _row(EVERY_FILE, 6, "chown chgrp chmod", options="-R -hR --recursive"),
    _row("walk over files", 0.5, "find rsync"),
    _row("walk over files", 0.5, "cp", options="-R -r -a -rf -Rf -rp -ar --recursive --archive"),
)  # fmt: skip

# What target and id of a cache mount contain, for each cache of the table; a blank ends them.
CACHES: Final = {
    "apt": ("/apt", "apt-", " apt"),
    "apk": ("/apk",),
    "dnf": ("/dnf", "/yum"),
    "zypp": ("/zypp",),
    "pip": ("/pip", " pip", "pypoetry", "pdm", "/.cache "),
    "python environment": ("/.venv", "/venv", "virtualenvs"),
    "uv": ("/uv", " uv", "/.cache "),
    "conda": ("conda", "mamba"),
    "npm": ("npm", "yarn", "bun", "/.cache "),
    "node modules": (),  # what an install without scripts leaves to the next one
    "frontend": ("node_modules/.cache", ".next", ".angular", "turbo", ".nx", ".vite", ".parcel"),
    "maven": (".m2", "maven"),
    "gradle": ("gradle",),
    "gradle metadata": (),  # a part of it, that `gradle dependencies` fetches into the layer
    "sbt": ("/.sbt", "coursier", "/.ivy2"),
    "go modules": ("/pkg/mod", "/go ", "gomod", "go-mod"),
    "go build": ("go-build", "gobuild", "gocache", "/.cache "),
    "cargo": ("/registry", "/cargo "),
    "target": ("target", "sccache"),
    "nuget": ("nuget",),
    "gem": ("bundle", "gems"),
    "composer": ("composer",),
    "hex": ("/.hex", "/.mix"),
    "composer packages": (),
    "mix packages": (),
    "mix build": (),
    "ccache": ("ccache",),
}

STEP: Final = 0.2  # a container starts, and a layer is made; measured: `RUN true` 0.1 s
ASKING: Final = frozenset("--version version -v -V -version --help".split())  # and nothing else
MOST_EACH: Final = 30  # words that count: nobody installs a thousand packages by name
LITTLE: Final = 0.01  # a command that does a little and is done
UNKNOWN: Final = 8.0
MOST_UNKNOWN: Final = 30.0  # of one RUN, however many commands it has
# What the name of a program that is not known may tell.
TELLING: Final = {"install": 15.0, "build": 30.0, "compile": 30.0, "setup": 10.0, "download": 8.0}

WORKDIR: Final = 0.05
# Measured: one file 0.02 s, 200 files 0.2 s; a venv of 15,000 files 5 s, with --link 7 s.
COPY: Final = 0.05
COPY_FILE: Final = 0.0005
COPY_UNKNOWN: Final = 0.2
COPY_TREE: Final = 0.5  # from another stage
COPY_HEAVY: Final = 4.0  # the same, of the dependencies
HEAVY: Final = frozenset("node_modules venv .venv env site-packages dist-packages vendor".split())
ADD_URL: Final = 0.2  # the download is a step of its own, cached by itself (BuildKit source/http)

# Commands that do a little and are done, at least where no row above has their verb.
CHEAP: Final = frozenset(
    """
    : [ [[ add-apt-repository addgroup adduser alias alternatives apk apt apt-cache apt-get
    apt-key apt-mark aptitude arch awk base64 basename break bundle case cat cd chgrp chmod chown
    chpasswd chsh cksum clear cmp comm command composer conda continue cp cut date declare deluser
    df diff dirname dnf dos2unix dpkg dpkg-query du echo egrep env esac exit export expr false
    fc-cache fgrep file gem getconf getent git go gpg grep group groupadd groupdel groupmod groups
    gunzip gzip hash head hostname id install jq kill ldconfig less link ln local locale-gen
    localedef logname ls lsb_release md5sum mkdir mkfifo mknod mktemp mv nproc openssl passwd
    patch pdm pip pipenv poetry popd printenv printf pushd pwd read readlink readonly realpath
    return rm rmdir sed seq service set setcap sha1sum sha256sum sha512sum shift shopt sleep sort
    split ssh-keygen ssh-keyscan stat strip su sync tail tee test touch tr trap true truncate tty
    type ulimit umask uname uniq unlink unset update-alternatives update-ca-certificates useradd
    userdel usermod uv wait wc whereis which whoami xx-info xx-verify yes yum zypper
    """.split()
)

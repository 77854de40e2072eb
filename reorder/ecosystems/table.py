"""The one table of what is known, and the way from a call to its effects.

The order says who is asked first; command names do not overlap, so it only groups. A module is
imported when a command of its own is met: start-up is a feature.

Left out, and why (their commands are opaque: they read and write everything, nothing is moved):
* make, cmake, gcc, sh, bash, python FILE, node FILE, npx: run what the project says.
* awk: its program may write any file and run any command.
* 7z, unrar, cpio, ar: seldom met; cpio writes wherever a name in the archive leads.
* service, supervisorctl, mysql, psql: they talk to processes that a RUN starts.
* bazel: its cache and its outputs are one tree, and its inputs are the whole workspace.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Final, cast
from urllib.parse import urlsplit

from reorder.ecosystems.contract import CommandEffects, Ecosystem, Image
from reorder.ecosystems.folders import folder_needed
from reorder.ecosystems.paths import NOTHING, paths
from reorder.ecosystems.python.python_modules import as_command, run_as_module
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Call, Opaque


@dataclass(frozen=True, slots=True)
class Row:
    """A module under `reorder.ecosystems` and the command names it is asked about."""

    module: str
    commands: frozenset[str]
    anywhere: bool = False  # the module itself judges a command that is given with a folder

    @property
    def tool(self) -> str:
        """What `CommandEffects.tool` says where the module's own JUNK belongs to the command."""
        return self.module.rpartition(".")[2]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ECOSYSTEMS: Final[tuple[Row, ...]] = (
    Row("python.pip", _names("pip python virtualenv"), anywhere=True),
    Row("python.pip_tools", _names("pip-compile pip-sync")),
    Row("python.project_builds", _names("flit hatch pyproject-build")),
    Row("python.pipenv", _names("pipenv"), anywhere=True),
    Row("python.pdm", _names("pdm"), anywhere=True),
    Row("python.poetry", _names("poetry"), anywhere=True),
    Row("python.uv", _names("uv"), anywhere=True),
    Row("node.npm", _names("npm npx")),
    Row("node.yarn", _names("yarn"), anywhere=True),
    Row("node.pnpm", _names("pnpm"), anywhere=True),
    Row("node.bun", _names("bun bunx")),
    Row("node.corepack", _names("corepack"), anywhere=True),
    Row("node.task_runners", _names("lerna nx turbo"), anywhere=True),
    Row("jvm.maven", _names("mvn mvnw"), anywhere=True),
    Row("jvm.gradle", _names("gradle gradlew"), anywhere=True),
    Row("jvm.sbt", _names("sbt sbtx"), anywhere=True),
    Row("jvm.jar", _names("jar")),
    Row("go.go", _names("go")),
    Row("rust.cargo", _names("cargo"), anywhere=True),
    Row("rust.rustup_init", _names("rustup-init"), anywhere=True),
    Row("dotnet.dotnet", _names("dotnet")),
    Row(
        "system.apt",
        _names("add-apt-repository apt apt-add-repository apt-cache apt-get apt-key apt-mark dpkg"),
    ),
    Row("system.system_packages", _names("apk dnf microdnf tdnf yum zypper")),
    Row("system.rpm", _names("rpm rpmkeys")),
    Row(
        "system.maintenance",
        _names(
            "a2disconf a2dismod a2dissite a2enconf a2enmod a2ensite alternatives authconfig "
            "authselect crontab debconf-set-selections dpkg-divert dpkg-reconfigure "
            "dpkg-statoverride fc-cache glib-compile-schemas gtk-update-icon-cache ldconfig "
            "locale-gen localedef mandb phpdismod phpenmod systemctl update-alternatives "
            "update-ca-certificates update-ca-trust update-crypto-policies "
            "update-desktop-database update-initramfs update-locale update-mime-database "
            "update-rc.d visudo yum-config-manager"
        ),
    ),
    Row("ruby.bundler", _names("bundle bundler")),
    Row("elixir.mix", _names("mix")),
    Row("php.composer", _names("composer"), anywhere=True),
    Row("python.conda", _names("conda mamba micromamba"), anywhere=True),
    Row(
        "php.php_extensions",
        _names(
            "docker-php-ext-configure docker-php-ext-enable docker-php-ext-install "
            "docker-php-source install-php-extensions pear pecl"
        ),
    ),
    Row(
        "by_name.named_tools",
        _names("cpanm gem luarocks pipx rustup"),
        anywhere=True,
    ),
    Row("tools.curl", _names("curl")),
    Row("tools.wget", _names("wget")),
    Row(
        "tools.archives",
        _names(
            "bsdtar bunzip2 bzcat bzip2 gtar gunzip gzcat gzip lzma pigz tar unlzma unxz unzip "
            "unzstd xz xzcat zcat zstd zstdcat"
        ),
    ),
    Row("tools.git", _names("git")),
    Row(
        "tools.signatures",
        _names(
            "b2sum gpg gpg2 gpgconf md5sum openssl sha1sum sha224sum sha256sum sha384sum "
            "sha512sum shasum ssh-keygen ssh-keyscan"
        ),
    ),
    Row("tools.find", _names("find xargs")),
    Row(
        "tools.builtins",
        _names(
            ": [ [[ addgroup adduser arch base64 basename break cat cd chage chgrp chmod chown "
            "chpasswd chsh cmake cmp column comm continue cp cut date delgroup deluser df diff "
            "dirname dmesg du echo egrep exit export false fgrep file fold free g++ gcc getconf "
            "getent gpasswd grep groupadd groupdel groupmod groups hash head hostname id "
            "install java javac jq ldd ln local logname ls lsb_release make mkdir mkfifo mktemp "
            "mv nl node nproc od passwd paste patch perl php popd printenv printf ps pushd pwd "
            "read readlink readonly realpath return rev rm rmdir ruby rustc sed seq set setcap "
            "shift shopt sleep sort stat strings strip sync tac tail tee test touch tput tr "
            "true truncate tty type ulimit umask uname uniq unlink unset useradd userdel "
            "usermod wait wc which whoami"
        ),
    ),
)

_SYSTEM_BINS: Final = _names("/bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin")
_SHELLS: Final = _names("ash bash sh")
_WRAPPERS: Final = _names("gradlew mvnw")
_KERNEL: Final = ("/dev/", "/proc/", "/sys/")


def module(name: str) -> Ecosystem:
    """The ecosystem module of a row."""
    return cast(Ecosystem, import_module(f"reorder.ecosystems.{name}"))


def understand(call: Call, image: Image) -> CommandEffects | Opaque:
    """What one call does, its redirects included; `Opaque` when that is not known."""
    known = _command(call, image)
    return known if isinstance(known, Opaque) else _with_redirects(call, known)


def command_key(name: str) -> str:
    """`/usr/bin/pip3.11` -> `pip`: the folder goes, and the version of pip and python."""
    base = posixpath.basename(name)
    bare = base.rstrip("0123456789.")
    return bare if bare in ("pip", "python") else base


def _command(call: Call, image: Image) -> CommandEffects | Opaque:
    if not call.name:
        word = call.args[0].text if call.args else ""
        return Opaque(f"which command `{word}` is depends on something that is not known")
    call = _installer(_wrapper_script(call))
    key = command_key(call.name)
    if key == "python" and "-m" in {arg.text for arg in call.args[1:2]}:
        inner = as_command(call)
        if inner is not None:
            return run_as_module(call, image, _command(inner, image)) or _not_known(call)
    folder = posixpath.dirname(call.name)
    for row in ECOSYSTEMS:
        if key not in row.commands:
            continue
        if folder and folder not in _SYSTEM_BINS and not row.anywhere:
            break
        return module(row.module).effects(call, image) or _not_known(call)
    return _not_known(call)


def _wrapper_script(call: Call) -> Call:
    """`sh ./mvnw x` as `./mvnw x`: the wrapper scripts of build tools are written for any shell."""
    if command_key(call.name) not in _SHELLS or len(call.args) < 2:
        return call
    script = call.args[1]
    if script.kind != "literal" or posixpath.basename(script.text) not in _WRAPPERS:
        return call
    path = script.text if "/" in script.text else f"./{script.text}"
    return replace(call, args=(replace(script, text=path), *call.args[2:]))


def _installer(call: Call) -> Call:
    """`curl https://sh.rustup.rs | sh -s -- -y` as `rustup-init -y`, which that script runs."""
    if command_key(call.name) not in _SHELLS or call.piped is None:
        return call
    if not any(urlsplit(arg.text).hostname == "sh.rustup.rs" for arg in call.piped.args):
        return call
    rest = call.args[1:]
    if rest and rest[0].text == "-s":
        rest = rest[2:] if [arg.text for arg in rest[1:2]] == ["--"] else rest[1:]
    return replace(call, args=(replace(call.args[0], text="rustup-init"), *rest))


def _not_known(call: Call) -> Opaque:
    return Opaque(f"`{_short(call)}` is not understood: it may read and write anything")


def _short(call: Call) -> str:
    """The command and its verb, or else its first word: enough to find the line."""
    words = [arg.text for arg in call.args]
    if len(words) > 1 and words[1].startswith("-"):
        verbs = (word for word in words[2:] if word.isalpha() or "://" in word)
        return " ".join((words[0], next(verbs, words[1])))
    return " ".join(words[:2])


def _with_redirects(call: Call, effects: CommandEffects) -> CommandEffects | Opaque:
    reads = writes = NOTHING
    for redirect in call.redirects:
        if redirect.target.kind != "literal":
            return unknown(call, redirect.target)
        target = absolute(redirect.target.text, call.cwd)
        if target.startswith(_KERNEL):
            continue
        if redirect.op != "write":
            reads |= paths(target)
        if redirect.op == "write" and effects.prints:
            effects = replace(effects, made=effects.made | {target})
        if redirect.op != "read":
            writes |= paths(target)
            reads |= folder_needed(target, call.cwd)
    return replace(effects, reads=effects.reads | reads, writes=effects.writes | writes)

"""Checksums, gpg, openssl and ssh-keyscan: they read files, and write only what they are told to.

A checksum that does not match stops the build and changes nothing. A list of checksums names files
of the folder it is checked in, as those that projects publish do; a list that is piped in by `echo`
or `printf` is read.

Source: sha256sum(1) of coreutils 9, busybox, gpg(1) of GnuPG 2.2, openssl(1), ssh-keyscan(1).
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.fetching import ENV
from reorder.ecosystems.folders import folder_needed
from reorder.ecosystems.given import Given, bare, read_given
from reorder.ecosystems.homes import in_home
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Call, Opaque

NAME: Final = "checksums, gpg, openssl, ssh-keyscan"
LEVEL: Final = 1
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of one of these reads and writes."""
    name = posixpath.basename(call.name)
    if name in _SUMS:
        return _sum(call, image, name)
    if name in ("gpg", "gpg2"):
        return _gpg(call, image)
    if name == "gpgconf":
        return _gpgconf(call, image)
    if name == "openssl":
        return _openssl(call, image)
    return _keygen(call, image) if name == "ssh-keygen" else _keyscan(call, image)


def _sum(call: Call, image: Image, name: str) -> CommandEffects | Opaque:
    given = read_given(call, _SUM_FLAGS, frozenset({"-a", "--algorithm"}))
    if isinstance(given, Opaque):
        return given
    reads = given.named(given.operands)
    if isinstance(reads, Opaque):
        return reads
    if given.has("-c", "--check"):
        listed = _listed(call) if not reads else None
        reads |= Paths(trees=frozenset({call.cwd})) if listed is None else listed
    return CommandEffects(name, image.system | reads, env=frozenset({"PATH", "LANG", "LC_*"}))


def _listed(call: Call) -> Paths | None:
    """The files in a list that `echo` or `printf` gives; None when it is not understood."""
    source = call.piped
    if source is None or posixpath.basename(source.name) not in ("echo", "printf"):
        return None
    found = NOTHING
    for arg in source.args[1:]:
        lines = bare(arg).replace("\\n", "\n").split("\n")
        names = [line.split()[-1].lstrip("*") for line in lines if line.split()]
        if arg.kind == "glob" or any("$" in name or "`" in name for name in names):
            return None
        found |= paths(*(absolute(name, call.cwd) for name in names if name != "-"))
    return found


def _gpg(call: Call, image: Image) -> CommandEffects | Opaque:
    given = read_given(call, _GPG_FLAGS, _GPG_VALUES)
    if isinstance(given, Opaque):
        return given
    ring = _keyring_folder(given, image)
    output = given.named(given.all("-o", "--output"))
    rings = given.named(given.all("--keyring", "--secret-keyring", "--primary-keyring"))
    if isinstance(ring, Opaque):
        return ring
    if isinstance(output, Opaque):
        return output
    if isinstance(rings, Opaque):
        return rings
    operands = NOTHING
    if not given.has(*_GPG_TAKE_KEYS):
        read = given.named(given.operands)
        if isinstance(read, Opaque):
            return read
        operands = read
    if given.has("--dearmor", "--enarmor") and not output:
        output = paths(*(f"{path}{end}" for path in operands.files for end in (".gpg", ".asc")))
    # A keyring without a slash lies in the folder of the keyrings.
    writes = ring | output | rings | paths(*(f"{path}~" for path in rings.files))
    reads = image.system | operands | writes
    for path in output.files | rings.files:
        reads |= folder_needed(path, call.cwd)
    fetches = given.has("--recv-keys", "--recv", "--receive-keys", "--fetch-keys", "--locate-keys")
    return CommandEffects("gpg", reads, writes, env=ENV | {"GNUPGHOME"}, costly=fetches)


def _keyring_folder(given: Given, image: Image) -> Paths | Opaque:
    folder = given.last("--homedir")
    if folder is not None:
        return given.named((folder,), whole=True)
    set_to = given.call.env.get("GNUPGHOME", "")
    if set_to is None:
        return Opaque("where gpg keeps its keys (GNUPGHOME) is not known")
    if set_to:
        return Paths(trees=frozenset({absolute(set_to, given.call.cwd)}))
    return in_home(given.call, image, ".gnupg")


def _gpgconf(call: Call, image: Image) -> CommandEffects | Opaque:
    if call.words is None or not set(call.words[1:]) <= {"--kill", "all", "gpg-agent", "dirmngr"}:
        return Opaque("this use of `gpgconf` is not understood")
    return CommandEffects("gpgconf", image.system, env=frozenset({"PATH", "HOME", "GNUPGHOME"}))


def _openssl(call: Call, image: Image) -> CommandEffects | Opaque:
    """`openssl dgst|x509|rand|version` with files that are named."""
    verb = call.args[1].text if len(call.args) > 1 else ""
    if verb not in _OPENSSL:
        return Opaque(f"`openssl {verb}` is not understood")
    given = read_given(call, _OPENSSL_FLAGS, _OPENSSL_VALUES, start=2)
    if isinstance(given, Opaque):
        return given
    reads = given.named((*given.all("-in"), *(given.operands if verb == "dgst" else ())))
    writes = given.named(given.all("-out"))
    if isinstance(reads, Opaque):
        return reads
    if isinstance(writes, Opaque):
        return writes
    return CommandEffects("openssl", image.system | reads | writes, writes, env=ENV)


def _keygen(call: Call, image: Image) -> CommandEffects | Opaque:
    """New keys, next to each other: of the host (`-A`), of the user, or where `-f` says."""
    given = read_given(
        call, frozenset("-q -A -v -a".split()), frozenset("-f -N -t -b -C -P".split())
    )
    if isinstance(given, Opaque):
        return given
    file = given.named(given.all("-f"))
    if isinstance(file, Opaque):
        return file
    if given.has("-A"):
        made = Paths(trees=frozenset({"/etc/ssh"}))
    else:
        made = file | paths(*(f"{path}.pub" for path in file.files))
        made = made or in_home(call, image, ".ssh")
    return CommandEffects("ssh-keygen", image.system | made, made, env=ENV)


def _keyscan(call: Call, image: Image) -> CommandEffects | Opaque:
    given = read_given(
        call, frozenset("-4 -6 -H -v -c -D -q".split()), frozenset("-p -t -T".split())
    )
    if isinstance(given, Opaque):
        return given
    bad = next((arg for arg in given.operands if arg.kind != "literal"), None)
    if bad is not None:
        return unknown(call, bad)
    return CommandEffects("ssh-keyscan", image.system, env=ENV, costly=True)


_SUMS: Final = frozenset(
    "md5sum sha1sum sha224sum sha256sum sha384sum sha512sum shasum b2sum".split()
)
COMMANDS: Final = _SUMS | {"gpg", "gpg2", "gpgconf", "openssl", "ssh-keyscan", "ssh-keygen"}
_SUM_FLAGS: Final = frozenset(
    "-c --check -b --binary -t --text -w --warn --quiet --status --strict --ignore-missing --tag "
    "-s -z --zero -p".split()
)
_GPG_TAKE_KEYS: Final = (
    *("--recv-keys", "--recv", "--receive-keys", "--fetch-keys", "--locate-keys", "--export"),
    *("--fingerprint", "--list-keys", "-k", "--delete-keys", "--edit-key", "--armor-export"),
)
_GPG_VALUES: Final = frozenset(
    "--keyserver --keyserver-options -o --output --keyring --secret-keyring --primary-keyring "
    "--homedir --trust-model --import-options --export-options --status-fd --logger-fd "
    "--passphrase --pinentry-mode --keyid-format --digest-algo --cert-digest-algo --default-key -u "
    "--local-user --auto-key-locate --display-charset --compress-level".split()
)
_GPG_FLAGS: Final = frozenset(
    "--batch --no-tty --yes --no -q --quiet -v --verbose --recv-keys --recv --receive-keys "
    "--fetch-keys --locate-keys --verify --dearmor --enarmor --import --export -a --armor "
    "--no-armor --no-default-keyring --no-options --fingerprint --list-keys -k --always-trust "
    "--decrypt -d --no-permission-warning --with-fingerprint --with-colons --show-keys --version "
    "--delete-keys --no-auto-check-trustdb --ignore-time-conflict --no-autostart --disable-dirmngr "
    "--trust-model-always --no-default-recipient --no-use-agent --no-auto-key-locate".split()
)
_OPENSSL: Final = frozenset("dgst x509 rand version md5 sha1 sha256 enc base64 passwd".split())
_OPENSSL_VALUES: Final = frozenset("-in -out -inform -outform -fingerprint_alg".split())
_OPENSSL_FLAGS: Final = frozenset(
    "-sha1 -sha256 -sha384 -sha512 -md5 -noout -text -subject -issuer -fingerprint -hash -dates "
    "-base64 -hex -binary -r -d -e -a -A -subject_hash_old -subject_hash -1 -5 -6 -apr1 "
    "-stdin".split()
)

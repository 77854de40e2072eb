"""wget: which files it writes; the content is what the addresses give.

GNU wget also keeps `.wget-hsts` in the home folder, and reads `.wgetrc` and `.netrc` there. `-i`,
`-e` and `--config` bring addresses or settings from elsewhere, and are not understood.

Source: the manual of GNU Wget 1.21 (2.2 to 2.12, 6.1), busybox wget.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.fetching import ENV, brings, last_segment, local_file
from reorder.ecosystems.folders import created, folder_needed
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.homes import in_home
from reorder.ecosystems.paths import Paths, paths
from reorder.ecosystems.words import absolute, as_files, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "wget"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"wget"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a wget call reads and writes."""
    given = read_given(call, _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return given
    if any(arg.text not in _PLAIN_SETTINGS for arg in given.all("-e", "--execute")):
        return Opaque("`wget -e` gives a setting that is not understood")
    reads = image.system
    for name in (".wgetrc", ".netrc"):
        reads |= in_home(call, image, name)
    if brings(call, image, ".wgetrc"):
        return Opaque("`.wgetrc` in the home folder gives `wget` more options")
    told = given.named(given.all(*_READ))
    written = _written(given)
    if isinstance(told, Opaque):
        return told
    if isinstance(written, Opaque):
        return written
    for address in given.operands:
        if address.text.startswith("-"):
            return unknown(call, address)
        local = local_file(call, address)
        if isinstance(local, Opaque):
            return local
    reads |= told | written
    for path in written.files:
        reads |= folder_needed(path, call.cwd)
    hosts = in_home(call, image, ".wget-hsts")
    asked = bool(given.operands)
    return CommandEffects("wget", reads | hosts, written | hosts, env=ENV, costly=asked)


def _written(given: Given) -> Paths | Opaque:
    call = given.call
    found = given.named(given.all("-o", "--output-file", "-a", "--append-output", "--save-cookies"))
    if isinstance(found, Opaque):
        return found
    if given.has("--spider"):
        return found
    output = given.last("-O", "--output-document")
    if output is not None:
        if output.kind != "literal":
            return unknown(call, output)
        return found if output.text == "-" else found | as_files(output, call.cwd)
    folder = given.last("-P", "--directory-prefix")
    if folder is not None and folder.kind != "literal":
        return unknown(call, folder)
    into = absolute(folder.text, call.cwd) if folder is not None else call.cwd
    found |= created(into, call.cwd) if folder is not None else Paths()
    if given.has(*_MANY):
        return found | Paths(trees=frozenset({into}))
    for address in given.operands:
        name = None if given.has(*_NAMED_BY_SERVER) else last_segment(address, query=True)
        found |= _file(into, name, address)
    return found


def _file(into: str, name: str | None, address: Arg) -> Paths:
    """The file of an address, and the first other name if that is taken."""
    if name is None:
        return Paths(globs=frozenset({f"{into.rstrip('/')}/*"}))
    path = absolute(name or "index.html", into)
    return paths(path, f"{path}.1")


_PLAIN_SETTINGS: Final = frozenset(("robots=off", "use_proxy=yes", "use_proxy=no", "use_proxy=on"))
_NAMED_BY_SERVER: Final = ("--content-disposition", "--trust-server-names")
_READ: Final = frozenset(
    "--ca-certificate --certificate --private-key --load-cookies --post-file --body-file "
    "--crl-file".split()
)
_VALUES: Final = _READ | frozenset(
    "-O --output-document -P --directory-prefix -o --output-file -a --append-output -e --execute "
    "--save-cookies -t --tries -T --timeout --dns-timeout --connect-timeout --read-timeout -w "
    "--wait --waitretry -U --user-agent --header --referer --user --password --http-user "
    "--http-password --http-passwd --ftp-user --ftp-password --proxy-user --proxy-password --proxy "
    "--post-data --body-data --method --secure-protocol -Y --limit-rate -Q --quota --max-redirect "
    "--progress --retry-on-http-error --ciphers --bind-address -l --level -A --accept -R --reject "
    "-D --domains -X --exclude-directories -I --include-directories --cut-dirs "
    "--restrict-file-names --accept-regex --reject-regex --compression --start-pos --default-page "
    "--local-encoding --remote-encoding --prefer-family --report-speed".split()
)
_MANY: Final = (
    *("-r", "--recursive", "-m", "--mirror", "-x", "--force-directories", "-p", "-k", "-E"),
    *("--page-requisites", "--convert-links", "--adjust-extension", "-K", "--backup-converted"),
    *("--protocol-directories",),
)
_FLAGS: Final = frozenset(
    (
        *_MANY,
        *_NAMED_BY_SERVER,
        *(
            "-q --quiet -v --verbose -nv --no-verbose -n -c --continue -S "
            "--server-response --spider -4 -6 --inet4-only --inet6-only --no-check-certificate "
            "--no-cookies --no-cache --no-proxy --no-dns-cache --no-clobber -nc -nd "
            "--no-directories -nH --no-host-directories -np --no-parent --no-hsts --no-netrc "
            "--no-config --no-passive-ftp --no-use-server-timestamps --no-glob "
            "--no-http-keep-alive --no-iri --no-if-modified-since --show-progress --https-only "
            "--retry-connrefused --retry-on-host-error --auth-no-challenge --keep-session-cookies "
            "--passive-ftp -d --debug -H --span-hosts -L --relative -V --version -h --help "
            "--random-wait --unlink --ignore-length --delete-after"
        ).split(),
    )
)

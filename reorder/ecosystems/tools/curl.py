"""curl: which files it writes; the content is what the addresses give.

It reads the system (certificates), `.curlrc` and `.netrc` of the home folder, and the files that
its options name. `-K` reads further options from a file, and is not understood.

Source: curl(1) of 8.5.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.fetching import ENV, brings, last_segment, local_file
from reorder.ecosystems.folders import created, folder_needed
from reorder.ecosystems.given import Given, bare, read_given
from reorder.ecosystems.homes import in_home
from reorder.ecosystems.paths import Paths, paths
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "curl"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"curl"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a curl call reads and writes."""
    given = read_given(call, _FLAGS | _negated(), _VALUES)
    if isinstance(given, Opaque):
        return given
    addresses = (*given.operands, *given.all("--url"))
    reads = image.system | in_home(call, image, ".curlrc") | in_home(call, image, ".netrc")
    if brings(call, image, ".curlrc"):
        return Opaque("`.curlrc` in the home folder gives `curl` more options")
    told = _told(given)
    written = _written(given, addresses)
    if isinstance(told, Opaque):
        return told
    if isinstance(written, Opaque):
        return written
    for address in addresses:
        local = local_file(call, address)
        if isinstance(local, Opaque):
            return local
        reads |= local
    reads |= told | written
    for path in written.files:
        reads |= folder_needed(path, call.cwd)
    if given.has("--create-dirs"):
        for path in written.files:
            made = created(posixpath.dirname(path), call.cwd)
            reads, written = reads | made, written | made
    return CommandEffects("curl", reads, written, env=ENV, costly=bool(addresses))


def _told(given: Given) -> Paths | Opaque:
    """Files that are read because an option names them, on its own or after an `@`."""
    found = given.named(given.all(*_READ))
    trees = given.named(given.all("--capath"), whole=True)
    if isinstance(found, Opaque) or isinstance(trees, Opaque):
        return found if isinstance(found, Opaque) else trees
    for option, arg in given.options:
        if arg is None or option not in _MAY_READ:
            continue
        text = bare(arg)
        at = text.find("@")
        if option in ("-w", "--write-out") and "%output{" in text:
            return Opaque("`curl -w` with `%output` writes a file")
        if option in ("-F", "--form"):
            at = next((i for i in (text.find("=@"), text.find("=<")) if i >= 0), -1)
            at = at + 1 if at >= 0 else -1
        elif at > 0 and option != "--data-urlencode":
            at = -1
        if option in ("-b", "--cookie") and "=" not in text:
            at = max(at, 0)
            text = f"@{text}"
        if at < 0:
            continue
        path = text[at + 1 :].partition(";")[0]
        if arg.kind != "literal" and any(char in path for char in "$`"):
            return unknown(given.call, arg)
        if path not in ("", "-"):
            found |= paths(absolute(path, given.call.cwd))
    return found


def _written(given: Given, addresses: tuple[Arg, ...]) -> Paths | Opaque:
    call = given.call
    folder = given.last("--output-dir")
    if folder is not None and folder.kind != "literal":
        return unknown(call, folder)
    into = absolute(folder.text, call.cwd) if folder is not None else call.cwd
    found = given.named(given.all(*_WRITE))
    if isinstance(found, Opaque):
        return found
    for arg in given.all("-o", "--output"):
        if arg.kind != "literal":
            return unknown(call, arg)
        if "#" in arg.text:
            return Opaque(f"`curl -o {arg.text}`: which files this pattern names is not known")
        if arg.text != "-" and arg.text not in ("/dev/null", "/dev/stdout", "/dev/stderr"):
            found |= paths(absolute(arg.text, into))
    if not given.has("-O", "--remote-name", "--remote-name-all"):
        return found
    names = [last_segment(arg, query=False) for arg in addresses]
    if given.has("-J", "--remote-header-name") or not all(names):
        # curl takes the last part of whatever name it gets.
        return found | Paths(globs=frozenset({f"{into.rstrip('/')}/*"}))
    return found | paths(*(absolute(name, into) for name in names if name))


def _negated() -> frozenset[str]:
    return frozenset(f"--no-{flag[2:]}" for flag in _FLAGS if flag.startswith("--"))


_READ: Final = frozenset(
    "--cacert --key --netrc-file -T --upload-file --crlfile --etag-compare --proxy-cacert".split()
)
_MAY_READ: Final = frozenset(
    "-d --data --data-ascii --data-binary --data-urlencode --json -F --form -H --header "
    "--proxy-header -b --cookie -w --write-out".split()
)
_WRITE: Final = frozenset(
    "-c --cookie-jar -D --dump-header --stderr --trace --trace-ascii --etag-save --libcurl "
    "--alt-svc --hsts".split()
)
_VALUES: Final = (
    _READ
    | _MAY_READ
    | _WRITE
    | frozenset(
        "-o --output --output-dir --url --capath --data-raw -X --request -u --user -U --proxy-user "
        "-A --user-agent -e --referer -x --proxy --preproxy -m --max-time --connect-timeout "
        "--retry --retry-delay --retry-max-time -C --continue-at --cert-type --key-type --ciphers "
        "--tls13-ciphers --proto --proto-redir --proto-default -r --range -y -Y --speed-limit "
        "--speed-time --limit-rate --max-redirs --max-filesize --interface --resolve --connect-to "
        "--dns-servers --keepalive-time --noproxy --oauth2-bearer --unix-socket --tls-max --rate "
        "--parallel-max --socks4 --socks4a --socks5 --socks5-hostname --form-string --curves "
        "--happy-eyeballs-timeout-ms --expect100-timeout --create-file-mode -Q --quote -P "
        "--ftp-port --aws-sigv4 --pinnedpubkey --local-port --url-query --doh-url".split()
    )
)
_FLAGS: Final = frozenset(
    "-f --fail --fail-with-body --fail-early -s --silent -S --show-error -L --location "
    "--location-trusted -k --insecure -v --verbose -i --include --show-headers -I --head -g "
    "--globoff -O --remote-name --remote-name-all -J --remote-header-name -R --remote-time -# "
    "--progress-bar --progress-meter --no-progress-meter -4 -6 --ipv4 --ipv6 --compressed -G --get "
    "-n --netrc --netrc-optional --create-dirs -1 -2 -3 -0 --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 "
    "--tlsv1.3 --sslv2 --sslv3 --http0.9 --http1.0 --http1.1 --http2 --http2-prior-knowledge "
    "--http3 --ssl --ssl-reqd --ssl-no-revoke --ssl-allow-beast --tcp-nodelay --tcp-fastopen "
    "--keepalive --buffer -N --retry-connrefused --retry-all-errors -a --append -j -p -q --disable "
    "--path-as-is --post301 --post302 --post303 --anyauth --basic --digest --ntlm --negotiate "
    "--clobber --remove-on-error -Z --parallel --parallel-immediate --raw --styled-output "
    "--sessionid --compressed-ssh -V --version -h --help --crlf -l --list-only --disable-epsv "
    "--disable-eprt --ftp-pasv --tr-encoding --next -:".split()
)

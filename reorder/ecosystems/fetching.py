"""What the tools that download have in common: addresses and settings.

What comes over the network is content that the text of the command gives: a rebuild that finds the
step in the cache takes it as it was, and so does every order of the same steps.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.given import bare
from reorder.ecosystems.homes import PROXIES, home, in_home
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Arg, Call, Opaque

SCHEMES: Final = ("http://", "https://", "ftp://", "ftps://")
NEVER_EMPTY: Final = (
    "offline it needs what an earlier step has downloaded, and a cache mount may be empty"
)
ENV: Final = PROXIES | frozenset(
    "PATH HOME USER LOGNAME LANG LC_* TZ TMPDIR SSL_CERT_* SSL_DIR OPENSSL_* CURL_* WGETRC "
    "SYSTEM_WGETRC NETRC XDG_CONFIG_HOME LD_LIBRARY_PATH LD_PRELOAD".split()
)

# git(1), "Environment Variables", with git-lfs-config(5): a GIT_SHA or GIT_COMMIT is none of these.
GIT_ENV: Final = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_COMMON_DIR GIT_INDEX_* GIT_OBJECT_DIRECTORY GIT_ALTERNATE_* "
    "GIT_NAMESPACE GIT_CEILING_* GIT_DISCOVERY_* GIT_DEFAULT_* GIT_AUTHOR_* GIT_COMMITTER_* "
    "GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_PAGER* GIT_PROGRESS_DELAY GIT_EXTERNAL_DIFF GIT_DIFF_* "
    "GIT_MERGE_* GIT_SSH* GIT_SSL_* GIT_ASKPASS GIT_TERMINAL_PROMPT GIT_CONFIG* GIT_FLUSH "
    "GIT_TRACE* GIT_CURL_* GIT_HTTP_* GIT_PROXY_* GIT_PROTOCOL* GIT_LITERAL_* GIT_GLOB_* "
    "GIT_NOGLOB_* GIT_ICASE_* GIT_REFLOG_* GIT_REF_* GIT_REDACT* GIT_PRINT_SHA1_ELLIPSIS "
    "GIT_OPTIONAL_LOCKS GIT_REDIRECT_* GIT_ADVICE GIT_ALLOW_PROTOCOL GIT_EXEC_PATH GIT_PREFIX "
    "GIT_TEMPLATE_DIR GIT_CLONE_* GIT_LFS_* GIT_NO_* GIT_QUARANTINE* GIT_ATTR_* GIT_SHALLOW_* "
    "GIT_REPLACE_* GIT_TEST_* GIT_USER_AGENT GIT_IMPLICIT_WORK_TREE GIT_FORCE_*".split()
)


def local_file(call: Call, address: Arg) -> Paths | Opaque:
    """What an address reads of the image: nothing, unless its scheme is `file`.

    `Opaque` for one whose scheme comes out of a variable.
    """
    text = bare(address)
    if text.lower().startswith("file:"):
        from urllib.parse import unquote

        path = unquote(text[5:]).removeprefix("//").removeprefix("localhost")
        known = address.kind == "literal" and path.startswith("/")
        return paths(absolute(path, "/")) if known else unknown(call, address)
    if address.kind != "literal" and not text.lower().startswith(SCHEMES):
        return unknown(call, address)
    return NOTHING


def transport_files(call: Call, image: Image) -> Paths:
    """What git, ssh and the libraries for HTTP look for in the home folder."""
    found = NOTHING
    for name in (".gitconfig", ".config/git", ".git-credentials", ".netrc", ".ssh"):
        found |= in_home(call, image, name)
    return found


def brings(call: Call, image: Image, name: str) -> bool:
    """Whether the build context brings a settings file of the home folder."""
    folder = home(call, image)
    return folder is not None and image.files.exists(absolute(name, folder)) is True


def last_segment(address: Arg, *, query: bool) -> str | None:
    """The file name at the end of an address; None when a variable or a pattern is part of it."""
    text = bare(address).partition("#")[0]
    if not query:
        text = text.partition("?")[0]
    name = text.partition("://")[2].partition("/")[2] if "://" in text else text.partition("/")[2]
    name = name.rpartition("/")[2]
    return None if any(char in name for char in "$`{}[]*") else name

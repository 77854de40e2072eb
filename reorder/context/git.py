"""Git, asked in a way that runs nothing a repository brings along.

Hooks, the fsmonitor, external programs, transports and prompts are off. What a repository's
configuration includes is still read by git, but whatever could start a program is overridden here.
Transports are off by GIT_ALLOW_PROTOCOL (git(1)), which no configuration beats: `protocol.allow`
gives way to a repository's own `protocol.ext.allow`, and git before 2.39.4 does not know
GIT_NO_LAZY_FETCH, so that a lacking object of a partial clone would be fetched.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TIMEOUT = 30.0
MOST_OUTPUT = 1 << 28
OFF = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.untrackedCache": "false",
    # Windows into packs, which are otherwise as large as the packs: a process may have a bound.
    "core.packedGitLimit": "1g",
    "core.packedGitWindowSize": "64m",
    "core.pager": "cat",
    "core.editor": "false",
    "core.sshCommand": "false",
    "core.askPass": "",
    "core.alternateRefsCommand": "",
    "core.attributesFile": os.devnull,
    "credential.helper": "",
    "diff.external": "",
    "gpg.program": "false",
    "log.showSignature": "false",
    "protocol.allow": "never",
    "submodule.recurse": "false",
}
ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_PAGER": "cat",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Tracked:
    """What git's index holds below a folder, relative to it."""

    files: frozenset[str]
    submodules: frozenset[str]


def toplevel(folder: Path) -> Path | None:
    """The root of the work tree that holds a folder: the nearest one with a `.git` entry."""
    folder = Path(os.path.abspath(folder))
    return next((at for at in (folder, *folder.parents) if os.path.lexists(at / ".git")), None)


def environment() -> dict[str, str]:
    """What git gets to know of ours: nothing that turns it, and no program by a relative path."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    path = kept.get("PATH", os.defpath).split(os.pathsep)
    kept["PATH"] = os.pathsep.join(place for place in path if os.path.isabs(place))
    return kept | ENVIRONMENT


def git(
    folder: Path,
    *arguments: str,
    timeout: float = TIMEOUT,
    stdin: bytes = b"",
    most: int = MOST_OUTPUT,
) -> bytes | None:
    """The output of a git command in a folder.

    None when git is missing, fails, is too slow or says more than `most` bytes.
    """
    import subprocess
    from tempfile import TemporaryFile
    from threading import Timer
    from time import monotonic

    options = [word for name, value in OFF.items() for word in ("-c", f"{name}={value}")]
    try:
        # A file, not a pipe: nobody has to write while the output is read.
        with TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            process = subprocess.Popen(
                ["git", "--no-pager", *options, *arguments],
                cwd=folder,
                env=environment(),
                stdin=given if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
    except OSError:
        return None
    timer = Timer(timeout, process.kill)
    end = monotonic() + timeout
    timer.start()
    try:
        with process:
            assert process.stdout is not None
            output = process.stdout.read(most + 1)
            if len(output) > most:
                process.kill()
    except BaseException:
        process.kill()
        raise
    finally:
        timer.cancel()
    late = monotonic() > end
    return None if process.returncode or late or len(output) > most else output


def tracked_files(folder: Path) -> Tracked | None:
    """What the index holds below a folder; None without git or a repository."""
    if toplevel(folder) is None:
        return None
    listing = git(folder, "ls-files", "-z", "--stage")
    if listing is None:
        return None
    files: set[str] = set()
    submodules: set[str] = set()
    for row in listing.split(b"\0"):
        mode, _, path = row.partition(b"\t")
        if path:
            (submodules if mode.startswith(b"160000") else files).add(os.fsdecode(path))
    return Tracked(frozenset(files), frozenset(submodules))


def not_ignored(folder: Path) -> tuple[str, ...] | None:
    """Every tracked or not ignored file below a folder; None without git or a repository.

    Also None for a folder that is ignored as a whole: whoever names one means what is in it.
    """
    if toplevel(folder) is None or git(folder, "check-ignore", "-q", ".") is not None:
        return None
    listing = git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listing is None:
        return None
    return tuple(sorted({os.fsdecode(path) for path in listing.split(b"\0") if path}))

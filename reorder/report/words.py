"""Words for what an instruction is, reads and writes; every output takes them from here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from posixpath import commonpath, dirname

from reorder.ecosystems.paths import Paths
from reorder.graph.facts import Node
from reorder.graph.resources import Names, Resources
from reorder.report.style import number, visible
from reorder.result import Estimate
from reorder.syntax.nodes import Instruction

MOST = 3  # names that are listed before they are counted
ANYTHING = "anything"
SYSTEM = "the system"
SOME_FILES = "files of the image"
_CONFIG = {
    "workdir": "the working directory",
    "user": "the user",
    "shell": "the shell",
    "the order of ENV": "the list of variables",
}


def title(node: Instruction, most: int = 60) -> str:
    """An instruction as one line, `RUN pip install -r …`, no longer than `most`."""
    flags = (f"--{f.name}" + ("" if f.value is None else f"={f.value}") for f in node.flags)
    return shortened(" ".join((node.keyword.upper(), *flags, node.args)), most)


def shortened(text: str, most: int) -> str:
    """Text as one visible line of at most `most` characters; what is cut off becomes `…`."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def listed(names: Iterable[str], most: int = MOST) -> str:
    """`a, b and c`, or `a, b and 5 more`."""
    found = list(names)
    if len(found) > most:
        return f"{', '.join(found[: most - 1])} and {len(found) - most + 1:,} more"
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)


def seconds(value: float) -> str:
    """`0 s`, `0.4 s`, `31 s`, `4 min 5 s`: two figures, the rest is not known that well."""
    if value < 0.05:
        return "0 s"
    if value < 9.95:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 120:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def differs(estimate: Estimate) -> bool:
    """Whether the seconds before and after read differently."""
    return seconds(estimate.seconds_before) != seconds(estimate.seconds_after)


def expected(estimate: Estimate) -> str:
    """`expected rebuild 48 s -> 9 s (over the last 500 commits)`; one number if both read alike."""
    before, after = seconds(estimate.seconds_before), seconds(estimate.seconds_after)
    both = f"{before} -> {after}" if differs(estimate) else before
    if estimate.commits:
        basis = f"over the last {number(estimate.commits, 'commit')}"
    else:
        basis = "by stability tiers" + (f": {visible(estimate.note)}" if estimate.note else "")
    bounded = "" if estimate.exact else "; not every order was tried"
    return f"expected rebuild {both} ({basis}{bounded})"


def paths_words(paths: Paths) -> str:
    """A set of image paths: `/app/go.mod and /app/go.sum`, `1,204 files below /app`; "" for none.

    "the system" stands for all but the application's own folders.
    """
    if paths.all_but == frozenset():
        return ANYTHING
    wide = Paths(trees=paths.trees, all_but=paths.all_but)
    parts = counted(path for path in paths.files if not wide.contains(path))
    parts += sorted(paths.trees)
    parts += sorted(paths.globs)
    if paths.all_but is not None:
        if len(parts) >= MOST:
            parts = [parts[0], f"{len(parts) - 1} more paths"]
        parts.append(SYSTEM)
    return listed(map(visible, parts))


def counted(files: Iterable[str]) -> list[str]:
    """Files, sorted, or how many there are below which folder; without the folders they are in."""
    every = set(files)
    found = sorted(every - {dirname(path) for path in every})
    if len(found) <= MOST:
        return found
    mixed = len({path.startswith("/") for path in found}) > 1  # `~` is a home nobody knows
    folder = "" if mixed else commonpath(found)
    if folder not in ("", "/"):
        return [f"{number(len(found), 'file')} below {folder}"]
    if folder == "":
        return [number(len(found), "file")]
    tops = sorted({"/".join(path.split("/")[:2]) if path.count("/") > 1 else "/" for path in found})
    return [f"{number(len(found), 'file')} in {listed(tops)}"]


def resource_words(resources: Resources, known: Collection[str] | None = None) -> str:
    """A set of resources. With `known`, only its names are told of the variables."""
    parts = [paths_words(resources.paths), names_words(resources.env, known)]
    parts += [config_words(word) for word in sorted(resources.config)]
    return ", ".join(filter(None, parts))


def names_words(names: Names, known: Collection[str] | None = None) -> str:
    """Variables as `$A and $B`. With `known`, only its names, where `names` has or matches them."""
    if names is None:
        return "every variable"
    found = names if known is None else {name for name in known if matches(name, names)}
    return listed(f"${visible(name)}" for name in sorted(found))


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether one of the names or `PREFIX_*` patterns means a name."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def config_words(word: str) -> str:
    """A part of the image config: `the user`, `CMD`, `label version`."""
    if word in _CONFIG:
        return _CONFIG[word]
    return visible(word.upper() if word.isalpha() and word.islower() else word)


def opaque(node: Node) -> str | None:
    """Why a RUN may read and write anything: "`make` is not understood"; None when it is known."""
    if node.run is None:
        return None
    run = node.understood
    reason = getattr(node.run, "reason", None) if run is None else run.barrier
    return None if reason is None else visible(reason.partition(": it may read")[0])

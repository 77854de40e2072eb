"""Words and commands that more than one page has."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reorder.fleet.pages.figures import About, Figures
from reorder.fleet.places import RESULTS
from reorder.fleet.row import Saving
from reorder.report.kinds import Kind, Said, kinds
from reorder.report.style import visible
from reorder.report.words import seconds

MOST_NAMES = 4
_HINTS = (  # part of a kind -> what removes it in every repository at once
    ("`…` is not understood", "give the install a RUN of its own that does not call that program"),
    ("build context is not known", "name the folder: `context` in the repository's `reorder.toml`"),
    ("--builder persistent", "if your builders keep their disks, run with `--builder persistent`"),
    ("may rewrite", "commit the lock file, and install with the tool's frozen option"),
    ("may read the source", "leave install scripts out of the image, or name what they read"),
    ("commits that are not", "merge or remove that branch, or choose another with `--branch`"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next; `command` can be typed, "" where there is none."""

    what: str
    command: str


@dataclass(frozen=True, slots=True)
class Look:
    """A repository that needs a person, and how many more need one for the same kind of reason."""

    repo: str
    why: str
    more: int

    @property
    def others(self) -> str:
        """`, and so do 12 more`."""
        return f", and so {'does' if self.more == 1 else 'do'} {self.more:,} more" * bool(self.more)


def hours(value: float) -> str:
    """`1,204 h`, `0.4 h`, `-3 h`."""
    return f"{value:,.0f} h" if abs(value) >= 9.95 else f"{value:.1f} h".replace("-0.0", "0.0")


def pair(saving: Saving | None) -> str:
    """`59.9 s -> 2.2 s`; "" where nothing is known."""
    if saving is None:
        return ""
    return f"{seconds(saving.seconds_before)} -> {seconds(saving.seconds_after)}"


def sentence(found: Figures) -> str:
    """What the run gained."""
    if not found.gains:
        return "No number is known of what it saves."
    many = repositories(len(found.gains))
    middle = f", half of them more than {hours(found.middle)} each" if len(found.gains) > 1 else ""
    return f"About {hours(found.hours)} of waiting a year saved in {many}{middle}."


def basis(found: Figures) -> str:
    """How far the hours can be trusted."""
    rest = len(found.gains) - found.measured
    words = []
    if found.measured:
        words.append(f"{found.measured:,} by a replay of the history")
    if rest:
        words.append(f"{rest:,} estimated from typical step times")
    return f"Hours: {' and '.join(words)}." if words else ""


def told(kind: Kind) -> str:
    """The kind, or the reason itself where it was given once."""
    said = visible(kind.example.reason).strip()
    return said if said and kind.count == 1 else kind.text


def names(kind: Kind, shown: Callable[[str], str] = visible) -> str:
    """`make 5, sh 3 and 6 more`; "" where only one repository has it. `shown` escapes a name."""
    if kind.repos < 2 or not kind.names:
        return ""
    told = [f"{shown(name)} {count}" for name, count in kind.names[:MOST_NAMES]]
    rest = len(kind.names) - MOST_NAMES
    return ", ".join(told) + (f" and {rest:,} more" if rest > 0 else "")


def hint(kind: Kind) -> str:
    """What removes a kind of reason at its root, where that is known."""
    return next((advice for part, advice in _HINTS if part in kind.text), "")


def repositories(count: int) -> str:
    """`1 repository`, `12 repositories`."""
    return f"{count:,} repository" if count == 1 else f"{count:,} repositories"


def first_looks(found: Figures, most: int) -> tuple[Look, ...]:
    """What needs a person first: changes that rest on trust, then what did not work."""
    looks: dict[str, Said] = {}
    for row in found.unsafe:
        looks[row.repo] = Said(row.repo, "has a change that is not proved (--unsafe)")
    for gain in reversed(found.gains):
        if gain.hours <= -0.05:
            said = Said(gain.row.repo, f"its builds would take {hours(-gain.hours)} a year more")
            looks.setdefault(said.repo, said)
    for row in found.rows:
        if row.notes:
            looks.setdefault(row.repo, Said(row.repo, row.notes[0]))
        elif row.status == "changed" and any(file.status == "error" for file in row.files):
            looks.setdefault(row.repo, Said(row.repo, "one of its files could not be read"))
    groups = kinds(looks.values())
    return tuple(Look(one.example.repo, one.example.reason, one.repos - 1) for one in groups)[:most]


def next_steps(found: Figures, about: About) -> Iterator[Step]:
    """What to type next, of what the run can tell."""
    output = about.output or "."
    again = about.command and about.command + _flag(about.command, "--resume")
    best = next((gain.row for gain in found.gains if gain.row.patch), None)
    if best is not None:
        path = shlex.quote(visible(f"{output.rstrip('/')}/{best.patch}"))
        yield Step("Read the change that saves most:", f"less {path}")
        yield Step("Apply it in a clone of that repository:", f"git am {path}")
    if again and found.count("error") + found.count("timeout"):
        retry = again + _flag(again, "--retry")
        yield Step("Try again what failed, and only that:", retry)
    if again and found.count("changed") > found.pulls:
        forge = _flag(about.command, "--pr", " github")
        if forge:
            yield Step(
                "Open pull requests, a few at first:", f"{again}{forge} --max-prs-per-hour 20"
            )
    chosen = 'select(.status == "error" or .status == "timeout") | .repo'
    if found.count("error") + found.count("timeout"):
        results = shlex.quote(visible(f"{output.rstrip('/')}/{RESULTS}"))
        yield Step("List what failed:", f"jq -r '{chosen}' {results}")


def _flag(command: str, flag: str, value: str = "") -> str:
    """A flag to add to a command that does not have it yet."""
    return "" if f" {flag}" in f" {command}" else f" {flag}{value}"

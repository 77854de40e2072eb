"""The README's table of package managers is made from their modules and from golden cases.

`--update-golden` writes it. A column says yes where a golden case of the manager has that change;
level 4 is for those with a project that real builds have proved.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.projects import projects
from harness.case import cases

from reorder.ecosystems.table import ECOSYSTEMS, Row, module

README = Path(__file__).resolve().parents[2] / "README.md"
HEAD = (
    "| package manager | level | commands | manifests first | dependency step | cache mounts |",
    "|---|---|---|---|---|---|",
)
# Beginnings of golden cases, and of engine projects, where they are not the module's name.
CASES = {"yarn": ("yarn/", "berry/"), "system_packages": ()}
SHOWN = 8  # commands of one row


def beginnings(row: Row) -> tuple[str, ...]:
    return CASES.get(row.tool, (row.tool.replace("_", "-") + "/",))


def changes(row: Row) -> dict[str, str]:
    """The transforms that some golden case of a package manager shows, and whether by default."""
    found: dict[str, str] = {}
    for case in cases():
        if case.name.startswith(beginnings(row)):
            for change in case.data.get("changes", ()):
                if not case.options.unsafe:
                    found[change] = "yes"
                found.setdefault(change, "with `--unsafe`")
    return found


def proved(row: Row) -> bool:
    """Whether the engine suite has a project of a package manager."""
    names = tuple(begin.replace("/", "-") for begin in beginnings(row))
    return any(one.name.startswith(names) for one in projects())


def line(row: Row) -> str:
    known, shown = module(row.module), changes(row)
    names = sorted(row.commands - {"sh", "bash", "ash"})
    commands = ", ".join(f"`{name}`" for name in names[:SHOWN])
    if len(names) > SHOWN:
        commands += f" and {len(names) - SHOWN} more"
    columns = [shown.get(one, "") for one in ("manifest-first", "prefetch", "cache-mount")]
    cells = [known.NAME, str(known.LEVEL), commands, *columns]
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def made() -> list[str]:
    """The whole table: those that know most first, else in the order in which they are asked."""
    rows = sorted(ECOSYSTEMS, key=lambda row: -module(row.module).LEVEL)
    recognised = [module(row.module).NAME for row in rows if module(row.module).LEVEL == 1]
    last = f"| {'; '.join(recognised)} | 1 | | | | |"
    return [*HEAD, *(line(row) for row in rows if module(row.module).LEVEL > 1), last]


def test_the_table_is_that_of_the_modules(request: pytest.FixtureRequest) -> None:
    lines = README.read_text(encoding="utf-8").split("\n")
    start = lines.index(HEAD[0])
    end = next(at for at in range(start, len(lines)) if not lines[at].startswith("|"))
    if request.config.getoption("--update-golden"):
        README.write_text("\n".join([*lines[:start], *made(), *lines[end:]]), encoding="utf-8")
        return
    assert lines[start:end] == made()


@pytest.mark.parametrize("row", ECOSYSTEMS, ids=[row.module for row in ECOSYSTEMS])
def test_level_four_is_proved_by_real_builds(row: Row) -> None:
    assert (module(row.module).LEVEL == 4) == proved(row)


@pytest.mark.parametrize("row", ECOSYSTEMS, ids=[row.module for row in ECOSYSTEMS])
def test_a_level_is_shown_by_golden_cases(row: Row) -> None:
    shown, level = changes(row), module(row.module).LEVEL
    if level >= 2:
        assert shown, f"no golden case of {row.tool} rewrites anything"

"""Every trap of `golden/traps.toml` is held by golden cases, by cases of `ci`, or by tests."""

from __future__ import annotations

from typing import Any

import pytest
import tomli
from harness.case import GOLDEN, Case, cases

TRAPS: list[dict[str, Any]] = tomli.loads((GOLDEN / "traps.toml").read_text())["trap"]
CI = GOLDEN.parent / "tests" / "ci" / "cases"
CASES = {case.name: case for case in cases()}


@pytest.fixture(params=TRAPS, ids=[row["name"] for row in TRAPS])
def trap(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def test_a_trap_says_what_goes_wrong_and_what_to_do(trap: dict[str, Any]) -> None:
    assert {"name", "trap", "must"} <= set(trap) <= {"name", "trap", "must", "cases", "ci", "tests"}
    assert all(trap[key].strip() for key in ("name", "trap", "must"))


def test_every_trap_has_a_case(trap: dict[str, Any]) -> None:
    held = [*trap.get("cases", ()), *trap.get("ci", ()), *trap.get("tests", ())]
    assert held, f"write a golden case for: {trap['trap']}"
    assert len(set(held)) == len(held)
    assert [name for name in trap.get("cases", ()) if name not in CASES] == []
    assert [name for name in trap.get("ci", ()) if not (CI / name).is_dir()] == []
    for named in trap.get("tests", ()):
        path, _, name = named.partition("::")
        assert f"def test_{name}(" in (GOLDEN.parent / path).read_text(), named


def test_a_case_of_a_trap_shows_something(trap: dict[str, Any]) -> None:
    for name in trap.get("cases", ()):
        case: Case = CASES[name]
        assert case.before.strip(), f"{name} has an empty Dockerfile"
        assert case.data.get("why"), name


def test_traps_have_names_of_their_own() -> None:
    names = [row["name"] for row in TRAPS]
    assert len(set(names)) == len(names)
    assert TRAPS

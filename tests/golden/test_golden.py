"""The laws of every golden case; `pytest --update-golden` rewrites only the wanted files."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.case import GOLDEN, KEYS, Case, cases
from harness.damage import damages
from harness.formats import promises

from reorder.api import rewrite_file
from reorder.context.build import BuildContext, build_context
from reorder.context.git import git
from reorder.context.project import Project
from reorder.equivalence.check import Objection, check
from reorder.result import Result
from reorder.syntax import views
from reorder.syntax.parse import parse
from reorder.transforms.ids import IDS

CASES = list(cases())
REWRITES = [case for case in CASES if (case.folder / "Dockerfile.want").exists()]


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def test_cases_are_described(case: Case) -> None:
    assert case.data.get("why"), "say in `why` what the case is about"
    assert not set(case.data) - KEYS
    named = [*case.data.get("changes", ()), *(r["id"] for r in case.data.get("refusals", ()))]
    assert set(named) <= set(IDS)
    assert case.want != case.before or not (case.folder / "Dockerfile.want").exists()


def test_git_has_every_file_of_a_case() -> None:
    words = ("ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--", str(GOLDEN))
    left_out = git(GOLDEN.parent, *words, timeout=60)
    assert left_out in (b"", None), "an ignore file hides it: git add -f"


def test_no_ops_and_refusals_are_at_least_as_many_as_rewrites() -> None:
    assert len(CASES) >= 2 * len(REWRITES)


def test_round_trip(case: Case) -> None:
    for text in (case.before, case.want):
        assert str(parse(text)) == text


def test_output_changes_and_refusals(
    case: Case, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = case.unpack(tmp_path / "context")
    before = path.read_bytes()
    result = rewrite_file(path, case.options)
    assert path.read_bytes() == before, "nothing is written by the core"
    if request.config.getoption("--update-golden"):
        update(case, result)
        return
    assert result.after == case.want
    assert (result.ignore.after if result.ignore else None) == case.want_ignore
    assert [change.id for change in result.changes] == case.data.get("changes", [])
    wanted = case.data.get("refusals", [])
    assert [r.id for r in result.refusals] == [r["id"] for r in wanted], result.refusals
    for refusal, want in zip(result.refusals, wanted, strict=True):
        assert want["reason"] in refusal.reason
        assert want.get("line", refusal.line) == refusal.line
    last = case.before.count("\n") + 1
    lines = [change.line for change in result.changes] + [r.line for r in result.refusals]
    assert all(1 <= line <= last for line in lines)
    promises([result])


@pytest.mark.parametrize("git", [True, False], ids=["git", "no git"])
def test_a_second_run_changes_nothing(case: Case, tmp_path: Path, git: bool) -> None:
    path = written(case, tmp_path / "context", git=git)
    again = rewrite_file(path, case.options)
    assert again.after == case.want
    assert again.ignore is None
    assert again.status in ("unchanged", "skipped")


def test_the_checker_accepts_what_is_wanted(case: Case, tmp_path: Path) -> None:
    before, after = contexts(case, tmp_path)
    verdict = check(
        case.before,
        case.want,
        before,
        after,
        completed=completed(case),
        narrowed=narrowed(case),
        unsafe=case.options.asks("precise-copy"),
    )
    assert not isinstance(verdict, Objection), verdict


def test_damage_is_rejected(case: Case, tmp_path: Path) -> None:
    _, after = contexts(case, tmp_path)
    accepted = [
        name
        for name, text in damages(case.want)
        if not isinstance(check(case.want, text, after, after), Objection)
    ]
    assert accepted == []


def test_analysis_does_not_alter_the_tree(case: Case, tmp_path: Path) -> None:
    path = case.unpack(tmp_path / "context")
    file = parse(case.before)
    rewrite_file(path, case.options)
    assert file == parse(case.before)
    assert str(file) == case.before


def written(case: Case, folder: Path, *, git: bool) -> Path:
    """The context as it is after the result was written."""
    path = case.unpack(folder, git=False)
    path.write_bytes(case.want.encode("utf-8", "surrogateescape"))
    if case.want_ignore is not None:
        ignore = build_context(Project.open(folder), case.dockerfile).ignore_path
        (folder / ignore).write_bytes(case.want_ignore.encode())
    if git:
        from harness.case import commit

        commit(folder, tuple(case.data.get("untracked", ())))
    return path


def contexts(case: Case, tmp_path: Path) -> tuple[BuildContext, BuildContext]:
    """The build context before and after."""
    path = case.unpack(tmp_path / "before")
    root = path.parents[case.dockerfile.count("/")]
    before = build_context(Project.open(root), case.dockerfile)
    after = before if case.want_ignore is None else before.with_ignore(case.want_ignore)
    return before, after


def completed(case: Case) -> frozenset[int]:
    """The lines of installs that a drift repair let read more."""
    if "manifest-drift" not in case.data.get("changes", ()):
        return frozenset()
    return frozenset(range(1, case.before.count("\n") + 2))


def narrowed(case: Case) -> dict[int, tuple[str, ...]]:
    """The COPY that `precise-copy` took apart, by its line, and the sources that are left of it."""
    if "precise-copy" not in case.data.get("changes", ()):
        return {}
    old, new = (
        [node for node in parse(text).instructions if node.keyword == "copy"]
        for text in (case.before, case.want)
    )
    [gone] = [node for node in old if node.text not in {other.text for other in new}]
    made = (node for node in new if node.text not in {other.text for other in old})
    return {gone.line: tuple(source for node in made for source in views.copy(node).sources)}


def update(case: Case, result: Result) -> None:
    """Rewrite the wanted files of one case."""
    for name, text, keep in (
        ("Dockerfile.want", result.after, result.after != case.before),
        ("dockerignore.want", result.ignore.after if result.ignore else "", bool(result.ignore)),
    ):
        path = case.folder / name
        path.unlink(missing_ok=True)
        if keep:
            path.write_bytes(text.encode("utf-8", "surrogateescape"))


def test_golden_is_not_empty() -> None:
    assert GOLDEN.is_dir()
    assert CASES

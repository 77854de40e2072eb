"""A run from its list to its rows, with the work itself made up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from reorder import __version__
from reorder.errors import InputError
from reorder.fleet.listing.rows import Listed
from reorder.fleet.places import patch_path
from reorder.fleet.repository import Repository
from reorder.fleet.row import FileRow, Row
from reorder.fleet.run import many
from reorder.fleet.run.results import Results, read, results
from reorder.fleet.run.run import Run, codemod
from reorder.fleet.settings import Settings, fingerprint
from reorder.fleet.work.task import Done, Task

NAME = "host.example/o/n"
Work = Callable[[Task], Done]


def listed(*names: str, skip: str | None = None) -> list[Listed]:
    return [Listed(Repository(name), skip) for name in names or (NAME,)]


def row(output: Path, name: str = NAME, **chosen: object) -> Row:
    """A row that only a new commit makes stale."""
    config = fingerprint(Settings(output))
    known = Row(name, "changed", commit="c" * 40, version=__version__, config=config)
    return replace(known, **chosen)  # type: ignore[arg-type]


def fine(task: Task) -> Done:
    """What the real one says when nothing has changed since, and otherwise."""
    if task.still is not None:
        return Done(task.still, kept=True)
    return Done(row(task.settings.output, task.repository.name), b"patch\n")


class Runs:
    """Runs in one output folder; `asked` has the repositories that were worked on."""

    def __init__(self, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.output, self.monkeypatch = output, monkeypatch
        self.told: list[Row] = []
        self.asked: list[Task] = []

    def __call__(
        self, todo: list[Listed], *, work: Work = fine, resume: bool = True, **chosen: object
    ) -> dict[str, Row]:
        def asked(task: Task) -> Done:
            self.asked.append(task)
            return work(task)

        self.monkeypatch.setattr(many, "confined", asked)
        self.told, self.asked = [], []
        run = Run(Settings(self.output), lambda: ThreadPoolExecutor(1), 1, **chosen)  # type: ignore[arg-type]
        with results(self.output, resume=resume) as found:
            codemod(todo, run, found, self.told.append)
        return read(self.output / "results.jsonl")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(tmp_path / "out", monkeypatch)


def test_what_stands_is_told_and_not_written_again(runs: Runs) -> None:
    first = runs(listed())
    assert runs(listed()) == first
    assert [task.earlier for task in runs.asked] == [first[NAME]]
    assert runs.told == [first[NAME]]


def test_a_row_that_says_the_same_is_not_added(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs(listed(skip="archived"))
    monkeypatch.setattr(Results, "append", lambda *_: pytest.fail("added"))
    runs(listed(skip="archived"))
    assert [one.reason for one in runs.told] == ["archived"]


def test_a_pull_request_is_for_a_branch_and_once(runs: Runs) -> None:
    opened: list[str] = []

    def open_pull(one: Row) -> Row:
        opened.append(one.repo)
        return replace(one, pr="https://host.example/1", notes=("s3cr3t-value",))

    def work(task: Task) -> Done:
        if task.still is not None:
            return Done(task.still, kept=True)
        branch = "faster" if task.repository.name == NAME else ""
        return Done(row(runs.output, task.repository.name, branch=branch))

    for _ in range(2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOME_TOKEN", "s3cr3t-value")
            found = runs(listed(NAME, "a.b/c/d"), work=work, open_pull=open_pull)
    assert opened == [NAME]
    assert (found[NAME].pr, found[NAME].notes) == ("https://host.example/1", ("***",))
    assert sorted(one.repo for one in runs.told) == ["a.b/c/d", NAME]


def test_what_failed_after_it_was_cloned_is_done_again(runs: Runs) -> None:
    failed = Done(row(runs.output, status="error", reason="x"))
    runs(listed(), work=lambda task: failed)
    assert runs(listed(), retry=True)[NAME].status == "changed"


def test_a_row_that_cannot_be_written_beside_the_run_ends_it(runs: Runs) -> None:
    def open_pull(one: Row) -> Row:
        raise InputError("out", "cannot be written")

    done = Done(row(runs.output, branch="faster"))
    with pytest.raises(InputError, match="cannot be written"):
        runs(listed(), work=lambda task: done, open_pull=open_pull)


@pytest.mark.parametrize("other", [{"version": "0"}, {"config": "other"}])
def test_another_version_or_config_makes_it_stale(runs: Runs, other: dict[str, str]) -> None:
    made = row(runs.output, reason="old", **other)
    runs(listed(), work=lambda task: Done(made, b"patch\n"))
    assert runs(listed())[NAME].reason == ""


def test_what_stands_does_not_count_for_the_limit(runs: Runs) -> None:
    names = ("a.b/c/0", "a.b/c/1", "a.b/c/2")
    assert list(runs(listed(*names), limit=1)) == ["a.b/c/0"]
    assert list(runs(listed(*names), limit=1)) == ["a.b/c/0", "a.b/c/1"]


def test_a_patch_that_is_gone_is_made_again(runs: Runs) -> None:
    first = runs(listed())
    patch = runs.output / first[NAME].patch
    patch.unlink()
    assert runs(listed()) == first
    assert patch.read_bytes() == b"patch\n"


def test_without_a_patch_the_old_one_goes(runs: Runs) -> None:
    runs(listed())
    found = runs(listed(), work=lambda task: Done(row(runs.output, status="unchanged")))
    assert found[NAME].patch == ""
    assert list(runs.output.rglob("*.patch")) == []


def test_who_opts_out_later_loses_the_patch(runs: Runs) -> None:
    runs(listed())
    for _ in range(2):
        found = runs(listed(skip="opted out"))
        assert (found[NAME].status, found[NAME].reason) == ("refused", "opted out")
        assert list(runs.output.rglob("*.patch")) == []
        assert runs.asked == []
    assert runs(listed())[NAME].status == "changed"


def test_a_forge_is_asked_again_before_anything_is_cloned(runs: Runs) -> None:
    def look(one: Listed) -> Listed:
        return replace(one, skip="archived")

    for _ in range(2):
        assert runs(listed(), look=look)[NAME].reason == "archived"
        assert runs.asked == []


def test_a_forge_is_not_asked_about_what_stands(runs: Runs) -> None:
    runs(listed())
    runs(listed(), look=lambda one: replace(one, skip="archived"))
    assert runs.told[0].status == "changed"


def test_rows_of_other_lists_stay(runs: Runs) -> None:
    runs(listed("a.b/c/d"))
    assert list(runs(listed())) == ["a.b/c/d", NAME]


def test_a_name_with_a_secrets_value_in_it_is_still_found(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "postgres")
    name = "github.com/postgres/postgres"
    files = (FileRow("Dockerfile", "error", error="as postgres"),)
    done = Done(row(runs.output, name, reason="of postgres", files=files), b"patch\n")
    found = runs(listed(name), work=lambda task: done)
    assert (found[name].reason, found[name].files[0].error) == ("of ***", "as ***")
    assert found[name].patch == patch_path(name)
    runs(listed(name))
    assert runs.told == [found[name]]


def test_a_word_of_ours_is_no_secret(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "unchanged")
    found = runs(listed(), work=lambda task: Done(row(runs.output, status="unchanged")))
    assert found[NAME].status == "unchanged"


def test_a_note_of_what_stands_is_kept(runs: Runs) -> None:
    first = runs(listed())
    noted = replace(first[NAME], notes=("not known whether it has a newer commit: x",))
    assert runs(listed(), work=lambda task: Done(noted, kept=True))[NAME] == noted


def test_a_full_disk_is_said_and_what_was_done_stays(runs: Runs, tmp_path: Path) -> None:
    runs(listed("a.b/c/d"))
    (runs.output / "patches/host.example").write_text("in the way")
    with pytest.raises(InputError, match="go on with --resume"):
        runs(listed())
    assert list(read(runs.output / "results.jsonl")) == ["a.b/c/d"]


def test_pulls_that_wait_are_not_opened_when_the_run_ends(runs: Runs) -> None:
    opened: list[str] = []
    begun, stopped = Event(), Event()

    def open_pull(one: Row) -> Row:
        opened.append(one.repo)
        begun.set()
        assert stopped.wait(60)
        return replace(one, pr="https://host.example/1")

    def work(task: Task) -> Done:
        return Done(row(runs.output, task.repository.name, branch="faster"))

    def look(one: Listed) -> Listed:
        if one.repository.name == "a.b/c/3":
            assert begun.wait(60)
            raise KeyboardInterrupt
        return one

    names = [f"a.b/c/{number}" for number in range(4)]
    with pytest.raises(KeyboardInterrupt):
        runs(listed(*names), work=work, open_pull=open_pull, stopped=stopped, look=look)
    found = read(runs.output / "results.jsonl")
    assert opened == ["a.b/c/0"]
    assert found["a.b/c/0"].pr == "https://host.example/1"

"""The whole of `verify` with an engine that is none."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from context.repository import commit, repository, run_git
from verify.fake_engine import FakeEngine

from reorder.errors import InputError
from reorder.verify.engine import Request
from reorder.verify.outcome import Verification
from reorder.verify.run import Asked, verify

GOOD = "FROM debian:12\nCOPY requirements.txt .\nRUN install\nCOPY . .\nCMD x\n"
TEXT = "FROM debian:12\nCOPY . .\nRUN install\nCMD x\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, and a folder for what is temporary that must be empty in the end."""
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    root = repository(tmp_path / "project", "main.py", "requirements.txt")
    commit(root, {"Dockerfile": TEXT, "Dockerfile.other": GOOD, "main.py": "print()\n"})
    return root


def run(folder: Path, engine: FakeEngine | None = None, **asked: object) -> Verification:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    wanted = replace(Asked(against=folder / "Dockerfile.other"), **asked)  # type: ignore[arg-type]
    try:
        return verify(folder / "Dockerfile", wanted, engine or FakeEngine())
    finally:
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
        assert list((folder.parent / "own").iterdir()) == []


def differences(found: Verification) -> list[str]:
    return [one.what for target in found.targets for one in target.verdict.differences]


def test_the_same_is_not_built(folder: Path) -> None:
    (folder / "Dockerfile.other").write_text(TEXT)
    engine = FakeEngine()
    found = run(folder, engine)
    assert found.nothing
    assert found.identical
    assert engine.asked == []


def test_the_original_is_built_twice_and_the_other_once_all_cold(folder: Path) -> None:
    engine = FakeEngine()
    found = run(folder, engine, edit="none")
    assert found.identical
    assert found.rebuilds == ()
    assert engine.ended
    assert [(one.space.rpartition("-")[2], one.cold) for one in engine.asked] == [
        ("before", True),
        ("again", True),
        ("after", True),
    ]
    assert [(one.before, one.again, one.after) for one in found.targets] == [(21, 21, 31)]


def test_an_original_that_does_not_build_is_said_first(folder: Path) -> None:
    (folder / "Dockerfile").write_text(TEXT + "RUN fail\n")
    with pytest.raises(InputError, match="the original does not build: doing it\nboom"):
        run(folder)


def test_a_rewritten_one_that_does_not_build_is_found(folder: Path) -> None:
    (folder / "Dockerfile.other").write_text(GOOD + "RUN fail\n")
    found = run(folder)
    assert not found.identical
    assert found.failed == ("doing it", "boom")


def test_what_is_lost_is_found_with_a_diff(folder: Path) -> None:
    (folder / "Dockerfile.other").write_text("FROM x\nRUN lose\nCOPY . .\nCMD y\n")
    found = run(folder, edit="none")
    assert differences(found) == ["config.Cmd", "/deps"]


def test_what_is_new_each_time_is_noise(folder: Path) -> None:
    (folder / "Dockerfile").write_text(TEXT + "RUN date\n")
    (folder / "Dockerfile.other").write_text(GOOD + "RUN date\n")
    found = run(folder)
    assert found.identical
    assert [one.what for one in found.targets[0].verdict.noise] == ["/date"]


def test_the_build_files_are_expected_to_differ(folder: Path) -> None:
    (expected,) = run(folder, edit="none").targets[0].verdict.expected
    assert (expected.what, expected.why) == ("/app/Dockerfile", "the Dockerfile or its ignore file")


def test_another_file_of_that_name_is_not(folder: Path) -> None:
    (folder / "Dockerfile.other").write_text(GOOD + "RUN install\n")
    commit(folder, {"deploy/Dockerfile": "FROM y\n"})
    assert run(folder, edit="none").identical


def ignoring(folder: Path, *lines: str) -> None:
    """The other Dockerfile has an ignore file of its own."""
    (folder / "Dockerfile.other").write_text(TEXT + "# same\n")
    (folder / "Dockerfile.other.dockerignore").write_text("\n".join(lines) + "\n")


def test_untracked_files_that_are_ignored_now_are_expected(folder: Path) -> None:
    ignoring(folder, "junk")
    (folder / "junk").write_text("x")
    found = run(folder, edit="none")
    assert found.identical
    told = {one.what: one.why for one in found.targets[0].verdict.expected}
    assert told["/app/junk"] == "the ignore file leaves it out now"


def test_tracked_files_that_are_ignored_now_are_not(folder: Path) -> None:
    ignoring(folder, "main.py")
    assert differences(run(folder, edit="none")) == ["/app/main.py"]


def test_rebuilds_of_a_source_a_manifest_and_nothing(folder: Path) -> None:
    found = run(folder)
    rows = {row.kind: row for row in found.rebuilds}
    assert [(row.kind, row.path) for row in found.rebuilds] == [
        ("source", "main.py"),
        ("manifest", "requirements.txt"),
        ("nothing", ""),
    ]
    told = {kind: (row.before, row.after) for kind, row in rows.items()}
    counts = {
        kind: [(one.seconds, one.ran, one.cached) for one in pair if one is not None]
        for kind, pair in told.items()
    }
    assert counts == {
        "source": [(21, 2, 0), (11, 1, 2)],
        "manifest": [(21, 2, 0), (31, 3, 0)],
        "nothing": [(1, 0, 2), (1, 0, 3)],
    }
    assert all(row.verdict is None or row.verdict.identical for row in found.rebuilds)


def test_an_edit_of_one_file_and_more_rounds(folder: Path) -> None:
    engine = FakeEngine()
    found = run(folder, engine, edit="main.py", rounds=3)
    assert [(row.kind, row.path) for row in found.rebuilds] == [("file", "main.py")]
    measured = [one for one in engine.asked if one.into is None]
    assert len(measured) == 6
    assert found.rebuilds[0].before is not None
    assert found.rebuilds[0].before.ran == 2


def test_an_edit_of_what_is_not_in_the_context(folder: Path) -> None:
    with pytest.raises(InputError, match="is no file of the build context"):
        run(folder, edit="missing.py")


def test_a_rebuild_that_gives_another_image_is_found(folder: Path) -> None:
    """The rewritten one does not take the edited file along."""
    (folder / "Dockerfile.other").write_text("FROM x\nCOPY . .\nRUN install\nRUN date\nCMD x\n")
    found = run(folder)
    assert not found.identical


class FailsLater(FakeEngine):
    """Rebuilds of one side fail."""

    def build(self, request: Request):  # type: ignore[no-untyped-def]
        if request.into is None and request.space.endswith(self.version):
            request.dockerfile.write_text("RUN fail\n")
        return FakeEngine.build(self, request)


@pytest.mark.parametrize(("side", "blame"), [("before", False), ("after", True)])
def test_a_rebuild_that_fails_is_blamed_on_who_did_it(side: str, blame: bool, folder: Path) -> None:
    found = run(folder, FailsLater(version=side), edit="main.py")
    (row,) = found.rebuilds
    assert (row.blame, row.before) == (blame, None)
    assert "does not build then" in row.problem
    assert found.identical is not blame


def test_an_interrupt_leaves_nothing(folder: Path) -> None:
    class Interrupted(FakeEngine):
        def build(self, request: Request):  # type: ignore[no-untyped-def]
            if len(self.asked) == 2:
                raise KeyboardInterrupt
            return FakeEngine.build(self, request)

    engine = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        run(folder, engine)
    assert engine.ended


def test_named_stages_are_targets_and_one_can_be_chosen(folder: Path) -> None:
    for name in ("Dockerfile", "Dockerfile.other"):
        text = (folder / name).read_text()
        (folder / name).write_text("FROM debian:12 AS base\nRUN x\n" + text)
    engine = FakeEngine()
    assert [target.name for target in run(folder, engine, edit="none").targets] == ["", "base"]
    assert [one.cold for one in engine.asked] == [True] * 3 + [False] * 3
    assert [target.name for target in run(folder, target="base", edit="none").targets] == ["base"]
    with pytest.raises(InputError, match="has no stage web"):
        run(folder, target="web")


def test_an_engine_that_cannot_keep_caches_apart_is_warmed_first(folder: Path) -> None:
    for name in ("Dockerfile", "Dockerfile.other"):
        text = (folder / name).read_text()
        (folder / name).write_text("FROM debian:12 AS base\nRUN x\n" + text)
    engine = FakeEngine(spaces=False)
    run(folder, engine, edit="main.py")
    assert [one.cold for one in engine.asked] == [True] * 6 + [False] * 6


def test_arguments_and_flags_reach_every_build(folder: Path) -> None:
    engine = FakeEngine()
    run(folder, engine, args={"A": "1"}, flags=("--x",), seconds=9.0)
    told = {(tuple(one.args.items()), one.flags, one.seconds) for one in engine.asked}
    assert told == {((("A", "1"),), ("--x",), 9.0)}


def test_the_last_commits_are_played_again(folder: Path) -> None:
    commit(folder, {"main.py": "print(1)\n"})
    commit(folder, {"requirements.txt": "flask\n"})
    commit(folder, {"new.py": "x\n", "main.py": None})
    found = run(folder, edit="3")
    assert [row.path for row in found.rebuilds] == [
        "main.py",
        "requirements.txt",
        "main.py and 1 more",
    ]
    seconds = [
        (row.before.seconds, row.after.seconds)
        for row in found.rebuilds
        if row.before and row.after
    ]
    assert seconds == [(21, 11), (21, 31), (21, 11)]
    assert found.identical


def test_no_history_to_play(folder: Path, tmp_path: Path) -> None:
    import shutil

    shutil.rmtree(folder / ".git")
    with pytest.raises(InputError, match="no git history"):
        run(folder, edit="3")


def test_the_original_comes_from_git_when_the_file_is_rewritten_already(folder: Path) -> None:
    (folder / "Dockerfile").write_text(GOOD)
    found = run(folder, against=None, edit="none")
    assert "of HEAD" in found.origin
    assert found.identical
    commit(folder, {"Dockerfile": GOOD})
    found = run(folder, against=None, edit="none")
    assert "the commit before" in found.origin


def test_what_git_never_had_otherwise_is_nothing_to_verify(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    root = repository(tmp_path / "project", "main.py")
    commit(root, {"Dockerfile": "FROM debian:12\nCMD x\n"})
    run_git(root, "gc", "-q")
    assert run(root, against=None).nothing


def test_measured_steps_are_those_of_the_cold_builds(folder: Path) -> None:
    found = run(folder, edit="none")
    assert {step.text for step in found.steps} == {
        "COPY . .",
        "RUN install",
        "COPY requirements.txt .",
    }

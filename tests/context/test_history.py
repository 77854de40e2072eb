"""Histories of made repositories, counted by hand. Commit 0, the lowest bit, is the newest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from context.repository import commit, commit_each, repository, run_git

from reorder.context import commits as log
from reorder.context import history as module
from reorder.context.history import History, NoHistory, history

DOCKERFILE = "FROM a:1\nCOPY package.json .\nRUN npm ci\nCOPY . .\n"


def made(folder: Path, older: int = 10) -> Path:
    """A repository with a Dockerfile, then `older` commits of `old.txt`."""
    folder.mkdir(parents=True, exist_ok=True)
    run_git(folder, "init", "-q")
    first = {"Dockerfile": DOCKERFILE, "package.json": "{}"}
    commit_each(folder, first, *({"old.txt": str(number)} for number in range(older)))
    return folder


def read(root: Path, dockerfile: Path | None = None, limit: int = 500) -> History:
    path = dockerfile or root / "Dockerfile"
    found = history(root, path, path.read_text(), limit)
    assert isinstance(found, History), found
    return found


def reason(root: Path, dockerfile: Path | None = None) -> str:
    found = history(root, dockerfile or root / "Dockerfile", DOCKERFILE)
    assert isinstance(found, NoHistory)
    return found.reason


def test_no_repository(tmp_path: Path) -> None:
    assert reason(tmp_path) == "there is no git repository"


def test_no_commits(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    assert reason(tmp_path) == "there are no commits"


def test_a_broken_repository(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "inner" / ".git").mkdir(parents=True)
    assert reason(tmp_path / "inner") == "there is no git repository"


def test_a_bare_repository(tmp_path: Path) -> None:
    made(tmp_path / "a")
    run_git(tmp_path, "clone", "-q", "--bare", "a", "bare")
    assert reason(tmp_path / "bare") == "there is no git repository"


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reason(tmp_path) == "git cannot read the repository, or there is no git"


def test_a_shallow_clone(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(tmp_path, "clone", "-q", "--depth", "11", here.as_uri(), "clone")
    assert reason(tmp_path / "clone") == "the clone is shallow"


def test_few_commits(tmp_path: Path) -> None:
    made(tmp_path, older=2)
    commit(tmp_path, {"sub/a": "1"})
    assert reason(tmp_path) == "only 4 commits touch the context"
    assert reason(tmp_path / "sub") == "only 1 commit touches the context"
    (tmp_path / "new").mkdir()
    assert reason(tmp_path / "new") == "no commit touches the context"
    with_dockerfile = reason(tmp_path / "sub", tmp_path / "Dockerfile")
    assert with_dockerfile == "only 2 commits touch the context"


@pytest.mark.parametrize(("name", "value"), [("LOG_SECONDS", 0.0), ("MOST_LOG", 10)])
def test_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: float) -> None:
    made(tmp_path)
    monkeypatch.setattr(log, name, value)
    assert reason(tmp_path).startswith("git could not read its log")


def test_the_bounds_are_ten_seconds() -> None:
    assert module.SECONDS <= 10


def test_paths_of_commits(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"src/a.js": "1", "src/b.js": "1"})
    commit(tmp_path, {"src/a.js": "2"})
    commit(tmp_path, {})  # empty: touches nothing
    commit(tmp_path, {"src/b.js": None})
    found = read(tmp_path)
    assert found.commits == 14
    assert found.paths["src/a.js"] == 0b110
    assert found.paths["src/b.js"] == 0b101  # gone now
    assert found.paths["old.txt"] == 0b1111111111 << 3
    assert found.paths["Dockerfile"] == 1 << 13
    assert "first" not in found.paths


def test_a_revert_counts(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"a": "1"})
    commit(tmp_path, {"a": "2"})
    run_git(tmp_path, "revert", "--no-edit", "HEAD")
    assert read(tmp_path).paths["a"] == 0b111


def test_a_rename_is_a_removal_and_an_addition(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"a": "some text\n"})
    run_git(tmp_path, "mv", "a", "b")
    commit(tmp_path, {})
    found = read(tmp_path)
    assert (found.paths["a"], found.paths["b"]) == (0b11, 0b01)


def test_a_file_moved_into_the_context_and_out(tmp_path: Path) -> None:
    made(tmp_path, older=0)
    commit(tmp_path, {"a": "some text\n", "app/x": ""})
    commit_each(tmp_path, *({"app/x": str(number)} for number in range(10)))
    run_git(tmp_path, "mv", "a", "app/a")
    commit(tmp_path, {})
    commit(tmp_path, {"app/a": "other text\n"})
    run_git(tmp_path, "mv", "app/a", "a")
    commit(tmp_path, {})
    assert read(tmp_path / "app", tmp_path / "Dockerfile").paths["a"] == 0b111


def test_a_merge_counts_once_by_its_first_parent(tmp_path: Path) -> None:
    made(tmp_path)
    run_git(tmp_path, "checkout", "-q", "-b", "side")
    commit(tmp_path, {"side": "1"})
    commit(tmp_path, {"side": "2"})
    run_git(tmp_path, "checkout", "-q", "-")
    commit(tmp_path, {"main": "1"})
    run_git(tmp_path, "merge", "-q", "--no-edit", "side")
    found = read(tmp_path)
    assert found.commits == 13
    assert (found.paths["side"], found.paths["main"]) == (0b01, 0b10)


def test_commits_outside_the_context_do_not_count(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"app/Dockerfile": DOCKERFILE, "app/a": "", "apple/a": "", "app2": ""})
    for number in map(str, range(10)):
        commit_each(tmp_path, {"app/a": number}, {"README": number, "apple/a": number})
    found = read(tmp_path / "app")
    assert found.commits == 11
    assert found.paths == {"a": 0b11111111111, "Dockerfile": 1 << 10}


def test_a_dockerfile_outside_the_context(tmp_path: Path) -> None:
    made(tmp_path, older=0)
    commit_each(tmp_path, *({"app/a": str(number)} for number in range(10)))
    commit(tmp_path, {"Dockerfile": DOCKERFILE.replace("a:1", "a:2")})
    found = read(tmp_path / "app", tmp_path / "Dockerfile")
    assert found.commits == 12
    assert found.paths == {"a": 0b11111111110}
    assert found.edits == {1: 1 | 1 << 11, 2: 1 << 11, 3: 1 << 11, 4: 1 << 11}


def test_a_context_above_the_dockerfile(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"docker/Dockerfile": DOCKERFILE})
    commit(tmp_path, {"docker/Dockerfile": DOCKERFILE.replace("ci", "install")})
    assert read(tmp_path, tmp_path / "docker/Dockerfile").edits == {1: 2, 2: 2, 3: 3, 4: 2}


def test_one_instruction_among_many(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"Dockerfile": DOCKERFILE.replace("ci", "ci --a")})
    commit(tmp_path, {"a": "1"})
    commit(tmp_path, {"Dockerfile": DOCKERFILE.replace("ci", "ci --b")})
    assert read(tmp_path).edits == {1: 1 << 13, 2: 1 << 13, 3: 0b101 | 1 << 13, 4: 1 << 13}


def test_the_limit(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"Dockerfile": DOCKERFILE.replace("ci", "ci --a")})
    found = read(tmp_path, limit=10)
    assert found.commits == 10
    assert found.edits == {3: 1}  # the version before the last ten is known all the same
    assert "package.json" not in found.paths
    assert read(tmp_path, limit=3).commits == 3  # as few as one asks for


def test_a_limit_of_none(tmp_path: Path) -> None:
    made(tmp_path)
    assert isinstance(history(tmp_path, tmp_path / "Dockerfile", DOCKERFILE, 0), NoHistory)


def test_commits_that_are_too_far_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path)
    commit_each(tmp_path, *({"app/a": str(number)} for number in range(10)))
    commit_each(tmp_path, {}, {}, {})
    assert read(tmp_path / "app", tmp_path / "Dockerfile").commits == 11
    monkeypatch.setattr(log, "MOST_WALKED", 12)
    log._span.cache_clear()
    log.commits.cache_clear()
    assert reason(tmp_path / "app", tmp_path / "Dockerfile") == "only 9 commits touch the context"


def test_what_is_not_committed(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"Dockerfile": DOCKERFILE.replace("ci", "ci --a")})
    (tmp_path / "Dockerfile").write_text("FROM a:1\nUSER app\nCOPY . .\nRUN npm ci --b\n")
    first = 1 << 11
    assert read(tmp_path).edits == {1: first, 3: first, 4: first | 1}


def test_a_dockerfile_that_is_not_tracked(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "Other.Dockerfile").write_text(DOCKERFILE)
    assert read(tmp_path, tmp_path / "Other.Dockerfile").edits == {}


def test_a_dockerfile_that_was_removed_and_is_there_again(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"Dockerfile": None})
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    assert read(tmp_path).edits == {}


def test_a_dockerfile_that_was_away_for_a_while(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"Dockerfile": None})
    commit(tmp_path, {"Dockerfile": DOCKERFILE})
    assert read(tmp_path).edits == dict.fromkeys((1, 2, 3, 4), 1)


def test_a_renamed_dockerfile(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"Dockerfile": DOCKERFILE.replace("ci", "ci --a")})
    (tmp_path / "docker").mkdir()
    run_git(tmp_path, "mv", "Dockerfile", "docker/app.Dockerfile")
    commit(tmp_path, {"docker/app.Dockerfile": DOCKERFILE.replace("ci", "ci --a").lower()})
    commit(tmp_path, {"docker/app.Dockerfile": DOCKERFILE.replace("ci", "ci --a --b")})
    first = 1 << 13
    assert read(tmp_path, tmp_path / "docker/app.Dockerfile").edits == {
        1: first,
        2: first,
        3: first | 0b101,
        4: first,
    }


def test_a_submodule_is_one_path(tmp_path: Path) -> None:
    library = repository(tmp_path / "library", "a")
    here = made(tmp_path / "here")
    run_git(here, "submodule", "--quiet", "add", str(library), "vendor/library")
    commit(here, {})
    commit(library, {"a": "new"})
    run_git(here / "vendor/library", "pull", "-q")
    run_git(here, "config", "-f", ".gitmodules", "submodule.vendor/library.ignore", "all")
    run_git(here, "update-index", "--cacheinfo", "160000", _head(library), "vendor/library")
    run_git(here, "commit", "-q", "-m", "newer library")
    assert read(here).paths["vendor/library"] == 0b11


def test_a_dockerfile_in_a_submodule_has_the_history_of_the_submodule(tmp_path: Path) -> None:
    library = made(tmp_path / "library")
    here = repository(tmp_path / "here", "a")
    run_git(here, "submodule", "--quiet", "add", str(library), "library")
    commit(here, {})
    assert read(here / "library").commits == 11
    assert reason(here, here / "library/Dockerfile") == "only 2 commits touch the context"


def test_longer_names_of_objects(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "--object-format=sha256")
    numbers = ({"old.txt": str(number)} for number in range(10))
    commit_each(tmp_path, {"Dockerfile": DOCKERFILE}, *numbers)
    commit(tmp_path, {"Dockerfile": DOCKERFILE.replace("ci", "ci --a")})
    first = 1 << 11
    assert read(tmp_path).edits == {1: first, 2: first, 3: first | 1, 4: first}


def test_a_detached_head(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"a": "1"})
    run_git(tmp_path, "checkout", "-q", "HEAD~1")
    found = read(tmp_path)
    assert found.commits == 11
    assert "a" not in found.paths


def test_a_second_work_tree(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "worktree", "add", "-q", "-b", "other", str(tmp_path / "there"))
    commit(tmp_path / "there", {"a": "1"})
    assert read(tmp_path / "there").paths["a"] == 1
    assert "a" not in read(here).paths


def test_new_commits_are_seen_by_the_same_process(tmp_path: Path) -> None:
    made(tmp_path)
    assert read(tmp_path).commits == 11
    commit(tmp_path, {"a": "1"})
    assert read(tmp_path).commits == 12


def test_the_log_is_read_once_for_several_dockerfiles(tmp_path: Path) -> None:
    made(tmp_path)
    commit(tmp_path, {"Dockerfile.b": DOCKERFILE})
    log.commits.cache_clear()
    assert read(tmp_path).paths == read(tmp_path, tmp_path / "Dockerfile.b").paths
    assert log.commits.cache_info().misses == 1


def test_roots_that_are_relative_or_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = made(tmp_path / "here")
    want = read(here)
    (tmp_path / "link").symlink_to("here")
    assert read(tmp_path / "link") == want
    monkeypatch.chdir(tmp_path)
    assert read(Path("here"), Path("link/Dockerfile")) == want
    monkeypatch.chdir(here)
    assert read(Path()) == want


def test_a_dockerfile_that_is_a_link(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "Link").symlink_to("Dockerfile")
    assert read(tmp_path, tmp_path / "Link").edits == dict.fromkeys((1, 2, 3, 4), 1 << 10)


def test_odd_names(tmp_path: Path) -> None:
    made(tmp_path)
    names = [
        'quo"te',
        "new\nline",
        "\nfirst",
        ":100644 100644 a b M",
        "*",
        "é",
        os.fsdecode(b"\xff"),
    ]
    commit(tmp_path, dict.fromkeys(names, "x"))
    found = read(tmp_path)
    assert {name: found.paths.get(name) for name in names} == dict.fromkeys(names, 1)


def test_a_folder_whose_name_is_a_pattern(tmp_path: Path) -> None:
    made(tmp_path, older=0)
    for number in map(str, range(10)):
        commit_each(tmp_path, {"[ab]/x": number, "a/x": number}, {"a/x": f"again {number}"})
    found = read(tmp_path / "[ab]", tmp_path / "[ab]/x")
    assert found.paths == {"x": 0b1111111111}


def test_a_clone_without_old_texts(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    versions = [DOCKERFILE.replace("ci", f"ci --{word}") for word in "abc"]
    commit_each(here, *({"Dockerfile": text} for text in versions))
    run_git(here, "config", "uploadpack.allowFilter", "true")
    run_git(tmp_path, "clone", "-q", "--filter=blob:none", here.as_uri(), "clone")
    clone, trace = tmp_path / "clone", tmp_path / "trace"
    run_git(clone, "config", "remote.origin.uploadpack", f"touch {trace}; git-upload-pack")
    assert read(clone).edits == {}
    assert not trace.exists()
    assert read(clone).paths == read(here).paths
    run_git(clone, "cat-file", "-p", "HEAD~1:Dockerfile")  # git fetches this one
    assert read(clone).edits == {3: 1}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("log.showRoot", "false"),
        ("log.follow", "true"),
        ("log.diffMerges", "off"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("diff.orderFile", "none"),
        ("diff.external", "false"),
        ("color.ui", "always"),
        ("format.pretty", "full"),
        ("core.quotePath", "true"),
    ],
)
def test_no_setting_changes_what_is_found(tmp_path: Path, key: str, value: str) -> None:
    made(tmp_path)
    want = read(tmp_path)
    run_git(tmp_path, "config", key, value)
    log.commits.cache_clear()
    assert read(tmp_path) == want
    assert want.paths["package.json"] == 1 << 10


def _head(folder: Path) -> str:
    return run_git(folder, "rev-parse", "HEAD").strip()

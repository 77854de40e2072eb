"""What a COPY can see of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.context.build import BuildContext, build_context
from reorder.context.project import Project


def _context(ignore: str, *files: str, links: dict[str, str] | None = None) -> BuildContext:
    texts = {**dict.fromkeys(files, "x"), ".dockerignore": ignore}
    return build_context(Project.of(texts, links=links), "Dockerfile")


def test_a_bad_pattern_is_a_problem_at_its_line() -> None:
    context = _context("a\n[", "a")
    assert context.problem is not None
    assert (context.ignore_path, context.problem.line) == (".dockerignore", 2)


def test_an_empty_file_of_its_own_may_or_may_not_count() -> None:
    project = Project.of({"Dockerfile.dockerignore": "", ".dockerignore": "a", "a": ""})
    assert build_context(project, "Dockerfile").problem is not None
    alone = Project.of({"Dockerfile.dockerignore": "", "a": ""})
    assert build_context(alone, "Dockerfile").problem is None


def test_without_an_ignore_file_everything_is_visible() -> None:
    context = build_context(Project.of({"a/b": ""}, folders=["c"]), "Dockerfile")
    assert (context.ignore_path, context.ignore_text) == (".dockerignore", None)
    assert list(context.visible) == ["a", "a/b", "c"]


@pytest.mark.parametrize(
    ("dockerfile", "path"),
    [
        pytest.param("Dockerfile", ".dockerignore", id="the-general-one"),
        pytest.param("sub/Dockerfile.b", ".dockerignore", id="another-ones-own-does-not-count"),
        pytest.param("./Dockerfile.a", "Dockerfile.a.dockerignore", id="its-own"),
        pytest.param("sub/Dockerfile", "sub/Dockerfile.dockerignore", id="its-own-in-a-folder"),
    ],
)
def test_which_ignore_file(dockerfile: str, path: str) -> None:
    files = [".dockerignore", "Dockerfile.a.dockerignore", "sub/Dockerfile.dockerignore"]
    files += ["sub/.dockerignore"]
    context = build_context(Project.of({name: name for name in files}), dockerfile)
    assert context.ignore_path == path
    assert context.ignore_text == path


def test_a_dockerfile_outside_of_its_context(tmp_path: Path) -> None:
    (tmp_path / "context").mkdir()
    (tmp_path / "context/a").touch()
    (tmp_path / "context/.dockerignore").touch()
    (tmp_path / "Dockerfile.dockerignore").write_text("a")
    context = build_context(Project.open(tmp_path / "context"), "../Dockerfile")
    assert context.ignore_path == "../Dockerfile.dockerignore"
    assert list(context.visible) == [".dockerignore"]


def test_excluded_folders_are_not_listed_unless_something_in_them_is_kept() -> None:
    project = Project.of({"a/x": "", "b/x/y": "", "b/z": "", ".dockerignore": "a\nb\n!b/x/y"})
    context = build_context(project, "Dockerfile")
    assert list(context.visible) == [".dockerignore", "b", "b/x", "b/x/y"]


def test_folders_that_cannot_matter_are_never_read(tmp_path: Path) -> None:
    (tmp_path / "node_modules/deep").mkdir(parents=True)
    (tmp_path / ".dockerignore").write_text("node_modules")
    project = Project.open(tmp_path)
    assert list(build_context(project, "Dockerfile").visible) == [".dockerignore"]
    (tmp_path / "node_modules/late").touch()
    assert "node_modules/late" in project.entries


@pytest.mark.parametrize(
    ("ignore", "there"),
    [
        (".git", False),
        (".git/*", False),
        ("**/.git/**", False),
        ("*\n!src", False),
        ("", True),
        (".github", True),
    ],
)
def test_git_data(ignore: str, there: bool) -> None:
    assert _context(ignore, ".git/HEAD").git_data is there


def test_there_is_no_git_data_without_git() -> None:
    assert not _context("").git_data


def test_what_is_hidden_is_not_there() -> None:
    context = _context("secret", "secret", links={"link": "secret"})
    assert context.kind("secret") is None
    assert context.read("secret") is None
    assert context.kind("link") is None, "a link to what is left out leads nowhere"
    assert not context.exists("link")
    assert not context.executable("link")
    assert context.match("secret") == ()
    assert context.under("secret") == ()


def test_the_content_of_a_hollow_file_is_not_known() -> None:
    context = _context("*\n!a/b/c\na", "a/b/c")
    assert context.exists("a/b/c")
    assert context.read("a/b/c") is None


def test_sources_are_taken_from_the_root() -> None:
    context = _context("", "a/b", links={"to": "/a"})
    assert context.kind("/a/b") == context.kind("../a/./b") == context.kind("to/b") == "file"
    assert context.kind(".") == context.kind("to") == context.kind("/") == "dir"
    assert context.read("to/b") == "x"
    assert context.under("./to/") == ("a/b",)
    assert context.under(".") == (".dockerignore", "a/b", "to")


def test_executable() -> None:
    project = Project.of({"run": "", "text": ""}, executable=["run"], links={"link": "run"})
    context = build_context(project, "Dockerfile")
    assert context.executable("link")
    assert not context.executable("text")
    assert not context.executable(".")


def test_under_does_not_take_neighbours_that_sort_between() -> None:
    context = _context("", "a/x", "a-b/x", "a.b", "a0")
    assert context.under("a") == ("a/x",)


def test_folders_under() -> None:
    context = _context("a/hidden", "a/x", "a/hidden/x", "a-b/x", "a/deep/er/x")
    assert context.folders_under("gone") == ()
    assert context.folders_under("a") == ("a/deep", "a/deep/er")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        pytest.param("gone*", (), id="no-match-is-no-error"),
        pytest.param("gone", (), id="literal-that-is-missing"),
        pytest.param("**/x.md", ("sub/x.md",), id="two-stars-are-one"),
        pytest.param("[", (), id="malformed"),
        pytest.param("nowhere/*", (), id="no-such-folder"),
        pytest.param("*.md", ("a.md", "b.md"), id="one-segment"),
        pytest.param("./s*", ("sub",), id="a-folder-is-not-descended"),
        pytest.param("sub/*", ("sub/deep", "sub/x.md"), id="folder-before-the-wildcard"),
        pytest.param("link/*.md", ("sub/x.md",), id="link-before-the-wildcard"),
        pytest.param("*/deep/y.md", ("sub/deep/y.md",), id="wildcard-folder"),
        pytest.param("sub[^x]x.md", ("sub/x.md",), id="a-class-matches-a-slash"),
        pytest.param("sub/x.md", ("sub/x.md",), id="literal"),
        pytest.param(".", ("",), id="root"),
        pytest.param("x.md*", (), id="hidden-by-the-ignore-file"),
    ],
)
def test_match(pattern: str, found: tuple[str, ...]) -> None:
    files = ("a.md", "b.md", "x.md", "sub/x.md", "sub/deep/y.md")
    assert _context("/x.md", *files, links={"link": "sub"}).match(pattern) == found


def test_nothing_below_a_match_is_looked_at() -> None:
    # The class takes the `b` of the folder, and would take the `/` of what is in it.
    assert _context("", "abc/c").match("a*[^x]c") == ("abc",)


def test_what_a_new_ignore_text_would_hide() -> None:
    context = _context("a", "a", "b/x", "c")
    assert context.hidden_by("a\n") == ()
    assert context.hidden_by("") == ()
    assert context.hidden_by("a\nb\n") == ("b", "b/x")
    assert context.hidden_by("a\nb/*\n") == ("b/x",)


def test_another_ignore_text() -> None:
    context = _context("a", "a", "b")
    other = context.with_ignore("b")
    assert (other.ignore_path, other.ignore_text) == (".dockerignore", "b")
    assert "a" in other.visible
    assert "b" not in other.visible
    assert context.with_ignore("[").problem is not None
    assert "a" not in context.visible

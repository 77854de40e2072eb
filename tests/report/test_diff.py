"""The patch, judged by git itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reorder.batch.edits import edits
from reorder.report.diff import quote, unified
from reorder.result import IgnoreChange, Result

OLD, NEW = "FROM a\nCOPY . .\nRUN x\n", "FROM a\nCOPY x .\nRUN x\nCOPY . .\n"


def changed(path: str, before: str, after: str, ignore: IgnoreChange | None = None) -> Result:
    return Result(path, ".", "changed", before, after, ignore=ignore)


def same(path: str) -> str:
    return path


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["git", "-c", "core.autocrlf=false", *arguments]
    return subprocess.run(command, cwd=folder, input=stdin, check=True, capture_output=True).stdout


def raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


def apply(folder: Path, *results: Result) -> None:
    """Put every `before` on disk, apply the patch with git, and compare with every `after`."""
    patch = raw(unified(results, same))
    for edit in edits(results):
        target = folder / edit.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if edit.before is not None:
            target.write_bytes(raw(edit.before))
    git(folder, "apply", "--check", "-", stdin=patch)
    git(folder, "apply", "-", stdin=patch)
    for edit in edits(results):
        assert (folder / edit.path).read_bytes() == raw(edit.after), patch


def test_nothing_changed_is_an_empty_patch() -> None:
    unchanged = Result("Dockerfile", ".", "unchanged", OLD, OLD)
    error = Result("b/Dockerfile", ".", "error", error="b/Dockerfile: no")
    assert unified([unchanged, error], same) == ""


def test_an_ignore_file_that_ends_as_it_was_is_no_edit() -> None:
    ignore = IgnoreChange(".dockerignore", "a\n", "a\n", ())
    assert edits([changed("Dockerfile", OLD, OLD, ignore)]) == ()


def test_form_of_a_plain_change() -> None:
    assert unified([changed("app/Dockerfile", OLD, NEW)], same) == (
        "diff --git a/app/Dockerfile b/app/Dockerfile\n"
        "--- a/app/Dockerfile\n"
        "+++ b/app/Dockerfile\n"
        "@@ -1,3 +1,4 @@\n"
        " FROM a\n"
        "+COPY x .\n"
        "+RUN x\n"
        " COPY . .\n"
        "-RUN x\n"
    )


def test_a_new_file_comes_from_dev_null() -> None:
    ignore = IgnoreChange(".dockerignore", None, ".venv\n", (".venv",))
    assert unified([changed("Dockerfile", OLD, OLD, ignore)], same) == (
        "diff --git a/.dockerignore b/.dockerignore\n"
        "new file mode 100644\n"
        "--- /dev/null\n"
        "+++ b/.dockerignore\n"
        "@@ -0,0 +1 @@\n"
        "+.venv\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(OLD, NEW, id="plain"),
        pytest.param(OLD.replace("\n", "\r\n"), NEW.replace("\n", "\r\n"), id="crlf"),
        pytest.param(OLD.replace("\n", "\r\n"), NEW, id="mixed-line-ends"),
        pytest.param(OLD[:-1], NEW[:-1], id="no-final-newline"),
        pytest.param(OLD[:-1], NEW, id="gains-a-final-newline"),
        pytest.param(OLD, NEW[:-1], id="loses-its-final-newline"),
        pytest.param(OLD[:-1], "#\n" + OLD[:-1], id="last-line-without-newline-is-context"),
        pytest.param("", NEW, id="was-empty"),
        pytest.param(OLD, "", id="becomes-empty"),
        pytest.param("\ufeff" + OLD, "\ufeff" + NEW, id="byte-order-mark"),
        pytest.param("# caf\udce9\n" + OLD, "# caf\udce9\n" + NEW, id="latin-1-context"),
        pytest.param(OLD, NEW + "# \udcff\udc80\n", id="bytes-that-are-not-utf-8"),
        pytest.param("# a\u2028b\x0bc\x0cd\x85e\n" + OLD, NEW, id="line-ends-of-python-only"),
        pytest.param("# a\rb\n" + OLD, "# a\rc\n" + NEW, id="lone-carriage-return"),
        pytest.param("-- x\n++ y\n", "++ y\n-- x\n", id="lines-that-look-like-headers"),
        pytest.param("#\n" * 500 + OLD, "#\n" * 501 + NEW, id="many-equal-lines"),
    ],
)
def test_git_applies_text(repository: Path, before: str, after: str) -> None:
    apply(repository, changed("Dockerfile", before, after))


@pytest.mark.parametrize(
    "path",
    [
        "a b/Dockerfile",
        "Dockerfile ",
        " Dockerfile",
        "é/Dockerfile",
        "日本/Dockerfile",
        'say "hi"/Dockerfile',
        "back\\slash/Dockerfile",
        "tab\tbed/Dockerfile",
        "line\nend/Dockerfile",
        "caf\udce9/Dockerfile",
        "a/b/a/b/Dockerfile",
        "b b/b/Dockerfile",
        "\x01\x7f/Dockerfile",
    ],
)
def test_git_applies_paths(repository: Path, path: str) -> None:
    folder = path.rpartition("/")[0]
    ignore = IgnoreChange(f"{folder}/.dockerignore".lstrip("/"), None, "x\n", ("x",))
    apply(repository, changed(path, OLD, NEW, ignore))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, "a\nb\n", id="created"),
        pytest.param(None, "a", id="created-without-final-newline"),
        pytest.param(None, "", id="created-empty"),
        pytest.param("a\n", "a\nb\n", id="appended"),
        pytest.param("a", "a\nb\n", id="appended-where-the-final-newline-was-missing"),
        pytest.param("a\r\n", "a\r\nb\r\n", id="appended-crlf"),
    ],
)
def test_git_applies_ignore_files(repository: Path, before: str | None, after: str) -> None:
    ignore = IgnoreChange("app/.dockerignore", before, after, ())
    apply(repository, changed("app/Dockerfile", OLD, NEW, ignore))


def test_files_that_share_an_ignore_file_patch_it_once(repository: Path) -> None:
    first = changed("a/Dockerfile", OLD, NEW, IgnoreChange(".dockerignore", None, "a\n", ("a",)))
    second = changed(
        "b/Dockerfile", OLD, NEW, IgnoreChange(".dockerignore", "a\n", "a\nb\n", ("b",))
    )
    assert unified([first, second], same).count("b/.dockerignore") == 2
    apply(repository, first, second)


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("plain/path-1.txt", "plain/path-1.txt"),
        ("a b", "a b"),
        ("é", '"\\303\\251"'),
        ('"', '"\\""'),
        ("\\", '"\\\\"'),
        ("\t\n", '"\\t\\n"'),
        ("\udcff", '"\\377"'),
    ],
)
def test_quote_as_git(path: str, quoted: str) -> None:
    assert quote(path) == quoted

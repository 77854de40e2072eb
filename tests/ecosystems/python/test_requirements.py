"""Requirement files: what cannot be followed first."""

from __future__ import annotations

import pytest
from ecosystems.fakes import FakeFiles

from reorder.ecosystems.python.requirements import (
    Closure,
    Line,
    read_lines,
    requirement_closure,
    source,
)
from reorder.shell.nodes import Opaque


def closure(files: dict[str, str], env: dict[str, str | None] | None = None) -> Closure:
    start = next(iter(files))
    return requirement_closure([start], "/app", FakeFiles(files), env or {})


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        pytest.param({"/app/r.txt": "-r gone.txt"}, "/app/gone.txt is not in", id="missing"),
        pytest.param({"/app/r.txt": "-r /etc/r.txt"}, "does not come from", id="from elsewhere"),
        pytest.param({"/app/r.txt": "--foo x"}, "not an option of pip", id="an unknown option"),
        pytest.param({"/app/r.txt": "-r 'x"}, "open quote", id="an open quote"),
        pytest.param({"/app/r.txt": "-r ${WHICH}.txt"}, "not known", id="an unknown variable"),
    ],
)
def test_the_problem_is_named(files: dict[str, str], problem: str) -> None:
    found = closure(files, {"WHICH": None})
    assert found.problem is not None
    assert problem in found.problem


def test_includes_are_relative_to_the_file_and_chains_end() -> None:
    files = {
        "/app/requirements/dev.txt": "-r base.txt\n--constraint=../c.txt  # why\n-r dev.txt\n",
        "/app/requirements/base.txt": "six\n-r more/x.txt",
        "/app/requirements/more/x.txt": "",
        "/app/c.txt": "six<2",
    }
    found = closure(files)
    assert found.problem is None
    assert set(found.files) == set(files)


def test_an_include_from_the_network_is_no_file() -> None:
    assert closure({"/app/r.txt": "-r https://example.org/r.txt"}).files == ("/app/r.txt",)


def test_find_links_is_relative_to_the_file_where_that_exists() -> None:
    near = {"/app/r/r.txt": "-f wheels", "/app/r/wheels/a.whl": ""}
    far = {"/app/r/r.txt": "-f wheels", "/app/wheels/a.whl": ""}
    assert closure(near).folders == ("/app/r/wheels",)
    assert closure(far).folders == ("/app/wheels",)
    assert closure({"/app/r.txt": "--find-links https://example.org"}).folders == ()


def test_local_requirements_are_relative_to_the_working_folder() -> None:
    found = closure({"/app/r/r.txt": "./lib\nlib/x.whl\n-e .\n-e git+https://example.org/x#egg=x"})
    assert [(s.kind, s.path) for s in found.sources] == [
        ("folder", "/app/lib"),
        ("archive", "/app/lib/x.whl"),
    ]
    assert [(s.kind, s.path) for s in found.editables] == [("folder", "/app"), ("vcs", "")]


def test_variables_are_expanded_and_reported() -> None:
    found = closure(
        {"/app/r.txt": "-r ${A}.txt\nx @ https://${TOKEN}@example.org/x.zip", "/app/b.txt": ""},
        {"A": "b"},
    )
    assert found.files == ("/app/r.txt", "/app/b.txt")
    assert found.variables == {"A", "TOKEN"}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("# -r x\n\n   # y", [], id="comments and blank lines"),
        pytest.param("a#b", [Line("requirement", "a#b")], id="a hash sign inside a word"),
        pytest.param("-r a.txt#b", [Line("include", "a.txt#b")], id="a hash sign in a name"),
        pytest.param("six \\\n  --hash=sha256:00", [Line("requirement", "six")], id="hashes"),
        pytest.param("-r \\\n  x", [Line("include", "x")], id="a continued option"),
        pytest.param(
            "six ; a == '-r x'", [Line("requirement", "six ; a == '-r x'")], id="a marker"
        ),
        pytest.param("-i https://x -r y", [Line("include", "y")], id="several options on a line"),
        pytest.param("\ufeff-r x", [Line("include", "x")], id="a byte order mark"),
        pytest.param("-r x\r\n-c y\r\n", [Line("include", "x"), Line("include", "y")], id="crlf"),
        pytest.param("-rx", [Line("include", "x")], id="a joined value"),
        pytest.param("# x \\\n-r y", [Line("include", "y")], id="a comment does not continue"),
        pytest.param("six --no-binary :all:", [Line("requirement", "six")], id="an option after"),
    ],
)
def test_lines(text: str, lines: list[Line]) -> None:
    assert read_lines(text, {}) == tuple(lines)


def test_a_line_that_pip_would_reject_is_opaque() -> None:
    assert isinstance(read_lines("--no-such", {}), Opaque)


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        ("flask", "named", ""),
        ("flask[async]>=2,<3 ; python_version > '3'", "named", ""),
        ("flask @ https://example.org/f.zip", "remote", ""),
        ("git+ssh://git@example.org/x.git@v1#egg=x", "vcs", ""),
        ("x @ git+https://example.org/x", "vcs", ""),
        (".", "folder", "/app"),
        (".[dev]", "folder", "/app"),
        ("./lib[a,b]", "folder", "/app/lib"),
        ("../lib", "folder", "/lib"),
        ("lib/x", "folder", "/app/lib/x"),
        ("x-1-py3-none-any.whl", "archive", "/app/x-1-py3-none-any.whl"),
        ("./dist/x.tar.gz", "archive", "/app/dist/x.tar.gz"),
        ("file:///app/lib", "folder", "/app/lib"),
        ("x @ file:///srv/x.whl", "archive", "/srv/x.whl"),
        ("file://localhost/app/x.zip#egg=x", "archive", "/app/x.zip"),
    ],
)
def test_sources(text: str, kind: str, path: str) -> None:
    found = source(text, "/app")
    assert (found.kind, found.path) == (kind, path)

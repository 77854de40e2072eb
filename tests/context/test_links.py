"""Links are followed as in a root that nothing leaves."""

from __future__ import annotations

import pytest

from reorder.context.links import resolve
from reorder.context.project import Project

PROJECT = Project.of(
    {"file": "", "dir/file": "", "dir/deep/file": ""},
    links={
        "nowhere": "gone",
        "self": "self",
        "ping": "pong",
        "pong": "ping",
        "to-file": "dir/file",
        "to-dir": "./dir/",
        "absolute": "/dir/file",
        "dir/up": "../file",
        "dir/too-far-up": "../../../file",
        "chain": "to-dir",
        "empty": "",
    },
)


@pytest.mark.parametrize(
    "path",
    ["gone", "nowhere", "self", "ping", "empty", "file/x", "to-file/x", "dir/gone", "file/../dir"],
)
def test_leads_nowhere(path: str) -> None:
    # `file/../dir` is cleaned first, as COPY does, so it is the one that does exist.
    assert resolve(path, PROJECT.entry) == ("dir" if ".." in path else None)


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("", ""),
        ("/", ""),
        ("..", ""),
        ("file", "file"),
        ("to-file", "dir/file"),
        ("to-dir", "dir"),
        ("to-dir/deep/file", "dir/deep/file"),
        ("chain/file", "dir/file"),
        ("absolute", "dir/file"),
        ("dir/up", "file"),
        ("dir/too-far-up", "file"),
        ("to-dir/up", "file"),
    ],
)
def test_ends_at(path: str, end: str) -> None:
    assert resolve(path, PROJECT.entry) == end

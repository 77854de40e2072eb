"""Which files a COPY or ADD brings, one by one, and when that is not known."""

from __future__ import annotations

import pytest
from harness.made import facts

from reorder.graph.copies import Copied

FILES = {
    "a.md": "a",
    "src/a.js": "1",
    "src/b.md": "b",
    "src/deep/c.js": "3",
    "src/deep/c.md": "3",
    "data.tar": "not one",
    "bin": "a\0b",
}


def copied(line: str, image: str = "debian:12", before: str = "WORKDIR /app") -> Copied | str:
    found = facts(f"FROM {image}\n{before}\n{line}\n", FILES)
    copy = found.nodes[max(found.nodes)].copy
    assert copy is not None
    return copy


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("COPY --from=x /a /b", "it copies from another stage or image"),
        ("COPY missing .", "missing is not in the build context"),
        ("COPY --parents src/missing .", "src/missing is not in the build context"),
        ("COPY --exclude=!x . .", "the pattern !x is not followed"),
        ("COPY --exclude=*.md a.md .", "whether --exclude leaves out a.md depends on the builder"),
        ("ADD https://e.org/x .", "ADD fetches https://e.org/x"),
        ("ADD data.tar .", "ADD may unpack data.tar"),
        ("ADD bin .", "ADD may unpack bin"),
    ],
)
def test_not_known(line: str, reason: str) -> None:
    assert copied(line) == reason


@pytest.mark.parametrize(
    ("line", "files", "folders"),
    [
        ("COPY a.md x", {"/app/x"}, set()),
        ("COPY a.md /app", {"/app/a.md"}, set()),
        ("COPY a.md /etc", {"/etc/a.md"}, set()),
        ("COPY a.md /new", {"/new"}, set()),
        ("COPY none* .", set(), set()),
        ("COPY --link src .", {"/app/a.js", "/app/b.md", "/app/deep/c.js", "/app/deep/c.md"},
         {"/app/deep"}),
        ("COPY --exclude=*.md src .", {"/app/a.js", "/app/deep/c.js", "/app/deep/c.md"},
         {"/app/deep"}),
        ("COPY --exclude=**/*.md src .", {"/app/a.js", "/app/deep/c.js"}, {"/app/deep"}),
        ("COPY --exclude=deep src .", {"/app/a.js", "/app/b.md"}, set()),
        ("COPY --parents src/deep/c.js .", {"/app/src/deep/c.js"}, {"/app/src", "/app/src/deep"}),
        ("COPY --parents src/./deep/c.js .", {"/app/deep/c.js"}, {"/app/deep"}),
        ("COPY --parents **/*.md .", {"/app/a.md", "/app/src/b.md", "/app/src/deep/c.md"},
         {"/app/src", "/app/src/deep"}),
        ("COPY --parents --exclude=src/deep src .", {"/app/src/a.js", "/app/src/b.md"},
         {"/app/src"}),
    ],
)  # fmt: skip
def test_every_file(line: str, files: set[str], folders: set[str]) -> None:
    found = copied(line)
    assert isinstance(found, Copied)
    assert set(found.placed.files) == files
    assert found.placed.folders == folders


def test_in_scratch_no_folder_is_there() -> None:
    found = copied("COPY a.md /etc", image="scratch")
    assert isinstance(found, Copied)
    assert set(found.placed.files) == {"/etc"}


def test_the_text_of_a_heredoc_is_known() -> None:
    text = "FROM debian:12\nARG V\nENV K=1\nCOPY <<a <<'b' <<c /x/\n$K\na\n$K\nb\n$V\nc\nRUN true\n"
    image = facts(text, FILES).nodes[4].image
    assert image is not None
    assert [image.files.read(f"/x/{name}") for name in "abc"] == ["1\n", "$K\n", None]
    assert image.files.under("/x") == ("/x/a", "/x/b", "/x/c")
    assert image.files.origin("/x/a") is None


def test_a_command_that_changes_it_takes_the_text_away() -> None:
    text = "FROM debian:12\nCOPY <<a /x/\n1\na\nRUN touch /x/a\nRUN true\n"
    image = facts(text, FILES).nodes[3].image
    assert image is not None
    assert image.files.read("/x/a") is None

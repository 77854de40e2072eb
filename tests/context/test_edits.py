"""Instructions are matched from version to version; the counts are known by hand."""

from __future__ import annotations

import pytest

from reorder.context import edits as module
from reorder.context.edits import Version, edits

BASE = "FROM a:1 AS build\nRUN make one two three\nCOPY src /src\nENV A=1\nCMD run\n"


def masks(now: str, *versions: str, created: bool = False) -> dict[str, int]:
    """The mask of each edited instruction, by its text; commit 0 brought the first version."""
    numbered = [Version(text, number) for number, text in enumerate(versions)]
    found = edits([Version(now, None), *numbered], created)
    lines = now.splitlines()
    return {lines[line - 1]: sum(1 << at for at in made) for line, made in found.items()}


@pytest.mark.parametrize(
    ("new", "old"),
    [
        pytest.param(BASE, BASE, id="equal"),
        pytest.param("# why\n\n" + BASE, BASE, id="comments and blank lines"),
        pytest.param(BASE.replace("COPY src /src", "copy  src   /src"), BASE, id="blanks"),
        pytest.param(BASE, BASE + "EXPOSE 1\n", id="one removed"),
        pytest.param(
            "FROM a:1 AS build\nCOPY src /src\nENV A=1\nRUN make one two three\nCMD run\n",
            BASE,
            id="one moved",
        ),
        pytest.param("FROM a\nRUN x \\\n#c\n y\n", "FROM a\nRUN x \\\n y\n", id="inner comment"),
        pytest.param("FROM a\r\nRUN x\r\n", "FROM a\nRUN x\n", id="line endings"),
    ],
)
def test_nothing_is_edited(new: str, old: str) -> None:
    assert masks(new, new, old) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RUN make one two three", "RUN make one two four"),
        ("RUN make one two three", "RUN make one  two three"),
        ("FROM a:1 AS build", "FROM other/image AS build"),
        ("FROM a:1 AS build", "FROM other/image AS builder"),
        ("COPY src /src", "COPY --chown=1 src /src"),
        ("ENV A=1", "ENV A=something/else"),
    ],
)
def test_one_is_edited(old: str, new: str) -> None:
    now = BASE.replace(old, new)
    assert masks(now, now, BASE) == {new: 1}
    assert masks(now, now, now, BASE) == {new: 2}  # the commit, not the one after it


def test_an_edited_instruction_keeps_its_earlier_edits() -> None:
    versions = [BASE.replace("three", word) for word in ("six", "five", "four", "three")]
    assert masks(versions[0], *versions) == {"RUN make one two six": 0b111}


def test_a_command_that_gets_a_mount_keeps_its_earlier_edits() -> None:
    old = "FROM a\nRUN npm ci\nRUN npm test\n"
    new = old.replace("RUN npm ci", "RUN --mount=type=cache,target=/root/.npm npm ci")
    older = old.replace("npm ci", "npm ci --all")
    assert masks(new, old, older) == {new.splitlines()[1]: 1}


def test_an_edit_together_with_a_move() -> None:
    moved = "FROM a:1 AS build\nENV A=1\nCOPY src /src\nCMD run\nRUN make one two four\n"
    assert masks(moved, moved, BASE) == {"RUN make one two four": 1}


def test_an_inserted_instruction_has_no_earlier_history() -> None:
    new = BASE + "RUN quite another thing\n"
    newer = new.replace("thing", "matter")
    assert masks(newer, newer, new, BASE, BASE.replace("three", "0")) == {
        "RUN quite another matter": 0b011,
        "RUN make one two three": 0b100,
    }


def test_another_keyword_is_another_instruction() -> None:
    new = BASE.replace("COPY src /src", "ADD src /src")
    older = BASE.replace("COPY src /src", "COPY src /s")
    assert masks(new, new, BASE, older) == {"ADD src /src": 0b001}


def test_the_beginning_of_the_file_counts_for_all_that_was_there() -> None:
    new = BASE.replace("three", "four")
    found = masks(new, new, BASE, created=True)
    assert found == {line: 0b11 if "make" in line else 0b10 for line in new.splitlines()}


def test_what_is_not_committed_counts_for_no_commit() -> None:
    now = BASE.replace("three", "seven") + "RUN brand new\n"
    older = BASE.replace("three", "two")
    assert masks(now, BASE, older) == {"RUN make one two seven": 1}


def test_a_version_that_does_not_parse_is_skipped_over() -> None:
    new = BASE.replace("three", "four")
    broken = "<<<<<<< HEAD\n" + BASE.replace("ENV A=1", "ENV A=2")
    assert masks(new, new, broken, BASE) == {"RUN make one two four": 0b01}


def test_equal_instructions_of_two_stages_stay_apart() -> None:
    old = "FROM a AS one\nCOPY . .\nRUN make\nFROM b AS two\nCOPY . .\nRUN install\n"
    new = old.replace("FROM b", "FROM c").replace("RUN make\n", "RUN make\nRUN test it\n")
    assert masks(new, new, old) == {"FROM c AS two": 1, "RUN test it": 1}


def test_stages_are_known_by_their_names() -> None:
    old = "FROM a:1 AS one\nRUN x\nFROM b:1 AS two\nRUN y\n"
    new = "FROM b:2 AS two\nRUN y\nFROM a:1 AS one\nRUN x\n"
    assert masks(new, new, old, old.replace("b:1", "b:0")) == {"FROM b:2 AS two": 0b11}


def test_heredocs_are_compared() -> None:
    old = "FROM a\nRUN <<EOF\nmake one\nmake two\nEOF\n"
    new = old.replace("two", "three")
    assert masks(new, new, old) == {"RUN <<EOF": 1}


def test_many_changes_at_once_are_compared_passage_by_passage() -> None:
    old = "FROM a\n" + "".join(f"RUN make target {n} of many\n" for n in range(60))
    new = old.replace("make", "just")
    assert masks(new, new, old) == dict.fromkeys(new.splitlines()[1:], 1)


def test_the_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = [BASE.replace("three", str(number)) for number in range(4)]
    monkeypatch.setattr(module, "MOST_TEXT", 2 * len(BASE))
    assert masks(versions[0], *versions, created=True) == {"RUN make one two 0": 0b1}

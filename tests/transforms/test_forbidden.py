"""What comments forbid, seen from the whole pipeline; single cases are golden."""

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.api import rewrite_file, rewrite_text
from reorder.config import Options
from reorder.errors import InputError
from reorder.graph.facts import derive, held
from reorder.opened import open_text
from reorder.syntax.parse import parse
from reorder.transforms.base import Rewrite
from reorder.transforms.draft import Draft
from reorder.transforms.forbidden import forbidden

APT = "RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n"
LATE = f"FROM debian:12\nWORKDIR /app\nCOPY . .\n{APT}"


@pytest.fixture
def context(tmp_path: Path) -> Options:
    (tmp_path / "a.txt").write_text("a\n")
    return Options(context=tmp_path, history=False)


def moved(text: str, options: Options) -> list[str]:
    after = rewrite_text(text, "-", options).after
    lines = [line for line in after.splitlines() if not line.startswith("#")]
    return [line.split()[0] for line in lines]


def test_without_a_comment_it_moves(context: Options) -> None:
    assert moved(LATE, context) == ["FROM", "WORKDIR", "RUN", "COPY"]


@pytest.mark.parametrize("comment", ["keep", "ignore[order]", "ignore[split-run,order]"])
@pytest.mark.parametrize("above", ["COPY", "RUN"])
def test_nothing_moves_across(context: Options, comment: str, above: str) -> None:
    text = LATE.replace(above, f"# reorder: {comment}\n{above}", 1)
    after = moved(text, context)
    assert after.index("COPY") < after.index("RUN")


def test_what_it_does_not_name_still_happens(context: Options) -> None:
    text = LATE.replace("RUN", "# reorder: ignore[cache-mount]\nRUN", 1)
    after = rewrite_text(text, "-", context).after
    assert after.index("# reorder") < after.index("RUN") < after.index("COPY")


def test_a_misspelt_comment_is_an_error_with_its_line(context: Options) -> None:
    with pytest.raises(InputError) as caught:
        rewrite_text("# reorder: of\n" + LATE, "Dockerfile", context)
    assert str(caught.value).startswith("Dockerfile:1: ")
    assert "did you mean `# reorder: off`?" in str(caught.value)


@pytest.mark.parametrize("text", ["# reorder: off\nFROM a\nNONSENSE b\n", "# reorder: off\n"])
def test_off_also_where_no_builder_would_take_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(text)
    for result in (rewrite_file(path, Options()), rewrite_text(text, "-", Options())):
        assert (result.status, result.after) == ("skipped", text)
        assert result.refusals[0].line == 1


def test_off_for_the_user(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("NONSENSE\n")
    result = rewrite_file(path, Options(off="reorder.toml:3 says `off`"))
    assert result.status == "skipped"
    assert result.refusals[0].reason == "reorder.toml:3 says `off`: the file stays as it is"


def test_the_graph_has_the_order_that_a_comment_asks_for(context: Options) -> None:
    text = "FROM debian:12\n# reorder: keep\nENV A=1\nLABEL b=c\nEXPOSE 80\n"
    opened = open_text(text, "-", context)
    facts = derive(opened.file, opened.context)
    assert held(facts.body(facts.stages[0])) == {(1, 2), (1, 3)}
    assert held(facts.body(facts.stages[0]), "order") == {(1, 2), (1, 3)}


def proposal(before: str, after: str, lines: tuple[int, ...], subject: int) -> str | None:
    file, new = parse(before), parse(after)
    draft = Draft.of(new, lines)
    own = tuple(node.line for node in file.instructions)
    return forbidden(file, own, Rewrite("order", subject, "", draft), draft)


KEEP = "FROM a\nRUN b\n# reorder: keep\nRUN c\nRUN d\n"


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        ("FROM a\nRUN b b\n# reorder: keep\nRUN c\nRUN d d\n", (1, 2, 4, 5)),
        ("FROM a\nRUN b1\nRUN b2\n# reorder: keep\nRUN c\nRUN d\n", (1, 2, 2, 4, 5)),
        ("FROM a\n# reorder: keep\nRUN c\nRUN d\n", (1, 4, 5)),
    ],
)
def test_what_leaves_it_alone_is_allowed(after: str, lines: tuple[int, ...]) -> None:
    assert proposal(KEEP, after, lines, 2) is None


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        ("FROM a\nRUN b\n# reorder: keep\nRUN  c\nRUN d\n", (1, 2, 4, 5)),  # its bytes
        ("FROM a\nRUN d\nRUN b\n# reorder: keep\nRUN c\n", (1, 5, 2, 4)),  # across, up
        ("FROM a\n# reorder: keep\nRUN c\nRUN b\nRUN d\n", (1, 4, 2, 5)),  # across, down
        ("FROM a\nRUN b\nCOPY d .\n# reorder: keep\nRUN c\nRUN d\n", (1, 2, 5, 4, 5)),
        ("FROM a\nRUN b\nCOPY d .\n# reorder: keep\nRUN c\nRUN d\n", (1, 2, 4, 4, 5)),  # its own
    ],
)
def test_what_touches_it_is_not(after: str, lines: tuple[int, ...]) -> None:
    assert proposal(KEEP, after, lines, 5) == "line 4 is marked `# reorder: keep`"


@pytest.mark.parametrize(
    ("after", "lines", "why"),
    [
        ("FROM a\nRUN b c d\n", (1, 2), "would lose its instruction"),
        ("FROM a\nRUN b\n# reorder: keep\nRUN d\nRUN c\n", (1, 2, 5, 4), "would lose"),
        ("FROM a\nRUN b\nRUN c\nRUN d\n", (1, 2, 4, 5), "would lose"),
    ],
)
def test_a_comment_stays_with_its_instruction(after: str, lines: tuple[int, ...], why: str) -> None:
    assert why in (proposal(KEEP, after, lines, 2) or "")


IGNORE = KEEP.replace("keep", "ignore[cache-mount]")


def test_a_comment_for_others_allows_a_move_and_new_bytes() -> None:
    after = "FROM a\n# reorder: ignore[cache-mount]\nRUN c c\nRUN b\nRUN d\n"
    assert proposal(IGNORE, after, (1, 4, 2, 5), 4) is None


def test_a_comment_does_not_hold_for_half_an_instruction() -> None:
    after = "FROM a\nRUN b\n# reorder: ignore[cache-mount]\nRUN c1\nRUN c2\nRUN d\n"
    assert "for which part" in (proposal(IGNORE, after, (1, 2, 4, 4, 5), 4) or "")


def test_the_subject_of_a_rewrite_may_be_all_that_is_named() -> None:
    text = KEEP.replace("keep", "ignore[order]")
    lines = (1, 2, 4, 5)
    assert proposal(text, text, lines, 2) is None
    assert proposal(text, text, lines, 4) == "line 4 is marked `# reorder: ignore[order]`"

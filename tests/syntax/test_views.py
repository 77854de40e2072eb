"""The typed readings of instructions."""

from __future__ import annotations

import pytest

from reorder.syntax.nodes import Instruction
from reorder.syntax.parse import parse
from reorder.syntax.views import Copy, From, Inline, Script, copy, from_, script, value


def one(line: str) -> Instruction:
    return parse(f"FROM a\n{line}\n").instructions[1]


@pytest.mark.parametrize("line", ["RUN x", "FROM a b", "FROM"])
def test_not_a_from(line: str) -> None:
    with pytest.raises(ValueError, match="FROM"):
        from_(one(line))


@pytest.mark.parametrize("line", ["RUN x", "COPY x", "ADD"])
def test_not_a_copy(line: str) -> None:
    with pytest.raises(ValueError, match="COPY"):
        copy(one(line))


@pytest.mark.parametrize("line", ["COPY a b", "ENV a b", 'SHELL ["a"]'])
def test_no_command(line: str) -> None:
    with pytest.raises(ValueError, match="has no command"):
        script(one(line))


@pytest.mark.parametrize(
    ("line", "view"),
    [
        ("FROM a:1", From("a:1", None, None)),
        ("FROM --platform=$P a AS Build", From("a", "build", "$P")),
    ],
)
def test_from(line: str, view: From) -> None:
    assert from_(one(line)) == view


@pytest.mark.parametrize(
    ("line", "view"),
    [
        ("COPY a b /c/", Copy(("a", "b"), "/c/")),
        ('COPY ["a b", "/c"]', Copy(("a b",), "/c")),
        (
            "COPY --from=x --chown=1:2 --chmod=644 --link --parents=false a b",
            Copy(("a",), "b", from_="x", chown="1:2", chmod="644", link=True),
        ),
        ("COPY --exclude=x --exclude=y a b", Copy(("a",), "b", exclude=("x", "y"))),
        (
            "ADD --checksum=s --keep-git-dir --unpack=false a b",
            Copy(("a",), "b", checksum="s", keep_git_dir=True, unpack=False),
        ),
        (
            "COPY x <<A <<-'B' /d/\n1\nA\n\t2\n\tB",
            Copy(("x",), "/d/", inline=(Inline("A", "1\n", True), Inline("B", "2\n", False))),
        ),
        (
            "COPY <<A <<A /d/\n1\nA\n2\nA",
            Copy((), "/d/", inline=(Inline("A", "2\n", True), Inline("A", "2\n", True))),
        ),
    ],
)
def test_copy(line: str, view: Copy) -> None:
    assert copy(one(line)) == view


@pytest.mark.parametrize(
    ("line", "view"),
    [
        ("RUN a \\\n  && b", Script("shell", "a   && b")),
        ("RUN", Script("shell", "")),
        ("RUN --network=none a", Script("shell", "a")),
        ('RUN ["a", "b c"]', Script("exec", '["a", "b c"]', ("a", "b c"))),
        ("RUN <<E\na\nb\nE", Script("heredoc", "a\nb\n")),
        ("RUN <<-E\n\t\ta\n\tE", Script("heredoc", "a\n")),
        ("RUN << E\na\nE", Script("heredoc", "a\n")),
        ("RUN <<E\n#!/bin/x\na\nE", Script("shebang", "#!/bin/x\na\n")),
        ("RUN <<-E\n\t#!/bin/x\n\tE", Script("shebang", "#!/bin/x\n")),
        ("RUN <<E sh\na\nE", Script("shell", "<<E sh\na\nE")),
        ("RUN cat <<A <<-B\n1\nA\n\t2\n\tB", Script("shell", "cat <<A <<-B\n1\nA\n\t2\nB")),
        ("CMD a b", Script("shell", "a b")),
        ('ENTRYPOINT ["a"]', Script("exec", '["a"]', ("a",))),
        ("HEALTHCHECK CMD a  b", Script("shell", "a  b")),
        ('HEALTHCHECK CMD ["a"]', Script("exec", '["a"]', ("a",))),
    ],
)
def test_script(line: str, view: Script) -> None:
    assert script(one(line)) == view


def test_value() -> None:
    assert value(one("WORKDIR /a b")) == "/a b"
    assert value(one("USER")) == ""

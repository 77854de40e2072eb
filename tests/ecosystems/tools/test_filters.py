"""Text filters: scripts and operands that are not known first."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.tools.filters import filter_effects
from reorder.shell.nodes import Opaque


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("sed -f x.sed a", id="a script in a file"),
        pytest.param("sed -i $S a", id="a script that is not known"),
        pytest.param("sed 'w out' a", id="a script that writes a file"),
        pytest.param("sed 's/a/b/w out' a", id="a substitution that writes a file"),
        pytest.param("sed 's/a/b/e' a", id="a substitution that runs a command"),
        pytest.param("sed 's/a/b/;r x' a", id="a script that reads a file"),
        pytest.param("sed 1e a", id="a script that runs a command"),
        pytest.param("sed 'a text\nw out' a", id="a command after added text"),
        pytest.param("sed ':re:w out' a", id="an address that is none"),
        pytest.param("sed '/x/,+2w out' a", id="a range that is written"),
        pytest.param("sed -i s/a/b/ $F", id="a file that is not known"),
        pytest.param("grep -f patterns a", id="patterns in a file"),
        pytest.param("sed", id="no script"),
        pytest.param("jq -f x.jq a", id="a program of jq in a file"),
        pytest.param("jq --slurpfile x y . a", id="another file of jq"),
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(filter_effects(call(command), command.split()[0]), Opaque)


@pytest.mark.parametrize(
    ("command", "reads", "writes"),
    [
        ("grep -q x a b", {"/app/a", "/app/b"}, set()),
        ("grep -e x a", {"/app/a"}, set()),
        ("sed s/a/b/ a", {"/app/a"}, set()),
        ("sed -i 's|http://a|https://b|g' /etc/apt/sources.list", *[{"/etc/apt/sources.list"}] * 2),
        ("sed -i.bak -e '/x;y/d' -e '$a b;c' a", *[{"/app/a"}] * 2),
        ("sed -ri '1,3s/a/b/; 4d' a", *[{"/app/a"}] * 2),
        ("sed -i '/x/,+2d' a", *[{"/app/a"}] * 2),
        ("sed -i '$itext' a", *[{"/app/a"}] * 2),
        ("sed -i '\\:</a>:i <b>;' a", *[{"/app/a"}] * 2),
        ("sed -i 'a one\\\ntwo' a", *[{"/app/a"}] * 2),
        ("sed y/ab/cd/ a", {"/app/a"}, set()),
        ("cut -d : -f 1 a", {"/app/a"}, set()),
        ("sort -o b a", {"/app/a"}, {"/app/b"}),
        ("uniq a b", {"/app/a", "/app/b"}, {"/app/b"}),
        ("jq .version a", {"/app/a"}, set()),
        ("tee sub/a", {"/app/sub"}, {"/app/sub/a"}),
        ("tr a b", set(), set()),
        ("tee a", set(), {"/app/a"}),
        ("tee -a a", {"/app/a"}, {"/app/a"}),
    ],
)
def test_exact(command: str, reads: set[str], writes: set[str]) -> None:
    found = filter_effects(call(command), command.split()[0])
    assert isinstance(found, CommandEffects), found
    assert set(found.reads.files) == reads
    assert set(found.writes.files) == writes


def test_a_recursive_search_reads_the_tree() -> None:
    found = filter_effects(call("grep -rn x src"), "grep")
    assert isinstance(found, CommandEffects)
    assert found.reads.trees == {"/app/src"}

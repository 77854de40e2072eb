"""Where each character of a YAML scalar stands in the file, and what is written back."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reorder.ci.edits import Edit, applied
from reorder.ci.yaml.nodes import commands, documents, elements, pairs
from reorder.ci.yaml.scalars import Scalar, scalar
from reorder.ci.yaml.script import Dialect, Script
from reorder.ci.yaml.write import says, written


def _only(text: str) -> tuple[yaml.ScalarNode, Scalar | None]:
    node = pairs(_document(text))["a"]
    assert isinstance(node, yaml.ScalarNode)
    return node, scalar(text, node)


def _document(text: str) -> yaml.Node:
    found = documents(text)
    assert found
    return found[0]


@pytest.mark.parametrize(
    "text",
    [
        "a: |2\n    x\n",
        'a: "x\\\n  y"\n',
    ],
    ids=["indentation indicator", "escaped line break"],
)
def test_what_is_not_read(text: str) -> None:
    node, read = _only(text)
    assert read is None or read.value == node.value


@pytest.mark.parametrize(
    "text",
    [
        "a: docker build .\n",
        "a: docker build .  # c\n",
        "a: docker\n  build\n\n  .\n",
        "a: 'it''s\n  here'\n",
        'a: "x\\ty \\"z\\" \\u00e9\\\\"\n',
        "a: |\n  x\n\n    y\n  z\n",
        "a: |-\n  x\n\n",
        "a: |+\n  x\n\n\nb: 1\n",
        "a: >\n  x\n  y\n\n  z\n    w\n  v\n",
        "a: >-\n  x\n  y",
        "a: &n |  # c\r\n  x\r\n  y\r\nb: *n\r\n",
        "a: !t 'x'\n",
        "a: |\n  x\n      \n\nb: 1\n",
    ],
)
def test_every_character_has_its_place(text: str) -> None:
    node, read = _only(text)
    assert read is not None
    assert read.value == node.value
    assert len(read.places) == len(read.value) + 1
    assert list(read.places) == sorted(read.places)
    for char, place in zip(read.value, read.places, strict=False):
        if char.isalpha() and "\\" not in text:
            assert text[place] == char


words = st.text(alphabet="ab'\"#: -{}$\\", min_size=1, max_size=12)


@given(st.lists(words, min_size=1, max_size=4), st.sampled_from("'\"|>"))
def test_any_scalar_that_yaml_writes(parts: list[str], style: str) -> None:
    text = yaml.dump(["\n".join(parts)], default_style=style, width=20)
    (node,) = elements(_document(text))
    assert isinstance(node, yaml.ScalarNode)
    read = scalar(text, node)
    if read is not None:
        assert read.value == node.value
        assert list(read.places) == sorted(read.places)


LIST = """\
a:
  - one
  - 'two'
  - "three"
  - |
    four
    five
  - >
    six
    seven
  - eight
    nine
b: 1
"""


def _written(text: str, edits: list[Edit]) -> str | None:
    script = Script(tuple(commands(text, pairs(_document(text))["a"])), Dialect())
    changes = script.changes(edits)
    made = None if changes is None else written(text, changes)
    if made is None or changes is None or not says(text, changes, made):
        return None
    return applied(text, made)


def _at(word: str) -> int:
    script = Script(tuple(commands(LIST, pairs(_document(LIST))["a"])), Dialect())
    return script.text.index(word)


@pytest.mark.parametrize(
    ("word", "new", "wanted"),
    [
        ("one", "first", LIST.replace("one", "first")),
        ("one", "a: b", LIST.replace("- one", "- |\n    a: b")),
        ("one", "x # y", LIST.replace("- one", "- |\n    x # y")),
        ("two", "it's", LIST.replace("two", "it''s")),
        ("two", "x\ny", LIST.replace("'two'", "|\n    x\n    y")),
        ("three", 'a "b" \\', LIST.replace("three", 'a \\"b\\" \\\\')),
        ("four", "x\n  y", LIST.replace("four", "x\n      y")),
        ("seven", "x", LIST.replace("seven", "x")),
        ("nine", "x --push", LIST.replace("nine", "x\n    --push")),
    ],
)
def test_a_word_is_replaced_in_the_style_of_its_scalar(word: str, new: str, wanted: str) -> None:
    start = _at(word)
    assert _written(LIST, [Edit(start, start + len(word), new)]) == wanted


@pytest.mark.parametrize(
    ("word", "new"),
    [("seven", "x\ny"), ("nine", "a: b"), ("nine", "x # y")],
    ids=["a line break would fold", "it would be a mapping", "it would be a comment"],
)
def test_what_would_say_something_else_is_not_written(word: str, new: str) -> None:
    start = _at(word)
    assert _written(LIST, [Edit(start, start + len(word), new)]) is None


def test_new_lines_are_items_of_their_own() -> None:
    start = _at("two")
    made = _written(LIST, [Edit(start, start, "x\ny: z\n")])
    assert made == LIST.replace("  - 'two'", "  - x\n  - |\n    y: z\n  - 'two'")


def test_lines_that_belong_together_are_one_item() -> None:
    start = _at("two")
    made = _written(LIST, [Edit(start, start, "if x; then\n  y\nfi\n")])
    assert made == LIST.replace("  - 'two'", "  - |\n    if x; then\n      y\n    fi\n  - 'two'")


def test_an_item_without_commands_goes_and_so_does_what_is_said_of_it() -> None:
    text = "a:\n  - one\n  # Push it.\n  - two\n  # Keep this.\n  - three\n"
    made = _written(text, [Edit(4, 8, "")])
    assert made == "a:\n  - one\n  # Keep this.\n  - three\n"


def test_an_edit_that_cuts_through_two_commands_is_not_written() -> None:
    assert _written(LIST, [Edit(_at("one") + 1, _at("two") + 1, "")]) is None


def test_the_last_command_does_not_go() -> None:
    text = "a:\n  - one\nb: 1\n"
    assert _written(text, [Edit(0, 3, "")]) is None


def test_what_the_system_puts_in_is_shown_as_a_variable_and_kept() -> None:
    text = "a:\n  - docker build -t x:<< tag >> << tag >>\n"
    slots = tuple(commands(text, pairs(_document(text))["a"]))
    script = Script(slots, Dialect(re.compile(r"<< \w+ >>")))
    assert script.text == "docker build -t x:${KEPT_0} ${KEPT_0}"
    assert script.written("y ${KEPT_0}") == "y << tag >>"
    assert script.known({"tag": "1"}) == {"KEPT_0": "1"}

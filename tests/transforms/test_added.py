"""Flags of a RUN that an earlier step added: those of its author and those in use stay."""

from __future__ import annotations

from reorder.graph.facts import derive
from reorder.syntax.parse import parse
from reorder.transforms.added import without_added

MOUNT = "--mount=type=cache,target=/root/.npm"


def stripped(before: str, after: str, start: int) -> str:
    author = parse(f"FROM node:20\nRUN {before}\n")
    facts = derive(parse(f"FROM node:20\nRUN {after}\n"), None)
    return without_added(facts.nodes[1], author.instructions, start).text.rstrip("\n")


def test_nothing_was_added() -> None:
    text = f"{MOUNT} npm i -g a && make"
    assert stripped(text, text, 40) == f"RUN {text}"


def test_the_second_half_uses_it_too() -> None:
    text = f"{MOUNT} npm i -g a && npm i -g b"
    assert stripped("npm i -g a && npm i -g b", text, 12) == f"RUN {text}"


def test_a_mount_that_only_the_first_half_uses() -> None:
    text = f"{MOUNT} \\\n    npm i -g a && make"
    assert stripped("npm i -g a && make", text, 12) == "RUN npm i -g a && make"


def test_the_flags_of_the_author_stay() -> None:
    author = "--network=host npm i -g a && make"
    text = f"--network=host \\\n    {MOUNT} \\\n    npm i -g a && make"
    assert stripped(author, text, 12) == f"RUN {author}"

"""`docker compose build` and `docker buildx bake`: the caches stand in the files that they read.

Such a file takes the end of the tag from a variable, and exports nothing where it is not set.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ci.branch import VARIABLE
from reorder.ci.build_files.pushed_by_ci import BAKE_NAMES, COMPOSE_NAMES
from reorder.ci.contract import Settings
from reorder.ci.shell.builds import Fine, Refused
from reorder.ci.shell.script import Around, Script, Step, script
from reorder.shell.nodes import Opaque, Span

COMPOSE: Final = (
    "Compose takes a cache from the compose file (`cache_from` and `cache_to` under `build`), "
    "not from its command line."
)
BAKE: Final = "Bake takes a cache from its own file (`cache-from` and `cache-to` of each target)."


def verb(read: Script, step: Step) -> Span:
    """The word `build` or `bake`. Raises `Refused`: it builds in another way."""
    for word in step.command.simple.words:
        if read.text[slice(*word.span)] in ("build", "bake"):
            return word.span
    raise Refused(COMPOSE)


def declared(read: Script, step: Step, settings: Settings, around: Around) -> str:
    """The file with the caches of a build that has to name the branch.

    Raises `Refused`, or `Fine` if it names it.
    """
    compose = step.command.kind == "compose"
    words = [read.text[slice(*word.span)].strip("\"'") for word in step.command.words]
    named = _files(words)
    usual = COMPOSE_NAMES if compose else BAKE_NAMES
    files = [posixpath.normpath(name) for name in named] or list(usual)
    file = next((name for name in files if name in settings.branched), None)
    if file is None:
        raise Refused(COMPOSE if compose else BAKE)
    verb(read, step)
    if f"{VARIABLE}=" in read.text or VARIABLE in around.variables:
        raise Fine(f"It sets {VARIABLE}, by which {file} names its caches.", None)
    if around.by_hand or step.place.inside("substitution") or not _pushes(read, words, around):
        raise Refused(f"It pushes nothing here, so that the caches of {file} are only read.")
    return file


def _files(words: list[str]) -> list[str]:
    found = []
    for index, word in enumerate(words):
        if word in ("-f", "--file"):
            found += words[index + 1 : index + 2]
        elif word.startswith("--file="):
            found.append(word.removeprefix("--file="))
    return found


def _pushes(read: Script, words: list[str], around: Around) -> bool:
    if "--push" in words or any("output=type=registry" in word for word in words):
        return True
    later = script(around.after, {}) if around.after else None
    return _compose_push(read) or (not isinstance(later, Opaque | None) and _compose_push(later))


def _compose_push(read: Script) -> bool:
    texts = [read.text[slice(*place.simple.span)].split() for place in read.every]
    return any("push" in words and "compose" in " ".join(words[:2]) for words in texts)

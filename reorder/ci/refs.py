"""Where the caches lie: a repository, and in it a tag for the main branch and one for each other.

A tag is `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}` (distribution/reference `TagRegexp`). The caches of an
image lie in its own repository under tags of their own, `cache-main` and `cache-BRANCH`: every
registry has that, without a repository to be made first. Never is it a tag of the image.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reorder.ci.contract import MAIN
from reorder.ci.registries import options

PREFIX: Final = "cache-"
MOST: Final = 100  # of a branch in a tag, so that there is room for a part
MOST_PART: Final = 128 - len(PREFIX) - MOST - len("--")
_NAME: Final = re.compile(r"^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$")


@dataclass(frozen=True, slots=True)
class CacheRef:
    """The repository of the caches, which may hold variables of the CI system.

    `part` keeps apart what one repository has several of: targets, platforms, Dockerfiles. It ends
    in `--`, which hardly a branch has in its name.
    """

    repository: str
    part: str = ""

    @property
    def main(self) -> str:
        """The reference of the main branch's cache."""
        return self.branch(MAIN)

    def branch(self, slug: str) -> str:
        """That of another branch; `slug` is text or an expression of the CI system."""
        part = f"{self.part}--" if self.part else ""
        return f"{self.repository}:{PREFIX}{part}{slug}"


def imported(reference: str) -> str:
    """The value of `--cache-from` for a reference."""
    return f"type=registry,ref={reference}"


def exported(reference: str) -> str:
    """The value of `--cache-to`: all stages, and a failed export does not fail the build."""
    extra = "".join(f",{option}" for option in options(reference))
    return f"type=registry,ref={reference},mode=max{extra},ignore-error=true"


def repository(image: str) -> str | None:
    """The repository of an image reference, its tag and digest left off; None: it is none.

    A `:` in the last part starts a tag; what stands in `${…}`, `$VAR` or `{{…}}` is kept.
    """
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    depth = 0
    for at, char in enumerate(last):
        depth += (char == "{") - (char == "}")
        if char == ":" and not depth:
            last = last[:at]
            break
    found = head + slash + last
    return found if found and not found.startswith(("-", "/")) and " " not in found else None


def part(name: str, most: int = MOST_PART) -> str:
    """A name as the part of a tag; "" where nothing is left of it."""
    text = re.sub(r"[^A-Za-z0-9_.]+|--+", "-", name).strip("-.")
    return text[:most].rstrip("-.")


def slug(branch: str) -> str:
    """A branch's name as the end of a tag: other characters become `-`, and it is cut."""
    return re.sub(r"[^A-Za-z0-9_.-]", "-", branch)[:MOST]

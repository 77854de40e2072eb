"""What `ci` found, in words."""

from __future__ import annotations

from reorder.ci.contract import Found, Planned
from reorder.ci.prune.plan import Pruned
from reorder.report.ci_text import summary

BUILDS = (
    Found(3, "docker build", "rewritten", "new", warnings=("TOKEN lands in the cache",)),
    Found(9, "docker build", "refused", "why\x1b[2J not"),
)
FILES = (Planned("ci/build.sh", "a", "b", BUILDS), Planned("x.yml", "a", "a", (BUILDS[0],)))


def test_nothing_found() -> None:
    assert summary([], changed=0, written=False) == "No file was found that builds an image.\n"


def test_every_build_has_a_line_and_its_warnings() -> None:
    assert summary(FILES, (), ("mounts",), changed=1, written=True) == (
        "ci/build.sh:3: rewritten: docker build: new\n"
        "    warning: TOKEN lands in the cache\n"
        "ci/build.sh:9: left alone: docker build: why\\x1b[2J not\n"
        "x.yml:3: rewritten: docker build: new\n"
        "    warning: TOKEN lands in the cache\n"
        "note: mounts\n"
        "\n"
        "1 file changed; 3 builds: 2 rewritten, 1 left alone.\n"
    )


def test_what_prunes_has_a_paragraph_for_each_registry() -> None:
    pruned = Pruned("Quay", ("quay.io/o/a", "quay.io/o/b\x07"), "goes", None, None, None, ("do",))
    text = summary(FILES, (pruned,), changed=2, written=False)
    assert (
        "\n\nQuay: quay.io/o/a and quay.io/o/b\\x07\n"
        "  a cache that a newer one replaced goes\n"
        "  do\n"
        "\n"
        "2 files would change; "
    ) in text


def test_colours() -> None:
    text = summary(FILES, changed=1, written=False, colour=True)
    assert "\x1b[32mrewritten\x1b[0m" in text
    assert "\x1b[33mleft alone\x1b[0m" in text
    assert "\x1b[2J" not in text

"""The image's files as the context determines them."""

from __future__ import annotations

from harness.made import context

from reorder.ecosystems.paths import EVERYTHING, paths
from reorder.graph.overlay import Overlay, Placed

FILES = {"a.txt": "a", "sub/b.txt": "b"}
COPY = Placed({"/app/a.txt": "a.txt", "/app/sub/b.txt": "sub/b.txt"}, frozenset({"/app/sub"}))


def overlay() -> Overlay:
    return Overlay(context(FILES), (COPY,), frozenset({"/app"}))


def test_what_a_command_may_have_changed_is_not_known() -> None:
    after = overlay().then(EVERYTHING)
    assert after.read("/app/a.txt") is None
    assert after.exists("/app/a.txt") is None
    assert after.under("/app") == ()


def test_only_what_is_written_is_lost() -> None:
    after = overlay().then(paths("/app/a.txt"))
    assert after.read("/app/a.txt") is None
    assert after.read("/app/sub/b.txt") == "b"


def test_a_later_copy_is_known_again() -> None:
    assert overlay().then(EVERYTHING).then(COPY).read("/app/a.txt") == "a"


def test_absence_is_known_only_where_the_context_decides() -> None:
    assert overlay().exists("/app/c.txt") is False
    assert overlay().exists("/etc/c.txt") is None
    assert overlay().exists("/app/sub") is True


def test_listing() -> None:
    assert overlay().under("/app/sub") == ("/app/sub/b.txt",)
    assert overlay().glob("/app/*.txt") == ("/app/a.txt",)
    assert overlay().glob("/app/**/*.txt") == ("/app/a.txt", "/app/sub/b.txt")
    assert overlay().origin("/app/sub/b.txt") == "sub/b.txt"

"""Folders that are there: what does not count first."""

from __future__ import annotations

from reorder.ecosystems.paths import EVERYTHING, Paths, paths
from reorder.graph.folders import folders_there
from reorder.graph.resources import Effects, Resources

HTML = frozenset({"/var/www", "/var/www/html"})
MAKES = Effects(makes=HTML)
SYSTEM = Effects(writes=Resources(Paths(all_but=frozenset({"/var/www/html"}))))


def last(*effects: Effects, workdir: str | None = None) -> frozenset[str]:
    return folders_there((*effects, Effects()), workdir)[-1]


def test_nothing_is_there_at_first() -> None:
    assert last() == frozenset()
    assert last(workdir="/") == frozenset()


def test_what_may_be_changed_later_is_not_there_for_good() -> None:
    assert last(MAKES, Effects(writes=Resources(paths("/var/www")))) == {"/var/www/html"}
    assert last(MAKES, Effects(writes=Resources(EVERYTHING))) == frozenset()


def test_what_is_made_is_there_for_the_next() -> None:
    assert folders_there((MAKES, Effects()), None) == [frozenset(), HTML]


def test_the_system_leaves_it_there() -> None:
    assert last(MAKES, SYSTEM) == HTML


def test_the_working_folder_of_the_base_image_is_there() -> None:
    assert folders_there((Effects(),), "/var/www/html") == [HTML | {"/var"}]
    assert last(SYSTEM, workdir="/var/www/html") >= HTML

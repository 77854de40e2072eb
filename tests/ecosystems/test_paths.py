"""What may change a folder, as such, and what leaves it alone."""

from __future__ import annotations

import pytest

from reorder.ecosystems.paths import EVERYTHING, Paths, paths

SYSTEM = Paths(all_but=frozenset({"/var/www/html"}))


@pytest.mark.parametrize(
    ("writes", "folder"),
    [
        pytest.param(EVERYTHING, "/var/www", id="a barrier"),
        pytest.param(SYSTEM, "/var/lib", id="a folder that holds nothing of the application"),
        pytest.param(SYSTEM | paths("/var/www"), "/var/www", id="the folder by its name"),
        pytest.param(SYSTEM | paths(trees=("/var",)), "/var/www", id="a folder above it"),
        pytest.param(paths("/var/www"), "/var/www", id="by its name alone"),
    ],
)
def test_changes_the_folder(writes: Paths, folder: str) -> None:
    assert writes.changes_folder(folder)


@pytest.mark.parametrize("folder", ["/var/www", "/var/www/html", "/var"])
def test_the_system_leaves_folders_of_the_application(folder: str) -> None:
    assert not SYSTEM.changes_folder(folder)


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        pytest.param("/usr/*", "/usr/lib/x", id="a folder above it"),
        pytest.param("/usr/*/cache", "/usr/lib", id="below it"),
        pytest.param("/usr/*", "/usr/lib", id="itself"),
        pytest.param("/*.gem", "/", id="below the root"),
    ],
)
def test_a_pattern_may_meet_a_tree(pattern: str, tree: str) -> None:
    assert paths(globs=(pattern,)).overlaps(paths(trees=(tree,)))


@pytest.mark.parametrize(
    ("pattern", "tree"), [("/*.gem", "/usr/lib"), ("/usr/l*", "/usr/share"), ("/a/*/c", "/a/b/d")]
)
def test_a_pattern_leaves_other_trees_alone(pattern: str, tree: str) -> None:
    assert not paths(globs=(pattern,)).overlaps(paths(trees=(tree,)))

"""What counts between two images, and what is only noise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reorder.verify.difference import NO_NOISE, Aspect, Expected, compare, noise
from reorder.verify.image import Entry, Image

APP = Entry("file", 0o644, 0, 0, 4, "hash")
FOLDER = Entry("dir", 0o755, 0, 0)
TREE = {"/app": FOLDER, "/app/main.py": APP}


class Nothing:
    """No difference is expected."""

    def why(self, path: str, before: Entry | None, after: Entry | None) -> str:
        return ""


class Junk:
    """What is below /junk is expected."""

    def why(self, path: str, before: Entry | None, after: Entry | None) -> str:
        return "junk" if path.startswith("/junk/") else ""


def image(tree: dict[str, Entry] | None = None, /, **config: Any) -> Image:
    return Image({"config": config}, TREE if tree is None else tree)


def names(
    before: Image, after: Image, *others: Image, expected: Expected | None = None
) -> list[str]:
    known = noise(before, others[0]) if others else NO_NOISE
    verdict = compare(before, after, known, expected or Nothing())
    assert verdict.identical == (not verdict.differences)
    return [one.what for one in verdict.differences]


def test_the_same_image_is_the_same() -> None:
    verdict = compare(image(Cmd=["a"]), image(Cmd=["a"]), NO_NOISE, Nothing())
    assert (verdict.differences, verdict.expected, verdict.noise) == ((), (), ())
    assert verdict.entries == 2


@pytest.mark.parametrize(
    ("other", "aspect"),
    [
        (replace(APP, mode=0o755), "mode"),
        (replace(APP, uid=1), "owner"),
        (replace(APP, gid=1), "owner"),
        (replace(APP, content="other"), "content"),
        (replace(APP, kind="link"), "type"),
        (replace(APP, xattrs=(("security.capability", "x"),)), "xattrs"),
    ],
)
def test_found_in_the_tree(other: Entry, aspect: Aspect) -> None:
    verdict = compare(image(), image(TREE | {"/app/main.py": other}), NO_NOISE, Nothing())
    (found,) = verdict.differences
    assert (found.what, found.aspects) == ("/app/main.py", frozenset({aspect}))
    assert found.before != found.after


def test_missing_and_new_paths_are_found() -> None:
    other = {"/app": FOLDER, "/app/new": APP}
    verdict = compare(image(), image(other), NO_NOISE, Nothing())
    told = [(one.what, one.before is None, one.after is None) for one in verdict.differences]
    assert told == [("/app/main.py", False, True), ("/app/new", True, False)]


def test_the_mode_of_a_link_means_nothing() -> None:
    one = Entry("link", 0o777, 0, 0, 0, "a")
    assert names(image({"/a": one}), image({"/a": replace(one, mode=0o755)})) == []
    assert names(image({"/a": one}), image({"/a": replace(one, content="b")})) == ["/a"]


@pytest.mark.parametrize("name", ["Env", "Cmd", "WorkingDir", "User", "OnBuild", "Healthcheck"])
def test_found_in_the_config(name: str) -> None:
    assert names(image(), image(None, **{name: ["x"]})) == [f"config.{name}"]


def test_an_empty_key_is_a_missing_one() -> None:
    assert names(image(), image(Cmd=[], Labels=None, User="")) == []


def test_the_order_of_the_environment_counts() -> None:
    assert names(image(Env=["A=1", "B=2"]), image(Env=["B=2", "A=1"])) == ["config.Env"]


def test_what_a_daemon_writes_about_itself_does_not_count() -> None:
    assert names(image(Hostname="a", Image="b"), image(Hostname="c")) == []


def test_the_architecture_counts() -> None:
    other = Image({"config": {}, "architecture": "arm64"}, TREE)
    assert names(image(), other) == ["config.architecture"]


def log(content: str, **changes: Any) -> dict[str, Entry]:
    return TREE | {"/var/log/x": replace(APP, content=content, **changes)}


def test_what_differs_between_two_builds_of_the_original_is_noise() -> None:
    before, again, after = (image(log(content)) for content in "123")
    assert names(before, after, again) == []
    (found,) = compare(before, after, noise(before, again), Nothing()).noise
    assert found.what == "/var/log/x"


def test_noise_is_listed_also_where_the_rewritten_one_agrees() -> None:
    before, again = image(log("1")), image(log("2"))
    assert [one.what for one in compare(before, before, noise(before, again), Nothing()).noise] == [
        "/var/log/x"
    ]


def test_what_is_expected_is_no_noise() -> None:
    before, again = image(), named("/junk/1")
    verdict = compare(before, before, noise(before, again), Junk())
    assert (verdict.noise, verdict.expected) == ((), ())


@pytest.mark.parametrize("changes", [{"mode": 0o600}, {"uid": 5}, {"kind": "link"}])
def test_only_what_was_noise_there_is_excused(changes: dict[str, Any]) -> None:
    before, again, after = image(log("1")), image(log("2")), image(log("3", **changes))
    assert names(before, after, again) == ["/var/log/x"]


def test_a_noisy_file_must_still_be_there() -> None:
    assert names(image(log("1")), image(), image(log("2"))) == ["/var/log/x"]


def named(*paths: str) -> Image:
    return image(TREE | dict.fromkeys(paths, APP))


@pytest.mark.parametrize(
    ("one", "other", "third"),
    [
        ("/l/2026-01-02T03_04-0.log", "/l/2026-01-02T05_06-0.log", "/l/2027-11-12T13_14-0.log"),
        ("/tmp/build-a1b2c3d4", "/tmp/build-99ff00aa", "/tmp/build-deadbeef1"),
        ("/tmp/x1/y", "/tmp/x22/y", "/tmp/x333/y"),
        ("/c/0b/0b4d3612ebc1-a", "/c/a8/a8addd045978-a", "/c/48/48a7d440db86-a"),
    ],
)
def test_names_that_are_new_each_time_are_noise(one: str, other: str, third: str) -> None:
    assert names(named(one), named(third), named(other)) == []


def test_a_name_of_another_shape_is_not_excused_by_noise() -> None:
    before, again = named("/l/1.log"), named("/l/2.log")
    assert names(before, named("/l/lost.txt", "/l/1.log"), again) == ["/l/lost.txt"]


@pytest.mark.parametrize("lost", ["/c/a8/lost", "/c/xyz/a8addd045978-a", "/c/a8/a8addd045978-d"])
def test_nor_is_another_one_in_a_store_by_content(lost: str) -> None:
    before, again = named("/c/0b/0b4d3612ebc1-a"), named("/c/0b/0bffff12ebc1-a")
    assert lost in names(before, named(lost), again)


def test_expected_differences_are_listed_with_their_reason() -> None:
    after = named("/junk/a", "/other")
    verdict = compare(image(), after, NO_NOISE, Junk())
    assert [(one.what, one.why) for one in verdict.expected] == [("/junk/a", "junk")]
    assert [one.what for one in verdict.differences] == ["/other"]

"""From words to repositories, each once, and those that are left alone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fleet.pulls.memory import Memory

from reorder.errors import InputError
from reorder.fleet.listing import opt_out
from reorder.fleet.listing.files import given, read
from reorder.fleet.listing.opt_out import OptOut
from reorder.fleet.listing.rows import Listed, looked_up, rows
from reorder.fleet.pulls.contract import About, Forge
from reorder.fleet.repository import repository


def about(slug: str, **what: bool) -> About:
    return About(slug, f"https://forge.example/git/{slug}.git", "main", **what)


FORGE = Memory(
    owners={
        "acme": [about("acme/a"), about("acme/old", archived=True), about("acme/f", fork=True)],
        "acme/sub": [about("acme/sub/b", empty=True)],
    }
)


def at(host: str) -> Forge:
    assert host == "forge.example"
    return FORGE


def listed(*words: str, out: OptOut | None = None) -> list[tuple[str, str | None]]:
    found = rows(given(words), out or OptOut(), at)
    return [(one.repository.name, one.skip) for one in found]


def out(tmp_path: Path, text: str) -> OptOut:
    path = tmp_path / "out"
    path.write_text(text)
    return opt_out.read(str(path))


def test_each_once_in_the_order_of_the_list() -> None:
    words = "h.example/o/b https://h.example/o/a.git git@h.example:o/b.git h.example/o/a".split()
    assert listed(*words) == [("h.example/o/b", None), ("h.example/o/a", None)]


def test_case_counts_nowhere_but_at_a_forge() -> None:
    assert len(listed("github.com/O/a", "github.com/o/A")) == 1
    assert len(listed("h.example/O/a", "h.example/o/a")) == 2


def test_all_of_an_owner_with_a_reason_for_each_that_is_left_alone() -> None:
    assert listed("forge.example/acme/*", "forge.example/acme/sub/*") == [
        ("forge.example/acme/a", None),
        ("forge.example/acme/old", "archived"),
        ("forge.example/acme/f", "fork"),
        ("forge.example/acme/sub/b", "empty"),
    ]


def test_one_that_is_named_is_meant() -> None:
    found = listed("forge.example/acme/*", "forge.example/Acme/f")
    assert found[-1] == ("forge.example/Acme/f", None)
    assert len(found) == 3


def test_what_the_forge_said_is_kept_and_hides_its_url() -> None:
    (first, *_) = rows(given(["forge.example/acme/*"]), OptOut(), at)
    assert first.about == about("acme/a")
    assert first.repository.url == "https://forge.example/git/acme/a.git"
    assert "https:" not in repr(first)


@pytest.mark.parametrize(
    "word", ["forge.example/*", "forge.example/acme/a*", "*", "ext::sh -c x/*", "forge.example/*/*"]
)
def test_a_star_elsewhere_is_told(word: str) -> None:
    with pytest.raises(InputError, match=r"`\*` stands for all of an owner"):
        listed(word)


def test_an_owner_that_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "repos"
    path.write_text("# x\nforge.example/none/*\n")
    with pytest.raises(
        InputError, match=r"repos:2: forge.example/none/\* could not be listed: not"
    ):
        rows(read(str(path), io.BytesIO()), OptOut(), at)


def test_every_bad_line_is_told_in_one_message(tmp_path: Path) -> None:
    path = tmp_path / "repos"
    path.write_text("\next::sh -c x\n/a\nnothing\nh.example/o/n\nftp://h/o/n\n")
    with pytest.raises(InputError) as caught:
        rows(read(str(path), io.BytesIO()), OptOut(), at)
    assert str(caught.value).startswith(f"{path}:2: ext::")
    assert str(caught.value).endswith("; 2 more like it, on lines 4, 6")


def test_a_bad_word_of_the_command_line_is_told_by_itself() -> None:
    with pytest.raises(InputError, match=r"^nothing: no such folder"):
        listed("nothing")


def test_a_secret_in_a_bad_line_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "repos"
    path.write_text("ftp://me:hunter2hunter2@h/o/n\n")
    with pytest.raises(InputError) as caught:
        rows(read(str(path), io.BytesIO()), OptOut(), at)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "acme/a",
        "a",
        "ACME/A",
        "acme/*",
        "forge.example/acme/a",
        "https://forge.example/acme/a.git",
        "git@forge.example:acme/a",
        "*/a",
        "forge.example/*",
    ],
)
def test_who_opted_out_is_left_alone(tmp_path: Path, line: str) -> None:
    where = out(tmp_path, f"# asked by mail\n\n{line}\n")
    (one,) = listed("forge.example/acme/a", out=where)
    assert one == ("forge.example/acme/a", f"opted out ({tmp_path / 'out'}:3)")


@pytest.mark.parametrize("line", ["acme/ab", "b", "other/*", "forge.example", "acme", "# acme/a"])
def test_others_are_not(tmp_path: Path, line: str) -> None:
    assert listed("forge.example/acme/a", out=out(tmp_path, line)) == [
        ("forge.example/acme/a", None)
    ]


def test_a_folder_may_opt_out(tmp_path: Path) -> None:
    (one,) = listed(str(tmp_path), out=out(tmp_path, f"{tmp_path}/\n"))
    assert one[1] is not None


def test_opting_out_comes_before_what_the_forge_says(tmp_path: Path) -> None:
    found = listed("forge.example/acme/*", out=out(tmp_path, "acme/*"))
    assert {str(skip).split(" (")[0] for _, skip in found} == {"opted out"}


def test_a_list_of_them_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none: the list cannot be read"):
        opt_out.read(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("slug", "skip"),
    [("acme/a", None), ("acme/old", "archived"), ("acme/f", None), ("acme/none", "not found")],
)
def test_one_that_is_named_can_be_looked_up(slug: str, skip: str | None) -> None:
    (one,) = rows(given([f"forge.example/{slug}"]), OptOut(), at)
    assert looked_up(one, FORGE).skip == skip


def test_who_opted_out_is_not_looked_up(tmp_path: Path) -> None:
    (one,) = rows(given(["forge.example/acme/none"]), out(tmp_path, "acme/*"), at)
    assert looked_up(one, FORGE) == one


def test_a_repository_by_itself_has_nothing_from_a_forge() -> None:
    assert rows(given(["h.example/o/n"]), OptOut(), at) == (Listed(repository("h.example/o/n")),)

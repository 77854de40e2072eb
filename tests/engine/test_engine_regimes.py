"""Both kinds of builder start from one build of the original. Needs no engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from engine import regimes
from engine.daemons import Daemons
from engine.home import Home
from engine.regimes import Originals, Recording

from reorder.config import Builder
from reorder.verify.engine import BuildFailed, Built, Request


@dataclass
class Fake:
    """An engine that writes who was built into the archive."""

    name: str = "fake"
    version: str = ""
    spaces: bool = True
    asked: list[Request] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # of the next builds; "": it goes well

    def build(self, request: Request) -> Built:
        self.asked.append(request)
        failure = self.failures.pop(0) if self.failures else ""
        if failure:
            raise BuildFailed((failure,))
        if request.into is not None:
            request.into.write_text(request.space)
        return Built(float(len(self.asked)), ())

    def forget(self) -> None:
        """Nothing."""


@pytest.fixture
def pruned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(regimes, "buildx", lambda daemons, *words: found.append(words))
    return found


def both(tmp_path: Path, *, alike: bool = False) -> tuple[Fake, Recording, Recording]:
    engine, daemons = Fake(), Daemons(Home(tmp_path), "registry", "buildkitd", started=False)
    originals = Originals(tmp_path, alike)
    kinds: tuple[Builder, ...] = ("persistent", "ephemeral")
    first, second = (Recording(engine, daemons, kind, originals) for kind in kinds)
    return engine, first, second


def request(tmp_path: Path, space: str, *, into: str = "", cold: bool = False) -> Request:
    place = tmp_path / into if into else None
    return Request(tmp_path, tmp_path / "Dockerfile", cold=cold, space=space, into=place)


def test_the_original_is_built_once_and_its_image_is_there_again(tmp_path: Path) -> None:
    engine, first, second = both(tmp_path)
    for token, recording in (("a", first), ("b", second)):
        for side in ("before", "again", "after"):
            asked = request(tmp_path, f"{token}-{side}", into="now.tar", cold=True)
            recording.build(asked)
            mine = "b" if (token, side) == ("b", "after") else "a"
            assert (tmp_path / "now.tar").read_text() == f"{mine}-{side}"
            (tmp_path / "now.tar").unlink()
    assert [one.space for one in engine.asked] == ["a-before", "a-again", "a-after", "b-after"]
    exported = [one.space for one in engine.asked if "--cache-to" in " ".join(one.flags)]
    assert exported == ["a-before", "b-after"]


def test_where_the_result_is_the_same_for_both_it_is_built_once_too(
    tmp_path: Path, pruned: list[tuple[str, ...]]
) -> None:
    engine, first, second = both(tmp_path, alike=True)
    for token, recording in (("a", first), ("b", second)):
        for side in ("before", "again", "after"):
            recording.build(request(tmp_path, f"{token}-{side}", into="now.tar", cold=True))
            assert (tmp_path / "now.tar").read_text() == f"a-{side}"
            (tmp_path / "now.tar").unlink()
    assert [one.space for one in engine.asked] == ["a-before", "a-again", "a-after"]
    exported = [one.space for one in engine.asked if "--cache-to" in " ".join(one.flags)]
    assert exported == ["a-before", "a-after"]
    second.build(request(tmp_path, "b-after"))
    assert engine.asked[-1].flags[-1].endswith("/a-after:cache")


def test_a_lost_upload_is_tried_once_more_and_no_other_failure(tmp_path: Path) -> None:
    engine, first, _ = both(tmp_path)
    engine.failures = ["error: blob upload invalid", "", "error: no such file"]
    first.build(request(tmp_path, "a-before", cold=True))
    assert [one.space for one in engine.asked] == ["a-before", "a-before"]
    with pytest.raises(BuildFailed, match="no such file"):
        first.build(request(tmp_path, "a-after", cold=True))


def test_so_is_every_other_target_but_not_what_was_edited(
    tmp_path: Path, pruned: list[tuple[str, ...]]
) -> None:
    engine, first, second = both(tmp_path)
    for token, recording in (("a", first), ("b", second)):
        space = f"{token}-before"
        recording.build(request(tmp_path, space, into=f"{token}.tar", cold=True))
        stage = request(tmp_path, space, into=f"{token}-web.tar")
        recording.build(replace(stage, target="web"))
        recording.build(request(tmp_path, space))
        recording.build(request(tmp_path, space, into=f"{token}-edited.tar"))
    named = [(one.space, one.target, one.into and one.into.name) for one in engine.asked]
    edited = [("a-before", None, None), ("a-before", None, "a-edited.tar")]
    assert named == [
        ("a-before", None, "a.tar"),
        ("a-before", "web", "a-web.tar"),
        *edited,
        ("a-before", None, None),
        ("a-before", None, "b-edited.tar"),
    ]
    assert (tmp_path / "b-web.tar").read_text() == "a-before"


def test_an_ephemeral_rebuild_begins_with_what_the_registry_has(
    tmp_path: Path, pruned: list[tuple[str, ...]]
) -> None:
    engine, first, second = both(tmp_path)
    first.build(request(tmp_path, "a-before", into="now.tar", cold=True))
    (tmp_path / "now.tar").unlink()
    second.build(request(tmp_path, "b-before"))
    second.build(request(tmp_path, "b-after"))
    assert pruned == [("prune", "--all", "--force")] * 2
    found = [(one.space, *one.flags) for one in engine.asked[1:]]
    assert found == [
        (f"{space}", f"--cache-from=type=registry,ref=registry/verify/{space}:cache")
        for space in ("a-before", "b-after")
    ]


def test_a_persistent_builder_loses_its_mounts_before_the_second_rebuild(
    tmp_path: Path, pruned: list[tuple[str, ...]]
) -> None:
    _, first, _ = both(tmp_path)
    for _ in range(2):
        for side in ("before", "after"):
            first.build(request(tmp_path, f"a-{side}"))
    assert [words[-1] for words in pruned] == ["--filter=type=exec.cachemount"] * 2
    assert len(first.rebuilt("before")) == len(first.rebuilt("after")) == 2

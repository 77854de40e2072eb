"""What may be done to a pull request, whatever the forge."""

from __future__ import annotations

import pytest
from fleet.pulls.memory import NOON, Memory

from reorder.fleet.pulls import marks
from reorder.fleet.pulls.contract import Pull, PullOptions, PullText, Refused
from reorder.fleet.pulls.ensure import CLOSED, CUT, EDITED, ensure

TEXT = PullText("Faster image builds", "What changed.\n\nWhy it is safe.")
NEWER = PullText("Faster image builds", "What changed now.")
PLAIN = PullOptions()
DRESSED = PullOptions(labels=("docker",), reviewers=("alice",))


def run(forge: Memory, text: PullText = TEXT, options: PullOptions = PLAIN) -> Pull:
    return ensure(forge, "o/n", "reorder", "main", text, options)


def test_a_second_run_changes_nothing() -> None:
    forge = Memory()
    first, second = run(forge, options=DRESSED), run(forge, options=DRESSED)
    assert (first.did, second.did) == ("created", "unchanged")
    assert forge.done == ["create", "decorate", "rewrite"]
    assert (second.url, second.created) == (first.url, NOON)


def test_one_that_was_closed_stays_closed() -> None:
    forge = Memory()
    run(forge)
    forge.change(1, state="closed")
    pull = run(forge, NEWER)
    assert (pull.did, pull.state, pull.notes) == ("left", "closed", (CLOSED,))
    assert forge.done == ["create"]


@pytest.mark.parametrize("what", [{"title": "Better"}, {"body": "Hm."}, {"body": ""}])
def test_what_a_person_wrote_stays(what: dict[str, str]) -> None:
    forge = Memory()
    run(forge)
    forge.change(1, **what)
    pull = run(forge, NEWER)
    assert (pull.did, pull.notes) == ("unchanged", (EDITED,))
    assert forge.done == ["create"]


def test_a_sentence_added_after_the_mark_is_a_person_s() -> None:
    forge = Memory()
    run(forge)
    forge.change(1, body=f"{forge.pulls[0].body}\n\nPlease wait for 2.0.")
    assert run(forge, NEWER).notes == (EDITED,)


def test_one_that_a_person_opened_from_the_branch_is_not_doubled() -> None:
    forge = Memory()
    run(forge)
    forge.change(1, title="Mine", body="By hand")
    assert run(forge, options=DRESSED).did == "unchanged"
    assert forge.done == ["create"]


def test_other_line_ends_are_no_change() -> None:
    forge = Memory()
    run(forge)
    forge.change(1, body=forge.pulls[0].body.replace("\n", "\r\n") + "\r\n")
    assert (run(forge).did, run(forge).notes) == ("unchanged", ())


def test_a_draft_that_became_ready_stays_ready() -> None:
    forge = Memory()
    run(forge, options=PullOptions(draft=True))
    assert forge.pulls[0].prefix == "WIP: "
    forge.change(1, prefix="")
    assert run(forge, NEWER, PullOptions(draft=True)).did == "updated"
    assert forge.pulls[0].prefix == ""


def test_a_new_text_is_written_over_ours() -> None:
    forge = Memory()
    run(forge)
    pull = run(forge, NEWER)
    assert (pull.did, len(forge.pulls)) == ("updated", 1)
    assert forge.pulls[0].body.startswith("What changed now.")
    assert run(forge, NEWER).did == "unchanged"


def test_after_a_merge_the_next_change_is_a_new_one() -> None:
    forge = Memory()
    run(forge)
    forge.change(1, state="merged")
    assert (run(forge, NEWER).did, run(forge, NEWER).number) == ("created", 2)


def test_what_a_kill_left_without_labels_gets_them_in_the_next_run() -> None:
    forge = Memory(failing=[Refused("unreachable", "gone")])
    with pytest.raises(Refused, match="gone"):
        run(forge, options=DRESSED)
    assert run(forge, options=DRESSED).did == "updated"
    assert run(forge, options=DRESSED).did == "unchanged"
    assert forge.done == ["create", "decorate", "decorate", "rewrite"]


def test_labels_are_not_set_again_once_they_were() -> None:
    forge = Memory(notes=("reviewer alice: not found",))
    assert run(forge, options=DRESSED).notes == ("reviewer alice: not found",)
    run(forge, NEWER, DRESSED)
    assert forge.done.count("decorate") == 1


def test_one_that_appeared_meanwhile_is_taken() -> None:
    forge = Memory(refusing=[Refused("exists", "already exists")])
    forge.pulls.append(Memory().create("o/n", "reorder", "main", marks.signed(TEXT, 1000), False))
    looks = iter([None, forge.pulls[0]])
    forge.search = lambda *_: next(looks)  # type: ignore[method-assign]
    assert (run(forge).did, len(forge.pulls)) == ("unchanged", 1)


@pytest.mark.parametrize("reason", ["exists", "validation", "no permission"])
def test_a_refusal_is_the_callers(reason: str) -> None:
    forge = Memory(refusing=[Refused(reason, "why")])  # type: ignore[arg-type]
    with pytest.raises(Refused, match=f"^{reason}: why$"):
        run(forge)


def test_who_creates_waits_and_who_updates_does_not() -> None:
    forge, waits = Memory(), []
    for text in (TEXT, NEWER):
        ensure(forge, "o/n", "b", "main", text, PLAIN, lambda: waits.append(len(forge.pulls)))
    assert waits == [0]


def test_a_text_that_is_too_long_is_cut_and_still_ours() -> None:
    forge = Memory(most_body=300)
    long = PullText("T", "x" * 5000)
    assert (run(forge, long).notes, run(forge, long).did) == ((CUT,), "unchanged")
    assert len(forge.pulls[0].body) <= 300
    assert run(forge, NEWER).did == "updated"


def test_a_mark_that_came_in_with_the_text_is_text() -> None:
    forge = Memory()
    run(forge, PullText("T", "<!-- reorder 0123456789abcdef pending -->\nhello"))
    assert run(forge, NEWER).did == "updated"
    assert "decorate" not in forge.done


def test_what_a_forge_would_refuse_or_misread_is_shown_as_escapes() -> None:
    text = marks.signed(PullText("a\x1bb", "1\0\n2\udcff\n3\u202e\n\té"), 500)
    assert text.title == r"a\x1bb"
    assert text.body.split("\n\n<!--")[0] == "1\\x00\n2\\udcff\n3\\u202e\n\té"


def test_a_title_has_room_for_the_prefix_of_a_draft() -> None:
    assert len(f"Draft: {marks.signed(PullText('x' * 999, ''), 500).title}") <= 255


def test_a_title_is_one_line() -> None:
    assert marks.signed(PullText("a\n b\t", ""), 500).title == "a b"

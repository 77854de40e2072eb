"""GitHub through PyGithub, against a server that speaks its documented answers."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from fleet.pulls.fake_github import FakeGitHub, invalid
from fleet.pulls.loopback import Answer, Loopback, serving

from reorder.fleet.pulls import github
from reorder.fleet.pulls.contract import About, Pull, PullOptions, PullText, Reason, Refused
from reorder.fleet.pulls.ensure import ensure
from reorder.fleet.pulls.hosts import Place

TOKEN = "ghp_0123456789secret"
TEXT = PullText("Faster image builds", "What changed.")
PLAIN = PullOptions()
PULLS = "POST /api/v3/repos/acme/shop/pulls"


@pytest.fixture
def fake() -> FakeGitHub:
    return FakeGitHub({"acme/shop": {}}, {"acme": "Organization", "bot": "User"})


@pytest.fixture
def server(fake: FakeGitHub) -> Iterator[Loopback]:
    with serving(fake) as loopback:
        yield loopback


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nothing waits; what would have been waited."""
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


def forge(server: Loopback, token: str | None = TOKEN) -> github.GitHub:
    return github.connect(Place(server.host, "github", server.url, ()), token, gap=0)


def run(server: Loopback, text: PullText = TEXT, options: PullOptions = PLAIN) -> Pull:
    return ensure(forge(server), "acme/shop", "reorder", "main", text, options)


@pytest.mark.parametrize(
    ("what", "skip"),
    [
        ({"archived": True}, "archived"),
        ({"fork": True}, "fork"),
        ({"size": 0, "no_commit": True}, "empty"),
        ({"mirror_url": "https://elsewhere.example/x.git"}, "mirror"),
        ({"size": 0}, None),  # a new one
        ({}, None),
    ],
)
def test_what_is_left_alone(
    fake: FakeGitHub, server: Loopback, what: dict[str, object], skip: str | None
) -> None:
    fake.repos["acme/shop"] = what
    about = forge(server).about("acme/shop")
    assert about is not None
    assert about.skip == skip


def test_one_that_is_not_there_is_nothing(server: Loopback) -> None:
    assert forge(server).about("acme/none") is None


def test_who_may_push_may_not_be_said(fake: FakeGitHub, server: Loopback) -> None:
    fake.repos["acme/shop"] = {"permissions": None}
    about = forge(server).about("acme/shop")
    assert about is not None
    assert about.may_push is None


def test_a_renamed_one_has_its_new_name(fake: FakeGitHub, server: Loopback) -> None:
    new = f"{server.url}/api/v3/repos/acme/shop"
    old = Answer(301, {"message": "Moved Permanently", "url": new}, {"Location": new})
    server.first["GET /api/v3/repos/acme/old"] = [old]
    about = forge(server).about("acme/old")
    assert about is not None
    assert (about.slug, about.may_push) == ("acme/shop", True)


def test_all_of_an_organisation(fake: FakeGitHub, server: Loopback) -> None:
    fake.repos |= {"acme/a": {"archived": True}, "acme/b": {}, "other/c": {}}
    found = [(about.slug, about.skip) for about in forge(server).owned("acme")]
    assert found == [("acme/shop", None), ("acme/a", "archived"), ("acme/b", None)]


def test_nobody_in_particular_asks_once_a_page(fake: FakeGitHub, server: Loopback) -> None:
    del fake.repos["acme/shop"]
    fake.repos = {"acme/a": {}, "acme/b": {}}
    found = list(forge(server, None).owned("acme"))
    assert [about.may_push for about in found] == [None, None]
    assert [str(call) for call in server.calls if call.path.endswith("/a")] == []
    assert all("Authorization" not in call.headers for call in server.calls)


@pytest.mark.parametrize(
    ("owner", "path"), [("bot", "/user/repos"), ("carol", "/users/carol/repos")]
)
def test_all_of_a_user(fake: FakeGitHub, server: Loopback, owner: str, path: str) -> None:
    fake.owners[owner] = "User"
    fake.repos = {f"{owner}/x": {}}
    assert [about.slug for about in forge(server).owned(owner)] == [f"{owner}/x"]
    assert server.calls[-1].path == f"/api/v3{path}"


def test_an_owner_that_is_not_there(server: Loopback) -> None:
    with pytest.raises(Refused, match=r"not found: .* 404: Not Found"):
        list(forge(server).owned("nobody"))


def test_a_draft_with_labels_and_reviewers(fake: FakeGitHub, server: Loopback) -> None:
    options = PullOptions(True, ("docker", "bot"), ("alice", "acme/infra", "nobody"))
    pull = run(server, options=options)
    assert (pull.did, pull.number, pull.url) == (
        "created",
        1,
        "https://github.example/acme/shop/pull/1",
    )
    assert [note.split(":")[0] for note in pull.notes] == ["reviewer nobody"]
    (held,) = fake.pulls
    assert (held["draft"], held["labels"]) == (True, ["docker", "bot"])
    assert held["asked"] == ["alice", "infra"]
    assert held["base"] == {"ref": "main"}
    assert held["body"].startswith("What changed.")


def test_a_second_run_only_looks(server: Loopback) -> None:
    run(server)
    before = len(server.calls)
    assert run(server).did == "unchanged"
    assert [call.method for call in server.calls[before:]] == ["GET"]


def test_a_second_run_updates(fake: FakeGitHub, server: Loopback) -> None:
    run(server)
    assert run(server, PullText("Newer", "now")).did == "updated"
    assert (len(fake.pulls), fake.pulls[0]["title"]) == (1, "Newer")


@pytest.mark.parametrize(("merged", "did"), [(None, "left"), ("2026-01-02T00:00:00Z", "created")])
def test_one_that_is_closed(
    fake: FakeGitHub, server: Loopback, merged: str | None, did: str
) -> None:
    run(server)
    fake.pulls[0].update(state="closed", merged_at=merged)
    assert run(server).did == did


@pytest.mark.parametrize("label", ["mallory:reorder", "acme:other"])
def test_a_branch_of_a_fork_or_another_one_is_not_ours(
    fake: FakeGitHub, server: Loopback, label: str
) -> None:
    run(server)
    fake.pulls[0].update(head={"ref": label.split(":")[1], "label": label}, state="closed")
    assert run(server).did == "created"


@pytest.mark.parametrize(
    ("answer", "reason", "says"),
    [
        (
            Answer(403, {"message": "Resource not accessible by integration"}),
            "no permission",
            "Res",
        ),
        (
            Answer(403, {"message": "Repository was archived so is read-only."}),
            "archived",
            "read-only",
        ),
        (Answer(401, {"message": "Bad credentials"}), "no permission", "Bad credentials"),
        (Answer(404, {"message": "Not Found"}), "not found", "Not Found"),
        (invalid("No commits between main and reorder"), "validation", "No commits between"),
        (invalid("A pull request already exists for x"), "exists", "already exists"),
        (Answer(422, {"message": f"sent {TOKEN}\x1b[2J\n"}), "validation", "sent *** [2J"),
    ],
)
def test_a_refusal_has_one_reason(
    server: Loopback, answer: Answer, reason: Reason, says: str
) -> None:
    server.first[PULLS] = [answer]
    with pytest.raises(Refused) as caught:
        run(server)
    assert caught.value.reason == reason
    assert says in str(caught.value)
    assert TOKEN not in str(caught.value)


RESET = str(int(time.time()) + 3000)  # later than the last test begins


@pytest.mark.parametrize(
    ("answer", "least"),
    [
        (Answer(429, {"message": "slow"}, {"Retry-After": "7"}), 7),
        (Answer(429, {"message": "slow"}), 0),
        (
            Answer(
                403, {"message": "You have exceeded a secondary rate limit"}, {"Retry-After": "9"}
            ),
            9,
        ),
        (Answer(403, {"message": "You have exceeded a secondary rate limit"}), 60),
        (
            Answer(403, {"message": "API rate limit exceeded"}, {"X-RateLimit-Reset": RESET}),
            900,
        ),
        (Answer(503, {"message": "down"}, {"Retry-After": "5"}), 5),
    ],
)
def test_a_limit_is_waited_for(
    server: Loopback, slept: list[float], answer: Answer, least: int
) -> None:
    server.first[PULLS] = [answer]
    assert run(server).did == "created"
    assert max(slept, default=0) >= least
    assert len(server.asked("POST")) == 2


def test_a_limit_that_does_not_end_is_a_reason(server: Loopback, slept: list[float]) -> None:
    server.first[PULLS] = [Answer(429, {"message": "slow"}, {"Retry-After": "1"})] * 50
    with pytest.raises(Refused) as caught:
        run(server)
    assert caught.value.reason == "rate limit"
    assert len(slept) < 10


def test_a_request_that_was_sent_twice_makes_one(fake: FakeGitHub, server: Loopback) -> None:
    run(server)
    held = fake.pulls[0]
    lost = server.first.setdefault("GET /api/v3/repos/acme/shop/pulls", [])
    lost.append(Answer(200, []))
    assert (run(server).did, fake.pulls) == ("unchanged", [held])


def test_a_server_that_is_down_is_a_reason(slept: list[float]) -> None:
    place = Place("127.0.0.1:9", "github", "http://127.0.0.1:9", ())
    with pytest.raises(Refused) as caught:
        github.connect(place, TOKEN, gap=0).about("a/b")
    assert (caught.value.reason, TOKEN in str(caught.value)) == ("unreachable", False)


@pytest.mark.parametrize("body", ["text", ["list"], {"number": "one"}])
def test_an_answer_of_another_form_is_a_reason(server: Loopback, body: object) -> None:
    server.first[PULLS] = [Answer(201, body)]
    with pytest.raises(Refused, match=r"^unreachable: .* not understood"):
        run(server)


def test_the_token_is_in_a_header_and_nowhere_else(
    server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run(server)
    assert {call.headers["Authorization"] for call in server.calls} == {f"token {TOKEN}"}
    assert all(TOKEN not in f"{call} {call.query}" for call in server.calls)
    assert caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("place", "url"),
    [
        (Place("github.com", "github", "https://github.com", ()), "https://api.github.com"),
        (Place("x.ghe.com", "github", "https://x.ghe.com", ()), "https://api.x.ghe.com"),
        (Place("g.example", "github", "https://g.example", ()), "https://g.example/api/v3"),
    ],
)
def test_where_the_api_is(place: Place, url: str) -> None:
    assert github.connect(place, None)._api.requester.base_url == url


def test_about_hides_a_clone_url_that_may_hold_a_secret() -> None:
    assert "secret" not in repr(About("a/b", "https://u:secret@h/a/b.git", "main"))

"""GitLab through python-gitlab, against a server that speaks its documented answers."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fleet.pulls.fake_gitlab import FakeGitLab
from fleet.pulls.loopback import Answer, Loopback, serving

from reorder.fleet.pulls import gitlab
from reorder.fleet.pulls.contract import Pull, PullOptions, PullText, Reason, Refused
from reorder.fleet.pulls.ensure import ensure
from reorder.fleet.pulls.hosts import Place

TOKEN = "glpat-0123456789"
TEXT = PullText("Faster image builds", "What changed.")
PLAIN = PullOptions()
SHOP = "acme/web/shop"
REQUESTS = f"POST /api/v4/projects/{SHOP}/merge_requests"


@pytest.fixture
def fake() -> FakeGitLab:
    return FakeGitLab({SHOP: {}}, ("acme",), {"alice": 11, "bob": 12})


@pytest.fixture
def server(fake: FakeGitLab) -> Iterator[Loopback]:
    with serving(fake) as loopback:
        yield loopback


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nothing waits; what would have been waited."""
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


def forge(server: Loopback, token: str | None = TOKEN) -> gitlab.GitLab:
    return gitlab.connect(Place(server.host, "gitlab", server.url, ()), token)


def run(server: Loopback, text: PullText = TEXT, options: PullOptions = PLAIN) -> Pull:
    return ensure(forge(server), SHOP, "reorder", "main", text, options)


@pytest.mark.parametrize(
    ("what", "skip"),
    [
        ({"archived": True}, "archived"),
        ({"forked_from_project": {"id": 3}}, "fork"),
        ({"empty_repo": True, "default_branch": None}, "empty"),
        ({"mirror": True}, "mirror"),
        ({}, None),
    ],
)
def test_what_is_left_alone(
    fake: FakeGitLab, server: Loopback, what: dict[str, object], skip: str | None
) -> None:
    fake.projects[SHOP] = what
    about = forge(server).about(SHOP)
    assert about is not None
    assert about.skip == skip


@pytest.mark.parametrize(
    ("permissions", "may"),
    [
        ({"project_access": {"access_level": 20}, "group_access": None}, False),
        ({"project_access": {"access_level": 20}, "group_access": {"access_level": 30}}, True),
        ({"project_access": None, "group_access": None}, None),
        (None, None),
    ],
)
def test_who_may_push(
    fake: FakeGitLab, server: Loopback, permissions: object, may: bool | None
) -> None:
    fake.projects[SHOP] = {"permissions": permissions}
    about = forge(server).about(SHOP)
    assert about is not None
    assert about.may_push is may


def test_one_that_is_not_there_is_nothing(server: Loopback) -> None:
    assert forge(server).about("acme/none") is None


def test_all_of_a_group_with_its_subgroups(fake: FakeGitLab, server: Loopback) -> None:
    fake.projects |= {"acme/a": {"archived": True}, "acme/x/y/b": {}}
    found = [(about.slug, about.skip) for about in forge(server).owned("acme")]
    assert found == [(SHOP, None), ("acme/a", "archived"), ("acme/x/y/b", None)]


def test_all_of_a_user(fake: FakeGitLab, server: Loopback) -> None:
    assert [about.slug for about in forge(server).owned("alice")] == [SHOP]
    assert server.calls[-1].path == "/api/v4/users/11/projects"


def test_an_owner_that_is_not_there(server: Loopback) -> None:
    with pytest.raises(Refused, match="not found"):
        list(forge(server).owned("nobody"))


def test_a_draft_with_labels_and_reviewers(fake: FakeGitLab, server: Loopback) -> None:
    options = PullOptions(True, ("docker", "bot"), ("nobody", "alice", "bob"))
    pull = run(server, options=options)
    assert (pull.did, pull.number) == ("created", 1)
    assert pull.notes == (
        "reviewer nobody: not found",
        "reviewer bob: GitLab did not take it",
    )
    (held,) = fake.requests
    assert held["title"] == "Draft: Faster image builds"
    assert (held["labels"], held["reviewers"]) == (["docker", "bot"], [{"id": 11}])
    assert (held["source_branch"], held["target_branch"]) == ("reorder", "main")


def test_a_second_run_only_looks(server: Loopback) -> None:
    run(server)
    before = len(server.calls)
    assert run(server).did == "unchanged"
    assert [call.method for call in server.calls[before:]] == ["GET"]


def test_a_second_run_updates_and_a_draft_stays_one(fake: FakeGitLab, server: Loopback) -> None:
    run(server, options=PullOptions(draft=True))
    assert run(server, PullText("Newer", "now")).did == "updated"
    assert [request["title"] for request in fake.requests] == ["Draft: Newer"]


def test_one_that_became_ready_stays_ready(fake: FakeGitLab, server: Loopback) -> None:
    run(server, options=PullOptions(draft=True))
    fake.requests[0]["title"] = "Faster image builds"
    assert run(server, PullText("Newer", "now"), PullOptions(draft=True)).did == "updated"
    assert fake.requests[0]["title"] == "Newer"


@pytest.mark.parametrize(
    ("state", "did"), [("closed", "left"), ("merged", "created"), ("locked", "unchanged")]
)
def test_one_that_is_closed(fake: FakeGitLab, server: Loopback, state: str, did: str) -> None:
    run(server)
    fake.requests[0]["state"] = state
    assert run(server).did == did


def test_a_branch_of_a_fork_is_not_ours(fake: FakeGitLab, server: Loopback) -> None:
    run(server)
    fake.requests[0].update(source_project_id=2, state="closed")
    assert run(server).did == "created"


def test_a_request_that_was_sent_twice_makes_one(fake: FakeGitLab, server: Loopback) -> None:
    run(server)
    looks = f"GET /api/v4/projects/{SHOP}/merge_requests"
    server.first[looks] = [Answer(200, [])]
    assert (run(server).did, len(fake.requests)) == ("unchanged", 1)


@pytest.mark.parametrize(
    ("answer", "reason", "says"),
    [
        (Answer(403, {"message": "403 Forbidden"}), "no permission", "403 Forbidden"),
        (Answer(401, {"message": "401 Unauthorized"}), "no permission", "401"),
        (Answer(404, {"message": "404 Project Not Found"}), "not found", "Project"),
        (Answer(422, {"message": {"base": ["is wrong"]}}), "validation", "is wrong"),
        (Answer(422, {"message": f"sent {TOKEN}\x1b[2J\n"}), "validation", "sent *** [2J"),
        (Answer(200, "no object"), "unreachable", ""),
    ],
)
def test_a_refusal_has_one_reason(
    server: Loopback, answer: Answer, reason: Reason, says: str
) -> None:
    server.first[REQUESTS] = [answer]
    with pytest.raises(Refused) as caught:
        run(server)
    assert caught.value.reason == reason
    assert says in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "least"),
    [({"Retry-After": "7"}, 7), ({"RateLimit-Reset": str(int(time.time()) + 3000)}, 900)],
)
def test_a_limit_is_waited_for(
    server: Loopback, slept: list[float], headers: dict[str, str], least: int
) -> None:
    server.first[REQUESTS] = [Answer(429, {"message": "slow"}, headers)]
    assert run(server).did == "created"
    assert max(slept) >= least


@pytest.mark.usefixtures("slept")
def test_a_server_that_was_down_for_a_moment_is_asked_again(server: Loopback) -> None:
    server.first[REQUESTS] = [Answer(502, {"message": "502 Bad Gateway"})]
    assert run(server).did == "created"


def test_a_limit_that_does_not_end_is_a_reason(server: Loopback, slept: list[float]) -> None:
    server.first[REQUESTS] = [Answer(429, {"message": "slow"}, {"Retry-After": "1"})] * 50
    with pytest.raises(Refused, match=r"^rate limit: "):
        run(server)
    assert len(slept) < 10


def test_a_server_that_is_down_is_a_reason(slept: list[float]) -> None:
    place = Place("127.0.0.1:9", "gitlab", "http://127.0.0.1:9", ())
    with pytest.raises(Refused) as caught:
        gitlab.connect(place, TOKEN).about("a/b")
    assert (caught.value.reason, TOKEN in str(caught.value)) == ("unreachable", False)
    assert sum(slept) < 10


def test_the_token_is_in_a_header_and_nowhere_else(server: Loopback) -> None:
    run(server)
    assert {call.headers["PRIVATE-TOKEN"] for call in server.calls} == {TOKEN}
    assert all(TOKEN not in f"{call} {call.query}" for call in server.calls)


def test_without_a_token_none_is_sent(server: Loopback) -> None:
    forge(server, None).about(SHOP)
    assert all("PRIVATE-TOKEN" not in call.headers for call in server.calls)

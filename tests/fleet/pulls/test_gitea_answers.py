"""How the client for Gitea and Forgejo takes answers that a real server seldom gives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet.pulls.loopback import Answer, Call, Loopback, serving

from reorder.fleet.pulls import gitea
from reorder.fleet.pulls.contract import PullOptions, PullText, Reason, Refused
from reorder.fleet.pulls.hosts import Place

TOKEN = "0123456789abcdef"
TEXT = PullText("Faster image builds", "What changed.")
PULLS = "POST /api/v1/repos/acme/shop/pulls"
PULL = {
    "number": 1,
    "html_url": "https://gitea.example/acme/shop/pulls/1",
    "state": "open",
    "merged": False,
    "title": "WIP: Faster image builds",
    "body": "What changed.",
    "created_at": "2026-01-01T12:00:00+01:00",
    "head": {"ref": "reorder", "repo_id": 1},
    "base": {"ref": "main", "repo_id": 1},
}


def routes(server: Loopback, call: Call) -> Answer:
    if str(call) == PULLS:
        return Answer(201, PULL)
    if call.path.endswith("/labels") and call.path.startswith("/api/v1/orgs/"):
        return Answer(404, {"message": "GetOrgByName"})
    if call.path.endswith("/labels") and call.method == "GET":
        return Answer(200, [{"id": 5, "name": "docker"}] if call.query["page"] == "1" else [])
    if call.method == "GET":
        return Answer(200, [])
    return Answer(201, {"id": 9})


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving(routes) as loopback:
        yield loopback


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nothing waits; what would have been waited."""
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


def forge(server: Loopback) -> gitea.Gitea:
    return gitea.connect(Place(server.host, "gitea", server.url, ()), TOKEN)


def create(server: Loopback) -> None:
    forge(server).create("acme/shop", "reorder", "main", TEXT, True)


@pytest.mark.parametrize(
    ("answer", "reason", "says"),
    [
        (Answer(403, {"message": "user should have permission"}), "no permission", "permission"),
        (Answer(404, {"message": "not found"}), "not found", "not found"),
        (Answer(409, {"message": "pull request already exists for these"}), "exists", "already"),
        (Answer(422, {"message": "There are no changes"}), "validation", "no changes"),
        (Answer(423, {"message": "is archived"}), "archived", "is archived"),
        (Answer(307, None, {"Location": "/api/v1/repos/new/shop/pulls"}), "moved", "307"),
        (Answer(500, {"message": f"sent {TOKEN}\x1b[2J\n"}), "unreachable", "sent *** [2J"),
        (Answer(502, "<html>"), "unreachable", "502"),
    ],
)
def test_a_refusal_has_one_reason(
    server: Loopback, slept: list[float], answer: Answer, reason: Reason, says: str
) -> None:
    server.first[PULLS] = [answer] * 20
    with pytest.raises(Refused) as caught:
        create(server)
    assert caught.value.reason == reason
    assert says in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_an_answer_that_is_no_json_is_a_reason(server: Loopback) -> None:
    server.first["GET /api/v1/repos/acme/shop"] = [Answer(200, ["no", "object"])]
    with pytest.raises(Refused, match=r"^unreachable: "):
        forge(server).about("acme/shop")


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(server: Loopback, slept: list[float], status: int) -> None:
    server.first[PULLS] = [Answer(status, {"message": "slow"}, {"Retry-After": "7"})]
    create(server)
    assert 7 in slept
    assert len(server.asked("POST")) == 2


def test_a_limit_that_does_not_end_is_a_reason(server: Loopback, slept: list[float]) -> None:
    server.first[PULLS] = [Answer(429, {"message": "slow"}, {"Retry-After": "1"})] * 50
    with pytest.raises(Refused, match=r"^rate limit: "):
        create(server)
    assert len(slept) < 10


def test_a_server_that_is_down_is_a_reason(slept: list[float]) -> None:
    place = Place("127.0.0.1:9", "gitea", "http://127.0.0.1:9", ())
    with pytest.raises(Refused) as caught:
        gitea.connect(place, TOKEN).about("a/b")
    assert (caught.value.reason, TOKEN in str(caught.value)) == ("unreachable", False)


def test_netrc_does_not_take_the_place_of_the_token(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    create(server)
    assert server.calls[-1].headers["Authorization"] == f"token {TOKEN}"


def test_the_token_does_not_follow_to_another_host(server: Loopback) -> None:
    with serving(routes) as other:
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        server.first["GET /api/v1/repos/acme/shop/pulls"] = [
            Answer(302, None, {"Location": f"{elsewhere}/api/v1/x"})
        ]
        forge(server).search("acme/shop", "reorder")
        assert other.calls
        assert all("Authorization" not in call.headers for call in other.calls)


def test_the_prefix_of_a_draft_is_no_part_of_its_title(server: Loopback) -> None:
    seen = forge(server).create("acme/shop", "reorder", "main", TEXT, True)
    assert (seen.prefix, seen.title) == ("WIP: ", TEXT.title)
    assert server.calls[-1].body["title"] == "WIP: Faster image builds"


def test_a_label_that_is_missing_is_made_and_others_are_not(server: Loopback) -> None:
    notes = forge(server).decorate("acme/shop", 1, PullOptions(labels=("docker", "bot")))
    made, given = server.asked("POST")
    assert notes == ()
    assert (made.body["name"], given.body) == ("bot", {"labels": [5, 9]})


def test_what_cannot_be_set_is_told(server: Loopback) -> None:
    at = "POST /api/v1/repos/acme/shop/pulls/1/requested_reviewers"
    server.first[at] = [Answer(404, {"message": "user does not exist"})]
    notes = forge(server).decorate("acme/shop", 1, PullOptions(reviewers=("nobody", "acme/infra")))
    assert [note.split(":")[0] for note in notes] == ["reviewer nobody"]
    assert server.calls[-1].body == {"team_reviewers": ["infra"]}


def test_what_a_limit_kept_from_being_set_is_not_forgotten(
    server: Loopback, slept: list[float]
) -> None:
    at = "POST /api/v1/repos/acme/shop/pulls/1/requested_reviewers"
    server.first[at] = [Answer(429, {"message": "slow"})] * 50
    with pytest.raises(Refused, match=r"^rate limit: "):
        forge(server).decorate("acme/shop", 1, PullOptions(reviewers=("alice",)))

"""Repositories and pull requests at a real Gitea, started from nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest
import requests
from engine.home import Unavailable
from fleet.pulls.gitea_server import PAGE, Server, running
from fleet.pulls.loopback import Answer, Call, Loopback, serving

from reorder.errors import InputError
from reorder.fleet.listing.files import given
from reorder.fleet.listing.opt_out import OptOut
from reorder.fleet.listing.rows import rows
from reorder.fleet.pulls import gitea
from reorder.fleet.pulls.contract import Forge, Pull, PullOptions, PullText, Refused
from reorder.fleet.pulls.ensure import CLOSED, EDITED, ensure
from reorder.fleet.pulls.hosts import Place, named
from reorder.fleet.pulls.opening import opener

pytestmark = pytest.mark.engine

TEXT = PullText("Faster image builds", "What changed.\r\n\r\n- <b>safe</b> & `sound`")
NEWER = PullText("Even faster", "What changed now.")
PLAIN = PullOptions()
DRAFT = PullOptions(True, ("team label", "docker", "new"), ("alice", "nobody", "acme/infra"))
_NUMBERS = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Skipped, with the reason, where it cannot be had; in CI that is a failure."""
    try:
        with running(tmp_path_factory.mktemp("gitea")) as found:
            found.ask("POST", "/orgs", {"username": "acme"})
            label = {"name": "team label", "color": "#ff0000"}
            found.ask("POST", "/orgs/acme/labels", label)
            team = {
                "name": "infra",
                "permission": "write",
                "units_map": {"repo.code": "write", "repo.pulls": "write"},
                "includes_all_repositories": True,
            }
            number = found.ask("POST", "/orgs/acme/teams", team)["id"]
            found.user("alice")
            found.ask("PUT", f"/teams/{number}/members/alice")
            yield found
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no forge: {reason}")


@pytest.fixture
def slug(server: Server) -> str:
    """A new repository with a branch `reorder`."""
    made = server.repository("acme", f"shop-{next(_NUMBERS)}")
    server.branch(made, "reorder")
    return made


def forge(server: Server, token: str | None = "") -> Forge:
    return gitea.connect(Place(server.host, "gitea", server.url, ()), token or server.token)


def run(server: Server, slug: str, text: PullText = TEXT, options: PullOptions = PLAIN) -> Pull:
    return ensure(forge(server), slug, "reorder", "main", text, options)


def test_all_of_an_organisation_with_why_some_are_left_alone(server: Server) -> None:
    server.ask("POST", "/orgs", {"username": "listed"})
    for number in range(PAGE + 1):
        server.repository("listed", f"plain-{number}")
    server.repository("listed", "empty", auto_init=False)
    server.repository("listed", "secret", private=True)
    server.repository("listed", "old")
    server.ask("PATCH", "/repos/listed/old", {"archived": True})
    origin = server.repository("admin", "origin")
    server.ask("POST", f"/repos/{origin}/forks", {"organization": "listed"})
    at = opener(
        named([f"{server.host}=gitea,url={server.url},token=OWN"]),
        {"OWN": server.token},
        writes=True,
    )
    found = rows(given([f"{server.host}/listed/*"]), OptOut(), at)
    assert {one.repository.slug: one.skip for one in found} == {
        "listed/empty": "empty",
        "listed/old": "archived",
        "listed/origin": "fork",
        **{f"listed/plain-{number}": None for number in range(PAGE + 1)},
        "listed/secret": None,
    }
    assert found[2].repository.url == f"{server.url}/listed/origin.git"
    assert found[0].about is not None
    assert found[0].about.default_branch is None


def test_an_owner_that_is_not_there(server: Server) -> None:
    at = opener(named([f"{server.host}=gitea,url={server.url}"]), {}, writes=False)
    with pytest.raises(InputError, match="could not be listed: not found"):
        rows(given([f"{server.host}/nobody-at-all/*"]), OptOut(), at)


def test_all_of_a_user_with_what_only_they_see(server: Server) -> None:
    token = server.user("carol")
    asked = {"name": "own", "private": True, "auto_init": True}
    server.ask("POST", "/user/repos", asked, token)
    assert [about.slug for about in forge(server, token).owned("carol")] == ["carol/own"]
    dave = server.user("dave")
    assert list(forge(server, dave).owned("carol")) == []
    assert forge(server, dave).about("carol/own") is None


def test_a_renamed_one_has_its_new_name(server: Server, slug: str) -> None:
    server.ask("PATCH", f"/repos/{slug}", {"name": "new-name"})
    about = forge(server).about(slug)
    assert about is not None
    assert (about.slug, about.default_branch, about.may_push) == ("acme/new-name", "main", True)


def test_a_draft_with_labels_and_reviewers(server: Server, slug: str) -> None:
    pull = run(server, slug, options=DRAFT)
    assert (pull.did, pull.state, pull.url) == ("created", "open", f"{server.url}/{slug}/pulls/1")
    assert [note.split(":")[0] for note in pull.notes] == ["reviewer nobody"]
    held = server.ask("GET", f"/repos/{slug}/pulls/1")
    assert (held["title"], held["draft"]) == ("WIP: Faster image builds", True)
    assert sorted(label["name"] for label in held["labels"]) == ["docker", "new", "team label"]
    assert [one["login"] for one in held["requested_reviewers"]] == ["alice"]
    assert [one["name"] for one in held["requested_reviewers_teams"]] == ["infra"]
    assert (held["head"]["ref"], held["base"]["ref"]) == ("reorder", "main")
    assert run(server, slug, options=DRAFT).did == "unchanged"
    assert len(server.ask("GET", f"/repos/{slug}/pulls?state=all")) == 1


def test_a_second_run_updates_and_does_not_double(server: Server, slug: str) -> None:
    run(server, slug, options=DRAFT)
    server.ask("DELETE", f"/repos/{slug}/issues/1/labels")
    assert run(server, slug, NEWER, DRAFT).did == "updated"
    held = server.ask("GET", f"/repos/{slug}/pulls/1")
    assert (held["title"], held["draft"], held["labels"]) == ("WIP: Even faster", True, [])
    assert held["body"].startswith("What changed now.")
    assert run(server, slug, NEWER, DRAFT).did == "unchanged"


def test_what_a_person_wrote_stays(server: Server, slug: str) -> None:
    run(server, slug)
    server.ask("PATCH", f"/repos/{slug}/pulls/1", {"title": "Mine"})
    assert run(server, slug, NEWER).notes == (EDITED,)
    assert server.ask("GET", f"/repos/{slug}/pulls/1")["title"] == "Mine"


def test_one_that_became_ready_stays_ready(server: Server, slug: str) -> None:
    run(server, slug, options=DRAFT)
    server.ask("PATCH", f"/repos/{slug}/pulls/1", {"title": TEXT.title})
    assert run(server, slug, NEWER, DRAFT).did == "updated"
    assert server.ask("GET", f"/repos/{slug}/pulls/1")["draft"] is False


def test_one_that_a_person_closed_stays_closed(server: Server, slug: str) -> None:
    run(server, slug)
    server.ask("PATCH", f"/repos/{slug}/pulls/1", {"state": "closed"})
    for number in range(PAGE):  # others that are newer, so that it is on a later page
        server.branch(slug, f"other-{number}")
        ensure(forge(server), slug, f"other-{number}", "main", TEXT, PLAIN)
        server.ask("PATCH", f"/repos/{slug}/pulls/{number + 2}", {"state": "closed"})
    pull = run(server, slug, NEWER)
    assert (pull.did, pull.state, pull.number, pull.notes) == ("left", "closed", 1, (CLOSED,))
    server.ask("PATCH", f"/repos/{slug}/pulls/1", {"state": "open"})
    assert run(server, slug, NEWER).did == "updated"


def test_after_a_merge_the_next_change_is_a_new_one(server: Server, slug: str) -> None:
    run(server, slug)
    server.ask("POST", f"/repos/{slug}/pulls/1/merge", {"Do": "merge"})
    asked = {"content": "eAo=", "message": "x", "branch": "reorder"}
    server.ask("POST", f"/repos/{slug}/contents/more", asked)
    pull = run(server, slug, NEWER)
    assert (pull.did, pull.number) == ("created", 2)


def test_the_branch_of_a_fork_is_not_ours(server: Server, slug: str) -> None:
    token = server.user("mallory")
    fork = server.ask("POST", f"/repos/{slug}/forks", {"name": "fork"}, token)["full_name"]
    asked = {"content": "eAo=", "message": "x", "branch": "reorder"}
    server.ask("POST", f"/repos/{fork}/contents/more", asked, token)
    body = {"head": "mallory:reorder", "base": "main", "title": "Theirs"}
    server.ask("POST", f"/repos/{slug}/pulls", body, token)
    pull = run(server, slug)
    assert (pull.did, pull.number) == ("created", 2)


def test_who_may_not_write_is_told_so(server: Server, slug: str) -> None:
    token = server.user("eve")
    about = forge(server, token).about(slug)
    assert about is not None
    assert about.may_push is False
    with pytest.raises(Refused, match=r"^no permission: "):
        ensure(forge(server, "0" * 40), slug, "reorder", "main", TEXT, PLAIN)


def test_an_archived_one_is_told(server: Server, slug: str) -> None:
    server.ask("PATCH", f"/repos/{slug}", {"archived": True})
    with pytest.raises(Refused, match=r"^archived: "):
        run(server, slug)


def test_a_branch_that_is_not_there_is_told(server: Server, slug: str) -> None:
    with pytest.raises(Refused, match=r"^not found: "):
        ensure(forge(server), slug, "none", "main", TEXT, PLAIN)


def test_retry_after_is_waited_for(server: Server, slug: str) -> None:
    """Gitea has no limits of its own: what stands before it has."""

    def sent_on(_: Loopback, call: Call) -> Answer:
        answer = requests.request(
            call.method,
            f"{server.url}{call.path}",
            params=call.query,
            json=call.body,
            headers={"Authorization": call.headers["Authorization"]},
            timeout=60,
        )
        return Answer(answer.status_code, answer.json())

    with serving(sent_on) as gate:
        slow = Answer(429, {"message": "slow down"}, {"Retry-After": "1"})
        at = f"/api/v1/repos/{slug}"
        for call in (f"GET {at}/pulls", f"POST {at}/pulls", f"POST {at}/issues/1/labels"):
            gate.first[call] = [slow]
        there = gitea.connect(Place(gate.host, "gitea", gate.url, ()), server.token)
        pull = ensure(there, slug, "reorder", "main", TEXT, PullOptions(labels=("docker",)))
    assert not any(gate.first.values())
    assert (pull.did, pull.notes) == ("created", ())
    assert len(server.ask("GET", f"/repos/{slug}/pulls")) == 1

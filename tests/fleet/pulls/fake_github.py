"""What GitHub's REST API documents for the calls that are made, below `/api/v3`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from fleet.pulls.loopback import Answer, Call, Loopback

NOT_FOUND = Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com"})


def invalid(message: str) -> Answer:
    error = {"resource": "PullRequest", "code": "custom", "message": message}
    return Answer(422, {"message": "Validation Failed", "errors": [error]})


@dataclass
class FakeGitHub:
    """`repos` by slug: what differs from a plain one; `owners`: `Organization` or `User`."""

    repos: dict[str, dict[str, Any]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    login: str = "bot"
    no_such_user: str = "nobody"

    def __call__(self, server: Loopback, call: Call) -> Answer:
        base = f"{server.url}/api/v3"
        path = call.path.removeprefix("/api/v3")
        if found := re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", path):
            slug = found[1]
            if slug not in self.repos:
                return NOT_FOUND
            return self._repo(base, slug, found[2] or "", call)
        if path == "/user":
            return Answer(200, {"login": self.login, "url": f"{base}/user"})
        if path == "/user/repos":
            return self._list(base, self.login, call)
        if found := re.fullmatch(r"/(orgs|users)/([^/]+)(/repos)?", path):
            kind = "Organization" if found[1] == "orgs" else "User"
            if self.owners.get(found[2]) != kind:
                return NOT_FOUND
            if found[3]:
                return self._list(base, found[2], call)
            return Answer(200, {"login": found[2], "url": f"{base}{path}"})
        return Answer(500, {"message": f"nothing is at {call}"})

    def repo(self, base: str, slug: str) -> dict[str, Any]:
        plain = {
            "full_name": slug,
            "url": f"{base}/repos/{slug}",
            "clone_url": f"https://github.example/{slug}.git",
            "default_branch": "main",
            "archived": False,
            "fork": False,
            "size": 12,
            "mirror_url": None,
            "permissions": {"admin": False, "push": True, "pull": True},
        }
        return plain | self.repos[slug]

    def _list(self, base: str, owner: str, call: Call) -> Answer:
        mine = [slug for slug in self.repos if slug.split("/")[0] == owner]
        page = int(call.query.get("page", 1))
        headers = {}
        if page < len(mine):  # one a page, so that pages are turned
            here = f"{base}{call.path.removeprefix('/api/v3')}"
            headers["Link"] = f'<{here}?page={page + 1}>; rel="next"'
        return Answer(200, [self.repo(base, slug) for slug in mine[page - 1 : page]], headers)

    def _repo(self, base: str, slug: str, rest: str, call: Call) -> Answer:
        here = f"{base}/repos/{slug}"
        if rest == "":
            return Answer(200, self.repo(base, slug))
        if rest == "/commits":
            no_commit = self.repos[slug].get("no_commit")
            return (
                Answer(409, {"message": "Git Repository is empty."})
                if no_commit
                else Answer(200, [])
            )
        if rest == "/pulls" and call.method == "GET":
            assert call.query["state"] == "all"
            return Answer(200, self.pulls[::-1])  # as if it could not read `head`
        if rest == "/pulls":
            return self._create(here, slug, call.body)
        found = re.fullmatch(r"/(?:pulls|issues)/(\d+)(/labels|/requested_reviewers)?", rest)
        if not found:
            return NOT_FOUND
        pull = self.pulls[int(found[1]) - 1]
        if found[2] == "/labels":
            pull["labels"] += call.body
            return Answer(200, [{"name": name} for name in pull["labels"]])
        if found[2]:
            asked = [*call.body.get("reviewers", []), *call.body.get("team_reviewers", [])]
            if self.no_such_user in asked:
                text = "Reviews may only be requested from collaborators."
                return Answer(422, {"message": text})
            pull["asked"] += asked
            return Answer(201, pull)
        if call.method == "PATCH":
            pull.update(call.body)
        return Answer(200, pull)

    def _create(self, here: str, slug: str, body: dict[str, Any]) -> Answer:
        owner = slug.split("/")[0]
        if any(p["state"] == "open" and p["head"]["ref"] == body["head"] for p in self.pulls):
            return invalid(f"A pull request already exists for {owner}:{body['head']}.")
        number = len(self.pulls) + 1
        pull = {
            "number": number,
            "url": f"{here}/pulls/{number}",
            "issue_url": f"{here}/issues/{number}",
            "html_url": f"https://github.example/{slug}/pull/{number}",
            "state": "open",
            "title": body["title"],
            "body": body["body"],
            "draft": body.get("draft", False),
            "merged_at": None,
            "created_at": "2026-01-01T12:00:00Z",
            "head": {"ref": body["head"], "label": f"{owner}:{body['head']}"},
            "base": {"ref": body["base"]},
            "labels": [],
            "asked": [],
        }
        self.pulls.append(pull)
        return Answer(201, pull)

"""What GitLab's REST API documents for the calls that are made, below `/api/v4`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from fleet.pulls.loopback import Answer, Call, Loopback


@dataclass
class FakeGitLab:
    """`projects` by path: what differs from a plain one; one reviewer each, as in the free tier."""

    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    users: dict[str, int] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, server: Loopback, call: Call) -> Answer:
        path = call.path.removeprefix("/api/v4")
        if path == "/users":
            number = self.users.get(call.query["username"])
            return Answer(200, [] if number is None else [{"id": number}])
        if found := re.fullmatch(r"/groups/(.+?)(/projects)?", path):
            if found[1] not in (*self.groups, "7"):
                return Answer(404, {"message": "404 Group Not Found"})
            if not found[2]:
                return Answer(200, {"id": 7, "full_path": found[1]})
        if path.endswith("/projects"):  # of a group, by its number, or of a user
            return self._list(server, call)
        found = re.fullmatch(r"/projects/(.+?)(?:/merge_requests(?:/(\d+))?)?", path)
        if not found or found[1] not in self.projects:
            return Answer(404, {"message": "404 Project Not Found"})
        if "/merge_requests" not in path:
            return Answer(200, self.project(found[1]))
        return self._requests(found[1], found[2], call)

    def project(self, path: str) -> dict[str, Any]:
        plain = {
            "id": 1 + list(self.projects).index(path),
            "path_with_namespace": path,
            "http_url_to_repo": f"https://gitlab.example/{path}.git",
            "default_branch": "main",
            "archived": False,
            "empty_repo": False,
            "permissions": {"project_access": None, "group_access": {"access_level": 40}},
        }
        return plain | self.projects[path]

    def _list(self, server: Loopback, call: Call) -> Answer:
        if "/groups/" in call.path:
            asked = (call.query["include_subgroups"], call.query["with_shared"])
            assert asked == ("True", "False"), "those of other groups would be listed"
        page = int(call.query.get("page", 1))
        headers = {}
        if page < len(self.projects):
            headers["Link"] = f'<{server.url}{call.path}?page={page + 1}>; rel="next"'
            if "/groups/" in call.path:
                more = "include_subgroups=True&with_shared=False"
                headers["Link"] = f'<{server.url}{call.path}?page={page + 1}&{more}>; rel="next"'
        names = list(self.projects)[page - 1 : page]
        return Answer(200, [self.project(name) for name in names], headers)

    def _requests(self, path: str, number: str | None, call: Call) -> Answer:
        if call.method == "GET":
            branch = call.query["source_branch"]
            mine = [r for r in self.requests if r["source_branch"] == branch]
            return Answer(200, mine[::-1])
        if call.method == "POST":
            branch = call.body["source_branch"]
            for other in self.requests:
                if (other["source_branch"], other["state"]) == (branch, "opened"):
                    text = "Another open merge request already exists for this source branch: !1"
                    return Answer(409, {"message": [text]})
            number = str(len(self.requests) + 1)
            made = {
                "id": 100 + int(number),
                "iid": int(number),
                "web_url": f"https://gitlab.example/{path}/-/merge_requests/{number}",
                "state": "opened",
                "source_project_id": 1,
                "target_project_id": 1,
                "created_at": "2026-01-01T12:00:00.123Z",
                "labels": [],
                "reviewers": [],
            }
            self.requests.append(made | call.body)
            return Answer(201, self.requests[-1])
        held = self.requests[int(number or 0) - 1]
        for key, value in call.body.items():
            if key == "add_labels":
                held["labels"] += value.split(",")
            elif key == "reviewer_ids":
                held["reviewers"] = [{"id": one} for one in value[:1]]
            else:
                held[key] = value
        return Answer(200, held)

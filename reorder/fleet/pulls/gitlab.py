"""GitLab, through python-gitlab, which waits for 429 with Retry-After or RateLimit-Reset itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import gitlab
import requests
from gitlab.base import RESTObject

from reorder.fleet.pulls.contract import About, PullOptions, PullText, Refused, Seen, State
from reorder.fleet.pulls.hosts import Place
from reorder.fleet.pulls.refusals import MALFORMED, refused, unreachable

_TIMEOUT = 60.0  # seconds for one answer
_TRIES: dict[str, Any] = {
    "max_retries": 5
}  # the library's 10 are minutes for a server that is down
_DRAFT = "Draft: "
_DEVELOPER = 30  # GitLab documentation, "Access level": may push to branches that are not protected
_STATES: dict[str, State] = {"opened": "open", "locked": "open", "merged": "merged"}


def connect(place: Place, token: str | None) -> GitLab:
    """The server of `place`."""
    return GitLab(place, token)


class GitLab:
    """See `contract.Forge`."""

    most_body = 1_048_576  # GitLab documentation, "Application limits": size of descriptions

    def __init__(self, place: Place, token: str | None) -> None:
        self.host = place.host
        self._token = token
        self._api = gitlab.Gitlab(
            place.url,
            private_token=token,
            timeout=_TIMEOUT,
            retry_transient_errors=True,
            keep_base_url=True,
            per_page=100,
        )

    def about(self, slug: str) -> About | None:
        try:
            with self._translated():
                return _about(self._api.projects.get(slug, **_TRIES))
        except Refused as reason:
            if reason.reason == "not found":
                return None
            raise

    def owned(self, owner: str) -> Iterator[About]:
        with self._translated():
            for project in self._projects(owner):
                yield _about(project)

    def search(self, slug: str, branch: str) -> Seen | None:
        with self._translated():
            newest: Seen | None = None
            for request in self._requests(slug).list(
                source_branch=branch,
                state="all",
                order_by="created_at",
                sort="desc",
                iterator=True,
                **_TRIES,
            ):
                if request.source_project_id != request.target_project_id:
                    continue  # a branch of that name in a fork
                seen = _seen(request.attributes)
                if seen.state == "open":
                    return seen
                newest = newest or seen
            return newest

    def create(self, slug: str, branch: str, base: str, text: PullText, draft: bool) -> Seen:
        with self._translated():
            asked = {
                "source_branch": branch,
                "target_branch": base,
                "title": f"{_DRAFT if draft else ''}{text.title}",
                "description": text.body,
            }
            return _seen(self._requests(slug).create(asked, **_TRIES).attributes)

    def decorate(self, slug: str, number: int, options: PullOptions) -> tuple[str, ...]:
        notes: list[str] = []
        with self._translated():
            asked: dict[str, Any] = {}
            if options.labels:
                asked["add_labels"] = ",".join(options.labels)
            known = {name: self._user(name) for name in options.reviewers}
            notes += [f"reviewer {name}: not found" for name in known if known[name] is None]
            if any(known.values()):
                asked["reviewer_ids"] = [one for one in known.values() if one is not None]
            if not asked:
                return tuple(notes)
            try:
                answer = self._requests(slug).update(number, asked, **_TRIES)
            except gitlab.GitlabError as error:
                return (*notes, f"labels and reviewers: {self._refused(error).detail}")
            given = {one.get("id") for one in answer.get("reviewers") or []}
            notes += [
                f"reviewer {name}: GitLab did not take it"  # its free tier has one for a request
                for name, one in known.items()
                if one is not None and one not in given
            ]
        return tuple(notes)

    def rewrite(self, slug: str, seen: Seen, text: PullText) -> None:
        with self._translated():
            asked = {"title": f"{seen.prefix}{text.title}", "description": text.body}
            self._requests(slug).update(seen.number, asked, **_TRIES)

    def _requests(self, slug: str) -> Any:
        return self._api.projects.get(slug, lazy=True).mergerequests

    def _projects(self, owner: str) -> Iterator[RESTObject]:
        order: dict[str, Any] = {"iterator": True, "order_by": "id", "sort": "asc", **_TRIES}
        try:
            group = self._api.groups.get(owner, with_projects=False, **_TRIES)
        except gitlab.GitlabGetError as error:
            if error.response_code != 404:
                raise
            users = self._api.users.list(username=owner, get_all=False, **_TRIES)
            if not users:
                raise
            yield from next(iter(users)).projects.list(**order)
        else:  # those shared with the group belong to others
            yield from group.projects.list(include_subgroups=True, with_shared=False, **order)

    def _user(self, name: str) -> int | None:
        found = self._api.users.list(username=name, get_all=False, **_TRIES)
        return next((int(user.get_id() or 0) for user in found), None)

    def _refused(self, error: gitlab.GitlabError) -> Refused:
        if error.response_code is None:
            return unreachable(self.host, error, self._token)
        # Not its str(): that has the number too. A list for 409, a dict for 422.
        return refused(self.host, error.response_code, str(error.error_message), self._token)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except gitlab.GitlabError as error:
            raise self._refused(error) from None
        except (requests.RequestException, *MALFORMED) as error:
            raise unreachable(self.host, error, self._token) from None


def _about(project: RESTObject) -> About:
    data = project.attributes
    return About(
        slug=data["path_with_namespace"],
        clone_url=data["http_url_to_repo"],
        default_branch=data.get("default_branch"),
        archived=bool(data.get("archived")),
        fork=bool(data.get("forked_from_project")),
        empty=bool(data.get("empty_repo")),
        mirror=bool(data.get("mirror")),
        may_push=_may_push(data.get("permissions")),
    )


def _may_push(permissions: Any) -> bool | None:
    """Through the project or its group; an administrator has neither."""
    levels = [
        access["access_level"]
        for access in (permissions or {}).values()
        if isinstance(access, dict) and "access_level" in access
    ]
    return max(levels) >= _DEVELOPER if levels else None


def _seen(request: dict[str, Any]) -> Seen:
    title = str(request["title"])
    prefix = _DRAFT if title.startswith(_DRAFT) else ""
    return Seen(
        number=request["iid"],
        url=request["web_url"],
        state=_STATES.get(request["state"], "closed"),
        title=title.removeprefix(prefix),
        body=request.get("description") or "",
        created=datetime.fromisoformat(request["created_at"].replace("Z", "+00:00")),
        prefix=prefix,
    )

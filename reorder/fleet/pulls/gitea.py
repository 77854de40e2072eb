"""Gitea and Forgejo, through a thin client over requests.

Why not one of theirs: `py-gitea` knows no pull requests, `pyforgejo` is 4 MB of generated code with
pydantic, and both need Python 3.11. Retries and Retry-After are urllib3's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from reorder.fleet.pulls.contract import About, PullOptions, PullText, Refused, Seen, State
from reorder.fleet.pulls.hosts import Place
from reorder.fleet.pulls.refusals import MALFORMED, note, refused, unreachable

_TIMEOUT = 60  # seconds for one answer
_TRIES = 5
_PAGE = 50  # Gitea's own MAX_RESPONSE_ITEMS
_DRAFT = "WIP: "  # the first of Gitea's and Forgejo's WORK_IN_PROGRESS_PREFIXES
_COLOUR = "#ededed"  # of a label that the repository does not have


def connect(place: Place, token: str | None) -> Gitea:
    """The server of `place`."""
    return Gitea(place, token)


class Gitea:
    """See `contract.Forge`. The paths are those of `/api/v1`, which Forgejo has too."""

    most_body = 1_000_000  # there is no limit but that of a request

    def __init__(self, place: Place, token: str | None) -> None:
        self.host = place.host
        self._token = token
        self._url = f"{place.url}/api/v1"
        self._http = requests.Session()
        # Not a header of the session: what .netrc has for the host would take its place.
        self._http.auth = _Token(token)
        waits = Retry(
            total=_TRIES,
            status_forcelist=[429, 502, 503, 504],
            allowed_methods=None,  # all: a second POST finds that its pull request is there
            backoff_factor=0.5,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, HTTPAdapter(max_retries=waits))

    def about(self, slug: str) -> About | None:
        try:
            with self._translated():
                return _about(self._ask("GET", _at(slug)))
        except Refused as reason:
            if reason.reason == "not found":
                return None
            raise

    def owned(self, owner: str) -> Iterator[About]:
        name = quote(owner, safe="")
        try:
            found = list(self._all(f"/orgs/{name}/repos"))
        except Refused as reason:
            if reason.reason != "not found":
                raise
            found = list(self._all(f"/users/{name}/repos"))
        with self._translated():
            yield from sorted(map(_about, found), key=lambda about: about.slug)

    def search(self, slug: str, branch: str) -> Seen | None:
        with self._translated():
            for state in ("open", "closed"):
                for data in self._all(f"{_at(slug)}/pulls", state=state):
                    head, base = data.get("head") or {}, data.get("base") or {}
                    if head.get("ref") == branch and head.get("repo_id") == base.get("repo_id"):
                        return _seen(data)
            return None

    def create(self, slug: str, branch: str, base: str, text: PullText, draft: bool) -> Seen:
        title = f"{_DRAFT if draft else ''}{text.title}"
        asked = {"head": branch, "base": base, "title": title, "body": text.body}
        with self._translated():
            return _seen(self._ask("POST", f"{_at(slug)}/pulls", asked))

    def decorate(self, slug: str, number: int, options: PullOptions) -> tuple[str, ...]:
        notes = []
        if options.labels:
            try:
                labels = self._labels(slug, options.labels)
                self._ask("POST", f"{_at(slug)}/issues/{number}/labels", {"labels": labels})
            except Refused as reason:
                notes.append(note("labels", ", ".join(options.labels), reason))
        for reviewer in options.reviewers:  # one at a time: one bad name refuses all of a request
            team = reviewer.partition("/")[2]
            asked = {"team_reviewers": [team]} if team else {"reviewers": [reviewer]}
            try:
                self._ask("POST", f"{_at(slug)}/pulls/{number}/requested_reviewers", asked)
            except Refused as reason:
                notes.append(note("reviewer", reviewer, reason))
        return tuple(notes)

    def rewrite(self, slug: str, seen: Seen, text: PullText) -> None:
        asked = {"title": f"{seen.prefix}{text.title}", "body": text.body}
        self._ask("PATCH", f"{_at(slug)}/pulls/{seen.number}", asked)

    def _labels(self, slug: str, names: tuple[str, ...]) -> list[int]:
        """Their numbers, the organisation's own among them; what is missing is made."""
        known: dict[str, int] = {}
        owner = quote(slug.split("/")[0], safe="")
        for path in (f"/orgs/{owner}/labels", f"{_at(slug)}/labels"):
            try:
                known |= {label["name"]: label["id"] for label in self._all(path)}
            except Refused as reason:
                if reason.reason != "not found":  # a user has no labels
                    raise
        for name in names:
            if name not in known:
                asked = {"name": name, "color": _COLOUR}
                known[name] = self._ask("POST", f"{_at(slug)}/labels", asked)["id"]
        return [known[name] for name in names]

    def _all(self, path: str, **query: str) -> Iterator[Any]:
        """Every entry of a list, page by page."""
        for page in count(1):
            found = self._ask("GET", path, query={**query, "limit": _PAGE, "page": page})
            yield from found
            if not found:  # a server may have smaller pages than it was asked for
                return

    def _ask(
        self, method: str, path: str, body: object = None, query: dict[str, Any] | None = None
    ) -> Any:
        """What the server answers. Raises Refused."""
        with self._translated():
            answer = self._http.request(
                method,
                f"{self._url}{path}",
                params=query,
                json=body,
                timeout=_TIMEOUT,
                # A write that is sent on becomes a GET, and would seem to be done.
                allow_redirects=method == "GET",
            )
            if answer.ok and not answer.is_redirect:
                return answer.json()
            raise refused(self.host, answer.status_code, _message(answer), self._token)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (requests.RequestException, *MALFORMED) as error:
            raise unreachable(self.host, error, self._token) from None


class _Token(requests.auth.AuthBase):
    """`requests` takes it off again where an answer leads to another host."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"token {self._token}"
        return request


def _at(slug: str) -> str:
    return f"/repos/{quote(slug)}"


def _about(data: dict[str, Any]) -> About:
    empty = bool(data.get("empty"))
    return About(
        slug=data["full_name"],
        clone_url=data["clone_url"],
        default_branch=None if empty else data.get("default_branch"),
        archived=bool(data.get("archived")),
        fork=bool(data.get("fork")),
        empty=empty,
        mirror=bool(data.get("mirror")),
        may_push=(data.get("permissions") or {}).get("push"),
    )


def _seen(data: dict[str, Any]) -> Seen:
    state: State = "merged" if data.get("merged") else "open"
    if state == "open" and data["state"] != "open":
        state = "closed"
    title = str(data["title"])
    prefix = _DRAFT if title.startswith(_DRAFT) else ""
    created = datetime.fromisoformat(data["created_at"].replace("Z", "+00:00"))
    title = title.removeprefix(prefix)
    return Seen(
        data["number"], data["html_url"], state, title, data.get("body") or "", created, prefix
    )


def _message(answer: requests.Response) -> str:
    try:
        data = answer.json()
    except ValueError:
        return answer.reason or ""
    return str(data.get("message") or "") if isinstance(data, dict) else ""

"""GitHub and GitHub Enterprise, through PyGithub.

The library waits for primary and secondary rate limits and for Retry-After itself (`GithubRetry`),
and a second between two writes, as GitHub's "Best practices for using the REST API" asks for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timezone
from urllib.parse import quote, urlsplit

import github
import requests
from github.GithubRetry import GithubRetry
from github.PullRequest import PullRequest
from github.Repository import Repository

from reorder.fleet.pulls.contract import About, PullOptions, PullText, Refused, Seen, State
from reorder.fleet.pulls.hosts import Place
from reorder.fleet.pulls.refusals import MALFORMED, note, refused, told, unreachable

_TIMEOUT = 60  # seconds for one answer
_TRIES = 5
_FEW = 100  # pull requests of one branch that are looked at


def connect(place: Place, token: str | None, *, gap: float = 1.0) -> GitHub:
    """The server of `place`; `gap` seconds lie between two writes."""
    return GitHub(place, token, gap)


class GitHub:
    """See `contract.Forge`."""

    most_body = 65_536  # what the API says of a longer one: "body is too long"

    def __init__(self, place: Place, token: str | None, gap: float) -> None:
        self.host = place.host
        self._token = token
        self._api = github.Github(
            base_url=_api_url(place),
            auth=github.Auth.Token(token) if token else None,
            timeout=_TIMEOUT,
            retry=GithubRetry(
                total=_TRIES,
                status_forcelist=[429, *range(500, 600)],
                backoff_factor=0.5,
            ),
            per_page=100,
            seconds_between_requests=gap / 4,
            seconds_between_writes=gap,
            lazy=True,
        )

    def about(self, slug: str) -> About | None:
        try:
            with self._translated():
                repo = self._api.get_repo(quote(slug)).complete()
                return self._about(repo)
        except Refused as reason:
            if reason.reason == "not found":
                return None
            raise

    def owned(self, owner: str) -> Iterator[About]:
        with self._translated():
            for repo in self._repositories(owner):
                yield self._about(repo)

    def search(self, slug: str, branch: str) -> Seen | None:
        with self._translated():
            owner = slug.split("/")[0]
            pulls = self._repo(slug).get_pulls(state="all", head=f"{owner}:{branch}")
            newest: Seen | None = None
            for _, pull in zip(range(_FEW), pulls, strict=False):
                # A head that GitHub cannot read is no filter: it then answers with all there are.
                if pull.head.ref != branch or pull.head.label.split(":")[0] != owner:
                    continue
                seen = _seen(pull)
                if seen.state == "open":
                    return seen
                newest = newest or seen
            return newest

    def create(self, slug: str, branch: str, base: str, text: PullText, draft: bool) -> Seen:
        with self._translated():
            repo = self._repo(slug)
            return _seen(
                repo.create_pull(base, branch, title=text.title, body=text.body, draft=draft)
            )

    def decorate(self, slug: str, number: int, options: PullOptions) -> tuple[str, ...]:
        repo, notes = self._repo(slug), []
        if options.labels:
            try:
                with self._translated():
                    repo.get_issue(number).add_to_labels(*options.labels)
            except Refused as reason:
                notes.append(note("labels", ", ".join(options.labels), reason))
        for reviewer in options.reviewers:  # one at a time: one bad name refuses all of a request
            try:
                with self._translated():
                    team = reviewer.partition("/")[2]
                    pull = repo.get_pull(number)
                    if team:
                        pull.create_review_request(team_reviewers=[team])
                    else:
                        pull.create_review_request(reviewers=[reviewer])
            except Refused as reason:
                notes.append(note("reviewer", reviewer, reason))
        return tuple(notes)

    def rewrite(self, slug: str, seen: Seen, text: PullText) -> None:
        with self._translated():
            self._repo(slug).get_pull(seen.number).edit(title=text.title, body=text.body)

    def _repo(self, slug: str) -> Repository:
        return self._api.get_repo(quote(slug))

    def _repositories(self, owner: str) -> Iterator[Repository]:
        try:
            yield from self._api.get_organization(owner).get_repos(sort="full_name")
        except github.UnknownObjectException:
            if self._token and self._api.get_user().login.lower() == owner.lower():
                mine = self._api.get_user().get_repos(affiliation="owner", sort="full_name")
                yield from mine
            else:
                yield from self._api.get_user(owner).get_repos(sort="full_name")

    def _about(self, repo: Repository) -> About:
        return About(
            slug=repo.full_name,
            clone_url=repo.clone_url,
            default_branch=repo.default_branch,
            archived=repo.archived,
            fork=repo.fork,
            empty=repo.size == 0 and _has_no_commit(repo),
            mirror=bool(repo.mirror_url),
            # Not in an answer to nobody in particular; asking for it there would be a request more.
            may_push=getattr(repo.permissions, "push", None) if self._token else None,
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except github.RateLimitExceededException as error:
            raise Refused("rate limit", f"{self.host}: {_answer(error, self._token)}") from None
        except github.GithubException as error:
            answer = _answer(error, self._token)
            raise refused(self.host, error.status, answer, self._token) from None
        except (requests.RequestException, github.BadAttributeException, *MALFORMED) as error:
            raise unreachable(self.host, error, self._token) from None


def _api_url(place: Place) -> str:
    """GitHub documentation, "Getting started with the REST API" of each product."""
    if place.host == "github.com" and place.url == "https://github.com":
        return "https://api.github.com"
    if place.host.endswith(".ghe.com"):
        parts = urlsplit(place.url)
        return f"{parts.scheme}://api.{parts.netloc}"
    return f"{place.url}/api/v3"


def _has_no_commit(repo: Repository) -> bool:
    """A size of 0 is also that of a new one, for a while. GitHub answers 409 for no commit."""
    try:
        repo.get_commits().get_page(0)
    except github.GithubException as error:
        if error.status == 409:
            return True
        raise
    return False


def _seen(pull: PullRequest) -> Seen:
    state: State = "open" if pull.state == "open" else "merged" if pull.merged_at else "closed"
    created = pull.created_at
    if created.tzinfo is None:
        created = created.replace(tzinfo=timezone.utc)
    return Seen(pull.number, pull.html_url, state, pull.title, pull.body or "", created)


def _answer(error: github.GithubException, token: str | None) -> str:
    """The message, and what each of its errors says."""
    data = error.data
    if not isinstance(data, dict):
        return told(str(data or ""), token)
    parts = [str(data.get("message", ""))]
    for one in data.get("errors") or []:
        parts.append(str(one.get("message") or json.dumps(one)) if isinstance(one, dict) else one)
    return told(": ".join(part for part in parts if part), token)

"""What a forge answered, as one of a few reasons and a line that can be shown."""

from __future__ import annotations

from reorder.fleet.pulls.contract import Reason, Refused
from reorder.fleet.secrets import redacted

# What reading an answer of another form than the documented one ends in: a proxy, a login page.
MALFORMED = (AttributeError, KeyError, TypeError, ValueError)
_MOST = 300  # characters of an answer that are shown
_BY_STATUS: dict[int, Reason] = {
    401: "no permission",
    403: "no permission",
    404: "not found",
    410: "not found",
    423: "archived",  # Gitea, for a repository that may only be read
    429: "rate limit",
}


def refused(host: str, status: int, answer: str, token: str | None) -> Refused:
    """The reason of an HTTP answer, for which the client library tried again where that helps.

    Sources: GitHub's "Troubleshooting the REST API", GitLab's "REST API troubleshooting", and
    Gitea's `routers/api/v1`.
    """
    said = told(answer, token)
    low = said.lower()
    reason: Reason = _BY_STATUS.get(status, "validation")
    if status >= 500:
        reason = "unreachable"
    elif 300 <= status < 400:
        reason = "moved"
    elif status == 403 and ("rate limit" in low or "abuse" in low):
        reason = "rate limit"
    elif status == 403 and ("archived" in low or "read-only" in low):
        reason = "archived"
    elif status in (409, 422) and "already exists" in low:
        reason = "exists"
    return Refused(reason, f"{host} answered {status}: {said}" if said else f"{host}: {status}")


def unreachable(host: str, error: Exception, token: str | None) -> Refused:
    """No answer, or none that can be read; or the same one until the library gave up."""
    reason: Reason = "rate limit" if "too many 429" in str(error) else "unreachable"  # urllib3's
    said = told(str(error), token)
    if isinstance(error, MALFORMED):
        said = f"its answer is not understood ({type(error).__name__}: {said})"
    return Refused(reason, f"{host}: {said or type(error).__name__}")


def told(answer: str, token: str | None) -> str:
    """One line without control characters, and without the token, should a forge send it back."""
    text = redacted(answer, [token or ""])
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def note(what: str, names: str, refused: Refused) -> str:
    """What could not be set at a pull request, in a line; raised again if a later run can do it."""
    if refused.reason in ("rate limit", "unreachable"):
        raise refused
    return f"{what} {names}: {refused.detail}"

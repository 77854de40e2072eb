"""How a text of ours is known again: a comment at its end that no forge shows."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from reorder.fleet.pulls.contract import PullText, Seen
from reorder.report.style import visible

_MARK = re.compile(r"<!-- reorder ([0-9a-f]{16})( pending)? -->")
_CUT = "\n\n*The rest does not fit into this field.*"
_MOST_TITLE = 240  # GitLab and Gitea take 255, a draft's prefix among them; GitHub 256
_ROOM = 64  # characters, above the longest mark with the lines before it


@dataclass(frozen=True, slots=True)
class Mark:
    """What the mark says of the text it stands in."""

    ours: bool  # nobody changed title or body since
    pending: bool  # labels and reviewers were still to be set


def signed(text: PullText, most: int, *, pending: bool = False) -> PullText:
    """The text with its mark, cut to a number of characters."""
    title, body = _line(text.title), _clean(text.body)
    if cut(text, most):
        body = body[: most - _ROOM - len(_CUT)].rstrip() + _CUT
    mark = f"<!-- reorder {_digest(title, body)}{' pending' if pending else ''} -->"
    return PullText(title, f"{body}\n\n{mark}")


def cut(text: PullText, most: int) -> bool:
    """Whether a body is longer than a forge takes."""
    return len(_clean(text.body)) + _ROOM > most


def read(seen: Seen) -> Mark | None:
    """None: no mark, so that a person wrote it."""
    found = list(_MARK.finditer(seen.body))
    if not found:
        return None
    last = found[-1]  # one before it came in with the text
    body = _plain(seen.body[: last.start()] + seen.body[last.end() :])
    return Mark(last[1] == _digest(seen.title.strip(), body), bool(last[2]))


def same(seen: Seen, text: PullText) -> bool:
    """Whether a forge holds this text; forges may keep other line ends."""
    return seen.title.strip() == text.title and _plain(seen.body) == _plain(text.body)


def _line(title: str) -> str:
    return visible(" ".join(title.split()))[:_MOST_TITLE].rstrip()


def _clean(body: str) -> str:
    """Without what a forge refuses (NUL, lone surrogates) or what changes how a text is read."""
    return "\n".join(map(visible, _plain(body).split("\n")))


def _plain(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _digest(title: str, body: str) -> str:
    return hashlib.sha256(f"{title}\0{body}".encode("utf-8", "surrogatepass")).hexdigest()[:16]

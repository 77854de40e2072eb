"""The kinds of run that a workflow's triggers lead to, each with what is known of it.

GitHub documentation, "Events that trigger workflows" (which ref an event runs on) and "Workflow
syntax", `on.push.<branches|tags>` (filters and their patterns).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from reorder.ci.github.expressions import UNKNOWN, Named, Value, Values

# pull: of the same repository; fork: of another; queue: of a merge queue;
# foreign: code of a pull request in a run with the rights of the main branch.
Kind = Literal["main", "branch", "tag", "pull", "fork", "queue", "foreign"]
_HERE: Final = Named()
_ELSEWHERE: Final = Named()
_SAFE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_PULL: Final = "github.event.pull_request"
_OTHER: Final = "feature/x"


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One kind of run. `safe`: its branch's name can end a tag as it is."""

    kind: Kind
    event: str
    values: Values
    safe: bool = False


def runs(events: Mapping[str, object] | None, main: str) -> tuple[Run, ...]:
    """Every kind of run; `events` is the `on:` of a workflow, None what any caller may have."""
    found: list[Run] = []
    if events is None or "workflow_call" in events:
        called = ("push", "pull_request", "schedule", "workflow_dispatch", "merge_group")
        events = {**dict.fromkeys(called), **(events or {})}
    for event, given in events.items():
        if event != "workflow_call":
            found += _runs(event, given if isinstance(given, dict) else {}, main)
    return tuple(found)


def _runs(event: str, given: Mapping[str, object], main: str) -> Iterator[Run]:
    if event == "push":
        yield from _pushes(given, main)
    elif event == "pull_request" or event.startswith("pull_request_review"):
        yield _pull("pull", event, main, _OTHER, _HERE, fork=False)
        yield _pull("fork", event, main, _OTHER, _ELSEWHERE, fork=True)
    elif event == "pull_request_target":
        more: dict[str, Value] = {
            "github.head_ref": _OTHER, "github.base_ref": main, f"{_PULL}.*": UNKNOWN,
        }  # fmt: skip
        yield Run("foreign", event, _values(event, f"refs/heads/{main}", more))
    elif event == "release":
        yield _tag(event, "v1.0.0")
    elif event == "merge_group":
        ref = f"refs/heads/gh-readonly-queue/{main}/pr-1-0"
        yield Run("queue", event, _values(event, ref))
    elif event == "workflow_dispatch":
        yield _branch("main", event, main)
        yield _branch("branch", event, _OTHER)
    else:  # a schedule, an issue, another workflow, …: the code of the main branch
        yield _branch("main", event, main)


def _pushes(given: Mapping[str, object], main: str) -> Iterator[Run]:
    wanted, ignored = _list(given, "branches"), _list(given, "branches-ignore")
    tags = _list(given, "tags")
    either = wanted is not None or ignored is not None
    if wanted is None and (ignored is not None or not _tags_only(given)):
        wanted = ["**"]
    branches = wanted or []
    if _passes(main, branches) and not _passes(main, ignored or []):
        yield _branch("main", "push", main)
    for pattern in branches:
        name = sample(pattern, _OTHER)
        if pattern.startswith("!") or name == main:
            continue
        safe = name == pattern and bool(_SAFE.fullmatch(name))
        yield _branch("branch", "push", name, safe=safe)
    if tags is None and "tags-ignore" not in given and either:
        return
    for pattern in tags or ["v1.0.0"]:
        if not pattern.startswith("!"):
            yield _tag("push", sample(pattern, "v1.0.0"))


def _tags_only(given: Mapping[str, object]) -> bool:
    return "tags" in given or "tags-ignore" in given


def _list(given: Mapping[str, object], key: str) -> list[str] | None:
    if key not in given:
        return None
    value = given[key]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _branch(kind: Kind, event: str, name: str, *, safe: bool = False) -> Run:
    safe = safe or (kind == "main" and bool(_SAFE.fullmatch(name)))
    return Run(kind, event, _values(event, f"refs/heads/{name}"), safe)


def _tag(event: str, name: str) -> Run:
    return Run("tag", event, _values(event, f"refs/tags/{name}"))


def _pull(kind: Kind, event: str, main: str, head: str, of: Named, *, fork: bool) -> Run:
    more: dict[str, Value] = {
        "github.head_ref": head, "github.base_ref": main, f"{_PULL}.*": UNKNOWN,
        f"{_PULL}.head.ref": head, f"{_PULL}.base.ref": main,
        f"{_PULL}.head.repo.fork": fork, f"{_PULL}.head.repo.full_name": of,
    }  # fmt: skip
    return Run(kind, event, _values(event, "refs/pull/1/merge", more))


def _values(event: str, ref: str, more: Mapping[str, Value] | None = None) -> Values:
    tag = ref.startswith("refs/tags/")
    return {
        "github.event_name": event,
        "github.ref": ref,
        "github.ref_name": ref.split("/", 2)[2],
        "github.ref_type": "tag" if tag else "branch",
        "github.repository": _HERE,
        "github.head_ref": "",
        "github.base_ref": "",
        f"{_PULL}": None if more is None else UNKNOWN,
        f"{_PULL}.*": None,
        "github.event.ref": ref if event in ("push", "workflow_dispatch") else None,
        **(more or {}),
    }


def _passes(name: str, patterns: Iterable[str]) -> bool:
    """Whether a filter lets a name through: the last pattern that matches decides."""
    passed = False
    for pattern in patterns:
        if re.fullmatch(_expression(pattern.removeprefix("!")), name):
            passed = not pattern.startswith("!")
    return passed


def _expression(pattern: str) -> str:
    found = ""
    for part in re.findall(r"\*\*|\[[^\]]*\]|.", pattern):
        known = {"**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
        if part in known:
            found += known[part] if found or part[0] == "*" else re.escape(part)
        else:
            found += part if part.startswith("[") and len(part) > 2 else re.escape(part)
    try:
        re.compile(found)
    except re.error:
        return re.escape(pattern)
    return found


def sample(pattern: str, other: str) -> str:
    """A name that a pattern matches; `other` if it matches all."""
    if pattern in ("*", "**", "**/**", "*/**"):
        return other
    text = re.sub(r"\[(.)[^\]]*\]", r"\1", pattern)
    return re.sub(r"\*+", "1", re.sub(r"[+?]", "", text))

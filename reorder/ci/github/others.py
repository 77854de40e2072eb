"""Other actions that build images, and workflows of other repositories that do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reorder.ci.contract import Found, Status
from reorder.ci.edits import line_of
from reorder.ci.github.file import Workflow

_CLASSIC: Final = (
    "the action runs `docker build`, which exports no cache; docker/build-push-action can"
)
_REMOTE: Final = "its builders keep their cache themselves"
_OWN: Final = "the action has settings of its own for a cache"
# Each by its own README; what it says of a cache.
ACTIONS: Final[tuple[tuple[str, Status, str], ...]] = (
    ("depot/build-push-action", "fine", _REMOTE),
    ("depot/bake-action", "fine", _REMOTE),
    ("useblacksmith/build-push-action", "fine", _REMOTE),
    ("jerray/publish-docker-action", "refused", _CLASSIC),
    ("mr-smithers-excellent/docker-build-push", "refused", _CLASSIC),
    ("elgohr/Publish-Docker-Github-Action", "refused", _CLASSIC),
    ("macbre/push-to-ghcr", "refused", _CLASSIC),
    ("whoan/docker-build-with-cache-action", "refused", _OWN),
    ("redhat-actions/buildah-build", "refused", _OWN),
    ("aevea/action-kaniko", "refused", _OWN),
    ("devcontainers/ci", "refused", _OWN),
)
_WORKFLOW: Final = re.compile(
    r"/\.github/workflows/[\w.-]*(?:docker|bake|(?:build|push|publish)\W*(?:image|container)"
    r"|(?:image|container)s?\W*(?:build|push|publish))",
    re.IGNORECASE,
)
_ELSEWHERE: Final = "a workflow of another repository builds it, so that its cache is set up there"


def others(text: str, workflow: Workflow) -> Iterator[Found]:
    """What else builds an image: told, and left as it is."""
    for job in workflow.jobs:
        if _WORKFLOW.search(job.uses) and not job.uses.startswith("./"):
            yield Found(line_of(text, job.place), job.uses.partition("@")[0], "refused", _ELSEWHERE)
        for step in job.steps:
            for action, status, reason in ACTIONS:
                if step.action.lower() == action.lower():
                    yield Found(line_of(text, step.place), action, status, reason)

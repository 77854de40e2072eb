"""Policies by which a cloud registry itself removes old caches, as the JSON that it reads.

Sources: AWS, "Lifecycle policy properties in Amazon ECR": an image that matches the tagging
requirements of a rule cannot be expired by one of lower priority, several patterns in one rule must
all match, and what an index refers to stays with it. Google Cloud, "Configure cleanup policies":
what a keep policy matches is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from reorder.ci.contract import MAIN
from reorder.ci.refs import PREFIX

BRANCH_DAYS: Final = 30  # a branch's cache that nobody exported anew for so long is stale
UNTAGGED_DAYS: Final = 14  # what lost its tag; a deployment by digest may still pull it
_MANY: Final = 9999  # a rule that expires only more than so many keeps what it matches


def lifecycle() -> str:
    """The lifecycle policy of an ECR repository."""
    rules = [
        _rule(1, "Keep the main branch's cache", f"{PREFIX}{MAIN}", _MANY),
        _rule(2, "Keep those of its targets and platforms", f"{PREFIX}*--{MAIN}", _MANY),
        _rule(3, f"Branch caches, after {BRANCH_DAYS} days", f"{PREFIX}*", None, BRANCH_DAYS),
        _rule(4, "What has no tag any more", None, None, UNTAGGED_DAYS),
    ]
    return _text({"rules": rules})


def cleanup(packages: Iterable[str], mains: Iterable[str] | None) -> str:
    """The cleanup policies of an Artifact Registry repository, for some of its packages.

    `mains`: the tags of the main branch's caches, as a tag has no pattern there but its beginning;
    None: not known, then no tag is deleted.
    """
    names = sorted(set(packages))
    tagged: dict[str, object] = {"tagState": "tagged", "packageNamePrefixes": names}
    untagged: dict[str, object] = {"tagState": "untagged", "packageNamePrefixes": names}
    policies = [
        _policy("delete-untagged", "Delete", untagged | {"olderThan": _duration(UNTAGGED_DAYS)})
    ]
    if mains is not None:
        keep = sorted({f"{PREFIX}{MAIN}", *mains})
        stale = {"tagPrefixes": [PREFIX], "olderThan": _duration(BRANCH_DAYS)}
        policies += [
            _policy("delete-stale-branch-caches", "Delete", tagged | stale),
            _policy("keep-main-cache", "Keep", tagged | {"tagPrefixes": keep}),
        ]
    return _text(policies)


def _policy(name: str, action: str, condition: object) -> dict[str, object]:
    return {"name": name, "action": {"type": action}, "condition": condition}


def _duration(days: int) -> str:
    return f"{days * 86400}s"


def _rule(
    priority: int, description: str, pattern: str | None, most: int | None, days: int = 0
) -> dict[str, object]:
    selection: dict[str, object] = {"tagStatus": "tagged" if pattern else "untagged"}
    if pattern:
        selection["tagPatternList"] = [pattern]
    if most is not None:
        selection |= {"countType": "imageCountMoreThan", "countNumber": most}
    else:
        selection |= {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
    return {
        "rulePriority": priority,
        "description": description,
        "selection": selection,
        "action": {"type": "expire"},
    }


def _text(document: object) -> str:
    return json.dumps(document, indent=2) + "\n"

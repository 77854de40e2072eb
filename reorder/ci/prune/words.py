"""What removes old caches where no file does: the commands and settings, in words.

Sources: the registries' own documentation, as `registries.py` names it, and Azure/acr-cli
`cmd/acr/purge.go` (its expressions are .NET ones, and `--untagged` spares what an index holds).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from reorder.ci.contract import MAIN
from reorder.ci.prune.policies import BRANCH_DAYS, UNTAGGED_DAYS
from reorder.ci.refs import PREFIX
from reorder.ci.registries import Prune

_MULTI_REGIONS: Final = {"eu.gcr.io": "europe", "asia.gcr.io": "asia"}
_MAIN: Final = f"{PREFIX}(.*--)?{MAIN}"  # as a regular expression, that of a target included


def words(prune: Prune, caches: Sequence[str]) -> tuple[str, ...]:
    """The lines for one kind of registry; nothing where a file says it all."""
    names = [cache.partition("/")[2] for cache in caches]
    match prune:
        case "acr":
            return tuple(line for cache in caches for line in _acr(cache))
        case "gitlab":
            return _gitlab()
        case "harbor":
            return _harbor(names)
        case "quay":
            return tuple(line for name in names for line in _quay(name))
        case "gitea":
            return (
                "a cleanup rule (settings of the owner, Packages): type Container, keep the "
                f"pattern `{_MAIN}`, remove the pattern `{PREFIX}.*|sha256:.*` after "
                f"{BRANCH_DAYS} days; what an index refers to is spared",
            )
        case "digitalocean":
            return (
                *(f"doctl registry repository delete-tag {_last(n)} CACHE-TAG" for n in names),
                "doctl registry garbage-collection start --include-untagged-manifests",
            )
        case "artifactory":
            return (
                "a cleanup policy for Docker packages that were not downloaded for "
                f"{BRANCH_DAYS} days, in a repository of the caches' own (--registry-ref)",
            )
        case "ecr-public":
            return (
                "public repositories have no lifecycle policies: let the caches go to a private "
                "one (--registry-ref)",
            )
        case "hub":
            return (
                f"nothing does it by itself: delete the tags `{PREFIX}*` of branches that are gone "
                "under Tags, and what has no tag under Image Management",
            )
        case "nexus":
            return ("schedule the task `Docker - Delete unused manifests and images`",)
        case _:
            return ()


def use(prune: Prune, caches: Sequence[str], path: str) -> tuple[str, ...]:
    """How the file is put to use."""
    match prune:
        case "ecr":
            return (
                *(
                    f"aws ecr put-lifecycle-policy --repository-name {cache.partition('/')[2]} "
                    f"--lifecycle-policy-text file://{path}"
                    for cache in caches
                ),
                "it replaces the policy that a repository has, and what has no tag may still be "
                "in use where images are deployed by digest",
            )
        case "artifact-registry":
            places = dict.fromkeys(_place(cache) for cache in caches)
            return (
                *(f"{place} --policy={path} --dry-run" for place in places),
                "then the same with --no-dry-run; it replaces the policies that the repository has",
            )
        case "ghcr":
            return (
                "it needs the role Admin in the packages; those that a workflow of this "
                "repository made have given it"
                if path.endswith(".yml")
                else f"run it once a day: sh {path}",
            )
        case _:
            return (f"run it once a day: sh {path}",)


def _place(cache: str) -> str:
    name, project, repository, *_ = (*cache.split("/"), "", "")
    location = name.removesuffix("-docker.pkg.dev")
    if name.endswith("gcr.io"):
        location, repository = _MULTI_REGIONS.get(name, "us"), name
    return (
        f"gcloud artifacts repositories set-cleanup-policies {repository} "
        f"--project={project} --location={location}"
    )


def _last(name: str) -> str:
    return name.partition("/")[2] or name


def _acr(cache: str) -> tuple[str, ...]:
    host, _, name = cache.partition("/")
    stale = f"^{PREFIX}(?!(.*--)?{MAIN}\\z).*"
    purge = f"acr purge --filter '{name}:{stale}' --ago {BRANCH_DAYS}d --untagged"
    return (
        f"az acr task create --registry {host.partition('.')[0]} --name prune-{_task(name)} "
        f'--cmd "{purge}" --schedule "23 4 * * *" --context /dev/null',
    )


def _task(name: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in name).strip("-")[:40]


def _gitlab() -> tuple[str, ...]:
    policy = {
        "container_expiration_policy_attributes": {
            "enabled": True,
            "cadence": "1d",
            "older_than": f"{UNTAGGED_DAYS}d",
            "name_regex_delete": f"{PREFIX}.*",
            "name_regex_keep": _MAIN,
        }
    }
    return (
        "the project's cleanup policy (Settings, Packages and registries), or by the API:",
        'curl --request PUT --header "PRIVATE-TOKEN: $TOKEN" --header '
        f"'Content-Type: application/json' --data '{json.dumps(policy)}' "
        '"$CI_API_V4_URL/projects/$CI_PROJECT_ID"',
        "it replaces the policy that the project has",
    )


def _harbor(names: Sequence[str]) -> tuple[str, ...]:
    where = (
        "{" + ",".join(_last(name) for name in names) + "}" if len(names) > 1 else _last(names[0])
    )
    return (
        f"tag retention rules of the project, for the repositories `{where}`; what none of them "
        "retains goes:",
        f"  retain always: tags matching `{PREFIX}{{{MAIN},*--{MAIN}}}`",
        f"  retain always: tags excluding `{PREFIX}*`, untagged artifacts not included",
        f"  retain pushed within the last {BRANCH_DAYS} days: tags matching `{PREFIX}*`",
        "then garbage collection with `Allow garbage collection on untagged artifacts`",
    )


def _quay(name: str) -> tuple[str, ...]:
    policy = {
        "method": "creation_date",
        "value": f"{BRANCH_DAYS}d",
        "tagPattern": f"^{PREFIX}(?!(.*--)?{MAIN}$)",
        "tagPatternMatches": True,
    }
    return (
        'curl --request POST --header "Authorization: Bearer $TOKEN" --header '
        f"'Content-Type: application/json' --data '{json.dumps(policy)}' "
        f"https://QUAY/api/v1/repository/{quote(name, safe='/$={}')}/autoprunepolicy/",
    )

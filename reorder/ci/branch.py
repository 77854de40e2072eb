"""How a CI system names the branch that it builds, as POSIX shell.

Sources: the systems' lists of predefined variables. A tag may hold letters of both cases, digits,
`_`, `.` and `-`, so only other characters change; `cut` keeps the tag below 128 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reorder.ci.contract import MAIN
from reorder.ci.refs import MOST, slug

VARIABLE: Final = "CACHE_BRANCH"
BUILDER: Final = "registry-cache"
_TO_TAG: Final = f"tr -c 'A-Za-z0-9_.-' '-' | cut -c1-{MOST}"


@dataclass(frozen=True, slots=True)
class Branch:
    """One CI system."""

    system: str  # for people
    variables: tuple[
        str, ...
    ]  # the first that is not empty; of a pull request: where it comes from
    otherwise: str | None = None  # shell text for where all of them are empty
    slug: str | None = None  # the variable that is the end of a tag already, where there is one
    fixed: str | None = None  # the end of a tag for all that it builds
    ref: bool = False  # the name may begin with refs/heads/
    fresh: bool = True  # each job has an engine of its own, so that builders need no name

    @property
    def name(self) -> str:
        """Shell text that stands for the branch, within double quotes."""
        rest = self.otherwise
        for variable in reversed(self.variables):
            rest = f"${variable}" if rest is None else f"${{{variable}:-{rest}}}"
        return rest or ""


GIT: Final = Branch("git", (), "$(git rev-parse --abbrev-ref HEAD)", fresh=False)
GITHUB: Final = Branch("GitHub Actions", ("GITHUB_HEAD_REF", "GITHUB_REF_NAME"))
GITLAB: Final = Branch("GitLab CI", ("CI_COMMIT_REF_NAME",), slug="CI_COMMIT_REF_SLUG")
# Without a branch it is a tag that is built; all of them share one cache.
CIRCLECI: Final = Branch("CircleCI", ("CIRCLE_BRANCH",), "tag")
BITBUCKET: Final = Branch("Bitbucket Pipelines", ("BITBUCKET_BRANCH",), "tag")
# BUILD_SOURCEBRANCHNAME is only what follows the last slash: `x/main` would be `main`.
AZURE: Final = Branch(
    "Azure Pipelines", ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"), ref=True
)
# CHANGE_BRANCH may be the `main` of a fork, and Jenkins gives forks its credentials.
JENKINS: Final = Branch("Jenkins", ("BRANCH_NAME",), "${GIT_BRANCH#*/}", fresh=False)
TRAVIS: Final = Branch("Travis CI", ("TRAVIS_PULL_REQUEST_BRANCH", "TRAVIS_BRANCH"))
DRONE: Final = Branch("Drone", ("DRONE_SOURCE_BRANCH",))  # without braces: it replaces those itself
BUILDKITE: Final = Branch("Buildkite", ("BUILDKITE_BRANCH",), fresh=False)

# A recipe's lines have a shell each, so that the branch is a variable of make.
MAKE: Final = Branch("make", (), slug=VARIABLE, fresh=False)

# By what a repository shows that it uses them.
SYSTEMS: Final[tuple[tuple[str, Branch], ...]] = (
    (".github/workflows", GITHUB),
    (".gitlab-ci.yml", GITLAB),
    (".circleci/config.yml", CIRCLECI),
    ("bitbucket-pipelines.yml", BITBUCKET),
    ("azure-pipelines.yml", AZURE),
    ("Jenkinsfile", JENKINS),
    (".travis.yml", TRAVIS),
    (".drone.yml", DRONE),
    (".buildkite", BUILDKITE),
)


def anywhere(systems: Iterable[Branch]) -> Branch:
    """Of a script that any of these systems may call, and people by hand: then git is asked."""
    known = tuple(systems)
    names = tuple(dict.fromkeys(name for system in known for name in system.variables))
    ref = any(system.ref for system in known)
    return Branch("a script", names, GIT.otherwise, ref=ref, fresh=False)


def tag(branch: Branch, main: str) -> tuple[str | None, str]:
    """The line that sets the end of a tag, if it needs one, and the shell text that stands for it.

    `main` is the main branch, whose tag ends in `MAIN` whatever it is called.
    """
    if branch.fixed is not None:
        return None, branch.fixed
    renamed = re.escape(slug(main)).replace(r"\-", "-") if slug(main) != MAIN else None
    if branch.slug is not None and renamed is None:
        return None, f"${branch.slug}"
    steps = [f'printf %s "{f"${branch.slug}" if branch.slug else branch.name}"']
    if branch.ref:
        steps.append("sed 's|^refs/heads/||'")
    if branch.slug is None:
        steps.append(_TO_TAG)
    if renamed is not None:
        steps.append(f"sed 's/^{renamed}$/{MAIN}/'")
    return f"{VARIABLE}=$({' | '.join(steps)})", f"${VARIABLE}"


def builder(branch: Branch) -> str:
    """The line that makes a builder that can export a cache to a registry.

    The default driver cannot (Docker documentation, "Cache storage backends").
    """
    if branch.fresh:
        return "docker buildx create --use"
    return (
        f"docker buildx inspect {BUILDER} >/dev/null 2>&1 || docker buildx create --name {BUILDER}"
    )

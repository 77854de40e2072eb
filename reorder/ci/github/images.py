"""Which images a build makes, and whether its job may push to their registries.

Inputs as in the READMEs of docker/build-push-action v6, docker/metadata-action v5 and
docker/login-action v3.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.ci.github.expressions import condition, filled, holes, parts
from reorder.ci.github.file import Job, Step, Workflow
from reorder.ci.refs import repository
from reorder.ci.registries import host

METADATA: Final = "docker/metadata-action"
LOGIN: Final = "docker/login-action"
_OUTPUT: Final = re.compile(r"steps\.([\w-]+)\.outputs\.tags")
_ENV: Final = re.compile(r"env\.([\w-]+)", re.IGNORECASE)
_ENV_ONLY: Final = re.compile(r"\$\{\{\s*env\.[\w-]+\s*\}\}")
_MATRIX: Final = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
_HUB: Final = ("", "docker.io", "index.docker.io", "registry-1.docker.io")
_LOGINS: Final = (
    "aws-actions/amazon-ecr-login", "azure/docker-login", "docker/scout-action",
)  # fmt: skip
_DOCKER_LOGIN: Final = re.compile(r"docker login|configure-docker|get-login")


@dataclass(frozen=True, slots=True)
class Image:
    """A repository that an image goes to, as the file writes it."""

    name: str
    lowered: bool = False  # by metadata-action, which takes capitals that a registry does not


def environment(workflow: Workflow, job: Job, step: Step) -> dict[str, str]:
    """What `env.NAME` says in the inputs of a step: the narrowest place counts."""
    return {**workflow.env, **job.env, **step.env}


def resolved(template: str, env: Mapping[str, str], depth: int = 4) -> str:
    """A template with its `env.NAME` filled in, where the file says what they are."""

    def value(expression: str) -> str:
        found = _ENV.fullmatch(expression)
        known = env.get(found[1]) if found else None
        return f"${{{{ {expression} }}}}" if known is None else known

    after = filled(template, value)
    return after if after == template or not depth else resolved(after, env, depth - 1)


def sampled(name: str, job: Job, env: Mapping[str, str]) -> str:
    """A name as one of the jobs of a matrix has it."""
    return _MATRIX.sub(lambda told: (job.matrix.get(told[1]) or (told[0],))[0], resolved(name, env))


def images(step: Step, job: Job, env: Mapping[str, str]) -> tuple[Image, ...]:
    """The repositories that a build-push step names, in the file's order."""
    found = list(_tagged(step.inputs.get("tags", ""), job, env))
    for line in step.inputs.get("outputs", "").splitlines():
        fields = dict(one.partition("=")[::2] for one in _csv(line))
        if fields.get("type") in ("image", "registry") and fields.get("name"):
            names = fields["name"].strip('"').split(",")
            found += [Image(name) for name in _named(names, env, job)]
    return tuple(dict.fromkeys(found))


def _tagged(tags: str, job: Job, env: Mapping[str, str]) -> Iterator[Image]:
    for line in tags.splitlines() if "\n" in tags.strip() else _split(tags):
        line = line.strip()
        whole = holes(line) if line.startswith("${{") and line.endswith("}}") else []
        source = _OUTPUT.fullmatch(whole[0]) if len(whole) == 1 else None
        if source:
            yield from _described(source[1], job, env)
        else:
            yield from (Image(name) for name in _named([line], env, job))


def _described(identifier: str, job: Job, env: Mapping[str, str]) -> Iterator[Image]:
    """The images of a metadata-action step. A line may be `name=IMAGE,enable=true`."""
    for step in job.steps:
        if step.id != identifier or step.action != METADATA:
            continue
        given = step.inputs.get("images", "")
        known = resolved(given, env)
        for line in (given if _ENV_ONLY.fullmatch(given.strip()) is None else known).splitlines():
            cells = _csv(line)
            fields = dict(cell.partition("=")[::2] for cell in cells if "=" in cell)
            if "name" not in fields:
                names = [cell for cell in cells if "=" not in cell or "${{" in cell]
                yield from (Image(name, lowered=True) for name in _named(names, env, job))
            elif fields.get("enable", "true") == "true":
                names = [fields["name"]]
                yield from (Image(name, lowered=True) for name in _named(names, env, job))


def _named(references: Sequence[str], env: Mapping[str, str], job: Job) -> Iterator[str]:
    """The repositories of references: written with `env.NAME` where that holds no tag."""
    for reference in references:
        name = _repository(reference.strip())
        if name is None:
            continue
        known = _repository(resolved(name, env))
        if known is None or _opaque(known, job):
            continue
        yield name if known == resolved(name, env) else known


def _opaque(name: str, job: Job) -> bool:
    """Whether nothing but an expression says what the image is, or a secret does."""
    found = parts(name)
    if (told := _MATRIX.fullmatch(name)) and (values := job.matrix.get(told[1])):
        return any("/" not in value or repository(value) != value for value in values)
    return "secrets." in name or (len(found) > 1 and not "".join(found[::2]).strip("/"))


def _repository(reference: str) -> str | None:
    """As `refs.repository`, for a reference with `${{ }}` in it."""
    kept: list[str] = []

    def hide(expression: str) -> str:
        kept.append(expression)
        return f"${{KEPT{len(kept) - 1}}}"

    found = repository(filled(reference, hide))
    if found is None:
        return None
    return re.sub(r"\$\{KEPT(\d+)\}", lambda one: f"${{{{ {kept[int(one[1])]} }}}}", found)


def _split(tags: str) -> list[str]:
    """The items of a list on one line; a comma in an expression parts nothing."""
    kept = holes(tags)
    count = iter(range(len(kept)))
    cells = _csv(filled(tags, lambda _: f"\0{next(count)}\0"))
    return [re.sub(r"\0(\d+)\0", lambda n: f"${{{{ {kept[int(n[1])]} }}}}", one) for one in cells]


def _csv(line: str) -> list[str]:
    return [cell.strip() for row in csv.reader([line.strip()]) for cell in row if cell.strip()]


@dataclass(frozen=True, slots=True)
class Rights:
    """Whether a job may push to a registry. `when`: an `if:` expression; empty: always."""

    when: tuple[str, ...] = ()
    token: bool = False  # by the workflow's own token


def rights(name: str, step: Step, job: Job, env: Mapping[str, str]) -> Rights | None:
    """What the steps before a build let it push to; None: nothing is said of it.

    `name`: a repository, or "" for whatever a file names that is not read here.
    """
    wanted = _hosts(sampled(name, job, env))
    found: list[tuple[str | None, bool]] = []
    for other in job.steps[: step.index]:
        if other.action == LOGIN:
            registry = resolved(other.inputs.get("registry", ""), env).strip()
            own = "github.token" in str(other.inputs) or "GITHUB_TOKEN" in str(other.inputs)
            if not name or _bare(registry) in wanted:
                found.append((condition(other.condition), own))
        elif other.action in _LOGINS or (other.run and _DOCKER_LOGIN.search(other.run.value)):
            found.append((condition(other.condition), False))
    if not found:
        return None
    if any(not when for when, _ in found):
        return Rights(token=any(own for when, own in found if not when))
    return Rights(tuple(dict.fromkeys(str(when) for when, _ in found)), found[0][1])


def _bare(registry: str) -> str:
    registry = registry.removeprefix("https://").split("/")[0]
    return "docker.io" if registry in _HUB else registry


def _hosts(name: str) -> set[str]:
    """The hosts that a repository can lie at: an expression in front may be an owner at the Hub."""
    first = name.partition("/")[0]
    known = _bare(host(name))
    return {first, "docker.io"} if "${{" in first and "/" in name else {known}

"""The builds of a shell text: what each is, whether it can have a cache, and under which name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reorder.ci.branch import VARIABLE
from reorder.ci.contract import Settings
from reorder.ci.registries import host
from reorder.ci.shell.docker_command import Given, Options, Unread, options
from reorder.ci.shell.places import Inside
from reorder.ci.shell.script import Around, Script, Step, computed, other_names, pushes_of, script
from reorder.ci.shell.words import canonical, cut, known, repository, variables
from reorder.shell.nodes import Opaque


@dataclass(frozen=True, slots=True)
class Build:
    """One `docker build` that can have a cache."""

    step: Step
    options: Options
    tags: tuple[Given, ...]
    repository: str  # of the caches
    pushes: bool  # it is told to push

    @property
    def identity(self) -> tuple[str, ...]:
        """What its layers come from; builds that differ in it need caches of their own."""
        names = ("--file", "--target", "--platform", "--build-arg")
        found = [",".join(g.source for g in self.options.values(name)) for name in names]
        return (*found, *(given.source for given in self.options.contexts))


class Refused(Exception):
    """Why a build is left alone; a sentence."""


class Fine(Exception):
    """Why a build needs nothing; `cache`: the repository that it uses."""

    def __init__(self, reason: str, cache: str | None) -> None:
        super().__init__(reason)
        self.cache = cache


def understood(script: Script, step: Step, settings: Settings, around: Around) -> Build:
    """A build that can have a cache. Raises `Refused`, or `Fine` if it has one."""
    if step.place.inside("substitution"):
        raise Refused("Another command takes its output, which a build with a cache has not.")
    if _classic(script, step):
        raise Refused("DOCKER_BUILDKIT=0 asks for the classic builder, which has no such cache.")
    try:
        given = options(script.text, step.command)
    except Unread as unread:
        raise Refused(f"{unread}") from None
    tags = given.values("--tag")
    if given.has("--cache-to", "--cache-from"):
        raise _settled(given)
    if given.has("--no-cache"):
        raise Refused("It is told to use no cache (`--no-cache`).")
    if given.has("--squash"):
        raise Refused("`--squash` needs the classic builder, which has no such cache.")
    if given.has("--call", "--check"):
        raise Refused("It builds no image.")
    for network in given.values("--network"):
        if network.text not in ("default", "none"):
            raise Refused(f"`--network {network.source}` needs a builder that is allowed to.")
    target = [o.source for o in given.values("--output")]
    pushes = given.has("--push") or any("push=true" in o or "type=registry" in o for o in target)
    if settings.backend == "gha":
        raise Refused("GitHub gives the token for its cache to actions, and to no script.")
    if settings.ref is None and not tags:
        raise Refused("It has no name (`--tag`) that tells where a cache could lie.")
    names = _far(script, tags, pushes, settings, around)
    name = _repository(script, names, settings)
    at = step.command.simple.span[0]
    for variable in sorted(variables(name)):
        if script.first.get(variable, -1) > at:
            raise Refused(f"${variable}, in the name of its registry, is set only after it.")
    return Build(step, given, tags, name, pushes)


def _settled(given: Options) -> Exception:
    """What is said of a build whose author set up a cache."""
    exported = given.values("--cache-to")
    if not exported:
        return Refused(
            "It has a `--cache-from` of its own and no `--cache-to`; without the former, both "
            "would be set up."
        )
    parts = dict.fromkeys(part for one in exported for part in one.source.split(","))
    cache = next((part[4:] for part in parts if part.startswith("ref=")), None)
    name = None if cache is None else cut(cache)[0]
    if "type=inline" in parts:
        return Fine("It has a cache, an inline one, which holds the last stage only.", name)
    if "mode=max" not in parts:
        return Fine(
            "It has a cache, but only of the last stage; `mode=max` would keep all stages.", name
        )
    return Fine("It has a cache.", name)


def _classic(script: Script, step: Step) -> bool:
    own = {a.name: script.text[slice(*a.word.span)] for a in step.command.simple.assigns}
    return own.get("DOCKER_BUILDKIT", script.values.get("DOCKER_BUILDKIT")) in ("0", "false")


def _repository(script: Script, tags: Sequence[Given], settings: Settings) -> str:
    if settings.ref is not None:
        return settings.ref
    reason = ""
    # A name without a registry beside one with it is for the machine itself.
    far = [tag for tag in tags if _has_registry(known(tag.source, script.values))]
    for tag in far or tags:
        found = repository(tag.source, script.values)
        if found is not None and not computed(found):
            return found
        reason = reason or tag.source
    raise Refused(
        f"It cannot be told where the tag begins in the name {reason}; "
        "name a repository with --registry-ref."
    )


def _far(
    script: Script, tags: Sequence[Given], pushes: bool, settings: Settings, around: Around
) -> Sequence[Given]:
    """The names that a registry knows. Raises `Refused` if none is at hand."""
    if pushes:
        names = tags
    elif sent := tuple(n for n in (*tags, *other_names(script, tags)) if pushes_of(script, [n])):
        names = sent
    elif around.by_hand:
        raise Refused(
            "It pushes nothing, and it may be run by hand: exporting a cache needs the right to "
            "push."
        )
    elif settings.ref is not None:
        return tags
    elif sent := tuple(tag for tag in tags if _mentioned([tag], around.after)):
        names = sent
    else:
        names = tuple(tag for tag in tags if _has_registry(known(tag.source, script.values)))
        if not names:
            raise Refused(
                "Nothing is pushed, so there is no registry for the cache; name one with "
                "--registry-ref."
            )
    hosts = [host(known(tag.source, script.values)) for tag in names]
    if around.by_hand and settings.ref is None:
        for name in hosts:
            if canonical(name) in {f"${{{one}}}" for one in script.computed}:
                raise Refused(f"It cannot be told which registry {name} is.")
    if settings.ref is None and any(h.startswith(("localhost", "127.")) for h in hosts):
        raise Refused(
            "Its registry is on the machine that builds; name another with --registry-ref."
        )
    return names


def _has_registry(name: str) -> bool:
    found = host(name)
    if found == "docker.io":
        return False
    if not found.startswith("$"):
        return True
    told = found.upper()
    return "/" in name and any(word in told for word in ("REG", "HOST", "ECR", "HARBOR", "GHCR"))


def _mentioned(tags: Sequence[Given], text: str) -> bool:
    """Whether a later script pushes one of the images."""
    if not text:
        return False
    later = script(text, {})
    if isinstance(later, Opaque):
        return any("docker push" in line and _in(tags, line) for line in text.splitlines())
    return bool(pushes_of(later, tags))


def _in(tags: Sequence[Given], line: str) -> bool:
    return any(cut(tag.source)[0] in line for tag in tags)


def sets_branch(text: str) -> bool:
    """Whether a script sets the variable that the refs end in."""
    return f"{VARIABLE}=" in text


def loop_variables(build: Build) -> set[str]:
    """The variables of the loops that a build stands in."""
    steps = build.step.place.steps
    return {s.name for s in steps if isinstance(s, Inside) and s.kind == "loop" and s.name}


def varies(build: Build) -> set[str]:
    """The variables in what a build is made from."""
    values = (*(v for _, v in build.options.options if v is not None), *build.options.contexts)
    tags = {id(tag) for tag in build.tags}
    return set().union(*(variables(v.source) for v in values if id(v) not in tags), set())

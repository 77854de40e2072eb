"""What a build needs of the machine that it runs on, which another builder would not have."""

from __future__ import annotations

from reorder.ci.contract import Settings
from reorder.ci.shell.builds import Build
from reorder.ci.shell.docker_command import Given, Unread, options
from reorder.ci.shell.pushes import folded
from reorder.ci.shell.script import Around, Script, Step, pushes_of
from reorder.ci.shell.script import script as read_script
from reorder.ci.shell.words import cut


def needs(script: Script, build: Build, settings: Settings, around: Around) -> str | None:
    """Why a build cannot move to a builder of its own; None: it can."""
    platforms = ",".join(given.source for given in build.options.values("--platform"))
    moved = build.pushes or build.options.has("--output", "--load")
    if "," in platforms and not moved and not folded(script, build, around):
        return "It is for several platforms, which only `--push` can take out of a builder."
    if _login(script, build, around):
        return "It stands before `docker login`: log in first, so that the cache can be pushed."
    for step, tags in _earlier(script, build, around):
        for tag in tags:
            name = cut(script.meant(tag.source))[0]
            if _used(script, build, name, settings) and not _in_registry(script, step, around):
                return f"It may be built on {cut(tag.source)[0]}, which is only on this machine."
    return None


def _login(script: Script, build: Build, around: Around) -> bool:
    """Whether the first login that is seen comes behind the build."""
    logins = [s.command.simple.span for s in script.steps if s.command.kind == "login"]
    if not logins or "login" in around.before:
        return False
    return min(logins) > build.step.command.simple.span


def _earlier(
    read: Script, build: Build, around: Around
) -> list[tuple[Step | None, tuple[Given, ...]]]:
    """The builds before this one, and what they are called."""
    at = build.step.command.simple.span
    found: list[tuple[Step | None, tuple[Given, ...]]] = []
    for step in read.steps:
        if step.command.kind == "build" and step.command.simple.span < at:
            found.append((step, _tags(read, step)))
    before = read_script(around.before, {}) if around.before else None
    if isinstance(before, Script):
        found += [(None, _tags(before, s)) for s in before.steps if s.command.kind == "build"]
    return found


def _tags(read: Script, step: Step) -> tuple[Given, ...]:
    try:
        return options(read.text, step.command).values("--tag")
    except Unread:
        return ()


def _used(script: Script, build: Build, name: str, settings: Settings) -> bool:
    given = build.options.values("--build-arg") + build.options.values("--build-context")
    if any(name in script.meant(one.source).partition("=")[2] for one in given):
        return True
    return name in settings.bases


def _in_registry(read: Script, step: Step | None, around: Around) -> bool:
    """Whether an earlier image is pushed by its own build."""
    if step is None:
        return False
    given = options(read.text, step.command)
    if given.has("--push"):
        return True
    tags = given.values("--tag")
    first = tags[0].source if tags else ""
    build = Build(step, given, tags, first, pushes=False)
    return bool(pushes_of(read, tags)) and bool(folded(read, build, around))

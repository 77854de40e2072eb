"""A `docker` command of a shell text: which one it is, its options and its other words.

Source: the manual pages docker(1), docker-build(1), docker-buildx-build(1) and docker-push(1) of
Docker 28 and buildx 0.29.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reorder.ci.shell.words import within
from reorder.shell.nodes import Span
from reorder.shell.tree import Simple, Text, Var, Word

Kind = Literal["build", "push", "compose", "bake", "create", "use", "login", "other"]

_BEFORE: Final = {"sudo", "time", "exec", "nohup", "command", "travis_retry", "retry"}
_DOCKER: Final = re.compile(r"(?:/usr(?:/local)?/bin/)?docker(?:\.exe)?")
_GLOBAL: Final = {
    "-H", "--host", "-c", "--context", "--config", "-l", "--log-level", "--tlscacert", "--tlscert",
    "--tlskey",
}  # fmt: skip
_BUILD_VALUES: Final = {
    "--add-host", "--allow", "--annotation", "--attest", "--build-arg", "--build-context",
    "--builder", "--cache-from", "--cache-to", "--call", "--cgroup-parent", "--cpu-period",
    "--cpu-quota", "--cpu-shares", "--cpuset-cpus", "--cpuset-mems", "--file", "--iidfile",
    "--isolation", "--label", "--memory", "--memory-swap", "--metadata-file", "--network",
    "--no-cache-filter", "--output", "--platform", "--policy", "--progress", "--provenance",
    "--sbom", "--secret", "--security-opt", "--shm-size", "--ssh", "--tag", "--target", "--ulimit",
}  # fmt: skip
_BUILD_FLAGS: Final = {
    "--check", "--compress", "--debug", "--disable-content-trust", "--force-rm", "--load",
    "--no-cache", "--pull", "--push", "--quiet", "--rm", "--squash",
}  # fmt: skip
_SHORT: Final = {
    "f": "--file", "t": "--tag", "o": "--output", "m": "--memory", "c": "--cpu-shares",
    "q": "--quiet", "D": "--debug",
}  # fmt: skip
_PUSH_FLAGS: Final = {"-q", "--quiet"}


class Unread(Exception):
    """The words of a command cannot be told apart; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Given:
    """A word: as text between double quotes, and as it is if nothing in it varies."""

    source: str
    text: str | None
    span: Span
    single: bool  # it is one word whatever its variables hold


@dataclass(frozen=True, slots=True)
class Docker:
    """One command. `verb` is the span of `build`, `image build`, `push` …"""

    kind: Kind
    simple: Simple
    verb: Span
    buildx: bool
    before: str  # `sudo ` …: what a docker command beside it needs in front
    words: tuple[Word, ...]  # behind the verb


@dataclass(frozen=True, slots=True)
class Options:
    """What `docker build` is given."""

    options: tuple[tuple[str, Given | None], ...]
    contexts: tuple[Given, ...]

    def has(self, *names: str) -> bool:
        """Whether one of these is given, and not as `=false`."""
        return any(
            name in names and not (value and value.text == "false" and name in _BUILD_FLAGS)
            for name, value in self.options
        )

    def values(self, name: str) -> tuple[Given, ...]:
        """The values of an option."""
        return tuple(value for found, value in self.options if found == name and value is not None)


def docker(text: str, simple: Simple) -> Docker | None:
    """The docker command that a simple command is; None: it is another."""
    words = [_literal(word) for word in simple.words]
    at = 0
    while at < len(words) and words[at] in _BEFORE:
        at += 1
    name = words[at] if at < len(words) else None
    if name is None or not (_DOCKER.fullmatch(name) or name in ("docker-compose", "docker-buildx")):
        return None
    before = "sudo " if "sudo" in words[:at] else ""
    if name == "docker-compose":
        return _compose(simple, words, at, before)
    first = at = at + 1
    while name != "docker-buildx" and at < len(words) and (words[at] or "").startswith("-"):
        at += 2 if words[at] in _GLOBAL else 1
    buildx = name == "docker-buildx" or words[at : at + 1] == ["buildx"]
    group = at
    if name != "docker-buildx" and words[at : at + 1] in (["buildx"], ["image"], ["builder"]):
        at += 1
        while buildx and at < len(words) and (words[at] or "").startswith("--builder"):
            at += 1 if "=" in (words[at] or "") else 2
    elif words[at : at + 1] == ["compose"]:
        return _compose(simple, words, at, before)
    if at >= len(words):
        return None
    verb = words[at]
    kinds: dict[str | None, Kind] = {
        "build": "build", "push": "push", "login": "login",
    }  # fmt: skip
    if buildx:
        kinds = {"build": "build", "b": "build", "bake": "bake", "create": "create", "use": "use"}
    start = simple.words[group if not buildx else at].span[0]
    kind = kinds.get(verb, "other")
    span = (start, simple.words[at].span[1])
    rest = simple.words[first:group] if buildx else ()
    return Docker(kind, simple, span, buildx, before, (*rest, *simple.words[at + 1 :]))


def _compose(simple: Simple, words: Sequence[str | None], at: int, before: str) -> Docker:
    builds = "build" in words[at + 1 :] or "--build" in words[at + 1 :]
    kind: Kind = "compose" if builds else "other"
    return Docker(kind, simple, simple.words[at].span, False, before, simple.words[at + 1 :])


def options(text: str, command: Docker) -> Options:
    """The words of a build. Raises `Unread`."""
    found: list[tuple[str, Given | None]] = []
    loose: list[Given] = []
    queue = list(command.words)
    while queue:
        word = queue.pop(0)
        given = read(text, word)
        raw = given.source
        if raw == "--":
            loose += [read(text, one) for one in queue]
            break
        if raw.startswith("--"):
            name, equals, value = raw.partition("=")
            literal = given.text.partition("=")[2] if given.text is not None else None
            if equals:
                found.append((name, Given(value, literal, word.span, given.single)))
            elif name in _BUILD_VALUES and queue:
                found.append((name, read(text, queue.pop(0))))
            elif name in _BUILD_FLAGS:
                found.append((name, None))
            else:
                raise Unread(f"The option `{name}` is not known here.")
        elif raw.startswith("-") and len(raw) > 1:
            found += _short(text, given, queue)
        else:
            loose.append(given)
    return Options(tuple(found), _contexts(text, loose))


def _short(text: str, given: Given, queue: list[Word]) -> list[tuple[str, Given | None]]:
    found: list[tuple[str, Given | None]] = []
    letters = given.source[1:]
    while letters:
        name = _SHORT.get(letters[0])
        if name is None:
            raise Unread(f"The option `-{letters[0]}` is not known here.")
        letters = letters[1:]
        if name in _BUILD_FLAGS:
            found.append((name, None))
            continue
        if not letters:
            if not queue:
                raise Unread(f"The option `{given.source}` has no value.")
            return [*found, (name, read(text, queue.pop(0)))]
        value = letters.removeprefix("=")
        literal = None if given.text is None else value
        return [*found, (name, Given(value, literal, given.span, given.single))]
    return found


def _contexts(text: str, loose: Sequence[Given]) -> tuple[Given, ...]:
    """The context among the words that are no options; the other may hold any options."""
    if len(loose) > 1 or (loose and "@" in loose[0].source and not loose[0].single):
        for given in loose:
            if not given.single:
                shown = text[slice(*given.span)]
                raise Unread(f"`{shown}` may stand for any option.")
        raise Unread("It has more than one context.")
    return tuple(loose)


def pushed(text: str, command: Docker) -> tuple[tuple[Given, ...], bool] | None:
    """The images of a `docker push`, and whether nothing but quiet is asked of it."""
    names, plain = [], True
    for word in command.words:
        try:
            given = read(text, word)
        except Unread:
            return None
        if given.source.startswith("-"):
            plain = plain and given.source in _PUSH_FLAGS
        else:
            names.append(given)
    return tuple(names), plain


def read(text: str, word: Word) -> Given:
    """A word as it is given. Raises `Unread`."""
    source = within(text[slice(*word.span)])
    if source is None:
        raise Unread(f"`{text[slice(*word.span)]}` is not understood.")
    # `"$@"` and `"${a[@]}"` are any number of words, however they are quoted.
    single = all(
        isinstance(part, Text)
        or (getattr(part, "quoted", False) and not (isinstance(part, Var) and part.name == "@"))
        for part in word.parts
    )
    return Given(source, _literal(word), word.span, single and "[@]" not in source)


def _literal(word: Word) -> str | None:
    if all(isinstance(part, Text) for part in word.parts):
        return "".join(part.text for part in word.parts if isinstance(part, Text))
    return None

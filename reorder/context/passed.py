"""Build arguments that the files of a repository pass to the builds of its images.

Sources: `docker build --help` (podman, buildah and kaniko take the same option), the inputs
`build-args` of docker/build-push-action and `set` of docker/bake-action, the compose
specification ("build", `args`), the bake file reference (`target.args`, `variable`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from reorder.context.buildfiles import (
    MOST_TEXT,
    bake_files,
    compose_files,
    is_compose,
    load_yaml,
    numbered_lines,
    scripts,
    services,
    steps,
)
from reorder.context.freshness import LONGEST, Said, is_fresh, said
from reorder.context.project import Project

_NAME = r"[A-Za-z_]\w*"
# Also as an item of a list, in one line or with the value in the next one.
_OPTION = re.compile(
    r"""--build-arg(?:=|["']?\s{0,40},?\s{0,40}(?:-\s+)?)"""
    rf"""(?P<quote>["']?)(?P<name>{_NAME})(?P<set>=?)"""
)
_SET = re.compile(
    rf"""(?P<quote>["']?)(?<![\w*.-])[\w*.-]{{1,80}}\.args\.(?P<name>{_NAME})(?P<set>=)"""
)
_TARGET_ARGS = re.compile(r"\bargs\s*=\s*\{(?P<body>(?:[^{}]|\$\{[^}]*\})*)\}")
_ROW = re.compile(rf"""^\s*["']?(?P<name>{_NAME})["']?\s*[=:]\s*(?P<value>.*?),?\s*$""", re.M)
_MOST_OPTIONS = 500  # of one file
_CLOSES = {"(": ")", "{": "}"}


@dataclass(frozen=True, slots=True)
class Passed:
    """One argument that one file passes; `fresh` as `is_fresh` has it."""

    name: str
    path: str
    fresh: bool | None


def passed_arguments(project: Project) -> Iterator[Passed]:
    """Every build argument that CI files, scripts, makefiles, compose and bake files pass."""
    for path in dict.fromkeys([*scripts(project), *compose_files(project)]):
        text = project.read(path)
        if text is None or len(text) > MOST_TEXT or not _may_pass(text, path):
            continue
        lines = [line for _, line in numbered_lines(text, path)]
        data = load_yaml(text) if _is_listed(text, path) else None
        known = said(lines, _metadata(data))
        for name, value in [*_options("\n".join(lines)), *_listed(data, path)]:
            fresh = is_fresh("$" + name if value is None else value, known)
            yield Passed(name, path, fresh)
    for path in bake_files(project):
        text = project.read(path)
        if text is not None and len(text) <= MOST_TEXT:
            yield from (Passed(name, path, fresh) for name, fresh in _baked(text, path))


def _may_pass(text: str, path: str) -> bool:
    return "--build-arg" in text or ".args." in text or _is_listed(text, path)


def _is_listed(text: str, path: str) -> bool:
    """Whether a file is worth the reading as YAML."""
    return path.endswith((".yml", ".yaml")) and (
        "build-args" in text or "metadata-action" in text or (is_compose(path) and "args" in text)
    )


def _options(text: str) -> Iterator[tuple[str, str | None]]:
    """Names and values of `--build-arg` and of bake's `--set`; None: the environment's."""
    for pattern in (_OPTION, _SET):
        for found in islice(pattern.finditer(text), _MOST_OPTIONS):
            value = _word(text, found.end(), found["quote"]) if found["set"] else None
            yield found["name"], value


def _word(text: str, at: int, quote: str) -> str:
    """The rest of a shell word; `quote` is open. Quotes inside an expansion are part of it."""
    start, open_ = at, quote
    inner: list[str] = []
    while at < min(len(text), start + LONGEST):
        char = text[at]
        if inner:
            if char == inner[-1]:
                inner.pop()
            elif char in _CLOSES:
                inner.append(_CLOSES[char])
        elif char == "$" and text[at + 1 : at + 2] in _CLOSES:
            at += 1
            inner.append(_CLOSES[text[at]])
        elif char == "`":
            inner.append("`")
        elif open_ and char == open_:
            open_ = ""
        elif not open_ and char in "\"'":
            open_ = char
        elif not open_ and (char.isspace() or char in ",]|;&"):
            break
        at += 1
    return text[start:at].replace('"', "").replace("'", "") if at - start < LONGEST else "$("


def _listed(data: Any, path: str) -> Iterator[tuple[str, str | None]]:
    """The arguments of actions in a workflow, and of services in a compose file."""
    for step in steps(data):
        inputs = step.get("with")
        if isinstance(inputs, dict):
            yield from _pairs(str(inputs.get("build-args") or "").splitlines())
    if is_compose(path):
        for service in services(data):
            build = service.get("build")
            args = build.get("args") if isinstance(build, dict) else None
            if isinstance(args, dict):
                for name, value in args.items():
                    yield str(name), None if value is None else str(value)
            elif isinstance(args, list):
                yield from _pairs(map(str, args))


def _pairs(rows: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    for row in rows:
        name, sign, value = row.strip().strip("\"'").partition("=")
        if re.fullmatch(_NAME, name):
            yield name, value if sign else None


def _metadata(data: Any) -> Iterator[str]:
    for step in steps(data):
        if str(step.get("uses", "")).startswith("docker/metadata-action"):
            yield str(step.get("id", ""))


def _baked(text: str, path: str) -> Iterator[tuple[str, bool | None]]:
    """The arguments of bake's targets. A variable may come from outside: then it is not known."""
    if path.endswith(".json"):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return
        targets = data.get("target") if isinstance(data, dict) else None
        for target in targets.values() if isinstance(targets, dict) else ():
            args = target.get("args") if isinstance(target, dict) else None
            for name, value in args.items() if isinstance(args, dict) else ():
                yield name, is_fresh(str(value), Said())
        return
    clean = "\n".join(re.split(r"(?:^|\s)(?:#|//)", line)[0] for line in text.splitlines())
    for block in _TARGET_ARGS.finditer(clean):
        for row in _ROW.finditer(block["body"]):
            value = row["value"]
            literal = re.fullmatch(r'"([^"]*)"|\d+|true|false', value)
            word = (literal[1] or value) if literal else "$" + value
            yield row["name"], is_fresh(word if value != '""' else "", Said())

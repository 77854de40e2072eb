"""Whether a value that a script or CI file writes is new with each build."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reorder.context.argument_names import is_commit_or_count, is_placeholder

DEEPEST = 6  # variables that stand for variables
LONGEST = 1000  # characters of a line that is read

# A program, function or expression whose result is another one for another commit or time.
_SIGNS = re.compile(
    r"""
    \bgit\s+(?:-[cC]\s+\S+\s+|--\S+\s+)*(?:
        rev-list\b | log\b | show\b | show-ref\b | ls-remote\b
        | rev-parse\b(?!.*(?:--abbrev-ref|--symbolic|--show-toplevel))
        | describe\b(?!.*--abbrev=0)
    )
    | (?:\$\(|`|\bshell\s+|["'(]\s*)\s*(?:TZ=\S+\s+)?date\b
    | \bGet-Date\b | \bnew\s+Date\b | \btimestamp\(\) | \buuidgen\b | \$\$?\{?RANDOM\b
    | \bgithub\.(?:sha|run_id|run_number|run_attempt)\b
    | \bgithub\.event\.(?:after|head_commit\.(?:id|timestamp|message)|repository\.updated_at
        |pull_request\.(?:head\.sha|number)|workflow_run\.head_sha)\b
    | \bpipeline\.(?:id|number|git\.revision)\b
    | \bBuild\.(?:SourceVersion|BuildId|BuildNumber)\b
    | \{\{[-\s]*\.(?:Commit|FullCommit|ShortCommit|Date|Timestamp|CommitDate|CommitTimestamp|Now)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_DOTTED = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)+")
_VARIABLE = re.compile(
    r"\$\$?(?:\{(?:env\.)?(?P<braced>[A-Za-z_]\w*)(?P<default>:?[-=][^}]*)?|\((?P<make>[A-Za-z_][\w.]*)\)"
    r"|(?:env:)?(?P<plain>[A-Za-z_]\w*))"
)
_METADATA = re.compile(r"version|json|labels|tags|annotations")

_WORDS = "export|local|readonly|declare|set|def|var|val|final|String|override"
_ASSIGNED = re.compile(
    rf"^\s*(?:-\s+)?(?:(?:{_WORDS})\s+)*(?:\$(?:env:)?)?[\"']?(?P<name>[A-Za-z_]\w*)[\"']?"
    r"(?:\s*(?P<op>[:?]?:?=)\s*|:\s+)(?P<value>\S.*)$"
)
_WRITTEN = re.compile(
    r"""echo\s+["']?(?:::set-output\s+name=|export\s+)?(?P<name>[A-Za-z_][\w-]*)(?:=|::)"""
    r"""(?P<value>.*?)["']?(?:\s*\|\s*tee\b.*|\s*>>.*)?$"""
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of its variables: every value by name, and steps of the metadata action."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    metadata: frozenset[str] = frozenset()


def said(lines: Iterable[str], metadata: Iterable[str] = ()) -> Said:
    """The assignments of a script, makefile or CI file, read line by line."""
    values: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if len(line) > LONGEST:
            continue
        for pattern in (_ASSIGNED, _WRITTEN):
            found = pattern.search(line)
            if found is None:
                continue
            value = found["value"].strip()
            if found.groupdict().get("op") == "?=":
                value = "${" + found["name"] + ":-" + value.replace("}", "") + "}"
            values[found["name"]] = (*values.get(found["name"], ()), value)
    return Said(values, frozenset(metadata))


def is_fresh(value: str, known: Said) -> bool | None:
    """Whether a value is new with each build; False: it is fixed; None: that is not known."""
    return _value(value, known, {}, DEEPEST)


def _value(value: str, known: Said, answers: dict[str, bool | None], depth: int) -> bool | None:
    if not depth or len(value) > LONGEST:
        return None
    if _SIGNS.search(value):
        return True
    found = [
        _variable(name, default, known, answers, depth) for name, default in _references(value)
    ]
    if any(found):
        return True
    plain = _VARIABLE.sub("", _EXPRESSION.sub("", value))
    if None in found or any(sign in plain for sign in ("`", "$(", "{{", "<<")):
        return None
    return None if not found and is_placeholder(value) else False


def _variable(
    name: str, default: str, known: Said, answers: dict[str, bool | None], depth: int
) -> bool | None:
    """The same for one variable, or one dotted name of an expression."""
    if name not in answers:
        # What is set to itself comes from outside.
        answers[name] = True if is_commit_or_count(name.rpartition(".")[2]) else None
        answers[name] = _resolved(name, known, answers, depth)
    answer = answers[name]
    return None if answer is False and default else answer


def _resolved(name: str, known: Said, answers: dict[str, bool | None], depth: int) -> bool | None:
    scope, _, rest = name.partition(".")
    if scope == "matrix":
        return False
    step, _, output = rest.partition(".outputs.")
    if scope == "steps" and step in known.metadata and _METADATA.match(output):
        return True
    last = name.rpartition(".")[2]
    values = () if scope in ("secrets", "vars", "inputs") else known.values.get(last, ())
    if not values:
        return answers[name]
    found = [_value(value, known, answers, depth - 1) for value in values]
    if any(found):
        return True
    return None if None in found else False


def _references(value: str) -> Iterator[tuple[str, str]]:
    """The variables that a value names, and their defaults."""
    for expression in _EXPRESSION.finditer(value):
        names = _DOTTED.findall(expression[1])
        yield from ((name, "") for name in names or [""])
    for found in _VARIABLE.finditer(_EXPRESSION.sub("", value)):
        yield found["braced"] or found["make"] or found["plain"], found["default"] or ""

"""A workflow or a composite action, read with the places of what can be changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reorder.context import yamltext

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its texts, and the nodes that they stand in."""

    node: MappingNode
    index: int  # in its job
    uses: str = ""
    name: str = ""
    id: str = ""
    condition: str = ""  # of `if:`, as it stands
    run: ScalarNode | None = None
    shell: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    # Of `with:`, names in lower case.
    inputs: Mapping[str, str] = field(default_factory=dict)
    given: Node | None = None  # what `with:` holds

    @property
    def action(self) -> str:
        """The action without its version: `docker/login-action`."""
        return self.uses.partition("@")[0]

    @property
    def place(self) -> int:
        """Where its `uses:` is, or else the step: an offset."""
        named = value(self.node, "uses") or self.node
        return int(named.start_mark.index)


@dataclass(frozen=True, slots=True)
class Job:
    """One job, or all that a composite action does."""

    id: str
    steps: tuple[Step, ...]
    condition: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    runner: str = ""  # `runs-on`
    shell: str = ""  # of its steps, where they name none
    # None: values that are not known.
    matrix: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    rows: int = 0  # of `include`, if that is all of the matrix
    permissions: Mapping[str, str] | None = None  # None: those of the workflow; `*`: all
    uses: str = ""  # a workflow that it stands for
    place: int = 0  # where that is named: an offset
    composite: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """A file: its triggers (None for a composite action) and its jobs."""

    events: Mapping[str, object] | None
    jobs: tuple[Job, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    permissions: Mapping[str, str] | None = None


def read(text: str) -> Workflow | str | None:
    """The workflow or composite action that a text is; why it cannot be read; None: it is neither.

    The syntax: GitHub documentation, "Workflow syntax" and "Metadata syntax".
    """
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        yamltext.check([] if root is None else [root])
        if any(isinstance(t, yaml.AliasToken) for t in yaml.scan(text, Loader=yaml.SafeLoader)):
            return "the file has YAML aliases, so that a change in one place would change others"
    except (yaml.YAMLError, RecursionError, ValueError):
        return "the file is no valid YAML"
    top = _fields(root)
    if (runs := _fields(top.get("runs"))) and "steps" in runs:
        job = Job("", _steps(runs["steps"]), composite=True)
        return Workflow(None, (job,))
    jobs = tuple(_job(name, node, _shell(top)) for name, node in _fields(top.get("jobs")).items())
    if not jobs or "on" not in top:
        return None
    events = plain(top["on"])
    if isinstance(events, str):
        events = {events: None}
    elif isinstance(events, list):
        events = {str(event): None for event in events}
    if not isinstance(events, dict):
        return "its triggers are not understood"
    permissions = _permissions(top.get("permissions"))
    return Workflow(events, jobs, texts(top.get("env")), permissions)


def _shell(own: Mapping[str, Node]) -> str:
    return _text(_fields(_fields(own.get("defaults")).get("run")).get("shell"))


def _job(name: str, node: Node, shell: str) -> Job:
    own = _fields(node)
    matrix = _fields(_fields(own.get("strategy")).get("matrix"))
    return Job(
        name,
        _steps(own.get("steps")),
        _text(own.get("if")),
        texts(own.get("env")),
        str(plain(own.get("runs-on")) or ""),
        _shell(own) or shell,
        _matrix({key: plain(value) for key, value in matrix.items()}),
        _rows(matrix),
        _permissions(own.get("permissions")),
        _text(own.get("uses")),
        int((own.get("uses") or node).start_mark.index),
    )


def _rows(matrix: Mapping[str, Node]) -> int:
    rows = plain(matrix["include"]) if list(matrix) == ["include"] else None
    return len(rows) if isinstance(rows, list) else 0


def _matrix(given: Mapping[str, object]) -> dict[str, tuple[str, ...] | None]:
    found: dict[str, tuple[str, ...] | None] = {}
    for key, value in given.items():
        if key not in ("include", "exclude"):
            found[key] = _values(value)
    include = given.get("include")
    for row in include if isinstance(include, list) else ():
        for key, value in row.items() if isinstance(row, dict) else ():
            before = found.get(key, ())
            more = _values([value])
            found[key] = None if before is None or more is None else (*before, *more)
    return found


def _values(given: object) -> tuple[str, ...] | None:
    if not isinstance(given, list) or not all(isinstance(value, str) for value in given):
        return None
    return None if any("${{" in value for value in given) else tuple(given)


def _steps(node: Node | None) -> tuple[Step, ...]:
    import yaml

    items = node.value if isinstance(node, yaml.SequenceNode) else []
    steps = [item for item in items if isinstance(item, yaml.MappingNode)]
    return tuple(_step(item, index) for index, item in enumerate(steps))


def _step(node: MappingNode, index: int) -> Step:
    import yaml

    own = _fields(node)
    run = own.get("run")
    return Step(
        node,
        index,
        _text(own.get("uses")),
        _text(own.get("name")),
        _text(own.get("id")),
        _text(own.get("if")),
        run if isinstance(run, yaml.ScalarNode) else None,
        _text(own.get("shell")),
        texts(own.get("env")),
        {key.lower(): value for key, value in texts(own.get("with")).items()},
        own.get("with"),
    )


def _permissions(node: Node | None) -> dict[str, str] | None:
    if node is None:
        return None
    found = plain(node)
    if isinstance(found, str):
        return {"*": found}
    return texts(node)


def plain(node: Node | None) -> object:
    """A node as text, list and dict."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return {key: plain(value) for key, value in _fields(node).items()}
    if isinstance(node, yaml.SequenceNode):
        return [plain(value) for value in node.value]
    return _text(node) if node is not None and not _null(node) else None


def texts(node: Node | None) -> dict[str, str]:
    """The entries of a mapping whose values are text."""
    import yaml

    values = _fields(node).items()
    return {key: value.value for key, value in values if isinstance(value, yaml.ScalarNode)}


def value(node: Node, name: str) -> Node | None:
    """What a key of a mapping holds."""
    return _fields(node).get(name)


def _null(node: Node) -> bool:
    return str(node.tag).endswith(":null")


def _fields(node: Node | None) -> dict[str, Node]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _text(node: Node | None) -> str:
    import yaml

    return node.value if isinstance(node, yaml.ScalarNode) else ""

"""The direction of imports, and what else keeps the tree readable."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest
from layers.imports import PACKAGE, Import, imports, imports_in, module_name, sources

from reorder.transforms.ids import IDS

# From the top down; a part may import what is in a row below its own.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("fleet",),
    ("report",),
    ("verify", "ci", "simulate"),
    ("analysis",),
    ("batch",),
    ("api",),
    ("opened",),
    ("settings",),
    ("transforms", "equivalence"),
    ("cost",),
    ("graph",),
    ("ecosystems",),
    ("context",),
    ("shell", "syntax"),
    ("result", "config", "errors"),
    ("",),  # the version
)
HEAVY = ("tree_sitter", "tree_sitter_bash", "dockerfile_parse", "difflib", "yaml", "defusedxml")
# module -> why it is one idea all the same
LONG: dict[str, str] = {}
MOST_LINES = 300

ALL = tuple(imports())
ROW = {part: row for row, parts in enumerate(LAYERS) for part in parts}


def part(module: str) -> str:
    """`syntax` of `reorder.syntax.parse`; `` of `reorder.__version__`."""
    names = module.split(".")
    return names[1] if len(names) > 1 and names[1] in ROW else ""


def ours(module: str) -> bool:
    return module.split(".")[0] == "reorder"


def upward(found: Iterable[Import]) -> list[str]:
    return [
        str(item)
        for item in found
        if ours(item.target)
        and part(item.source) != part(item.target)
        and ROW[part(item.source)] >= ROW[part(item.target)]
    ]


def within(item: Import, modules: Iterable[str]) -> str | None:
    """Which of some modules an import reaches."""
    return next((m for m in modules if f"{item.target}.".startswith(f"{m}.")), None)


def ecosystems() -> frozenset[str]:
    """The modules that satisfy the contract: they say their NAME and LEVEL."""
    found = set()
    for path in sorted((PACKAGE / "ecosystems").rglob("*.py")):
        names = {
            target.id
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            for target in (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            if isinstance(target, ast.Name)
        }
        if {"NAME", "LEVEL"} <= names:
            found.add(module_name(path))
    return frozenset(found)


def siblings(modules: frozenset[str]) -> list[str]:
    """Imports from one of some modules, or a module inside it, to another."""
    return [
        str(item)
        for item in ALL
        if (target := within(item, modules)) is not None
        and (own := within(Import("", item.source, 0, True), modules)) is not None
        and own != target
    ]


def test_every_part_has_a_layer() -> None:
    parts = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in sources()}
    assert parts - {"__init__"} <= set(ROW)


def test_imports_go_down_only() -> None:
    assert upward(ALL) == []


@pytest.mark.parametrize(
    "text",
    [
        "from reorder.transforms.ids import IDS",
        "def f():\n    import reorder.api",
        "from reorder.syntax import nodes",
        "from reorder import context",
        "if x:\n    from reorder.graph.facts import Facts",
    ],
)
def test_the_scan_sees_every_form_of_import(text: str) -> None:
    assert len(upward(imports_in("reorder.shell.parse", text))) == 1


def test_the_checker_shares_nothing_with_what_it_checks() -> None:
    forbidden = {"graph", "cost", "transforms", "syntax"}
    found = [i for i in ALL if part(i.source) == "equivalence" and ours(i.target)]
    assert [str(item) for item in found if part(item.target) in forbidden] == []


def test_ecosystems_do_not_import_each_other() -> None:
    assert len(ecosystems()) >= 5
    assert siblings(ecosystems()) == []


def test_transforms_do_not_import_each_other() -> None:
    modules = frozenset(f"reorder.transforms.{name.replace('-', '_')}" for name in IDS)
    assert modules <= {module_name(path) for path in sources()}
    assert siblings(modules) == []


def test_one_module_parses_shell() -> None:
    users = {item.source for item in ALL if item.target.split(".")[0].startswith("tree_sitter")}
    assert users == {"reorder.shell.parse"}


def test_heavy_modules_are_loaded_when_needed() -> None:
    early = [i for i in ALL if i.at_start and i.target.split(".")[0] in HEAVY]
    assert [str(item) for item in early] == []


def test_only_the_command_line_prints_and_exits() -> None:
    found = [
        f"{module_name(path)}:{node.lineno}"
        for path in sources()
        if part(module_name(path)) not in {"cli", "__main__"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.exit", "exit"}
    ]
    assert found == []


def test_files_are_one_idea_long() -> None:
    lengths = {module_name(path): len(path.read_text("utf-8").splitlines()) for path in sources()}
    long = {module: length for module, length in lengths.items() if length > MOST_LINES}
    assert set(long) == set(LONG), long

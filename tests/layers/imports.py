"""Who imports whom, read from the source: imports inside functions count too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "reorder"


@dataclass(frozen=True, slots=True)
class Import:
    """`source`, a module of ours, imports `target`, a module or a name in one."""

    source: str
    target: str
    line: int
    at_start: bool  # when the module is loaded, not when a function is called

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}"


def module_name(path: Path) -> str:
    """The dotted name of a file below the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> tuple[Path, ...]:
    """Every Python file of the package."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


def imports() -> Iterator[Import]:
    """Every import in the package."""
    for path in sources():
        yield from imports_in(module_name(path), path.read_text(encoding="utf-8"))


def imports_in(source: str, text: str) -> Iterator[Import]:
    """Every import in the text of one module; `from a import b` gives `a.b`."""
    tree = ast.parse(text)
    late = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        or (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{source}:{node.lineno}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            yield Import(source, name, node.lineno, id(node) not in late)

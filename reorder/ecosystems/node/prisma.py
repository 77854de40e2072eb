"""What `prisma generate` reads.

Source: Prisma documentation "Prisma schema location" and "Generators": ./prisma/schema.prisma or
./schema.prisma, or `prisma.schema` in package.json, or `--schema`; `prisma-client-js` writes into
node_modules unless `output` says otherwise; a prisma.config file is code.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.node.node_manifests import Package
from reorder.ecosystems.words import absolute

Reads = tuple[tuple[str, ...], tuple[str, ...]]  # files, folders

_DEFAULTS: Final = ("prisma/schema.prisma", "schema.prisma")
_CONFIGS: Final = tuple(
    f"{name}.{suffix}"
    for name in ("prisma.config", ".config/prisma")
    for suffix in ("ts", "mts", "cts", "js", "mjs", "cjs")
)


def schema_reads(args: list[str], cwd: str, package: Package, files: Files) -> Reads | str:
    """The files and folders that are read, or why that is not known."""
    for name in _CONFIGS:
        if files.exists(absolute(name, cwd)):
            return f"`prisma generate` runs {absolute(name, cwd)}, which may read the source"
    schema = _schema(args, cwd, package, files)
    if schema is None:
        return "`prisma generate`: which schema it reads is not known"
    if schema == "":
        return (), ()
    beside = posixpath.dirname(schema)
    whole = files.read(schema) is None
    inside = files.under(schema) if whole else files.under(beside) if _own(beside, cwd) else ()
    read = [path for path in (*inside, schema) if path.endswith(".prisma")]
    for path in read:
        problem = _generators(path, files.read(path) or "")
        if problem is not None:
            return problem
    env = [absolute(".env", folder) for folder in (cwd, beside)]
    known = tuple(dict.fromkeys(path for path in env if files.read(path) is not None))
    if whole:
        return known, (schema,)
    return (known, (beside,)) if _own(beside, cwd) else ((schema, *known), ())


def _own(folder: str, cwd: str) -> bool:
    """A folder for the schema alone can be taken whole; the project's root cannot."""
    return folder.startswith(cwd.rstrip("/") + "/") and posixpath.basename(folder) == "prisma"


def _schema(args: list[str], cwd: str, package: Package, files: Files) -> str | None:
    """The schema's path; "" when there is none, None when it is not known."""
    rest = list(args)
    while rest:
        word = rest.pop(0)
        if word == "--schema" and rest:
            return _existing(absolute(rest.pop(0), cwd), files)
        if word.startswith("--schema="):
            return _existing(absolute(word.partition("=")[2], cwd), files)
        if word not in ("--no-engine", "--no-hints", "--data-proxy", "--accelerate"):
            return None
    setting = package.data.get("prisma")
    if isinstance(setting, dict) and isinstance(setting.get("schema"), str):
        return _existing(absolute(setting["schema"], package.folder), files)
    for name in _DEFAULTS:
        if files.read(absolute(name, cwd)) is not None:
            return absolute(name, cwd)
    return "" if not files.exists(absolute("prisma/schema", cwd)) else None


def _existing(path: str, files: Files) -> str | None:
    return path if files.exists(path) else None


def _generators(path: str, text: str) -> str | None:
    """A generator other than prisma-client-js, or with an output of its own, writes elsewhere."""
    inside = False
    for raw in text.splitlines():
        line = raw.split("//")[0].strip()
        if line.startswith("generator ") and line.endswith("{"):
            inside = True
        elif inside and line == "}":
            inside = False
        elif inside:
            key, _, value = (part.strip() for part in line.partition("="))
            if key == "provider" and value.strip("\"'") != "prisma-client-js":
                return f"{path} has the generator {value}, which may read and write the source"
            if key == "output" and "node_modules" not in value:
                return f"{path}: the client is generated into {value}, outside node_modules"
    return None

"""pnpm's settings: command line, variables, pnpm-workspace.yaml, .npmrc.

Source: pnpm documentation, "Settings", "pnpm config" and "pnpm-workspace.yaml"; since version 10 a
setting may stand in pnpm-workspace.yaml, in camel case, and counts more than the one in .npmrc.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from reorder.context.buildfiles import load_yaml
from reorder.ecosystems.contract import Files, Image
from reorder.ecosystems.node.node_options import Line
from reorder.ecosystems.node.node_settings import told
from reorder.ecosystems.node.npm_options import from_environment, from_npmrc
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call

WORKSPACE: Final = "pnpm-workspace.yaml"
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force for a project, and pnpm-workspace.yaml as it is."""

    root: str  # the folder of pnpm-workspace.yaml, or the one pnpm works in
    values: Mapping[str, Any] = field(hash=False)
    workspace: Mapping[str, Any] | None = field(hash=False)  # None: there is no such file
    odd: str | None = None  # why the file is not known

    def on(self, name: str) -> bool:
        """Whether a switch is on."""
        return str(self.values.get(name)).lower() in ("true", "1")

    def off(self, name: str) -> bool:
        """Whether a switch that is on by default is off."""
        return str(self.values.get(name)).lower() in ("false", "0")

    def text(self, name: str) -> str | None:
        """A setting's text; "" when it is not set, None when its value is not known."""
        value = self.values.get(name, "")
        return value if value is None else str(value)

    def table(self, name: str, package: Mapping[str, Any]) -> Any:
        """A setting of pnpm-workspace.yaml, or else of the `pnpm` field of package.json."""
        found = (self.workspace or {}).get(name)
        own = package.get("pnpm")
        return found if found is not None else own.get(name) if isinstance(own, dict) else None


def read_settings(cwd: str, call: Call, image: Image, line: Line) -> Settings:
    """The settings for a call that works in a folder."""
    ignored = line.on("ignore-workspace")
    root = cwd if ignored else workspace_root(cwd, image.files)
    path = posixpath.join(root, WORKSPACE)
    text = None if ignored else image.files.read(path)
    data = _workspace(text) if text is not None else None
    odd = f"{path} is not understood" if text is not None and data is None else None
    if text is None and not ignored and image.files.exists(path):
        odd = f"{path} does not come from the build context"
    npmrc = image.files.read(posixpath.join(root, ".npmrc"))
    before = told("pnpm", image)
    values: dict[str, Any] = {} if before is not None else {"store-dir": None}
    values |= {_kebab(key): value for key, value in (before or {}).items()}
    values |= dict(from_npmrc(npmrc, call.env)) if npmrc is not None else {}
    values |= {_kebab(key): value for key, value in (data or {}).items()}
    values |= from_environment(call.env)
    values |= _own_variables(call.env)
    values |= line.options
    return Settings(root, values, data, odd)


def workspace_root(cwd: str, files: Files) -> str:
    """The nearest folder with a pnpm-workspace.yaml, or else the folder itself."""
    folder = cwd
    while True:
        if files.exists(posixpath.join(folder, WORKSPACE)):
            return folder
        if folder == "/":
            return cwd
        folder = posixpath.dirname(folder)


def above(root: str) -> tuple[str, ...]:
    """Where it looks for a workspace."""
    folders = [root]
    while folders[-1] != "/":
        folders.append(posixpath.dirname(folders[-1]))
    return tuple(absolute(WORKSPACE, folder) for folder in folders)


@lru_cache(maxsize=8)
def _workspace(text: str) -> Mapping[str, Any] | None:
    data = load_yaml(text) if text.strip() else {}
    return data if isinstance(data, dict) else None


def _own_variables(env: Mapping[str, str | None]) -> dict[str, str | None]:
    """`pnpm_config_store_dir`: the variables of version 11 and later."""
    prefix = "pnpm_config_"
    return {
        name[len(prefix) :].lower().replace("_", "-"): value
        for name, value in env.items()
        if name.lower().startswith(prefix) and value != ""
    }


def _kebab(name: str) -> str:
    return _CAMEL.sub(r"-\1", str(name)).lower()

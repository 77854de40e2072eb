"""The projects of a solution, in each of its three formats.

Source: "Solution (.sln) file" (learn.microsoft.com), the schema of `.slnx`
(microsoft/vs-solutionpersistence), "Filtered solutions" for `.slnf`.
"""

from __future__ import annotations

import json
import re
from typing import Final

from reorder.ecosystems.xmltext import parse_xml

_PROJECT: Final = re.compile(
    r'^\s*Project\("\{([^}]*)\}"\)\s*=\s*"[^"]*"\s*,\s*"([^"]*)"', re.MULTILINE
)
_FOLDER: Final = "2150E333-8FDC-42A3-9474-1A3956D46DE8"
_WEB_SITE: Final = "E24C65DC-7377-472B-9ABA-BC803B73C61A"
SOLUTIONS: Final = (".sln", ".slnx", ".slnf")


def projects_of(text: str, name: str) -> tuple[str, ...] | str:
    """The paths of the projects, relative to the solution; or why they are not known.

    For `.slnf` the solution it filters comes first.
    """
    if name.endswith(".slnx"):
        root = parse_xml(text)
        if isinstance(root, str):
            return root
        found = [e.get("Path", "") for e in root.iter() if str(e.tag).endswith("Project")]
        return tuple(path.replace("\\", "/") for path in found if path)
    if name.endswith(".slnf"):
        try:
            told = json.loads(text.lstrip("\ufeff"))["solution"]
            return tuple(str(p).replace("\\", "/") for p in (told["path"], *told["projects"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return "it is not a solution filter"
    paths = []
    for kind, path in _PROJECT.findall(text):
        if kind.upper() == _WEB_SITE:
            return "it has a web site without a project file"
        if kind.upper() != _FOLDER:
            paths.append(path.replace("\\", "/"))
    return tuple(paths)

"""Whether a Dockerfile builds a Windows image: other paths, other shells, other ignore rules."""

from __future__ import annotations

from reorder.syntax import views
from reorder.syntax.nodes import File

_IMAGES = (
    "windowsservercore",
    "nanoserver",
    "mcr.microsoft.com/windows/",
    "mcr.microsoft.com/dotnet/framework/",
    "microsoft/dotnet-framework",
)
_SHELLS = frozenset({"powershell", "powershell.exe", "cmd", "cmd.exe"})


def windows_line(file: File) -> int | None:
    """The line that says so; None: it is for Linux as far as its text tells.

    A backtick as escape character is only of use where paths have backslashes.
    """
    if file.escape == "`":
        return 1
    for node in file.instructions:
        if node.keyword == "from":
            image = views.from_(node).image.lower()
            if any(word in image for word in _IMAGES):
                return node.line
        if node.keyword == "shell" and node.words:
            program = node.words[0].replace("\\", "/").rpartition("/")[2].lower()
            if program in _SHELLS:
                return node.line
    return None

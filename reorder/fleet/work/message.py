"""The words of the change itself: the commit's message and the text of the pull request.

They depend on the change and the settings alone, so that the same change has the same commit.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from reorder.fleet.git.commit import signed
from reorder.fleet.row import FileRow, Row
from reorder.fleet.settings import Settings
from reorder.report.style import visible

TITLE = "Make image rebuilds faster"
_WIDTH = 72
OPT_OUT = (
    "To keep a Dockerfile as it is, put `# reorder: off` into it; for the whole repository, put "
    "`off = true` into a file reorder.toml at its top."
)
REVERT = "To undo all of it, revert this commit: nothing else depends on it."


def commit_message(files: Sequence[FileRow], settings: Settings, version: str, config: str) -> str:
    """Plain text, 72 columns wide, with the trailers at its end."""
    paragraphs = [
        TITLE,
        _filled(_safe(files, settings)),
        *("\n".join(_about(file)) for file in _changed(files)),
        *_assumed(files),
        _filled(OPT_OUT),
        _filled(REVERT),
    ]
    return signed("\n\n".join(paragraphs), version, config)


def pull_text(row: Row, settings: Settings) -> str:
    """The body of the pull request, in Markdown: what the commit says, and what was left alone."""
    message = commit_message(row.files, settings, row.version, row.config)
    text = "\n\n".join(_markdown(part) for part in message.strip().split("\n\n")[1:-1])
    if row.saving is not None and row.saving.hours_a_year >= 1:
        builds = f"{row.saving.builds_a_year:.0f} builds a year"
        text += f"\n\nExpected to save {row.saving.hours_a_year:.0f} hours in {builds}."
    left = [
        f"* {_safe_markdown(file.path)}, line {one.line}: {_safe_markdown(one.reason)}"
        for file in row.files
        for one in file.refusals
    ]
    if left:
        text += "\n\n<details><summary>Left as it is, and why</summary>\n\n"
        text += "\n".join(left) + "\n\n</details>"
    return text + "\n"


def _safe(files: Sequence[FileRow], settings: Settings) -> str:
    if all(map(_is_ci, _changed(files))):
        return "Builds in CI get a layer cache that outlives their runner. The images are the same."
    how = "an independent check of the Dockerfiles before and after"
    how += ", and by building both" if settings.verify else ""
    return f"The images stay the same: proved for each change by {how}."


def _changed(files: Sequence[FileRow]) -> Iterator[FileRow]:
    return (file for file in files if file.status == "changed")


def _is_ci(file: FileRow) -> bool:
    return all(change.id == "ci" for change in file.changes)


def _about(file: FileRow) -> Iterator[str]:
    yield f"{visible(file.path)}{_seconds(file)}"
    for change in file.changes:
        yield _item(visible(change.message))


def _seconds(file: FileRow) -> str:
    known = file.estimate
    if known is None or known.seconds_before - known.seconds_after < 0.1:
        return ":"
    source = f", over {known.commits} commits" if known.commits else ""
    return f": {known.seconds_before:.1f} s -> {known.seconds_after:.1f} s a rebuild{source}"


def _assumed(files: Sequence[FileRow]) -> Iterator[str]:
    found = dict.fromkeys(
        assumption
        for file in _changed(files)
        for change in file.changes
        for assumption in change.assumptions
    )
    if found:
        yield "Assumed:\n" + "\n".join(_item(visible(one)) for one in found)


def _item(text: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent="* ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _filled(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _markdown(paragraph: str) -> str:
    """A paragraph of the message without its line breaks: Markdown folds by itself."""
    head, *items = paragraph.split("\n* ")
    lines = [" ".join(head.split()), *(" ".join(item.split()) for item in items)]
    return "\n* ".join(map(_safe_markdown, lines)).replace("\n* ", "\n\n* ", 1)


def _safe_markdown(text: str) -> str:
    return visible(text).replace("<", "&lt;").replace("@", "@\u200b")

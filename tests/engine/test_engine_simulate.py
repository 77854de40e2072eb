"""`simulate` foretells what a real builder runs again: the same steps, at every commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from context.repository import commit
from engine.daemons import Daemons
from engine.machine import proxies
from engine.projects import lay, projects
from engine.start import provide

from reorder.cost.steptext import canonical
from reorder.simulate.outcome import Side
from reorder.simulate.run import Asked as AskedToReplay
from reorder.simulate.run import simulate
from reorder.verify.engine import Engine
from reorder.verify.outcome import Measure
from reorder.verify.run import Asked, verify

# Project -> its manifest, a line that changes nothing in it, and words of its source to double.
# Both have one stage: what a stage takes from another is taken to be new whenever it was made anew.
CASES = {
    "pip-collectstatic": ("requirements.txt", "# more\n", "\n"),
    "npm-ci": ("package.json", "\n", "60000"),
}


@pytest.mark.engine
@pytest.mark.parametrize("name", CASES)
def test_the_steps_that_run_again_are_the_predicted_ones(
    name: str, engine: Engine, daemons: Daemons, tmp_path: Path
) -> None:
    project = next(one for one in projects() if one.name == name)
    folder = tmp_path / name
    lay(project, folder)
    dockerfile = folder / "Dockerfile"
    provide(daemons, [dockerfile.read_text()])
    edits = _history(folder, project.edit, *CASES[name])
    foretold = simulate(dockerfile, AskedToReplay(commits=len(edits)))
    found = verify(dockerfile, Asked(edit=str(len(edits)), args=proxies()), engine)
    rows = [row for row in found.rebuilds if row.kind == "commit"]
    assert len(rows) == len(foretold.commits) == len(edits)
    pair = foretold.pairs["local"]
    for at, row in enumerate(rows[:-1]):  # what the last one brings, the cold builds have met
        assert row.before is not None, row.problem
        assert row.after is not None, row.problem
        assert _predicted(pair.before, at) == _ran(row.before), f"commit {at}: {row.path}"
        assert _predicted(pair.after, at) == _ran(row.after), f"commit {at}: {row.path}"
    assert pair.saved > 0


def _history(
    folder: Path, source: str, manifest: str, line: str, words: str
) -> Sequence[Mapping[str, str]]:
    """Commits of a source, of the manifest, of a new file, of the source as it was, of both."""
    first, listed = (folder / source).read_text(), (folder / manifest).read_text()
    assert words in first
    edits = [
        {source: first.replace(words, words * 2)},
        {manifest: listed + line},
        {"notes.txt": "1"},
        {source: first},
        {source: first.replace(words, words * 3), manifest: listed + line * 2},
    ]
    for files in edits:
        commit(folder, files)
    return edits


def _predicted(side: Side, at: int) -> set[str]:
    return {canonical(step.text.replace("\\\n", " ")) for step in side.steps if step.again[at]}


def _ran(measured: Measure) -> set[str]:
    return {canonical(step.text) for step in measured.steps if not step.cached}

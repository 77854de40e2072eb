"""What a new ignore file may hide."""

from __future__ import annotations

import pytest

from reorder.context.build import build_context
from reorder.context.project import Project
from reorder.equivalence.check import Objection, Proof, check

FILES = {
    "package.json": '{"name": "a", "version": "1.0.0"}',
    "package-lock.json": '{"name": "a", "version": "1.0.0", "lockfileVersion": 3, '
    '"packages": {"": {"name": "a", "version": "1.0.0"}}}',
    "index.js": "",
    "node_modules/x/index.js": "",
    ".idea/workspace.xml": "",
    "lib/__pycache__/a.pyc": "",
    ".git": "gitdir: elsewhere\n",
}
UNTRACKED = {"node_modules/x/index.js", ".idea/workspace.xml", "lib/__pycache__/a.pyc", ".git"}
INSTALLS = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
STAGES = f"{INSTALLS}FROM nginx\nCOPY --from=0 /app/dist /srv\n"


def verdict(
    text: str,
    ignore: str,
    tracked: set[str] | None = frozenset(FILES) - UNTRACKED,  # type: ignore[assignment]
    unsafe: bool = False,
) -> Proof | Objection:
    context = build_context(Project.of(FILES, tracked=tracked), "Dockerfile")
    return check(text, text, context, context.with_ignore(ignore), unsafe=unsafe)


@pytest.mark.parametrize(
    ("text", "ignore", "wanted"),
    [
        pytest.param(INSTALLS, "index.js", "not junk", id="a source"),
        pytest.param(INSTALLS, "lib", "not junk", id="a folder that holds junk"),
        pytest.param(INSTALLS, "*\n!index.js", "not junk", id="an allow list"),
        pytest.param(INSTALLS, ".git", "no longer be in the image", id="the history"),
        pytest.param("FROM node:20\nCOPY . /app\nCMD node index.js\n", "**/node_modules",
                     "no step makes", id="modules that nobody installs"),
        pytest.param("FROM node:20\nWORKDIR /app\nCOPY node_modules node_modules\nCOPY . .\n"
                     "RUN npm ci\n", "**/node_modules", "node_modules is copied",
                     id="a source is hidden"),
        pytest.param("FROM node:20\nWORKDIR /app\nCOPY node_modules/x x\nCOPY . .\nRUN npm ci\n",
                     "**/node_modules", "is copied", id="a source below is hidden"),
        pytest.param("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
                     "RUN --mount=source=.idea,target=/i ls\n", "**/.idea", "is copied",
                     id="a bind mount is hidden"),
        pytest.param("FROM node:20\nCOPY .ide* /i/\n", "**/.idea", "names .idea",
                     id="a wildcard names it"),
        pytest.param(INSTALLS, "[", "the ignore file", id="a bad pattern"),
    ],
)  # fmt: skip
def test_refused(text: str, ignore: str, wanted: str) -> None:
    found = verdict(text, ignore)
    assert isinstance(found, Objection)
    assert wanted in found.reason


def test_what_was_hidden_stays_hidden() -> None:
    context = build_context(Project.of({**FILES, ".dockerignore": "index.js\n"}), "Dockerfile")
    found = check(INSTALLS, INSTALLS, context, context.with_ignore(""))
    assert isinstance(found, Objection)
    assert "would come into" in found.reason


def test_a_tracked_file_stays() -> None:
    found = verdict(INSTALLS, "**/.idea", set(FILES))
    assert isinstance(found, Objection)
    assert "no longer be in the image" in found.reason


def test_a_tracked_file_of_a_folder_that_is_junk_stays() -> None:
    found = verdict(INSTALLS, "**/node_modules", {*FILES} - UNTRACKED | {"node_modules/x/index.js"})
    assert isinstance(found, Objection)


def test_without_git_only_outputs_may_go() -> None:
    assert isinstance(verdict(INSTALLS, "**/node_modules", None), Proof)
    found = verdict(INSTALLS, "**/.idea", None)
    assert isinstance(found, Objection)


@pytest.mark.parametrize("ignore", ["**/node_modules", "**/.idea", "**/__pycache__"])
def test_untracked_junk_may_go(ignore: str) -> None:
    assert isinstance(verdict(INSTALLS, ignore), Proof)


def test_a_builder_may_lose_what_its_image_does_not_ship() -> None:
    assert isinstance(verdict(STAGES, ".git", set(FILES)), Proof)
    shipped = STAGES.replace("/app/dist", "/app")
    assert isinstance(verdict(shipped, ".git", set(FILES)), Objection)


def test_a_named_stage_that_nobody_uses_is_an_image_too() -> None:
    named = STAGES.replace("node:20", "node:20 AS dev").replace("--from=0", "--from=node:20")
    assert isinstance(verdict(named, ".git"), Objection)


def test_unsafe_lets_the_history_go() -> None:
    assert isinstance(verdict(INSTALLS, ".git", unsafe=True), Proof)
    assert isinstance(verdict(INSTALLS, "index.js", unsafe=True), Objection)

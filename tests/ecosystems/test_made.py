"""Files that a command makes out of its closure, seen by the commands after it."""

from __future__ import annotations

from ecosystems.fakes import image

from reorder.ecosystems.run import RunEffects, run_effects

LOCK = {
    "/app/pyproject.toml": '[tool.poetry]\nname = "a"\n',
    "/app/poetry.lock": "",
    "/app/more.txt": "six\n",
}


def run(script: str) -> RunEffects:
    found = run_effects(script, image(LOCK))
    assert isinstance(found, RunEffects)
    return found


def refusal(script: str) -> str:
    found = run(script).installs[-1]
    return found.refusal or ""


EXPORT = "poetry export -o requirements.txt"
PIP = "pip install -r requirements.txt"


def test_who_reads_it_reads_nothing_more() -> None:
    found = run(f"{EXPORT} && {PIP}")
    assert found.made == {"/app/requirements.txt"}
    assert refusal(f"{EXPORT} && {PIP}") == ""
    assert found.installs[-1].manifests == ()
    assert refusal(f"poetry export > requirements.txt && {PIP}") == ""


def test_a_file_that_somebody_else_writes_is_not_known() -> None:
    assert "not in the build context" in refusal(PIP)
    between = f"{EXPORT} && echo flask > requirements.txt && {PIP}"
    assert refusal(between) != ""
    assert run(between).made == frozenset()
    assert refusal(f"{EXPORT} && echo flask >> requirements.txt && {PIP}") != ""


def test_a_file_that_is_made_perhaps_is_not_known() -> None:
    assert run(f"if true; then {EXPORT}; fi").made == frozenset()
    assert refusal(f"if true; then {EXPORT}; fi; {PIP}") != ""


def test_what_is_appended_is_not_the_list_alone() -> None:
    assert run("poetry export >> requirements.txt").made == frozenset()

"""Whole scripts and makefiles: `shell/NAME/before` and `make/NAME/before` become `after`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from context.repository import repository, run_git

from reorder.ci.contract import Planned, Settings
from reorder.ci.make import makefile
from reorder.ci.shell import files as shell_files
from reorder.context.project import Project

HERE = Path(__file__).parent
SCRIPTS = sorted(path.parent for path in HERE.glob("shell/*/before"))
MAKEFILES = sorted(path.parent for path in HERE.glob("make/*/before"))
READ_BY_MAKE = [folder for folder in MAKEFILES if folder.name != "crlf"]
CALLED = Settings("main", called=frozenset({"ci/build.sh"}))
SHELLCHECK = shutil.which("shellcheck", path=str(Path(sys.executable).parent)) or "shellcheck"


def planned(folder: Path, text: str) -> Planned:
    if folder in SCRIPTS:
        plan = shell_files.plan("ci/build.sh", text, CALLED)
    else:
        plan = makefile.plan("Makefile", text, CALLED)
    assert plan is not None
    return plan


@pytest.mark.parametrize("folder", [*SCRIPTS, *MAKEFILES], ids=lambda folder: folder.name)
def test_as_wanted_and_no_second_time(folder: Path) -> None:
    before, after = ((folder / name).read_bytes().decode() for name in ("before", "after"))
    plan = planned(folder, before)
    assert plan.after == after
    assert {found.status for found in plan.found} == {"rewritten"}
    again = planned(folder, after)
    assert again.after == after
    assert {found.status for found in again.found} == {"fine"}


@pytest.mark.parametrize("folder", [*SCRIPTS, *MAKEFILES], ids=lambda folder: folder.name)
def test_only_builds_and_pushes_change(folder: Path) -> None:
    before, after = ((folder / name).read_bytes().decode() for name in ("before", "after"))
    gone = set(before.splitlines()) - set(after.splitlines())
    kept = [line for line in gone if "docker" not in line and not line.strip().startswith(".")]
    assert kept == []


@pytest.mark.parametrize("folder", SCRIPTS, ids=lambda folder: folder.name)
def test_the_shell_reads_it(folder: Path) -> None:
    run = subprocess.run(["bash", "-n", folder / "after"], check=False, capture_output=True)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize("branch", ["main", "topic/x"])
@pytest.mark.parametrize(
    ("name", "images"),
    [
        ("build-and-push", ["ghcr.io/o/app:cache-"]),
        ("loop-over-images", ["o/api:cache-", "o/web:cache-"]),
        ("two-targets-of-a-function", ["o/app:cache-api--", "o/app:cache-web--"]),
        ("dockerfile-from-stdin", ["quay.io/o/app:cache-"]),
    ],
)
def test_it_writes_the_cache_of_its_branch_only(
    name: str, images: list[str], branch: str, tmp_path: Path
) -> None:
    repository(tmp_path)
    run_git(tmp_path, "checkout", "-q", "-B", branch)
    programs = tmp_path / "programs"
    programs.mkdir()
    for program, text in {"docker": 'printf "%s\\n" "$*" >> log', "sudo": '"$@"'}.items():
        (programs / program).write_text(f"#!/bin/sh\n{text}\n")
        (programs / program).chmod(0o755)
    environment = {"PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin"}
    script = HERE / "shell" / name / "after"
    subprocess.run(["bash", script, "all"], cwd=tmp_path, env=environment, check=True)
    log = "".join(path.read_text() for path in tmp_path.glob("**/*log") if path.is_file())
    calls = [line for line in log.splitlines() if "buildx build" in line]
    end = branch.replace("/", "-")
    for call, image in zip(calls, images, strict=True):
        assert re.findall(r"--cache-from type=registry,ref=(\S+)", call) == [
            f"{image}main", f"{image}{end}"
        ]  # fmt: skip
        assert re.findall(r"--cache-to type=registry,ref=([^,]+),mode=max", call) == [image + end]
        assert call.endswith("--push")


def complaints(path: Path) -> set[int]:
    command = [SHELLCHECK, "--shell", "bash", "--format", "json", str(path)]
    run = subprocess.run(command, check=False, capture_output=True)
    return {one["code"] for one in json.loads(run.stdout)}


@pytest.mark.parametrize("folder", SCRIPTS, ids=lambda folder: folder.name)
def test_shellcheck_has_nothing_new_to_say(folder: Path) -> None:
    assert complaints(folder / "after") <= complaints(folder / "before")


@pytest.mark.parametrize("folder", READ_BY_MAKE, ids=lambda folder: folder.name)
def test_make_reads_it(folder: Path, tmp_path: Path) -> None:
    target = "image" if "image:" in (folder / "after").read_text() else "all"
    run = subprocess.run(
        ["make", "-n", "-f", folder / "after", target, "CACHE_BRANCH=b", "TAG=1", "REGISTRY=r.io"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    )  # fmt: skip
    script = tmp_path / "script"
    script.write_text(run.stdout)
    assert run.stdout.count(":cache-b,mode=max") == run.stdout.count("buildx build")
    assert "MAKE" not in run.stdout
    assert complaints(script) <= {2148}  # no shebang


@pytest.mark.parametrize(
    "text",
    [
        "#!/usr/bin/env python3\ndocker build -t o/app:1 .\n",
        "#!/bin/zsh\ndocker build -t o/app:1 .\n",
        "#!/bin/sh\necho docker\n",
    ],
)
def test_no_script_of_a_posix_shell_or_no_build(text: str) -> None:
    assert shell_files.plan("build.sh", text, CALLED) is None


def test_a_script_that_no_ci_file_calls() -> None:
    text = "docker build -t ghcr.io/o/app:1 .\n"
    plan = shell_files.plan("other.sh", text, CALLED)
    assert plan is not None
    assert (plan.after, plan.found[0].status) == (text, "refused")
    plan = shell_files.plan("other.sh", text + "docker push ghcr.io/o/app:1\n", CALLED)
    assert plan is not None
    assert "no CI file calls it, but it pushes already" in plan.found[0].reason


def test_the_branch_is_asked_of_the_systems_that_call_it() -> None:
    text = "docker build -t o/app:1 .\ndocker push o/app:1\n"
    settings = Settings("main", systems=(".gitlab-ci.yml", ".github/workflows"))
    plan = shell_files.plan("build.sh", text, settings)
    assert plan is not None
    assert "GITHUB" not in plan.after
    plan = shell_files.plan("build.sh", text, replace(settings, called=frozenset({"build.sh"})))
    assert plan is not None
    order = [plan.after.find(x) for x in ("GITHUB_HEAD_REF", "CI_COMMIT_REF_NAME", "git rev-parse")]
    assert -1 not in order
    assert order == sorted(order)


def test_files_at_the_usual_places_and_those_a_ci_file_names(tmp_path: Path) -> None:
    for path, text in {
        "scripts/a.sh": "",
        "deep/down/named.sh": "",
        "deep/down/other.sh": "",
        "deep/tool": "#!/bin/sh\n",
        "deep/data": "",
        "Makefile": "",
        "make.mk": "",
        "Makefile.in": "",
        ".github/workflows/ci.yml": "- run: ./deep/down/named.sh deep/tool deep/data\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    project = Project.open(tmp_path)
    assert shell_files.files(project) == ["deep/down/named.sh", "deep/tool", "scripts/a.sh"]
    assert makefile.files(project) == ["Makefile", "make.mk"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a:\n\tdocker build -t o/app .\n", "may be run by hand"),
        ("a:\n\t$(DOCKER) build -t o/app .\n", "`$(DOCKER)` may be another program"),
        ("a:\n\tdocker build -t $(IMAGE) .\n\tdocker push $(IMAGE)\n", "in the name $(IMAGE)"),
        (
            "IMAGE ?= o/app:dev\na:\n\tdocker build -t $(IMAGE) .\n\tdocker push $(IMAGE)\n",
            "in the name $(IMAGE)",
        ),
        (
            ".ONESHELL:\na:\n\tdocker build -t o/app:1 .\n\tdocker push o/app:1\n",
            "changes the shell of its recipes",
        ),
        (
            "a:\n\tdocker build $(FLAGS) -t o/app:1 .\n\tdocker push o/app:1\n",
            "`$(FLAGS)` may stand for any option",
        ),
        (
            "a:\n\tdocker build -t o/$(call name,x):1 .\n\tdocker push o/$(call name,x):1\n",
            None,
        ),
    ],
)
def test_makefiles_left_alone(text: str, reason: str | None) -> None:
    plan = makefile.plan("Makefile", text, CALLED)
    assert plan is not None
    if reason is None:
        assert "ref=o/$(call name,x):cache-$(CACHE_BRANCH)" in plan.after
        return
    assert plan.after == text
    assert reason in plan.found[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "docker = build\n",
        "define x\n\tdocker build -t o/app:1 . && docker push o/app:1\nendef\n",
        "# docker build\na:\n\tmake b\n",
    ],
)
def test_makefiles_without_a_build(text: str) -> None:
    assert makefile.plan("Makefile", text, CALLED) is None


def test_a_target_that_ci_makes_and_another_that_pushes() -> None:
    text = (
        "IMAGE = ghcr.io/o/app\n\nall: image\nimage:\n\tdocker build -t $(IMAGE) .\n\n"
        "push: image\n\tdocker push $(IMAGE)\n"
    )
    settings = Settings("main", called=frozenset({"make", "make push"}))
    plan = makefile.plan("Makefile", text, settings)
    assert plan is not None
    assert plan.found[0].status == "rewritten"
    assert "--load\n\npush: image\n\tdocker push $(IMAGE)\n" in plan.after
    by_hand = makefile.plan("Makefile", text, CALLED)
    assert by_hand is not None
    assert by_hand.after == text


def test_variables_of_the_shell_in_a_recipe() -> None:
    text = "a:\n\tfor x in b c; do docker build -t o/$$x $$x; docker push o/$$x; done\n"
    plan = makefile.plan("Makefile", text, CALLED)
    assert plan is not None
    assert '--cache-from "type=registry,ref=o/$$x:cache-main" \\\n' in plan.after
    assert "ref=o/$$x:cache-$(CACHE_BRANCH),mode=max" in plan.after
    assert plan.found[0].cache == "o/$$x"


def test_an_image_that_another_rule_leaves_on_this_machine() -> None:
    text = (
        "base:\n\tdocker build -t o/base base\n"
        "app: base\n\tdocker build -t o/app .\n\tdocker push o/app\n"
    )
    plan = makefile.plan("Makefile", text, replace(CALLED, bases=frozenset({"o/base"})))
    assert plan is not None
    assert plan.after == text
    assert "It may be built on o/base" in plan.found[1].reason


def test_a_builder_that_another_rule_makes() -> None:
    text = (
        "builder:\n\tdocker buildx create --use\n"
        "app: builder\n\tdocker build -t o/app .\n\tdocker push o/app\n"
    )
    plan = makefile.plan("Makefile", text, CALLED)
    assert plan is not None
    assert plan.after.count("buildx create") == 1
    assert "--builder" not in plan.after


def test_variables_that_are_set_twice_or_under_a_condition() -> None:
    recipe = "a:\n\tdocker build -t $(IMAGE) .\n\tdocker push $(IMAGE)\n"
    twice = "ifdef X\nIMAGE = o/a\nelse\nIMAGE = o/b\nendif\n" + recipe
    plan = makefile.plan("Makefile", twice, CALLED)
    assert plan is not None
    assert plan.after == twice
    once = "ifdef X\nIMAGE = o/a\nendif\n" + recipe
    plan = makefile.plan("Makefile", once, CALLED)
    assert plan is not None
    assert "endif\n\nCACHE_BRANCH ?= " in plan.after

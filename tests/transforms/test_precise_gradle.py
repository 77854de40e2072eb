"""A Gradle build, taken apart: the step that compiles some modules, and what the checker asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from transforms.test_precise_copy import ALONE, repository

from reorder.api import rewrite_file
from reorder.config import Options
from reorder.context.build import build_context
from reorder.context.project import Project
from reorder.equivalence.check import Objection, Proof, check

DOCKERFILE = """\
FROM eclipse-temurin:17-jdk AS build
WORKDIR /app
COPY . .
RUN gradle build -x test

FROM debian:12
COPY --from=build /app/web/build/libs/web.jar /app.jar
"""
FILES = {
    "settings.gradle": "include 'api', 'core', 'web'\n",
    "build.gradle": "subprojects { apply plugin: 'java' }\n",
    "api/build.gradle": "",
    "core/build.gradle": "dependencies { compile project(':api') }\n",
    "web/build.gradle": "dependencies { compile project(':core') }\n",
    "api/src/main/java/A.java": "class A {}\n",
    "core/src/main/java/C.java": "class C {}\n",
    "web/src/main/java/W.java": "class W {}\n",
    ".dockerignore": ".git\n.gradle\n*/build\nDockerfile\n.dockerignore\n",
}
MODULES = ("api", "core", "web")
MANIFESTS = "".join(f"COPY {name}/build.gradle {name}/\n" for name in MODULES)
STEP = "RUN gradle :api:classes :core:classes -x test\n"
TAKEN_APART = DOCKERFILE.replace(
    "COPY . .\n",
    f"COPY build.gradle settings.gradle ./\n{MANIFESTS}"
    f"COPY api/src api/src/\nCOPY core/src core/src/\n{STEP}COPY web/src web/src/\n",
)
SOURCES = (f"{name}/{part}" for name in MODULES for part in ("build.gradle", "src"))
NAMED = {3: ("build.gradle", "settings.gradle", *SOURCES)}


def made(tmp_path: Path, text: str = DOCKERFILE, **more: str) -> Path:
    files = {**FILES, **more, "Dockerfile": text}
    return repository(tmp_path / "p", ["web/src/main/java/W.java"] * 12, files)


def test_modules_that_never_change_are_compiled_before_the_one_that_does(tmp_path: Path) -> None:
    path = made(tmp_path)
    found = rewrite_file(path, ALONE)
    assert found.after == TAKEN_APART
    assert found.refusals == ()
    path.write_text(found.after)
    for options in (ALONE, Options(), Options(unsafe=True), Options(check=True)):
        again = rewrite_file(path, options)
        assert "precise-copy" not in [change.id for change in again.changes]
    assert rewrite_file(path, ALONE).status == "unchanged"


def test_the_step_follows_the_one_for_the_dependencies(tmp_path: Path) -> None:
    found = rewrite_file(made(tmp_path), Options(unsafe=True, builder="ephemeral"))
    assert [change.id for change in found.changes] == ["prefetch", "precise-copy"]
    runs = [line for line in found.after.splitlines() if line.startswith("RUN")]
    assert runs == [
        "RUN gradle dependencies :api:dependencies :core:dependencies :web:dependencies",
        STEP.rstrip(),
        "RUN gradle build -x test",
    ]


def test_too_many_modules_would_be_too_many_layers(tmp_path: Path) -> None:
    names = [f"m{number}" for number in range(31)]
    more = {f"{name}/src/main/java/M.java": "" for name in names}
    more |= {f"{name}/build.gradle": "" for name in names}
    settings = f"include {', '.join(map(repr, (*MODULES, *names)))}\n"
    found = rewrite_file(made(tmp_path, **more, **{"settings.gradle": settings}), ALONE)
    assert [refusal.reason for refusal in found.refusals] == [
        "a layer for each of 34 modules would be too many"
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(":core:classes", ":core:jar", id="another task"),
        pytest.param(":core:classes", ":shop:classes", id="no such module"),
        pytest.param(":core:classes ", ":core:classes generate ", id="one more"),
        pytest.param(" -x test\nCOPY", "\nCOPY", id="other options"),
        pytest.param(MANIFESTS, "", id="no manifests"),
        pytest.param(STEP, STEP + "ENV A=b\n", id="another environment"),
        pytest.param(STEP, f"{STEP}RUN touch /x\n", id="a step between"),
    ],
)
def test_the_checker_objects(before: str, after: str, tmp_path: Path) -> None:
    made(tmp_path)
    context = build_context(Project.open(tmp_path / "p"), "Dockerfile")
    good = check(DOCKERFILE, TAKEN_APART, context, narrowed=NAMED, unsafe=True)
    assert isinstance(good, Proof), good
    changed = TAKEN_APART.replace(before, after, 1)
    assert changed != TAKEN_APART
    found = check(DOCKERFILE, changed, context, narrowed=NAMED, unsafe=True)
    assert isinstance(found, Objection)

"""The modules of a Gradle build: what each needs, and the call that compiles some of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects, Modules
from reorder.ecosystems.table import understand

FILES = {
    "/app/settings.gradle": "include 'api', 'core', 'web'\n",
    "/app/build.gradle": "subprojects { apply plugin: 'java' }\n",
    "/app/api/build.gradle": "",
    "/app/api/src/main/java/A.java": "",
    "/app/core/build.gradle": "dependencies { implementation project(':api') }\n",
    "/app/core/src/main/java/C.java": "",
    "/app/web/build.gradle": "dependencies { implementation project(path: ':core') }\n",
    "/app/web/src/main/java/W.java": "",
    "/app/web/schema.sql": "",
}


def found(more: Mapping[str, str] | None = None, command: str = "gradle build") -> Modules | None:
    files = {**FILES, **(more or {})}
    effects = understand(call(command), image(files, cwd="/app"))
    assert isinstance(effects, CommandEffects), effects
    return effects.modules


def known(more: Mapping[str, str] | None = None, command: str = "gradle build") -> Modules:
    modules = found(more, command)
    assert modules is not None
    return modules


def needs(modules: Modules) -> dict[str, list[str]]:
    return {part.word: [path[5:] for path in part.needs] for part in modules.parts}


def alone(modules: Modules) -> list[str]:
    return [part.word for part in modules.parts if part.alone]


def test_modules_need_those_that_their_scripts_name() -> None:
    assert needs(known()) == {"api": [], "core": ["api"], "web": ["core"]}
    assert known().command == "gradle :{}:classes"
    assert alone(known()) == ["api", "core", "web"]


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("dependencies { api(projects.core) }", ["core"]),
        ("sourceSets.main.resources.srcDir '../web/sql'", ["web"]),
        ("dependencies { api ':not-a-project' }", []),
    ],
)
def test_other_ways_to_name_a_module(script: str, wanted: list[str]) -> None:
    assert needs(known({"/app/api/build.gradle": script}))["api"] == wanted


def test_what_a_shared_script_names_all_need() -> None:
    shared = "subprojects { dependencies { implementation project(':api') } }"
    assert needs(known({"/app/build.gradle": shared})) == {
        "api": [],
        "core": ["api"],
        "web": ["api", "core"],
    }
    code = "class Shop { def use(p) { p.dependencies.add('api', p.project(':api')) } }"
    assert needs(known({"/app/buildSrc/src/main/groovy/Shop.groovy": code}))["web"] == [
        "api",
        "core",
    ]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"/app/api/src/main/kotlin/B.kt": ""}, id="Kotlin was not tried"),
        pytest.param({"/app/api/build.gradle": "depend(projects.other)"}, id="unknown accessor"),
        pytest.param({"/app/api/build.gradle": "depend(project(':other'))"}, id="unknown path"),
    ],
)
def test_a_module_that_is_not_known_is_not_compiled_before_the_rest(more: dict[str, str]) -> None:
    assert alone(known(more)) == ["core", "web"]


@pytest.mark.parametrize(
    ("command", "more"),
    [
        pytest.param("gradle clean build", {}, id="clean would undo it"),
        pytest.param("gradle generate build", {}, id="a task of the project"),
        pytest.param("gradle build --rerun-tasks", {}, id="everything again"),
        pytest.param("gradle build --tests X", {}, id="an option of a task"),
        pytest.param("gradle build $MORE", {}, id="an unknown word"),
        pytest.param(
            "gradle build", {"/app/web/build.gradle": "id 'com.android.application'"}, id="Android"
        ),
        pytest.param(
            "gradle build",
            {"/app/settings.gradle": FILES["/app/settings.gradle"]
             + "rootProject.children.each { it.name = 'shop-' + it.name }\n"},
            id="other names",
        ),
    ],
)  # fmt: skip
def test_there_is_no_step(command: str, more: dict[str, str]) -> None:
    modules = found(more, command)
    assert modules is None or modules.command is None


def test_options_and_variables_are_those_of_the_author() -> None:
    command = "GRADLE_OPTS=-Xmx1g gradle -x test build --no-daemon -Pa=b"
    assert known(command=command).command == (
        "GRADLE_OPTS=-Xmx1g gradle :{}:classes -x test --no-daemon -Pa=b"
    )


def test_of_a_task_that_not_all_have_only_what_is_needed_is_built() -> None:
    assert alone(known(command="gradle bootJar")) == ["api", "core"]
    assert alone(known(command="gradle :web:bootJar")) == ["api", "core"]


def test_the_step_itself_has_no_modules() -> None:
    assert found(command="gradle :api:classes :core:classes") is None


def test_one_project_has_no_modules() -> None:
    assert found({"/app/settings.gradle": ""}) is None


def test_what_is_not_known_of_the_projects_is_a_reason() -> None:
    assert found({"/app/settings.gradle": "file('.').eachDir { include it.name }"}) is None

"""Gradle calls: what is not understood first, then refusals, closures, caches and the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install, Prefetch
from reorder.ecosystems.jvm import gradle
from reorder.shell.nodes import Opaque

Files = Mapping[str, str]
ONE = {"/app/settings.gradle": "", "/app/build.gradle": "", "/app/src/A.java": ""}
TWO = {
    "/app/settings.gradle": "include 'api', 'core'",
    "/app/api/build.gradle": "",
    "/app/core/build.gradle": "",
}
WRAPPER = {
    "/app/gradlew": "#!/bin/sh",
    "/app/gradle/wrapper/gradle-wrapper.jar": "",
    "/app/gradle/wrapper/gradle-wrapper.properties": "",
}


def effects(command: str, files: Files = ONE, **overrides: Any) -> CommandEffects:
    env = overrides.pop("env", None)
    cwd = overrides.get("cwd", "/app")
    found = gradle.effects(call(command, cwd=cwd, env=env), image(files, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Files = ONE, **overrides: Any) -> Install:
    found = effects(command, files, **overrides).install
    assert found is not None
    return found


def step(command: str, files: Files = ONE, **overrides: Any) -> Prefetch:
    found = effects(command, files, **overrides).prefetch
    assert found is not None
    return found


def caches(command: str, **overrides: Any) -> tuple[Cache, ...]:
    return effects(command, **overrides).caches


def test_a_wrapper_without_its_folder_is_not_known() -> None:
    found = gradle.effects(call("gradlew build"), image(ONE))
    assert isinstance(found, Opaque)
    assert "PATH" in found.reason


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("gradle", id="default tasks"),
        pytest.param("gradle build", id="a build"),
        pytest.param("gradle dependencies build", id="a report and a build"),
        pytest.param("gradle $TASK", id="a task that is not known"),
        pytest.param("gradle dependencies --write-locks", id="writes lock files"),
        pytest.param("gradle dependencies --frobnicate", id="an option that is not known"),
        pytest.param("gradle --write-verification-metadata sha256 help", id="writes metadata"),
    ],
)
def test_what_may_do_anything(command: str) -> None:
    assert effects(command).barrier == gradle.BARRIER


@pytest.mark.parametrize("command", ["gradle", "gradle clean", "gradle -q"])
def test_no_step_where_nothing_is_resolved(command: str) -> None:
    assert effects(command).prefetch is None


REFUSED = {
    "no build": ({"/app/src/A.java": ""}, "no build script"),
    "computed includes": ({**ONE, "/app/settings.gradle": "include names"}, "computes which"),
    "loop over folders": (
        {**ONE, "/app/settings.gradle": "rootDir.eachDir { include it.name }"},
        "computes which",
    ),
    "flat layout": ({**ONE, "/app/settings.gradle": "includeFlat 'a'"}, "computes which"),
    "computed folder": (
        {**TWO, "/app/settings.gradle": "include 'api'\nproject(':api').projectDir = folder()"},
        "computes where",
    ),
    "build elsewhere": ({**ONE, "/app/settings.gradle": "includeBuild '../x'"}, "../x"),
    "computed build": ({**ONE, "/app/settings.gradle": "includeBuild path"}, "does not come"),
    "script elsewhere": ({**ONE, "/app/build.gradle": "apply from: '../x.gradle'"}, "../x.gradle"),
    "computed script": ({**ONE, "/app/build.gradle": 'apply from: "$x/y"'}, "$x/y"),
    "looks through folders": (
        {**ONE, "/app/build.gradle": "file('a').listFiles()"},
        "listFiles",
    ),
    "starts a program": ({**ONE, "/app/build.gradle": "'id'.execute().text"}, "execute"),
    "captures output": (
        {**ONE, "/app/build.gradle": "exec { standardOutput = out }"},
        "standardOutput",
    ),
    "git plugin": (
        {**ONE, "/app/.git/HEAD": "", "/app/build.gradle": "id 'com.palantir.git-version'"},
        "git-version",
    ),
    "git": ({**ONE, "/app/.git/HEAD": "", "/app/build.gradle": "run('git log')"}, "git log"),
    "in buildSrc": (
        {**ONE, "/app/buildSrc/build.gradle": "file('a').eachDir { }"},
        "buildSrc/build.gradle",
    ),
    "settings too big": ({**ONE, "/app/settings.gradle": " " * 400_001}, "settings.gradle"),
}


@pytest.mark.parametrize(("files", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(files: Files, reason: str) -> None:
    found = install("gradle dependencies", files)
    assert found.refusal is not None
    assert reason in found.refusal
    assert step("gradle build", files).refusal == found.refusal


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("gradle build --offline", "offline"),
        ("gradle -b other.gradle build", "--build-file"),
        ("gradle -c other.gradle build", "--settings-file"),
        ("gradle --include-build ../x build", "--include-build"),
        ("gradle -I $FILE build", "init script"),
        ("gradle -I absent.gradle build", "init script"),
        ("gradle -Pversion=$V build", "$V"),
        ("gradle -p $DIR build", "folder of the project"),
    ],
)
def test_a_step_that_is_refused(command: str, reason: str) -> None:
    found = step(command)
    assert found.refusal is not None
    assert reason in found.refusal


def test_a_folder_that_nothing_makes_is_no_matter_for_the_author() -> None:
    files = {**TWO, "/app/settings.gradle": "include 'api', 'docs'"}
    assert install("gradle dependencies", files).refusal is None
    assert ":docs" in (step("gradle build", files).refusal or "")


def test_git_without_its_history_in_the_context() -> None:
    files = {**ONE, "/app/build.gradle": "id 'com.palantir.git-version'"}
    assert install("gradle dependencies", files).refusal is None


def test_actions_of_tasks_do_not_count() -> None:
    files = {**ONE, "/app/build.gradle": "task x { doLast { 'id'.execute() } }"}
    assert install("gradle dependencies", files).refusal is None


def test_closure_of_a_build() -> None:
    files = {
        **WRAPPER,
        "/app/settings.gradle": (
            "includeBuild('logic')\ninclude 'api', 'core:inner'\n"
            "project(':api').projectDir = new File(settingsDir, 'modules/api')\n"
            "apply from: 'ci/more.gradle'\n"
        ),
        "/app/ci/more.gradle": "include 'late'",
        "/app/late/build.gradle.kts": "",
        "/app/modules/api/build.gradle": "dependencies { implementation files('libs/a.jar') }",
        "/app/modules/api/libs/a.jar": "",
        "/app/core/inner/build.gradle": 'version = file("$rootDir/VERSION").text',
        "/app/core/inner/gradle.lockfile": "",
        "/app/VERSION": "1",
        "/app/gradle.properties": "",
        "/app/repo/x/y.jar": "",
        "/app/build.gradle": "maven { url 'repo' }",
        "/app/logic/settings.gradle": "",
        "/app/logic/src/main/groovy/x.gradle": "",
        "/app/buildSrc/src/main/java/X.java": "",
        "/app/src/main/java/A.java": "",
    }
    found = install("./gradlew dependencies", files)
    assert found.refusal is None
    assert set(found.folders) == {"/app/gradle", "/app/logic", "/app/buildSrc", "/app/repo"}
    assert set(found.manifests) == {
        "/app/gradlew",
        "/app/gradle.properties",
        "/app/settings.gradle",
        "/app/ci/more.gradle",
        "/app/build.gradle",
        "/app/modules/api/build.gradle",
        "/app/modules/api/libs/a.jar",
        "/app/core/inner/build.gradle",
        "/app/core/inner/gradle.lockfile",
        "/app/VERSION",
        "/app/late/build.gradle.kts",
    }
    assert {"/app/.gradle", "/app/logic/build", "/app/buildSrc/.gradle"} <= set(found.outputs)


def test_folders_of_sources_are_not_libraries() -> None:
    files = {**ONE, "/app/build.gradle": "x 'src', 'web', 'more'", "/app/web/A.java": ""}
    files |= {"/app/web/a.jar": "", "/app/more/readme.md": ""}
    assert install("gradle dependencies", files).folders == ()


def test_a_build_that_is_found_from_below() -> None:
    found = install("gradle dependencies", TWO, cwd="/app/core")
    assert "/app/settings.gradle" in found.manifests
    assert step("gradle jar", TWO, cwd="/app/core").command == "gradle dependencies"


def test_variables_that_scripts_read() -> None:
    assert effects("gradle dependencies").env is not None
    files = {**ONE, "/app/build.gradle": "version = System.getenv('V')"}
    assert effects("gradle dependencies", files).env is None


def test_versions_and_wrappers() -> None:
    assert effects("gradle --version").install is None
    found = install("./gradlew --version", {**ONE, **WRAPPER})
    assert found.manifests == ("/app/gradlew",)
    assert found.folders == ("/app/gradle/wrapper",)
    assert not effects("./gradlew --version", {**ONE, **WRAPPER}).writes
    assert "jar" in (install("./gradlew --version", {"/app/gradlew": ""}).refusal or "")
    assert "/app/gradlew" in (install("./gradlew --version").refusal or "")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("gradle build", "gradle dependencies :api:dependencies :core:dependencies"),
        ("gradle :core:jar", "gradle :core:dependencies"),
        ("gradle core:jar api:jar", "gradle :api:dependencies :core:dependencies"),
        ("gradle :core:jar test", "gradle dependencies :api:dependencies :core:dependencies"),
        (
            "gradle clean :core:jar -x test --no-daemon -Pa='b c' -Dx=y --tests Foo",
            "gradle dependencies :api:dependencies :core:dependencies --no-daemon -Pa='b c' -Dx=y",
        ),
    ],
)
def test_the_step_asks_the_projects_of_the_tasks(command: str, expected: str) -> None:
    files = {**TWO, "/app/build.gradle": ""}
    found = step(command, files)
    assert found.refusal is None
    words = expected.replace("-Pa='b c'", "'-Pa=b c'")
    assert found.command == words
    assert found.absorbed
    assert found.spare


def test_a_project_under_a_condition_is_copied_and_not_asked() -> None:
    files = {**TWO, "/app/settings.gradle": "include 'api'\nif (ci) { include 'core' }"}
    found = step("gradle build", files)
    assert "/app/core/build.gradle" in found.install.manifests
    assert found.command == "gradle :api:dependencies"


def test_too_many_projects() -> None:
    names = [f"m{number}" for number in range(9)]
    files = {f"/app/{name}/build.gradle": "" for name in names}
    files["/app/settings.gradle"] = "include " + ", ".join(f"'{name}'" for name in names)
    assert "9 projects" in (step("gradle build", files).refusal or "")
    assert step("gradle :m1:jar", files).command == "gradle :m1:dependencies"


def test_a_wrapper_is_fetched_even_where_the_build_is_not_known() -> None:
    files = {**WRAPPER, "/app/settings.gradle": "include names"}
    found = step("./gradlew -g /cache build", files)
    assert found.command == "sh ./gradlew --version -g /cache"
    assert not found.absorbed
    assert found.refusal is None
    runs = step("./gradlew build", files, executables=frozenset({"/app/gradlew"}))
    assert runs.command == "./gradlew --version"


def test_the_step_keeps_what_only_the_call_sets() -> None:
    env = {"GRADLE_OPTS": "-Xmx1g -Da=b"}
    assert step("gradle build", env=env).command == "GRADLE_OPTS='-Xmx1g -Da=b' gradle dependencies"


@pytest.mark.parametrize(
    ("command", "overrides", "target"),
    [
        ("gradle build", {}, "/root/.gradle"),
        ("gradle build", {"base": "gradle"}, "/home/gradle/.gradle"),
        ("gradle -g /cache build", {}, "/cache"),
        ("gradle -g/cache build", {}, "/cache"),
        ("gradle --gradle-user-home=/cache build", {}, "/cache"),
        ("gradle -Dgradle.user.home=/cache build", {}, "/cache"),
        ("gradle build", {"env": {"GRADLE_USER_HOME": "/cache"}}, "/cache"),
        ("gradle build", {"env": {"GRADLE_OPTS": "-Dgradle.user.home=/cache"}}, "/cache"),
        ("gradle build", {"user": "u", "uid": 5, "gid": 5, "env": {"HOME": "/h"}}, "/h/.gradle"),
    ],
)
def test_where_it_caches(command: str, overrides: dict[str, Any], target: str) -> None:
    (found,) = caches(command, **overrides)
    assert (found.target, found.sharing, found.payload) == (target, "locked", True)
    assert found.off is None


@pytest.mark.parametrize(
    ("command", "overrides"),
    [
        ("gradle -g $HOME_OF_IT build", {}),
        ("gradle build", {"env": {"GRADLE_USER_HOME": None}}),
        ("gradle build", {"env": {"GRADLE_OPTS": None}}),
        ("gradle build", {"user": None}),
    ],
)
def test_where_it_caches_is_not_known(command: str, overrides: dict[str, Any]) -> None:
    assert all(cache.off for cache in caches(command, **overrides))


def test_files_of_the_build_in_the_user_home_stay_in_sight() -> None:
    files = {**ONE, "/root/.gradle/gradle.properties": "x=y"}
    found = effects("gradle build", files).caches
    assert [cache.target for cache in found] == ["/root/.gradle/caches", "/root/.gradle/wrapper"]

"""Maven calls: what is not understood first, then refusals, then closures, caches and the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install, Prefetch
from reorder.ecosystems.jvm import maven
from reorder.ecosystems.jvm.maven_prefetch import GOAL, PINNED
from reorder.ecosystems.paths import EVERYTHING
from reorder.shell.nodes import Opaque

SHORT = "mvn dependency:go-offline"
Files = Mapping[str, str]


def pom(name: str, inner: str = "", parent: str | None = "root", path: str | None = None) -> str:
    where = "" if path is None else f"<relativePath>{path}</relativePath>"
    above = (
        f"<parent><groupId>org.example</groupId><artifactId>{parent}</artifactId>{where}</parent>"
    )
    group = "<groupId>org.example</groupId>" if parent is None else above
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0">'
        f"{group}<artifactId>{name}</artifactId>{inner}</project>"
    )


def root(*modules: str, inner: str = "") -> str:
    names = "".join(f"<module>{name}</module>" for name in modules)
    return pom("root", f"<packaging>pom</packaging><modules>{names}</modules>{inner}", parent=None)


def needs(name: str, group: str = "org.example", inner: str = "") -> str:
    return (
        f"<dependencies><dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>{inner}"
        "</dependency></dependencies>"
    )


def plugin(name: str, inner: str = "", group: str = "org.example") -> str:
    return (
        f"<build><plugins><plugin><groupId>{group}</groupId><artifactId>{name}</artifactId>{inner}"
        "</plugin></plugins></build>"
    )


ONE = {"/app/pom.xml": pom("one", parent=None)}
INDEPENDENT = {
    "/app/pom.xml": root("api", "web"),
    "/app/api/pom.xml": pom("api", needs("gson", "com.google")),
    "/app/web/pom.xml": pom("web"),
}
CHAIN = {**INDEPENDENT, "/app/web/pom.xml": pom("web", needs("api"))}


def effects(command: str, files: Files = ONE, **overrides: Any) -> CommandEffects:
    env = overrides.pop("env", {})
    cwd = overrides.pop("at", "/app")
    state = image(files, env=overrides.pop("set", {}), **overrides)
    found = maven.effects(call(command, cwd=cwd, env=env), state)
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str = SHORT, files: Files = ONE, **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def step(command: str = "mvn package", files: Files = ONE, **more: Any) -> Prefetch:
    found = effects(command, files, **more).prefetch
    assert found is not None
    return found


def cache(command: str = "mvn package", files: Files = ONE, **more: Any) -> Cache:
    (found,) = effects(command, files, **more).caches
    return found


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("mvn $GOALS", "whose value is not known", id="goal-not-known"),
        pytest.param("mvn --frobnicate package", "not an option", id="unknown-option"),
        pytest.param("mvn package -f", "lacks its value", id="value-missing"),
        pytest.param("mvnw package", "PATH", id="wrapper-without-folder"),
    ],
)
def test_not_understood(command: str, reason: str) -> None:
    found = maven.effects(call(command), image(ONE))
    assert isinstance(found, Opaque)
    assert reason in found.reason


def test_config_that_is_not_understood() -> None:
    files = {**ONE, "/app/.mvn/maven.config": "--frobnicate"}
    found = maven.effects(call("mvn package"), image(files))
    assert isinstance(found, Opaque)
    assert "maven.config" in found.reason


@pytest.mark.parametrize(
    "command",
    [
        "mvn package",
        "mvn",
        "mvn clean",
        "mvn dependency:go-offline package",
        "mvn dependency:copy-dependencies",
        "mvn dependency:tree -DoutputFile=tree.txt",
        "mvn versions:set -DnewVersion=2",
        "mvn dependency:get -Dartifact=a:b:1 -Ddest=x.jar",
    ],
)
def test_a_build_is_a_barrier(command: str) -> None:
    found = effects(command)
    assert found.barrier
    assert found.reads == found.writes == EVERYTHING
    assert found.install is None


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param({}, "/app/pom.xml does not come from the build context", id="no-pom"),
        pytest.param({"/app/pom.xml": "<project>"}, "not well-formed", id="broken-xml"),
        pytest.param({"/app/pom.xml": "<html/>"}, "no <project>", id="not-a-pom"),
        pytest.param(
            {"/app/pom.xml": '<!DOCTYPE p [<!ENTITY a "b">]><project>&a;</project>'},
            "DTD or entities",
            id="entities",
        ),
        pytest.param(
            {"/app/pom.xml": "<project>" + " " * 2_000_001 + "</project>"}, "too big", id="too-big"
        ),
        pytest.param({"/app/pom.xml": root("api")}, "module `api`", id="module-missing"),
        pytest.param({"/app/pom.xml": root("${m}")}, "module `${m}`", id="module-not-known"),
        pytest.param(
            {"/app/pom.xml": root("../api")}, "module `../api`", id="module-outside-the-context"
        ),
        pytest.param(
            {"/app/pom.xml": pom("one", path="../parent/pom.xml")},
            "parent POM ../parent/pom.xml",
            id="parent-outside-the-context",
        ),
        pytest.param(
            {
                "/app/pom.xml": pom(
                    "one", needs("x", inner="<systemPath>${basedir}/lib/x.jar</systemPath>")
                )
            },
            "the jar /app/lib/x.jar",
            id="system-jar-missing",
        ),
        pytest.param(
            {
                "/app/pom.xml": pom(
                    "one",
                    "<repositories><repository><url>file://${x}/repo</url></repository></repositories>",
                )
            },
            "the repository file://${x}/repo",
            id="local-repository-not-known",
        ),
        pytest.param(
            {
                **ONE,
                "/app/.mvn/extensions.xml": "<extensions><extension><groupId>me.qoomon</groupId>"
                "<artifactId>maven-git-versioning-extension</artifactId></extension></extensions>",
            },
            "maven-git-versioning-extension",
            id="extension-reads-git",
        ),
        pytest.param(
            {**ONE, "/app/.mvn/extensions.xml": "<extensions>"}, "extension", id="extensions-broken"
        ),
    ],
)
def test_closure_refused(files: Files, reason: str) -> None:
    refusal = install(SHORT, files).refusal
    assert refusal is not None
    assert reason in refusal
    assert step("mvn package", files).refusal == refusal


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param(f"{SHORT} -s ci.xml", "ci.xml does not come", id="settings-missing"),
        pytest.param(f"{SHORT} -s $SETTINGS", "`-s` names is not known", id="settings-not-known"),
        pytest.param("./mvnw dependency:resolve", "/app/mvnw does not come", id="wrapper-missing"),
    ],
)
def test_install_refused(command: str, reason: str) -> None:
    found = effects(command)
    assert found.install is not None
    assert reason in (found.install.refusal or "")
    assert found.reads == EVERYTHING


def test_folder_that_only_the_source_makes() -> None:
    refusal = install(f"{SHORT} -f ../pom.xml", at="/app/docs").refusal
    assert refusal == "the folder /app/docs is not there before the source is"


def test_a_parent_from_a_repository_is_no_refusal() -> None:
    found = install(SHORT, {"/app/pom.xml": pom("one")})
    assert found.refusal is None
    assert found.manifests == ("/app/pom.xml",)
    files = {"/app/pom.xml": root("web"), "/app/web/pom.xml": pom("web", path="")}
    assert install(SHORT, files).manifests == ("/app/pom.xml", "/app/web/pom.xml")


def test_what_was_looked_for_is_read() -> None:
    reads = effects(SHORT, {"/app/a/pom.xml": pom("one")}, at="/app/a", cwd="/app/a").reads
    assert reads.contains("/app/pom.xml")
    assert not reads.contains("/app/a/src/main/java/One.java")


def test_what_was_copied_into_the_home_is_read() -> None:
    reads = effects(SHORT, application=frozenset({"/app", "/root/.m2/settings.xml"})).reads
    assert reads.contains("/root/.m2/settings.xml")


def test_modules_at_any_depth_and_of_profiles() -> None:
    profile = (
        "<profiles><profile><modules><module>it</module><module>no</module></modules></profile>"
    )
    files = {
        "/app/pom.xml": root("libs", inner=profile + "</profiles>"),
        "/app/libs/pom.xml": pom("libs", "<modules><module>one</module></modules>"),
        "/app/libs/one/pom.xml": pom("one", parent="libs"),
        "/app/it/pom.xml": pom("it"),
        "/app/other/pom.xml": pom("other"),
    }
    found = install(SHORT, files)
    assert found.refusal is None
    assert set(found.manifests) == set(files) - {"/app/other/pom.xml"}


def test_module_that_is_a_file_or_has_a_property() -> None:
    files = {
        "/app/pom.xml": root(
            "api/pom-api.xml", "${dir}", inner="<properties><dir>w</dir></properties>"
        ),
        "/app/api/pom-api.xml": pom("api"),
        "/app/w/pom.xml": pom("web"),
    }
    assert set(install(SHORT, files).manifests) == set(files)


def test_modules_of_a_mere_parent_are_not_built() -> None:
    files = {"/app/pom.xml": root("gone"), "/app/web/pom.xml": pom("web")}
    found = install(SHORT, files, at="/app/web")
    assert found.refusal is None
    assert set(found.manifests) == set(files)


def test_parent_that_is_also_a_module() -> None:
    files = {
        "/app/pom.xml": root("web", "base"),
        "/app/web/pom.xml": pom("web", parent="base", path="../base"),
        "/app/base/pom.xml": pom("base", "<modules><module>inner</module></modules>"),
        "/app/base/inner/pom.xml": pom("inner", parent="base"),
    }
    assert set(install(SHORT, files).manifests) == set(files)


def test_other_files_of_the_closure() -> None:
    files = {
        "/app/pom.xml": pom(
            "one",
            needs("x", inner="<systemPath>${project.basedir}/lib/x.jar</systemPath>")
            + "<repositories><repository><url>file://${project.basedir}/repo</url></repository>"
            "</repositories><profiles><profile><activation><file><exists>.dev</exists></file>"
            "</activation></profile></profiles>",
            parent=None,
        ),
        "/app/lib/x.jar": "",
        "/app/repo/a/b.jar": "",
        "/app/.dev": "",
        "/app/ci/settings.xml": "<settings/>",
        "/app/.mvn/jvm.config": "-Xmx1g",
        "/app/src/One.java": "",
    }
    found = install(f"{SHORT} -s ci/settings.xml", files)
    assert found.refusal is None
    assert set(found.manifests) == {
        "/app/pom.xml",
        "/app/lib/x.jar",
        "/app/.dev",
        "/app/ci/settings.xml",
    }
    assert found.folders == ("/app/repo", "/app/.mvn")


def test_config_file_names_settings() -> None:
    files = {**ONE, "/app/.mvn/maven.config": "-s\nci.xml\n", "/app/ci.xml": "<settings/>"}
    assert "/app/ci.xml" in install(SHORT, files).manifests


def test_settings_of_the_image_are_no_manifest() -> None:
    found = install(f"{SHORT} -s /usr/share/maven/ref/settings-docker.xml")
    assert found.refusal is None
    assert found.manifests == ("/app/pom.xml",)


def test_wrapper_and_what_it_downloads() -> None:
    files = {**ONE, "/app/mvnw": "#!/bin/sh", "/app/.mvn/wrapper/maven-wrapper.properties": ""}
    found = install("./mvnw dependency:go-offline", files)
    assert found.manifests == ("/app/mvnw", "/app/pom.xml")
    assert found.folders == ("/app/.mvn",)
    assert found.outputs == ("/app/.mvn/wrapper/maven-wrapper.jar",)
    only = {**files, "/app/.mvn/wrapper/maven-wrapper.properties": "distributionType=only-script\n"}
    assert install("./mvnw dependency:go-offline", only).outputs == ()
    assert install("./mvnw --version", only).manifests == ("/app/mvnw",)


@pytest.mark.parametrize(
    "command",
    [
        "mvn -B dependency:resolve dependency:resolve-plugins",
        "mvn org.apache.maven.plugins:maven-dependency-plugin:3.6.1:go-offline",
        "mvn de.qaware.maven:go-offline-maven-plugin:1.2.8:resolve-dependencies",
        "mvn help:evaluate -Dexpression=project.version -q",
        "mvn --version",
    ],
)
def test_goals_that_only_resolve(command: str) -> None:
    found = effects(command)
    assert found.barrier is None
    assert not found.reads.contains("/app/src/One.java")
    assert not found.writes


def test_variables_that_poms_read() -> None:
    files = {"/app/pom.xml": pom("one", "<version>${env.BUILD}</version>", parent=None)}
    found = effects(SHORT, files).env
    assert found is not None
    assert {"BUILD", "MAVEN_*"} <= found


def test_a_log_file_is_written() -> None:
    assert effects(f"{SHORT} -l build.log").writes.contains("/app/build.log")


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("mvn -o package", ONE, "offline", id="offline"),
        pytest.param("mvn -Drevision=$V package", ONE, "-Drevision=$V", id="value-not-known"),
        pytest.param("mvn -pl web package", CHAIN, "only some", id="siblings-not-built"),
        pytest.param("mvn -rf web package", CHAIN, "only some", id="resumed"),
        pytest.param(
            "mvn package",
            {
                "/app/pom.xml": root("ext", "web"),
                "/app/ext/pom.xml": pom("ext"),
                "/app/web/pom.xml": pom("web", plugin("ext", "<extensions>true</extensions>")),
            },
            "web/pom.xml needs an extension",
            id="extension-from-the-reactor",
        ),
        pytest.param(
            "mvn -f web package",
            {
                "/app/lib/pom.xml": pom("lib", parent=None),
                "/app/web/pom.xml": pom("web", needs("lib"), path=""),
            },
            "pom.xml needs org.example:lib, which another project",
            id="installed-by-another-build",
        ),
        pytest.param(
            "mvn -f web package",
            {
                "/app/base/pom.xml": pom("base", parent=None),
                "/app/web/pom.xml": pom("web", parent="base", path=""),
            },
            "pom.xml needs org.example:base",
            id="parent-installed-by-another-build",
        ),
    ],
)
def test_step_refused(command: str, files: Files, reason: str) -> None:
    assert reason in (step(command, files).refusal or "")


@pytest.mark.parametrize("command", ["mvn clean", "mvn validate", SHORT, "mvn --version"])
def test_no_step_where_nothing_is_needed(command: str) -> None:
    assert effects(command).prefetch is None


@pytest.mark.parametrize(
    ("command", "want"),
    [
        ("mvn package -DskipTests -q", "mvn dependency:go-offline -q"),
        ("mvn -B clean package", "mvn -B dependency:go-offline"),
        ("mvn", "mvn dependency:go-offline"),
        ("mvn -T 4 -U -e package -Dmaven.test.skip=true", "mvn dependency:go-offline"),
        (
            "mvn -P prod,ci -Drevision=1 install",
            "mvn -P prod,ci -Drevision=1 dependency:go-offline",
        ),
        ("mvn package -DskipTests=$SKIP", "mvn dependency:go-offline"),
        ("mvn -Dname='a b' package", "mvn '-Dname=a b' dependency:go-offline"),
        ("mvn --file=pom.xml -ntp verify", "mvn --file=pom.xml -ntp dependency:go-offline"),
    ],
)
def test_step_command(command: str, want: str) -> None:
    found = step(command)
    assert found.refusal is None
    assert found.command == want


def test_a_skipped_property_that_activates_a_profile_stays() -> None:
    activation = "<activation><property><name>!skipTests</name></property></activation>"
    inner = f"<profiles><profile>{activation}</profile></profiles>"
    files = {"/app/pom.xml": pom("one", inner, parent=None)}
    assert step("mvn package -DskipTests", files).command == f"{SHORT} -DskipTests"


def test_step_of_a_wrapper() -> None:
    files = {**ONE, "/app/mvnw": "#!/bin/sh"}
    runs = step("./mvnw package", files, executables=frozenset({"/app/mvnw"}))
    assert runs.command == "./mvnw dependency:go-offline"
    # A RUN that stands between gives it the bit, which the step cannot wait for.
    assert step("./mvnw package", files).command == "sh ./mvnw dependency:go-offline"


def test_step_keeps_what_only_the_call_sets() -> None:
    env = {"MAVEN_OPTS": "-Xmx1g -Da=b"}
    assert step("mvn package", env=env).command == f"MAVEN_OPTS='-Xmx1g -Da=b' {SHORT}"
    assert step("mvn package", env=env, set=env).command == SHORT


WRAPPER = ".mvn/wrapper/maven-wrapper.properties"
DEPENDENCY_PLUGIN = "org.apache.maven.plugins"


def pinned(version: str) -> str:
    found = plugin("maven-dependency-plugin", f"<version>{version}</version>", DEPENDENCY_PLUGIN)
    return found.replace("<plugins>", "<pluginManagement><plugins>").replace(
        "</plugins>", "</plugins></pluginManagement>"
    )


@pytest.mark.parametrize(
    ("files", "goal"),
    [
        pytest.param(INDEPENDENT, GOAL, id="independent"),
        pytest.param(CHAIN, PINNED, id="siblings"),
        pytest.param(
            {**CHAIN, "/app/web/pom.xml": pom("web", needs("api", "${project.groupId}"))},
            PINNED,
            id="group-from-the-parent",
        ),
        pytest.param(
            {**INDEPENDENT, "/app/web/pom.xml": pom("web", needs("api", "com.other"))},
            GOAL,
            id="same-name-other-group",
        ),
        pytest.param(
            {**INDEPENDENT, "/app/web/pom.xml": pom("web", plugin("api"))}, PINNED, id="plugin"
        ),
        pytest.param(
            {**CHAIN, "/app/pom.xml": root("api", "web", inner=pinned("3.1.2"))},
            GOAL,
            id="root-names-a-new-version",
        ),
        pytest.param(
            {**CHAIN, "/app/pom.xml": root("api", "web", inner=pinned("3.1.1"))},
            PINNED,
            id="root-names-an-old-version",
        ),
    ],
)
def test_goal_by_what_modules_need(files: Files, goal: str) -> None:
    found = step("mvn package", files)
    assert found.refusal is None
    assert found.command == f"mvn {goal}"


@pytest.mark.parametrize(("maven_version", "goal"), [("3.9.6", GOAL), ("3.9.2", PINNED)])
def test_goal_by_the_version_the_wrapper_brings(maven_version: str, goal: str) -> None:
    url = f"distributionUrl=https://repo.example.org/apache-maven-{maven_version}-bin.zip"
    files = {**CHAIN, "/app/mvnw": "", f"/app/{WRAPPER}": url}
    assert step("./mvnw package", files).command == f"sh ./mvnw {goal}"


def test_selected_modules_with_what_they_need() -> None:
    found = step("mvn -pl web -am package", CHAIN)
    assert found.refusal is None
    assert found.command == f"mvn -pl web -am {PINNED}"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param({"user": None}, "user that runs it", id="user"),
        pytest.param({"user": "app", "home": None}, "home folder of the user", id="home"),
        pytest.param(
            {"user": "app", "home": "/home/app", "uid": None}, "numeric id", id="numeric-id"
        ),
        pytest.param(
            {"user": "app", "home": "/x", "set": {"HOME": "/x"}}, "HOME is set", id="home-is-set"
        ),
        pytest.param({"env": {"MAVEN_OPTS": None}}, "local repository", id="options"),
    ],
)
def test_cache_off(more: dict[str, Any], reason: str) -> None:
    assert reason in (cache(**more).off or "")


def test_cache_off_where_the_repository_is_not_known() -> None:
    assert cache("mvn -Dmaven.repo.local=$REPO package").off is not None


def test_cache() -> None:
    found = cache()
    assert (found.target, found.sharing, found.payload, found.off) == (
        "/root/.m2",
        "locked",
        True,
        None,
    )
    assert cache(SHORT) == found


@pytest.mark.parametrize(
    ("command", "more", "target"),
    [
        pytest.param("mvn -s /root/.m2/ci.xml verify", {}, "/root/.m2/repository", id="settings"),
        pytest.param(
            "mvn verify",
            {"files": {**ONE, "/root/.m2/settings.xml": "<settings/>"}},
            "/root/.m2/repository",
            id="settings-copied",
        ),
        pytest.param("mvn -Dmaven.repo.local=.repo verify", {}, "/app/.repo", id="property"),
        pytest.param(
            "mvn verify",
            {"env": {"MAVEN_OPTS": "-Xmx1g -Dmaven.repo.local=/repo"}},
            "/repo",
            id="options",
        ),
        pytest.param(
            "mvn verify",
            {"env": {"MAVEN_ARGS": "-Dmaven.repo.local=/repo"}},
            "/repo",
            id="arguments",
        ),
        pytest.param(
            "mvn -s ci.xml verify",
            {
                "files": {
                    **ONE,
                    "/app/ci.xml": "<settings><localRepository>/r</localRepository></settings>",
                }
            },
            "/r",
            id="settings-say-where",
        ),
        pytest.param(
            "mvn verify",
            {"user": "app", "home": "/home/app", "uid": 7, "gid": 7},
            "/home/app/.m2",
            id="another-user",
        ),
        pytest.param("mvn verify", {"env": {"HOME": "/x"}}, "/root/.m2", id="java-ignores-home"),
    ],
)
def test_cache_place(command: str, more: dict[str, Any], target: str) -> None:
    found = cache(command, **more)
    assert found.off is None
    assert found.target == target


def test_a_profile_of_the_parent_is_activated_in_the_folder_of_the_child() -> None:
    activation = "<activation><file><missing>.ready</missing></file></activation>"
    files = {
        "/app/pom.xml": root(
            "a", "b", inner=f"<profiles><profile>{activation}</profile></profiles>"
        ),
        "/app/a/pom.xml": pom("a"),
        "/app/a/.ready": "",
        "/app/b/pom.xml": pom("b"),
    }
    found = effects(SHORT, files)
    assert found.install is not None
    assert set(found.install.manifests) == set(files)
    assert found.reads.contains("/app/b/.ready")


def test_a_wrapper_keeps_its_maven_beside_a_repository_that_is_mounted_alone() -> None:
    files = {**ONE, "/app/mvnw": "#!/bin/sh", "/root/.m2/settings.xml": "<settings/>"}
    found = effects("./mvnw package", files).caches
    assert [cache.target for cache in found] == ["/root/.m2/repository", "/root/.m2/wrapper"]
    assert [cache.target for cache in effects("mvn package", files).caches] == [
        "/root/.m2/repository"
    ]

"""Builds of several modules, taken apart: the order, the steps that pay, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from context.repository import commit, run_git

from reorder.api import rewrite_file
from reorder.config import Options
from reorder.ecosystems.contract import Module
from reorder.equivalence.check import Objection, Proof, check
from reorder.result import Result
from reorder.transforms.precise_steps import Weight, cuts, ordered

POM = "<project><groupId>g</groupId><artifactId>{}</artifactId><version>1</version>{}</project>"
PARENT = "<parent><groupId>g</groupId><artifactId>all</artifactId><version>1</version></parent>"
NEEDS = (
    "<dependencies><dependency><groupId>g</groupId><artifactId>{}</artifactId></dependency>"
    "</dependencies>"
)
SHADE = (
    "<build><plugins><plugin><artifactId>maven-shade-plugin</artifactId></plugin></plugins></build>"
)
DOCKERFILE = """\
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /app
COPY . .
RUN mvn package -DskipTests

FROM debian:12
COPY --from=build /app/web/target/web-1.jar /app.jar
"""
FILES = {
    "pom.xml": POM.format(
        "all", "<modules><module>web</module><module>core</module><module>api</module></modules>"
    ),
    "api/pom.xml": POM.format("api", PARENT),
    "core/pom.xml": POM.format("core", PARENT + NEEDS.format("api")),
    "web/pom.xml": POM.format("web", PARENT + NEEDS.format("core")),
    "api/src/A.java": "class A {}\n",
    "core/src/C.java": "class C {}\n",
    "web/src/W.java": "class W {}\n",
    "README.md": "read me\n",
    "rules.txt": "",
    ".dockerignore": ".git\n**/target\nDockerfile\n.dockerignore\n",
}
MANIFESTS = "".join(f"COPY {name}/pom.xml {name}/\n" for name in ("web", "core", "api"))
ALONE = Options(select=frozenset({"precise-copy"}), unsafe=True)


def project(folder: Path, changed: Sequence[str], text: str = DOCKERFILE, **more: str) -> Path:
    """A Maven project in which each of some files changes in a commit of its own."""
    return repository(folder, changed, {**FILES, **more, "Dockerfile": text})


def repository(folder: Path, changed: Sequence[str], files: Mapping[str, str]) -> Path:
    """The path of the Dockerfile."""
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    commit(folder, files)
    for number, name in enumerate(changed):
        commit(folder, {name: f"{(folder / name).read_text()}// {number}\n"})
    return folder / "Dockerfile"


def rewritten(tmp_path: Path, changed: Sequence[str], **more: str) -> Result:
    return rewrite_file(project(tmp_path / "p", changed, **more), ALONE)


WEB = ["web/src/W.java"] * 12


def test_a_module_that_never_changes_is_built_before_the_one_that_does(tmp_path: Path) -> None:
    found = rewritten(tmp_path, WEB)
    assert found.after == DOCKERFILE.replace(
        "COPY . .\n",
        f"COPY pom.xml rules.txt ./\n{MANIFESTS}"
        "COPY api/src api/src/\n"
        "COPY core/src core/src/\n"
        "RUN mvn -pl api,core -am package -DskipTests\n"
        "COPY web/src web/src/\n",
    )
    [change] = found.changes
    assert change.safety == "unsafe"
    assert "README.md no longer reach" in change.message
    assert any("keeps what was made" in line for line in change.assumptions)


def test_what_was_written_stays(tmp_path: Path) -> None:
    path = project(tmp_path / "p", WEB)
    path.write_text(rewrite_file(path, ALONE).after)
    commit(path.parent, {"Dockerfile": path.read_text()})
    for options in (ALONE, Options(), Options(unsafe=True), Options(check=True)):
        again = rewrite_file(path, options)
        assert "precise-copy" not in [change.id for change in again.changes]
    assert rewrite_file(path, ALONE).status == "unchanged"


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        pytest.param([], {}, id="no history"),
        pytest.param(["rules.txt"] * 12, {}, id="all of it changes each time"),
        pytest.param(["api/src/A.java"] * 12, {}, id="what the others need changes"),
        pytest.param(
            WEB,
            {"api/pom.xml": POM.format("api", PARENT + SHADE)},
            id="a plugin that works on its own result",
        ),
        pytest.param(
            WEB,
            {"api/pom.xml": POM.format("api", PARENT + NEEDS.format("web"))},
            id="modules in a circle",
        ),
    ],
)  # fmt: skip
def test_a_step_that_does_not_pay_or_is_not_known_is_not_added(
    changed: Sequence[str], more: dict[str, str], tmp_path: Path
) -> None:
    found = rewritten(tmp_path, changed, **more)
    assert [change.id for change in found.changes] == ["precise-copy"]
    assert found.after.count("RUN") == 1


def test_clean_would_remove_what_a_step_has_built(tmp_path: Path) -> None:
    text = DOCKERFILE.replace("mvn package", "mvn clean package")
    found = rewrite_file(project(tmp_path / "p", WEB, text), ALONE)
    assert found.after.count("RUN") == 1


def test_the_step_runs_no_tests(tmp_path: Path) -> None:
    text = DOCKERFILE.replace("mvn package -DskipTests", "mvn -B verify")
    found = rewrite_file(project(tmp_path / "p", WEB, text), ALONE)
    assert "RUN mvn -pl api,core -am -B package -DskipTests\n" in found.after
    assert "RUN mvn -B verify\n" in found.after


def test_a_build_that_asks_git_needs_what_every_commit_changes(tmp_path: Path) -> None:
    asks = "<properties><p>git-commit-id-maven-plugin</p></properties>"
    root = FILES["pom.xml"].replace("</project>", f"{asks}</project>")
    found = rewritten(tmp_path, WEB, **{"pom.xml": root, ".dockerignore": "**/target\n"})
    assert found.changes == ()
    assert [refusal.reason for refusal in found.refusals] == [
        "every commit changes .git, which has to stay: pom.xml mentions git-commit-id"
    ]


def modules(*needs: tuple[str, tuple[str, ...]]) -> list[Module]:
    return [Module(folder, folder, wanted) for folder, wanted in needs]


def test_the_order_is_that_of_needs_and_then_of_changes() -> None:
    found = ordered(modules(("a", ("b",)), ("b", ()), ("c", ())), {"b": 0b111, "c": 0b1})
    assert found is not None
    assert [module.folder for module in found] == ["c", "b", "a"]
    assert ordered(modules(("a", ("b",)), ("b", ("a",))), {}) is None


def test_steps_pay_by_what_they_save() -> None:
    seldom, often = Weight(0.5, 0b1), Weight(0.5, 0b1111111110)
    assert cuts([seldom, often], [True, True], 0, 10, 60.0, 0.5) == (1,)
    assert cuts([seldom, often], [False, True], 0, 10, 60.0, 0.5) == ()
    assert cuts([often, seldom], [True, True], 0, 10, 60.0, 0.5) == ()
    assert cuts([seldom, often], [True, True], 0, 10, 0.5, 0.1) == ()
    assert cuts([seldom, often], [True, True], 0b1111111111, 10, 60.0, 0.5) == ()


STEP = "RUN mvn -pl api -am package -DskipTests\n"
TAKEN_APART = DOCKERFILE.replace(
    "COPY . .\n",
    f"COPY pom.xml rules.txt ./\n{MANIFESTS}COPY api api/\n{STEP}COPY core core/\nCOPY web web/\n",
)
NAMED = {3: ("pom.xml", "rules.txt", "api", "core", "web")}


@pytest.mark.parametrize(
    ("before", "after", "named", "wanted"),
    [
        pytest.param("", "", {}, "another state", id="not said to be narrowed"),
        pytest.param("package -Dsk", "package -X -Dsk", NAMED, "was not there", id="another step"),
        pytest.param("-pl api", "-pl shop", NAMED, "was not there", id="no such module"),
        pytest.param(STEP, STEP + "ENV A=b\n", NAMED, "", id="another environment"),
        pytest.param(STEP, STEP + "RUN touch /x\n", NAMED, "", id="a step between"),
        pytest.param(STEP, "USER 1000\n" + STEP + "USER root\n", NAMED, "", id="another user"),
        pytest.param(
            STEP,
            STEP.replace("RUN", "RUN --mount=type=cache,target=/root/.m2"),
            NAMED,
            "mounts",
            id="other mounts",
        ),
        pytest.param(MANIFESTS, "", NAMED, "is not there yet", id="no manifests"),
        pytest.param("COPY web web/\n", "", NAMED, "", id="a module is missing"),
        pytest.param("COPY web web/\n", "COPY web .\n", NAMED, "", id="elsewhere"),
        pytest.param(
            "",
            "",
            {3: ("pom.xml", "rules.txt", "api", "core", "web", "gone")},
            "gone",
            id="no file",
        ),
    ],
)
def test_the_checker_objects(
    before: str, after: str, named: dict[int, tuple[str, ...]], wanted: str, tmp_path: Path
) -> None:
    from reorder.context.build import build_context
    from reorder.context.project import Project

    project(tmp_path / "p", [])
    context = build_context(Project.open(tmp_path / "p"), "Dockerfile")
    good = check(DOCKERFILE, TAKEN_APART, context, narrowed=NAMED, unsafe=True)
    assert isinstance(good, Proof)
    assert isinstance(check(DOCKERFILE, TAKEN_APART, context, narrowed=NAMED), Objection)
    changed = TAKEN_APART.replace(before, after, 1) if before else TAKEN_APART
    found = check(DOCKERFILE, changed, context, narrowed=named, unsafe=True)
    assert isinstance(found, Objection)
    assert wanted in found.reason

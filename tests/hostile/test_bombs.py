"""Texts that are small, and stand for something large, deep or endless."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile.run_bounded import ends_well, write

from reorder.context.yamltext import load, nodes
from reorder.ecosystems.xmltext import parse_xml

LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)
MERGES = "a0: &a0 {k: v}\n" + "".join(
    f"a{i}: &a{i}\n  <<: [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
)
ENTITIES = (
    '<!DOCTYPE l [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + "]><project><artifactId>&a9;</artifactId></project>"
)
DEEP_JSON = "[" * 200_000
YAML = {
    "aliases": LAUGHS + "services: *a11\njobs: *a11\non: push\njob: {script: *a11}\n",
    "texts": LAUGHS
    + "on: push\nservices: {a: {build: {context: *a11, dockerfile: *a11, args: *a11}}}\n"
    + "jobs: {a: {steps: [{run: *a11}, {uses: docker/build-push-action@v1, with: *a11}]}}\n"
    + "job: {script: [docker build ., *a11], variables: *a11}\n",
    "merges": MERGES + "services: {a: *a8}\njob:\n  <<: *a8\n  script: [docker build .]\n",
    "itself": "a: &a\n  <<: *a\n  script: [docker build ., *a]\nservices: *a\n",
    "depth": "a: " + "[ " * 100_000,
    "closed depth": "a: " + "[ " * 900 + "] " * 900,
    "maps": "a: " + "{a: " * 40_000,
    "indents": "".join(" " * i + "a:\n" for i in range(500)),
    "numbers": f"a: {'9' * 200_000}\nb: 1:{'59:' * 30_000}1\nc: 9999-99-99\n",
    "tags": "a: !!python/object/apply:os.system [x]\n",
    "keys": "? [a, {b: c}]\n: x\n? {a: b}\n: y\n1: 2\nservices: [a]\njobs: x\n",
}


@pytest.mark.parametrize("text", [LAUGHS, MERGES, YAML["itself"], YAML["depth"], YAML["numbers"]])
def test_yaml_without_bounds_has_no_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"values|itself|nests|no YAML|digits|month"):
        load(text)


def test_usual_aliases_and_merges_are_read() -> None:
    assert load("a: &a {b: [1]}\nc:\n  <<: *a\n") == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert len(nodes("a: 1\n---\nb: 2\n")) == 2
    assert load("") is None


def test_xml_with_entities_or_depth_is_told_apart() -> None:
    assert parse_xml(ENTITIES) == "it has a DTD or entities"
    assert parse_xml('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>') == "it has a DTD or entities"
    assert parse_xml("<a>" * 500_000) == "it nests deeper than 100 levels"
    assert parse_xml(f"<a>{'<b/>' * 200_000}</a>") == "it has more than 100,000 elements"
    assert parse_xml("<a>" * 99 + "</a>" * 99) != parse_xml("<a>" * 101 + "</a>" * 101)


@pytest.mark.parametrize("name", YAML)
@pytest.mark.parametrize("command", ["rewrite", "ci"])
def test_yaml_files(tmp_path: Path, name: str, command: str) -> None:
    places = (
        "pnpm-workspace.yaml pnpm-lock.yaml .yarnrc.yml environment.yml docker-compose.yml "
        ".gitlab-ci.yml azure-pipelines.yml bitbucket-pipelines.yml .circleci/config.yml "
        ".github/workflows/a.yml .travis.yml .drone.yml"
    ).split()
    text = "x: --build-arg build-args docker build args\n" + YAML[name]
    runs = "RUN pnpm install\nRUN yarn install\nRUN conda env create -f environment.yml\n"
    write(tmp_path, dict.fromkeys(places, text))
    write(
        tmp_path,
        {
            "sub/Dockerfile": f"FROM node:20\nCOPY . .\n{runs}",
            "package.json": '{"name": "a", "packageManager": "yarn@4.0.0"}',
            ".git/HEAD": "ref: refs/heads/main\n",
        },
    )
    ends_well(tmp_path, command, "--check")


@pytest.mark.parametrize("text", [ENTITIES, "<project>" + "<a>" * 200_000, "<a " + "b='1' " * 9000])
def test_xml_files(tmp_path: Path, text: str) -> None:
    places = ".mvn/extensions.xml settings.xml a.csproj a.slnx nuget.config Directory.Build.props"
    write(tmp_path, dict.fromkeys(["pom.xml", *places.split()], text))
    runs = "RUN mvn -s settings.xml package\nRUN dotnet restore\n"
    write(tmp_path, {"Dockerfile": f"FROM maven:3\nCOPY . .\n{runs}"})
    ends_well(tmp_path, "--check")


@pytest.mark.parametrize(
    "text", [DEEP_JSON, f'{{"x": {"9" * 10_000}}}', '{"name": [], "workspaces": {"packages": 1}}']
)
def test_json_and_toml_files(tmp_path: Path, text: str) -> None:
    json = "package.json package-lock.json composer.json composer.lock Pipfile.lock bake.json"
    toml = "pyproject.toml uv.lock poetry.lock pdm.lock Cargo.toml Cargo.lock Pipfile bunfig.toml"
    write(tmp_path, dict.fromkeys(json.split(), text))
    write(tmp_path, dict.fromkeys(toml.split(), f"a = {text}\n"))
    runs = "npm ci|bun install|composer install|pipenv sync|uv sync|poetry install|cargo build"
    body = "".join(f"RUN {run}\n" for run in runs.split("|"))
    write(tmp_path, {"Dockerfile": f"FROM a\nCOPY . .\n{body}"})
    ends_well(tmp_path, "--check")


@pytest.mark.parametrize(
    "pattern", ["{a,b}" * 40, "{1..100000000}", "**/" * 12 + "x", "*a" * 30 + "b", "[" * 5000]
)
def test_patterns(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, {f"{'abcdefgh'[i % 8]}/" * (i % 8) + "a" * 90 + str(i): "" for i in range(200)})
    write(
        tmp_path,
        {
            "package.json": f'{{"workspaces": ["{pattern}"]}}',
            "package-lock.json": '{"lockfileVersion": 3, "packages": {}}',
            "pnpm-workspace.yaml": f"packages: ['{pattern}']\n",
            "Cargo.toml": f'[workspace]\nmembers = ["{pattern}"]\n',
            ".dockerignore": f"{pattern.replace('[', '')}\n" + "*a*a*a*a*a*a*a*a*a*b\n" * 50,
            "Dockerfile": f"FROM a\nCOPY . .\nCOPY {pattern} /b/\n"
            "RUN npm ci\nRUN pnpm install\nRUN cargo build\n",
        },
    )
    ends_well(tmp_path, "--check")


def test_manifests_that_name_each_other(tmp_path: Path) -> None:
    up = "<parent><relativePath>{}</relativePath></parent><modules><module>{}</module></modules>"
    write(
        tmp_path,
        {
            "r.txt": "-r r.txt\n-r s.txt\n-c r.txt\n",
            "s.txt": "-r ./r.txt\n",
            "pom.xml": f"<project>{up.format('a/pom.xml', 'a')}</project>",
            "a/pom.xml": f"<project>{up.format('../pom.xml', '..')}</project>",
            "go.work": "use .\n" * 5000,
            "go.mod": "module a\nreplace a => ./\n",
            "settings.gradle": "include 'a'\nincludeBuild '.'\napply from: 'settings.gradle'\n"
            * 999,
            "Dockerfile": "FROM a\nCOPY . .\nRUN pip install -r r.txt\nRUN mvn package\n"
            "RUN go mod download\nRUN gradle build\n",
        },
    )
    ends_well(tmp_path, "--check")

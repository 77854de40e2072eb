"""The readers of HCL and Groovy, and which files CI pushes."""

from __future__ import annotations

import json
from importlib import import_module

import pytest

from reorder.ci.build_files import bake, compose, hcl
from reorder.ci.build_files.pushed_by_ci import pushed
from reorder.ci.contract import Settings
from reorder.ci.pipelines import gitlab, groovy, jenkinsfile
from reorder.context.project import Project

HCL = """\
# target "no" {
variable "A" { default = "x{" }
/* target "no2" { */
target "one" {
  tags = ["a", B ? "b" : "c", "d${x ? "}" : "{"}", f("e"), "g"] // "h"
  args = {
    x = "y"
  }
  inline = <<EOT
target "no3" {
EOT
}
"""


def test_blocks_and_attributes_of_hcl() -> None:
    variable, target = hcl.blocks(HCL)
    assert (variable.kind, variable.labels) == ("variable", ("A",))
    assert (target.kind, target.labels) == ("target", ("one",))
    has = hcl.attributes(HCL, target)
    assert list(has) == ["tags", "args", "inline"]
    assert hcl.strings(HCL, has["tags"]) == ["a", 'd${x ? "}" : "{"}', "g"]
    assert hcl.strings(HCL, has["args"]) is None


@pytest.mark.parametrize("text", ['a = "', "target {", "/* x", "a = <<E\nx", "? = 1"])
def test_no_hcl(text: str) -> None:
    with pytest.raises(hcl.Unread):
        hcl.blocks(text)


def test_strings_of_groovy() -> None:
    text = (
        "x = 'it\\'s' // 'no'\n"
        '/* "no" */ { sh """a ${b} \\$c \\\n d""" }\n'
        "y = '''e\nf''' / 2\n"
    )
    found = list(groovy.strings(text))
    assert [one.value for one in found] == [
        "it's",
        f"a {groovy.OPEN}${{b}}{groovy.CLOSE} $c \\\n d",
        "e\nf",
    ]
    assert [text[one.block] if one.block >= 0 else "" for one in found] == ["", "{", ""]
    for one in found:
        assert len(one.places) == len(one.value) + 1
        assert groovy.encoded(one.value, "'''", "\n") is not None


@pytest.mark.parametrize(
    "text",
    ["x = 'a\nb'", 'x = "${a{b}"', "x = ~/a'b/", "x = $/a/$", "x = '\\u0041'", "/* x"],
    ids=["open", "closure", "regular expression", "dollar slashy", "code point", "comment"],
)
def test_groovy_that_is_not_read(text: str) -> None:
    with pytest.raises(groovy.Unread):
        list(groovy.strings(text))


def test_groovy_reads_back_what_it_writes() -> None:
    value = f"a 'b' \"c\" $d {groovy.OPEN}${{e}}{groovy.CLOSE} \\n"
    for quote in ('"', '"""'):
        text = f"x = {quote}{groovy.encoded(value, quote, chr(10))}{quote}"
        (found,) = groovy.strings(text)
        assert found.value == value


FILES = {
    "docker-compose.yml": "",
    "compose.yaml": "",
    "deploy/compose.ci.yml": "",
    "docker-bake.hcl": "",
    "ci/other.hcl": "",
}


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        ("Makefile", "up:\n\tdocker compose build\n", set()),
        ("Makefile", "# docker compose push\n", set()),
        (".gitlab-ci.yml", "a:\n  script:\n  - docker-compose push\n", {"docker-compose.yml"}),
        (
            ".github/workflows/a.yml",
            "- run: docker compose -f deploy/compose.ci.yml build --push\n",
            {"deploy/compose.ci.yml"},
        ),
        ("ci.sh", "docker buildx bake --print\n", set()),
        ("ci/b.sh", "docker buildx bake -f ci/other.hcl --push\n", {"ci/other.hcl"}),
        (
            ".github/workflows/a.yml",
            "- uses: docker/bake-action@v6\n  with:\n    push: true\n",
            {"docker-bake.hcl"},
        ),
        (
            ".github/workflows/a.yml",
            "- uses: docker/bake-action@v6\n  with:\n    push: false\n",
            set(),
        ),
    ],
)
def test_which_files_ci_pushes(path: str, text: str, wanted: set[str]) -> None:
    found = pushed(Project.of({**FILES, path: text}))
    assert wanted <= found
    assert (found & FILES.keys()) - {"compose.yaml", "docker-compose.yml", "docker-bake.hcl"} == (
        wanted - {"compose.yaml", "docker-compose.yml", "docker-bake.hcl"}
    )
    assert bool(found) == bool(wanted)


def test_a_compose_file_that_ci_does_not_push_is_not_read() -> None:
    project = Project.of({**FILES, "ci.sh": "docker compose -f docker-compose.yml up\n"})
    assert compose.files(project) == []
    assert bake.files(project) == []
    project = Project.of({**FILES, "ci/x.sh": "docker compose -f docker-compose.yml push\n"})
    assert compose.files(project) == ["docker-compose.yml"]


def test_a_repository_of_ones_own() -> None:
    text = "services:\n  a:\n    image: acme/a\n    build:\n      context: a\n"
    made = compose.plan("compose.yaml", text, Settings("main", "ghcr.io/acme/caches"))
    assert made is not None
    assert "type=registry,ref=ghcr.io/acme/caches:cache-main" in made.after


def test_bake_files_in_json_are_told() -> None:
    targets = {"a": {"tags": ["acme/a"]}, "b": {"tags": ["b"], "cache-to": ["x"]}, "c": {}}
    text = json.dumps({"target": targets}, indent=1)
    made = bake.plan("docker-bake.json", text, Settings("main"))
    assert made is not None
    assert made.after == text
    assert [(one.line, one.status) for one in made.found] == [(3, "refused"), (8, "fine")]
    assert bake.plan("docker-bake.json", "[]", Settings("main")) is None


@pytest.mark.parametrize(
    ("module", "path", "text"),
    [
        ("pipelines.gitlab", ".gitlab-ci.yml", "docker: &a [*a]\n"),
        (
            "pipelines.gitlab",
            ".gitlab-ci.yml",
            "a: &a {script: &s [*s, docker build .], extends: a}\n",
        ),
        ("pipelines.bitbucket", "bitbucket-pipelines.yml", "docker: &a {script: &s [*s], b: *a}\n"),
        (
            "pipelines.azure",
            "azure-pipelines.yml",
            "docker: &a {steps: &s [*s, *a], ${{ if }}: *s}\n",
        ),
        (
            "pipelines.circleci",
            ".circleci/config.yml",
            "jobs: &a {docker: {steps: &s [when: {steps: *s}]}}",
        ),
        ("pipelines.others", ".travis.yml", "docker: &a {script: *a}\n"),
        (
            "build_files.compose",
            "compose.yaml",
            "services: &a {a: &b {build: *b, image: docker/x}}\n",
        ),
        ("pipelines.gitlab", ".gitlab-ci.yml", "docker: [" * 2000),
        ("pipelines.jenkinsfile", "Jenkinsfile", "docker " + "{" * 5000),
        ("build_files.bake", "docker-bake.hcl", "a = " + "[" * 5000),
        ("build_files.bake", "docker-bake.hcl", 'a = "' + "${" * 3000),
    ],
)
def test_files_that_turn_in_circles(module: str, path: str, text: str) -> None:
    made = import_module(f"reorder.ci.{module}").plan(path, text, Settings("main"))
    assert made is None or made.after == text


def test_many_aliases_are_read_once() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    text = f"docker: &l0 {{commands: [docker build .]}}\n{levels}"
    made = import_module("reorder.ci.pipelines.others").plan(
        ".woodpecker.yml", text, Settings("main")
    )
    assert made is not None
    assert [one.status for one in made.found] == ["refused"]


def test_jenkinsfiles_are_found_by_name() -> None:
    project = Project.of({"Jenkinsfile": "", "ci/Jenkinsfile.release": "", "src/x.groovy": ""})
    assert jenkinsfile.files(project) == ["Jenkinsfile", "ci/Jenkinsfile.release"]


def test_files_that_gitlab_includes() -> None:
    project = Project.of(
        {
            ".gitlab-ci.yml": "include:\n  - local: /ops/build.yml\n  - '/more/*.yml'\n",
            "ops/build.yml": "",
            "ops/other.yml": "",
            "more/a.yml": "",
            "more/b.txt": "",
            ".gitlab/ci/c.yml": "",
            "ci/d.yml": "",
        }
    )
    files = [".gitlab-ci.yml", ".gitlab/ci/c.yml", "more/a.yml", "ops/build.yml"]
    assert gitlab.files(project) == files


@pytest.mark.parametrize(
    ("image", "old"),
    [
        ("docker:20.10.15", True),
        ("docker:20.10.16", False),
        ("docker:20.10", False),
        ("docker:19.03-dind", True),
        ("registry.example.com/library/docker:stable", True),
        ("docker:27", False),
        ("docker", False),
    ],
)
def test_clients_without_buildx(image: str, old: bool) -> None:
    text = f"a:\n  image: {image}\n  script:\n    - docker build -t a.example.com/b:1 --push .\n"
    made = gitlab.plan(".gitlab-ci.yml", text, Settings("main"))
    assert made is not None
    assert made.found[0].status == ("refused" if old else "rewritten")


def test_the_cache_of_github_is_not_for_others() -> None:
    job = "a:\n  script:\n    - docker build -t a.example.com/b:1 --push .\n"
    made = gitlab.plan(".gitlab-ci.yml", job, Settings("main", backend="gha"))
    assert made is not None
    assert made.after == job
    assert made.found[0].status == "refused"
    short = "services:\n  a:\n    image: acme/a\n    build: .\n"
    for module, path, text in (
        (compose, "compose.yaml", short),
        (bake, "docker-bake.hcl", 'target "a" {\n  tags = ["acme/a"]\n}\n'),
    ):
        made = module.plan(path, text, Settings("main", backend="gha"))
        assert made is not None
        assert made.after == text
        assert made.found[0].status == "refused"


def test_a_file_with_very_many_builds() -> None:
    job = "j{0}:\n  script:\n    - docker build -t a.example.com/b{0}:1 --push .\n"
    text = "".join(job.format(number) for number in range(200))
    made = gitlab.plan(".gitlab-ci.yml", text, Settings("main"))
    assert made is not None
    assert [one.status for one in made.found] == ["refused"]


def test_one_script_that_cannot_be_written_does_not_stop_the_others() -> None:
    text = (
        'a:\n  script: ["docker build -t a.example.com/b:1 --push ."]\n'
        "b:\n  script:\n    - docker build -t a.example.com/c:1 --push .\n"
    )
    made = gitlab.plan(".gitlab-ci.yml", text, Settings("main"))
    assert made is not None
    assert [one.status for one in made.found] == ["refused", "rewritten"]
    assert made.after.startswith(text[: text.index("b:")])

"""Signs of a builder without cache mounts."""

from __future__ import annotations

import pytest

from reorder.context.builder import builder_facts
from reorder.context.project import Project


def _reason(files: dict[str, str], pin: str | None = None) -> str | None:
    facts = builder_facts(Project.of(files), pin)
    assert facts.mounts is (facts.reason is None)
    return facts.reason


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(".github/workflows/a.yml", "# uses kaniko: no\n", id="comment"),
        pytest.param("build.sh", "docker build . # DOCKER_BUILDKIT=0", id="comment-at-the-end"),
        pytest.param("Jenkinsfile", "// /kaniko/executor\n", id="groovy-comment"),
        pytest.param("Jenkinsfile", "/*\n /kaniko/executor\n*/\n", id="groovy-block-comment"),
        pytest.param("README.md", "/kaniko/executor", id="prose"),
        pytest.param("src/a/build.sh", "DOCKER_BUILDKIT=0", id="not-a-usual-place"),
        pytest.param("build.sh", "DOCKER_BUILDKIT=1 docker build .", id="switched-on"),
        pytest.param("build.sh", "buildah/stable:v1.24.1", id="buildah-with-mounts"),
        pytest.param("build.sh", "buildah/stable:v1.230", id="buildah-far-away"),
        pytest.param("build.sh", "buildah/stable", id="buildah-without-a-version"),
        pytest.param("build.sh", "gcloud builds submit --pack image=x", id="buildpacks"),
        pytest.param("build.sh", "gcloud run deploy --image x", id="deploys-what-is-built"),
        pytest.param(
            "cloudbuild.yaml",
            "- name: gcr.io/cloud-builders/docker\n  env: ['DOCKER_BUILDKIT=1']\n",
            id="cloud-build-with-buildkit",
        ),
        pytest.param(
            "bitbucket-pipelines.yml",
            "- export DOCKER_BUILDKIT=1\n- docker build .\n",
            id="bitbucket-with-buildkit",
        ),
        pytest.param(".gitlab-ci.yml", "image: docker:20.10\n- docker pull x\n", id="no-build"),
        pytest.param(".gitlab-ci.yml", "image: docker:24.0\n- docker build .\n", id="docker-24"),
        pytest.param(
            ".gitlab-ci.yml",
            "image: docker:20.10\n- docker buildx build .\n",
            id="docker-20-buildx",
        ),
        pytest.param("build.sh", "#" + "x" * 600_000 + "\nmakisu", id="too-large-to-read"),
    ],
)
def test_no_sign(path: str, text: str) -> None:
    assert _reason({path: text}) is None


@pytest.mark.parametrize(
    "pin",
    [
        None,
        "",
        "docker/dockerfile",
        "docker/dockerfile:1",
        "docker/dockerfile:1-labs",
        "docker/dockerfile:latest",
        "docker/dockerfile:experimental",
        "docker/dockerfile:1.0-experimental",
        "docker/dockerfile:1.1.7-experimental",
        "docker/dockerfile:1.2",
        "docker.io/docker/dockerfile:1.10@sha256:00",
        "docker/dockerfile:2.0",
        "docker/dockerfile:1 kaniko",
    ],
)
def test_frontends_with_mounts(pin: str | None) -> None:
    assert _reason({}, pin) is None


@pytest.mark.parametrize(
    "pin",
    [
        "docker/dockerfile:1.0",
        "docker/dockerfile:1.1.7",
        "docker.io/docker/dockerfile:1.1@sha256:00",
        "docker/dockerfile@sha256:00",
        "registry.example.org:5000/docker/dockerfile:1",
        "someone/frontend",
    ],
)
def test_frontends_without_known_mounts(pin: str) -> None:
    reason = _reason({}, pin)
    assert reason is not None
    assert pin in reason


@pytest.mark.parametrize(
    ("path", "text", "line", "what"),
    [
        (".gitlab-ci.yml", "a:\n  image: gcr.io/kaniko-project/executor:debug", 2, "kaniko"),
        ("hack/push.sh", "#!/bin/sh\n/kaniko/executor --context .", 2, "kaniko"),
        ("skaffold.yaml", "build:\n  artifacts:\n  - image: x\n    kaniko: {}", 4, "kaniko"),
        (".github/workflows/a.yaml", "- uses: someone/action-kaniko@v1", 1, "kaniko"),
        (".github/actions/image/action.yml", "run: /kaniko/executor", 1, "kaniko"),
        ("Makefile", "image:\n\tDOCKER_BUILDKIT=0 docker build .", 2, "BuildKit off"),
        (".circleci/config.yml", 'environment:\n  DOCKER_BUILDKIT: "0"', 2, "BuildKit off"),
        ("Jenkinsfile", "env.DOCKER_BUILDKIT = '0' // old", 1, "BuildKit off"),
        ("skaffold.yaml", "local:\n  useBuildkit: false", 2, "BuildKit off"),
        ("skaffold.yaml", "build:\n  googleCloudBuild: {}", 2, "Cloud Build"),
        ("ci/a.sh", "COMPOSE_DOCKER_CLI_BUILD=0 docker-compose build", 1, "compose v1"),
        ("build.sh", "\ngcloud builds \\\n  submit --tag x", 2, "Cloud Build"),
        ("build.sh", "gcloud beta builds submit --config gone.yaml", 1, "Cloud Build"),
        ("build.sh", "gcloud run deploy x --source .", 1, "Cloud Build"),
        ("azure-pipelines.yml", "- script: az acr build -t x .", 1, "ACR"),
        ("scripts/a.sh", "img build -t x .", 1, "img"),
        ("scripts/a.sh", "makisu build", 1, "makisu"),
        ("scripts/a.sh", "podman run quay.io/buildah/stable:v1.23.1", 1, "1.24"),
        ("cloudbuild.yaml", "steps:\n- name: gcr.io/cloud-builders/docker", 2, "Cloud Build"),
        ("bitbucket-pipelines.yml", "script:\n- docker build .", 2, "Bitbucket"),
        (".gitlab-ci.yml", "image: docker:19.03.12\n- docker build .", 1, "older than 23"),
    ],
)
def test_signs(path: str, text: str, line: int, what: str) -> None:
    reason = _reason({path: text})
    assert reason is not None
    assert reason.startswith(f"{path}:{line} ")
    assert what in reason


def test_a_submitted_configuration_decides() -> None:
    script = {"build.sh": "gcloud builds submit --config=ops/build.yaml ."}
    step = "- name: gcr.io/cloud-builders/docker\n"
    assert _reason({**script, "ops/build.yaml": step + "  env: [DOCKER_BUILDKIT=1]"}) is None
    assert "ops/build.yaml:1 " in str(_reason({**script, "ops/build.yaml": step}))


def _fresh(files: dict[str, str]) -> str | None:
    return builder_facts(Project.of(files), None).fresh


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(".github/workflows/a.yml", "# cache-from: type=gha\n", id="comment"),
        pytest.param(".github/workflows/a.yml", "  cache-from:\n", id="nothing"),
        pytest.param(".github/workflows/a.yml", "  cache-from: ''\n", id="empty"),
        pytest.param("build.sh", "docker buildx build --cache-from type=local,src=c .", id="local"),
        pytest.param("build.sh", "docker buildx build --cache-to type=inline .", id="export-only"),
        pytest.param("src/a/build.sh", "docker build --cache-from=a/b .", id="not-a-usual-place"),
    ],
)
def test_no_layer_cache_is_imported(path: str, text: str) -> None:
    assert _fresh({path: text}) is None


@pytest.mark.parametrize(
    "kept",
    [
        "uses: reproducible-containers/buildkit-cache-dance@v3",
        "uses: depot/build-push-action@v1",
        "driver: remote",
        "docker buildx create --driver=kubernetes",
    ],
)
def test_mounts_live_on_although_a_layer_cache_is_imported(kept: str) -> None:
    path = ".github/workflows/a.yml"
    assert _fresh({path: "cache-from: type=gha\n"}) is not None
    assert _fresh({path: "cache-from: type=gha\n", "build.sh": kept}) is None


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (".github/workflows/a.yml", "with:\n  cache-from: type=gha\n", 2),
        (".github/workflows/a.yml", "with:\n  cache-from: |\n    type=gha,scope=a\n", 2),
        (".github/workflows/a.yml", "    *.cache-from=type=gha,scope=docs\n", 1),
        (".gitlab-ci.yml", "- docker build --pull \\\n  --cache-from $IMAGE:latest .\n", 1),
        ("Makefile", "image:\n\tdocker build --cache-from=a/b:latest .\n", 2),
        ("docker-compose.ci.yml", "build:\n  cache_from:\n    - a/b:latest\n", 2),
    ],
)
def test_a_layer_cache_is_imported(path: str, text: str, line: int) -> None:
    assert _fresh({path: text}) == f"{path}:{line} imports a layer cache"

"""The stated rule for a new cache mount, clause by clause."""

from __future__ import annotations

import pytest
from harness.pairs import GO, NODE_FILES, PYTHON_FILES, Pair

from reorder.equivalence.check import Objection, Proof

POM = {"pom.xml": "<project/>", "run.sh": "exec mvn spring-boot:run\n", "m2/settings.xml": ""}


def reason(before: str, after: str, files: dict[str, str] | None = None) -> str:
    found = Pair(before, after, files or {}).verdict()
    assert isinstance(found, Objection), found
    return found.reason


def mounted(text: str, command: str = "mvn package", target: str = "/root/.m2") -> str:
    assert f"RUN {command}" in text
    return text.replace(f"RUN {command}", f"RUN --mount=type=cache,target={target} {command}")


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        pytest.param("RUN mkdir -p /root/.m2/x\nRUN mvn package -Dmaven.repo.local=/root/.m2\n",
                     "an earlier step",
                     id="a named path"),
        pytest.param("RUN ./prepare\nRUN mvn package\n", "an earlier step", id="opaque before"),
        pytest.param("RUN mvn package\nRUN ./after\n", "may need /root/.m2", id="opaque after"),
        pytest.param('RUN mvn package\nCMD ["mvn", "exec:java"]\n', "the container runs mvn",
                     id="the container needs it"),
        pytest.param('COPY . .\nRUN mvn package\nENTRYPOINT ["/src/run.sh"]\n',
                     "the container runs run.sh", id="a script of the container needs it"),
        pytest.param("RUN mvn package\nFROM debian\nCOPY --from=build /root /r\n",
                     "is taken from the stage", id="another stage takes it"),
        pytest.param("RUN mvn package\nFROM debian\nRUN --mount=from=build,target=/b ls /b\n",
                     "is taken from the stage", id="another stage mounts it"),
        pytest.param("RUN mvn package\nFROM build AS test\nRUN ./test\n", "may need /root/.m2",
                     id="opaque in a stage that starts from it"),
        pytest.param("USER 1000\nRUN mvn package\n", "", id="user without a known home"),
        pytest.param("RUN --mount=type=secret,id=s,target=/root/.m2/settings.xml mvn package "
                     "-Dmaven.repo.local=/root/.m2\n",
                     "overlaps", id="a secret below it"),
        pytest.param("RUN mvn package && cp -r /root/.m2/repository /out\n", "",
                     id="the RUN copies it out"),
    ],
)  # fmt: skip
def test_a_payload_is_refused(before: str, wanted: str) -> None:
    start = "FROM maven:3.9-eclipse-temurin-17 AS build\nWORKDIR /src\n"
    text = start + before
    after = text.replace("mvn package", "--mount=type=cache,target=/root/.m2 mvn package", 1)
    assert isinstance(Pair(text, text, POM).verdict(), Proof)
    assert wanted in reason(text, after, POM)


def test_a_cache_that_is_filled_by_a_copy() -> None:
    text = (
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCOPY site /root/.cache/pip/\n"
        "RUN pip install -r requirements.txt\n"
    )
    after = mounted(text, "pip install", "/root/.cache/pip")
    assert "is there before" in reason(text, after, dict(PYTHON_FILES))


def test_a_payload_that_one_step_has_in_the_image_already() -> None:
    text = GO.after.replace("RUN --mount=type=cache,target=/go/pkg/mod go mod", "RUN go mod")
    assert "fills /go/pkg/mod in the image" in reason(GO.before, text, dict(GO.files))


def test_a_payload_is_fine_where_every_step_mounts_it() -> None:
    text = "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /src\nCOPY . .\nRUN mvn package\n"
    assert isinstance(Pair(text, mounted(text), POM).verdict(), Proof)


def test_a_plain_cache_does_not_mind_who_comes_later_or_before() -> None:
    text = (
        "FROM python:3.12\nWORKDIR /app\nRUN ./before\nCOPY . .\n"
        "RUN pip install -r requirements.txt\nRUN ./later\nCMD npm start\n"
    )
    after = mounted(text, "pip install", "/root/.cache/pip")
    assert isinstance(Pair(text, after, dict(PYTHON_FILES)).verdict(), Proof)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ("target=/root/.npm,from=base", "not followed"),
        ("target=/root/.npm,mode=0777", "not followed"),
        ("target=/root/.npm,ro", "not followed"),
        ("target=.npm", "not followed"),
        ("target=$DIR/.npm", "not followed"),
        ("target=/root/.npm,uid=1000,gid=1000", "does not belong"),
        ("target=/root", "not a cache"),
        ("target=/root/.npm/_cacache", "not a cache"),
        ("target=/app/node_modules", "not a cache"),
    ],
)
def test_other_options_are_refused(options: str, wanted: str) -> None:
    text = "FROM node:20\nARG DIR=/root\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
    after = text.replace("npm ci", f"--mount=type=cache,{options} npm ci")
    assert wanted in reason(text, after, NODE_FILES)


def test_sharing_and_an_id_are_free() -> None:
    text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
    after = mounted(text, "npm ci", "/root/.npm,sharing=locked,id=npm")
    assert isinstance(Pair(text, after, NODE_FILES).verdict(), Proof)


def test_a_step_that_is_not_understood_gets_none() -> None:
    text = "FROM node:20\nWORKDIR /app\nRUN ./install\n"
    assert "not a cache of any command" in reason(text, mounted(text, "./install", "/root/.npm"))


def test_a_mount_of_the_author_is_neither_dropped_nor_altered() -> None:
    text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/x npm ci\n"
    assert "gone or altered" in reason(text, text.replace("=/x", "=/y"), NODE_FILES)
    dropped = text.replace("--mount=type=cache,target=/x ", "")
    assert "gone or altered" in reason(text, dropped, NODE_FILES)


def test_a_switch_that_turns_the_cache_off_is_not_added() -> None:
    text = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
    after = text.replace("install -r", "install --no-cache-dir -r")
    assert "would leave another" in reason(text, after, PYTHON_FILES)


APT = "FROM debian:12\nRUN apt-get update && apt-get install -y git\n"
ELSEWHERE = APT.replace("install", "-o Dir::Cache::Archives=/var/cache/apt-archives install")
KEPT = "RUN --mount=type=cache,target=/var/cache/apt-archives,sharing=locked apt-get update"


def test_downloads_elsewhere_stay_in_the_image_without_a_mount() -> None:
    assert "would leave its downloads elsewhere" in reason(APT, ELSEWHERE)
    assert "would leave its downloads elsewhere" in reason(ELSEWHERE, APT)


def test_downloads_elsewhere_are_fine_in_a_mount() -> None:
    after = ELSEWHERE.replace("RUN apt-get update", KEPT)
    assert isinstance(Pair(APT, after, {}).verdict(), Proof)


def test_what_stands_beside_the_mount_is_not_given_to_root() -> None:
    files = {"requirements.txt": "flask\n"}
    start = "FROM python:3.12-slim\nRUN useradd -m app\nUSER app\nCOPY requirements.txt /tmp/\n"
    mount = "--mount=type=cache,target=/home/app/.cache/pip,uid=1000,gid=1000 "
    for rest, wanted in (("", None), (" && touch /home/app/.cache/x", "which a mount below it")):
        command = f"pip install --user -r /tmp/requirements.txt{rest}\n"
        before, after = f"{start}RUN {command}", f"{start}RUN {mount}{command}"
        if wanted is None:
            assert isinstance(Pair(before, after, files).verdict(), Proof)
        else:
            assert wanted in reason(before, after, files)

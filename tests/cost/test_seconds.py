"""The expected seconds of a step."""

from __future__ import annotations

import pytest
from harness.made import facts
from hypothesis import given, settings
from hypothesis import strategies as st

from reorder.cost.priors import CACHES, PRIORS
from reorder.cost.seconds import prior, shown, why

FILES = {"go.mod": "module x\n", "Dockerfile": "", **{f"src/{n}.c": "" for n in range(1000)}}
WARM = "--mount=type=cache,target="


def last(*lines: str, base: str = "debian:12") -> float:
    """The seconds of the last instruction."""
    found = facts("\n".join((f"FROM {base} AS first", *lines, "")), FILES)
    return prior(found.nodes[max(found.nodes)], found)


def said(line: str) -> str:
    found = facts(f"FROM debian:12\n{line}\n", FILES)
    return why(found.nodes[1], found)


@pytest.mark.parametrize(
    "line",
    ["ENV A=b", "ARG A", "LABEL a=b", "USER a", "CMD x", "EXPOSE 1", "VOLUME /a", "SHELL [\"x\"]",
     "ONBUILD RUN make"],
)  # fmt: skip
def test_what_is_no_step(line: str) -> None:
    assert last(line) == 0.0
    assert said(line) == "no step of its own"


@pytest.mark.parametrize(
    "script",
    [
        "useradd -m app",
        "mkdir -p /a && chmod 755 /a && chown a:b /a",
        "echo 'npm ci' > /x; rm -rf /var/lib/apt/lists/*",
        "apt-get clean",
        "npm --version && cargo -V && mvn -v && go version",
        "[ -e /make ] || true",
        "if [ -e /a ]; then echo make; fi",
        "FOO=make",
    ],
)
def test_what_is_done_at_once(script: str) -> None:
    assert 0.1 < last(f"RUN {script}") < 0.5
    assert said(f"RUN {script}").startswith("small commands: 0.2")


def test_what_is_no_command_of_the_script() -> None:
    opaque = "RUN --mount=type=bind,target=/a "
    assert last(f"{opaque}<<EOF\n# make\ntrue\nEOF") < 0.5
    assert last(f"{opaque}cat <<EOF > /a\nmake\nEOF") < 0.5
    assert last(f"{opaque}<<EOF\n#!/usr/bin/env python3\nmake\nEOF") == last("RUN python a.py")
    for shell in ("/bin/bash -e", "/usr/bin/env -S bash -e", ""):
        assert last(f"{opaque}<<EOF\n#!{shell}\nmake\nEOF") == last("RUN make")


def test_a_long_script_of_unknown_commands_is_bounded() -> None:
    many = " && ".join(f"./x{n}" for n in range(99))
    assert last("RUN ./x1 && ./x2") < last(f"RUN {many}") < last("RUN cargo build --release")


def test_folders_and_single_files_are_small() -> None:
    assert 0 < last("WORKDIR /a") <= 0.05
    assert last("COPY go.mod /") < 0.1
    assert last("COPY --from=first /bin/tool /usr/bin/") < 0.1
    assert last("COPY <<EOF /a\nx\nEOF") < 0.5


def test_a_mount_of_something_else_saves_nothing() -> None:
    assert last(f"RUN {WARM}/root/.cache/pip npm ci") == last("RUN npm ci")
    assert last(f"RUN {WARM}/root/.npm pip install -r a") == last("RUN pip install -r a")
    assert last("RUN --mount=type=bind,target=/root/.npm npm ci") == last("RUN npm ci")
    assert last(f"RUN {WARM}/root/.cache/pip go build") == last("RUN go build")


def test_a_download_in_another_stage_or_mount_saves_nothing() -> None:
    build = "RUN go build ./..."
    assert last("RUN go mod download", "FROM debian:12", build) == last(build)
    assert last(f"RUN {WARM}/go/pkg/mod go mod download", build) == last(build)
    assert last("RUN npm ci", build) == last(build)


def test_what_one_command_downloads_the_next_one_finds() -> None:
    twice = last("RUN mvn package && mvn package")
    assert last("RUN mvn package") < twice < 2 * last("RUN mvn package") - 30


def test_what_add_fetches_is_cached_by_itself() -> None:
    assert 0 < last("ADD https://example.org/tool /opt/tool") < 1


def test_a_walk_over_a_folder_that_was_just_made() -> None:
    assert last("RUN mkdir /data", "RUN chown -R 5 /data") < 1
    assert last("RUN mkdir /data", "COPY --from=x /y /data", "RUN chown -R 5 /data") > 5


@pytest.mark.parametrize(
    ("cheap", "dear"),
    [
        ("apt-get update", "apt-get update && apt-get install -y a"),
        ("apt-get install -y a", "apt-get install -y a b c d"),
        ("apk add a", "apt-get install a b c"),
        ("pip install flask", "pip install -r requirements.txt"),
        ("uv sync", "pip install -r requirements.txt"),
        ("npm i -g pnpm", "npm ci"),
        ("npm ci", "npm ci && npm run build"),
        ("go mod download", "go build"),
        ("cargo fetch", "cargo build --release"),
        ("curl -o a b", "make"),
        ("chmod +x /a", "chown -R a /usr"),
        ("gcc a.c", "make -j4"),
        ("echo", "./unknown"),
        ("./unknown", "./build-everything"),
        ("dotnet restore", "dotnet publish"),
        ("corepack enable", "yarn"),
        ("yarn cache clean", "yarn build"),
    ],
)
def test_one_costs_more_than_the_other(cheap: str, dear: str) -> None:
    assert last(f"RUN {cheap}") < last(f"RUN {dear}")


@pytest.mark.parametrize(
    "script",
    [
        "npm ci",
        "cd /a && npm ci",
        "CI=1 npm ci",
        "env CI=1 sudo -u app npm ci",
        "timeout -k 5 300 npm ci",
        "sh -c 'npm ci'",
        'su app -c "cd /a && npm ci"',
        "<<EOF\nnpm ci\nEOF",
        '["npm", "ci"]',
        '["sh", "-c", "npm ci"]',
        "--mount=type=bind,target=/a npm ci",
        "for i in 1; do npm ci; done",
        "npm ci --omit='a",
        "xx-npm ci",
        "--mount=type=bind,target=/a npm ci 2>&1",
        "--mount=type=bind,target=/a <<EOF\nset -e\nnpm ci\nEOF",
    ],
)
def test_the_same_command_in_other_words(script: str) -> None:
    plain = last("RUN npm ci")
    assert plain - 0.1 < last(f"RUN {script}") < plain + 0.3


def test_a_module_of_python() -> None:
    assert last("RUN python3 -m pip install -r a") == last("RUN pip install -r a")
    assert last("RUN python -m venv /v") == last("RUN virtualenv /v")


@pytest.mark.parametrize(
    ("command", "target", "least"),
    [
        ("apt-get install a b", "/var/cache/apt", 1.1),
        ("pip install -r a", "/root/.cache/pip", 1.3),
        ("npm ci", "/root/.npm", 1.5),
        ("yarn install", "/usr/local/share/.cache/yarn", 1.5),
        ("pnpm install", "x,id=pnpm", 1.5),
        ("mvn package", "/root/.m2", 2),
        ("gradle build", "/home/gradle/.gradle", 2),
        ("go build", "/root/.cache/go-build", 3),
        ("go build", "/root/.cache/", 3),
        ("go mod download", "/go/pkg/mod", 5),
        ("cargo build", "/app/target", 3),
        ("make", "/ccache", 2),
    ],
)
def test_a_warm_mount(command: str, target: str, least: float) -> None:
    assert last(f"RUN {command}") / last(f"RUN {WARM}{target} {command}") > least


def test_a_mount_at_a_variable() -> None:
    assert last("ENV C=/go/pkg/mod", f"RUN {WARM}$C go mod download") < 1


def test_a_download_that_a_step_above_has_made() -> None:
    for fetch, build, least in (
        ("go mod download", "go build", 1.2),
        ("mvn dependency:go-offline", "mvn package", 2),
        ("dotnet restore", "dotnet publish", 1.5),
        ("cargo build", "cargo build --release", 3),
    ):
        cold = last(f"RUN {build}")
        assert cold / last(f"RUN {fetch}", f"RUN {build}") > least
        below = (f"RUN {fetch}", "FROM first", f"RUN {build}")
        assert cold / last(*below) > least
        assert last(f"RUN {build}", f"RUN {fetch}") < last(f"RUN {fetch}")


def test_trees_cost_more_than_files() -> None:
    assert last("COPY . /") > 5 * last("COPY go.mod /")
    assert last("COPY --from=first /opt/venv /v") > 3 * last("COPY --from=first /srv /v")
    assert last("COPY --from=first /srv /v") > 3 * last("COPY --from=first /a.jar /v")
    assert last("ADD https://example.com/a /") > last("ADD go.mod /")


def test_in_words() -> None:
    assert said("RUN npm ci").endswith(" s (prior)")
    assert said("RUN npm ci").startswith("dependency install: ")
    assert said("RUN apt-get update && apt-get install -y a").startswith(
        "package install + package lists: "
    )
    assert said("RUN ./x").startswith("`x`, which is not known: ")
    assert said("RUN npm ci && npm run build && cargo build && make").count(" + ") == 2
    assert said("RUN a && b && c && d").count(" + ") == 3
    assert [shown(s) for s in (0.0, 0.05, 0.3, 4.54, 9.6, 120.4)] == [
        "0 s", "0.05 s", "0.3 s", "4.5 s", "10 s", "120 s",
    ]  # fmt: skip


def test_every_cache_of_the_table_is_one_a_mount_can_keep() -> None:
    for row in PRIORS:
        assert {cache for cache, _ in row.saves} | set(row.fills) <= CACHES.keys()
        assert sum(saved for _, saved in row.saves) < row.seconds, row


@settings(deadline=None)
@given(st.text(alphabet="npm ci&|;()'\"\\$<>{}=-\n`#", max_size=200), st.booleans())
def test_any_script(script: str, understood: bool) -> None:
    mount = "" if understood else "--mount=type=bind,target=/a "
    found = facts(f"FROM debian:12\nRUN {mount}{script}\n")
    for node in found.nodes.values():
        assert 0 <= prior(node, found) < 10_000
        assert "\n" not in why(node, found)

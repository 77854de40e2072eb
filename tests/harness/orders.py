"""Small random Dockerfiles with every kind of instruction, and their legal orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from reorder.graph.facts import Facts, dependencies

CONTEXT = {"a": "A", "b": "B", "d/x": "DX", "d/y": "DY", "d/e/z": "Z", "etc/passwd": "me:x:7:7"}
BASES = ("debian:12", "node:20", "alpine:3.20", "scratch", "example.org/x")

FILES = (
    "COPY a ./",
    "COPY a b ./",
    "COPY a /app/b",
    "COPY d d",
    "COPY d/x d/",
    "COPY d/? /app/",
    "COPY . .",
    "COPY . /",
    "COPY . /data",
    "COPY a b*missing /data/",
    "COPY missing* /data/",
    "COPY d /data/d/",
    "COPY d/e d/e",
    "COPY a $K",
    "COPY a /app/$K/",
    "COPY --chown=7:7 b ./",
    "COPY --chown=7:7 . .",
    "COPY --chown=7 d /opt/own/d",
    "COPY --chown=me b ./",
    "COPY --chown=node:node a /home/node/",
    "COPY --chown=$L a ./",
    "COPY --chmod=0700 d /srv/d",
    "COPY --chmod=0640 a /srv/d/x",
    "COPY --link a /app/",
    "COPY --link d /data/d",
    "COPY --link --chown=7:7 a /opt/own/",
    "COPY --exclude=*/x . .",
    "COPY --exclude=d . /data/",
    "COPY --parents d/e/z /srv/",
    "COPY --parents d/x a /data/",
    "COPY b /opt/own/",
    "COPY a /app/out/",
    "COPY a /app/run",
    "COPY a /etc/conf",
    "COPY a /etc",
    "COPY d/x /app/out",
    "COPY --link a /tmp/",
    "COPY --link --chmod=0700 a /tmp/",
    "COPY --parents --chown=7:7 d /opt/own/",
    "COPY --parents d/./e/z b /data",
    "ADD --chown=7 a /app/own",
    "ADD --exclude=e d /app/d",
    "COPY etc/passwd /etc/",
    "COPY <<f /app/\n$K\nf",
    "COPY <<'f' <<g /data/\n$K\nf\nx\ng",
    "ADD d /app/d",
    "ADD a https://example.org/f.tgz /data/",
    "ADD https://example.org/f /data/f",
)
SCOPE = (
    "ENV K=1",
    "ENV L=2",
    "ENV K=$L M=$K",
    "ENV HOME=/app",
    "ARG K=3",
    "ARG K",
    "ARG L=8",
    "ARG V",
    "ARG TARGETARCH",
    "USER 7",
    "USER me",
    "USER root",
    "USER node",
    "USER $L",
    "ENV PATH=/app/bin:$PATH",
    "WORKDIR /data",
    "WORKDIR /app",
    "WORKDIR /data/d",
    "WORKDIR /home/me",
    "WORKDIR /opt/own/d/deep",
    "WORKDIR deep/er",
    "WORKDIR $K",
    "WORKDIR /srv/$L",
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    'SHELL ["/bin/sh", "-c"]',
)
CONFIG = (
    "LABEL one=1",
    "LABEL one=2 two=$K",
    "LABEL two=2",
    "EXPOSE 80 $L",
    "EXPOSE 80/tcp",
    "VOLUME /data",
    "VOLUME /app $K",
    "STOPSIGNAL 9",
    "STOPSIGNAL $L",
    "HEALTHCHECK CMD x",
    "HEALTHCHECK NONE",
    "CMD x",
    'CMD ["x"]',
    "ENTRYPOINT y",
    'ENTRYPOINT ["y"]',
    "MAINTAINER me",
    "ONBUILD RUN mkdir -p /onbuild",
    "ONBUILD COPY a /onbuild/",
)
COMMANDS = (
    "mkdir -p /app/out",
    "mkdir -p /data/new/deep",
    "mkdir out",
    "touch /app/run",
    "touch /data/d/x",
    "echo $K > /app/k",
    "echo hi > out",
    "echo hi >> /data/log",
    "cp /app/a /data/a2",
    "cp -r /app/d /srv/d",
    "cp a out/",
    "rm -f /app/a",
    "rm -rf /app/d",
    "mv /app/b /data/b",
    "chmod 700 /app/a",
    "chmod 700 /tmp",
    "cp -r /app /data/all",
    "echo hi > /etc/conf",
    "chown -R 7:7 /app",
    "chown me /data",
    "ln -s /app/a /data/l",
    "ln -s /data /app/out",
    "cat /app/b",
    "test -f /app/d/x",
    "cd /app && touch t",
    "cd d && cat x > /app/sum",
    "useradd -m -u 7 me",
    "groupadd -g 9 grp",
    "apt-get update && apt-get install -y git",
    "apk add git",
    "pip install flask==3.0.0",
    "npm install -g pnpm@9",
    "sed -i s/a/b/ /app/a",
    "./anything",
    "true",
    "id",
)
MOUNTS = (
    "--mount=type=cache,target=/root/.cache/pip",
    "--mount=type=bind,target=/app/d,source=d",
    "--mount=type=bind,source=a,target=/data/a",
    "--mount=type=bind,target=/app,rw",
    "--mount=type=cache,target=/data/cache",
    "--mount=type=tmpfs,target=/data",
    "--mount=type=secret,id=s,target=/app/run",
    "--mount=type=ssh",
    "--network=none",
)
TAKEN = (
    "COPY --from=first /app /app",
    "COPY --from=first /app/a /data/a",
    "COPY --from=first --chown=7:7 /data /opt/own",
    "COPY --from=first --link /data /data",
    "COPY --from=first /etc/passwd /etc/",
    "COPY --from=example.org/tool /bin/tool /usr/local/bin/",
)
TAKEN_MOUNTS = (
    "--mount=type=bind,from=first,source=/app,target=/mnt",
    "--mount=from=first,source=/data,target=/data",
)


STARTS: tuple[tuple[str, ...], ...] = (
    (),
    ("WORKDIR /app",),
    ("WORKDIR /app", "COPY . ."),
    ("COPY . /app", "WORKDIR /data"),
    ("WORKDIR /data", "COPY . /app/"),
)

T = TypeVar("T")
Pick = Callable[[Sequence[T]], T]  # a random member


def dockerfile(pick: Pick[object]) -> str:
    """One or two stages; the second may start from, and take from, the first."""
    lines: list[str] = []
    for number in range(_one(pick, (1, 1, 2))):
        base = _one(pick, BASES if number == 0 else (*BASES, "first", "first"))
        lines.append(f"FROM {base}" + (" AS first" if number == 0 else ""))
        lines += _one(pick, STARTS)
        for _ in range(_one(pick, range(1, 8))):
            lines.append(_instruction(pick, number > 0))
    return "\n".join([*lines, ""])


def _instruction(pick: Pick[object], later: bool) -> str:
    kinds = (FILES, FILES, SCOPE, CONFIG, COMMANDS, COMMANDS, COMMANDS)
    pool: tuple[str, ...] = _one(pick, kinds)
    if pool is FILES and later:
        pool = _one(pick, (FILES, TAKEN))
    line = _one(pick, pool)
    if pool is not COMMANDS:
        return line
    mount = ""
    if _one(pick, range(5)) == 4:
        mount = _one(pick, MOUNTS + TAKEN_MOUNTS * later) + " "
    if " " in line and not set(line) & set("$&>;") and _one(pick, range(6)) == 5:
        line = "[" + ", ".join(f'"{word}"' for word in line.split()) + "]"
    return f"RUN {mount}{line}"


def legal_order(pick: Pick[object], facts: Facts) -> str:
    """The text in a random order that `dependencies` allows in each stage."""
    nodes = facts.file.instructions
    order = list(range(len(nodes)))
    for stage in facts.stages:
        body = facts.body(stage)
        edges = dependencies(body)
        left = [node.at for node in body]
        found: list[int] = []
        while left:
            ready = [at for at in left if not any((other, at) in edges for other in left)]
            found.append(_one(pick, ready))
            left.remove(found[-1])
        order[stage.start + 1 : stage.end] = found
    return "".join(str(nodes[at]) for at in order)


def _one(pick: Pick[object], members: Sequence[T]) -> T:
    return cast(T, pick(members))

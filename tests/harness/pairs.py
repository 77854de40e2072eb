"""Correct rewrites, written by hand, with the context they are made for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from reorder.context.build import BuildContext, build_context
from reorder.context.project import Project
from reorder.equivalence.check import Objection, Proof, check


@dataclass(frozen=True)
class Pair:
    """A Dockerfile, what it may become, and the new ignore file (None: as it is)."""

    before: str
    after: str
    files: Mapping[str, str] = field(default_factory=dict)
    ignore: str | None = None
    untracked: frozenset[str] = frozenset()

    @property
    def contexts(self) -> tuple[BuildContext, BuildContext]:
        """The build context before and after."""
        tracked = [path for path in self.files if path not in self.untracked]
        old = build_context(Project.of(self.files, tracked=tracked), "Dockerfile")
        return old, old if self.ignore is None else old.with_ignore(self.ignore)

    def verdict(self, after: str | None = None) -> Proof | Objection:
        """The checker's answer, to `after` or to a damaged text in its place."""
        old, new = self.contexts
        return check(self.before, self.after if after is None else after, old, new)

    def damaged(self, old: str, new: str) -> Proof | Objection:
        """The answer when one place of the rewrite reads otherwise."""
        assert self.after.count(old) == 1, f"{old!r} must be there once"
        return self.verdict(self.after.replace(old, new))


LOCK = json.dumps(
    {
        "name": "shop",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "shop", "version": "1.0.0", "dependencies": {"left": "1.0.0"}},
            "node_modules/left": {"version": "1.0.0"},
        },
    }
)
PACKAGE = json.dumps({"name": "shop", "version": "1.0.0", "dependencies": {"left": "1.0.0"}})
NODE_FILES = {"package.json": PACKAGE, "package-lock.json": LOCK, "src/index.js": "1"}
PYTHON_FILES = {"requirements.txt": "flask==3.0.0\n", "manage.py": "", "site/a.css": "a"}

PYTHON = Pair(
    """\
FROM python:3.12-slim
WORKDIR /app
ENV LOG_LEVEL=info
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
RUN python manage.py collectstatic
CMD ["python", "manage.py", "runserver"]
""",
    """\
FROM python:3.12-slim
WORKDIR /app
ENV LOG_LEVEL=info
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
COPY . .
RUN python manage.py collectstatic
CMD ["python", "manage.py", "runserver"]
""",
    PYTHON_FILES,
)

NODE = Pair(
    """\
FROM node:20 AS build
WORKDIR /usr/src/app
COPY --chown=node:node . .
USER node
RUN npm ci
RUN npm run build

FROM nginx:1.27
LABEL team=web
COPY --from=build /usr/src/app/dist /usr/share/nginx/html
EXPOSE 80
""",
    """\
FROM node:20 AS build
WORKDIR /usr/src/app
COPY --chown=node:node package.json package-lock.json ./
USER node
RUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci
COPY --chown=node:node . .
RUN npm run build

FROM nginx:1.27
LABEL team=web
COPY --from=build /usr/src/app/dist /usr/share/nginx/html
EXPOSE 80
""",
    {**NODE_FILES, "node_modules/left/index.js": "old"},
    ignore="**/node_modules\n",
    untracked=frozenset({"node_modules/left/index.js"}),
)

APT = Pair(
    """\
FROM python:3.12-slim AS base
ARG REVISION
WORKDIR /app
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends curl
LABEL revision=$REVISION
ENTRYPOINT ["./run.sh"]
""",
    """\
FROM python:3.12-slim AS base
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends curl
COPY . .
ARG REVISION
LABEL revision=$REVISION
ENTRYPOINT ["./run.sh"]
""",
    {"run.sh": "#!/bin/sh\n", "README.md": ""},
)

_POM = "<project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId>"
_PARENT = (
    "<parent><groupId>org.example</groupId><artifactId>all</artifactId>"
    "<version>1</version></parent>"
)
MAVEN = Pair(
    """\
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN mvn package -DskipTests -q

FROM eclipse-temurin:17-jre
COPY --from=build /src/one/target/one.jar /srv/one.jar
CMD ["java", "-jar", "/srv/one.jar"]
""",
    """\
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml ./
COPY one/pom.xml one/
COPY two/pom.xml two/
RUN --mount=type=cache,target=/root/.m2,sharing=locked mvn dependency:go-offline -q
COPY . .
RUN --mount=type=cache,target=/root/.m2,sharing=locked mvn package -DskipTests -q

FROM eclipse-temurin:17-jre
COPY --from=build /src/one/target/one.jar /srv/one.jar
CMD ["java", "-jar", "/srv/one.jar"]
""",
    {
        "pom.xml": f"{_POM}<artifactId>all</artifactId><version>1</version><packaging>pom"
        "</packaging><modules><module>one</module><module>two</module></modules></project>",
        "one/pom.xml": f"<project>{_PARENT}<artifactId>one</artifactId></project>",
        "two/pom.xml": f"<project>{_PARENT}<artifactId>two</artifactId></project>",
        "one/src/main/java/One.java": "class One {}",
    },
)

GO = Pair(
    """\
FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN go build -o /out/server ./cmd/server

FROM debian:12-slim
COPY --from=build /out/server /usr/local/bin/server
ENTRYPOINT ["/usr/local/bin/server"]
""",
    """\
FROM golang:1.22 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \\
    go build -o /out/server ./cmd/server

FROM debian:12-slim
COPY --from=build /out/server /usr/local/bin/server
ENTRYPOINT ["/usr/local/bin/server"]
""",
    {
        "go.mod": "module example.org/server\n\ngo 1.22\n\nrequire example.org/dep v1.0.0\n",
        "go.sum": "example.org/dep v1.0.0 h1:x=\nexample.org/dep v1.0.0/go.mod h1:y=\n",
        "cmd/server/main.go": "package main\n",
    },
)

PAIRS = {"python": PYTHON, "node": NODE, "apt": APT, "maven": MAVEN, "go": GO}

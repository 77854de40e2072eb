"""Random Dockerfiles of the kinds the transforms look for, with a context to build them in."""

from __future__ import annotations

from hypothesis import strategies as st

FILES = {
    "package.json": '{"name": "a", "version": "1.0.0"}',
    "package-lock.json": '{"name": "a", "lockfileVersion": 3, "packages": {"": {"name": "a"}}}',
    "requirements.txt": "flask==3.1.0\n",
    "go.mod": "module example.org/a\n\ngo 1.22\n",
    "go.sum": "",
    "src/a.js": "1\n",
    "app.py": "1\n",
}

BASES: tuple[str, ...] = (
    "python:3.12-slim",
    "node:20",
    "golang:1.23",
    "debian:12",
    "example.org/x",
)
COPIES: tuple[str, ...] = (
    "COPY . .",
    "COPY src src",
    "COPY . /app/",
    "COPY package*.json ./",
    "ADD . /srv",
)
COPIES += ("COPY --chown=1000:1000 . .", "COPY requirements.txt .", "COPY go.mod go.sum ./")
RUNS: tuple[str, ...] = (
    "npm ci",
    "npm install",
    "pip install -r requirements.txt",
    "pip install --no-cache-dir x",
)
RUNS += ("go mod download", "go build -o /b .", "apt-get update && apt-get install -y git", "./x")
RUNS += ("npm ci && npm cache clean --force", "useradd app", "mkdir -p /d", "cd src && npm ci")
TAKEN = ("COPY --from=first /app /app", "COPY --from=first /b /usr/local/bin/b")
OTHER: tuple[str, ...] = (
    "ENV A=1",
    "ARG V",
    "ARG V=2",
    "USER node",
    "USER root",
    "WORKDIR /app",
    "WORKDIR sub",
)
OTHER += ("LABEL v=$V", "EXPOSE 80", 'CMD ["x"]', "VOLUME /d", "ENV PATH=/app/bin:$PATH")


@st.composite
def builds(draw: st.DrawFn) -> str:
    """One to three stages; later ones may start from, or copy from, the first."""
    lines: list[str] = []
    for number in range(draw(st.integers(1, 3))):
        base = draw(st.sampled_from(BASES if number == 0 else (*BASES, "first")))
        lines.append(f"FROM {base}" + (" AS first" if number == 0 else ""))
        pool = [*COPIES, *(f"RUN {run}" for run in RUNS), *OTHER]
        pool += ["COPY --from=first /app /app", "COPY --from=first /b /usr/local/bin/b"] * (
            number > 0
        )
        for line in draw(st.lists(st.sampled_from(pool), max_size=7)):
            lines += draw(st.sampled_from([[], [""], ["# why"], ["", "# why"]]))
            lines.append(line)
    end = draw(st.sampled_from(["\n", ""]))
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return newline.join(lines) + (newline if end else "")

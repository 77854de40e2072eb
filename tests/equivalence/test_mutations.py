"""Damage to a correct rewrite must be rejected: it keeps the checker honest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from harness.damage import damages
from harness.pairs import APT, GO, MAVEN, NODE, PAIRS, PYTHON, Pair

from reorder.equivalence.check import Objection, Proof, check


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_the_correct_rewrite_is_proved(pair: Pair) -> None:
    assert isinstance(pair.verdict(), Proof), pair.verdict()


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_no_change_is_proved(pair: Pair) -> None:
    assert isinstance(pair.verdict(pair.before), Proof), pair.verdict(pair.before)


def seeded() -> Iterator[tuple[Pair, str, str]]:
    for name, pair in PAIRS.items():
        for seed in range(2):
            for what, text in damages(pair.after, seed):
                yield pair, f"{name} {seed}: {what}", text


@pytest.mark.parametrize(
    ("pair", "text"),
    [pytest.param(pair, text, id=name) for pair, name, text in seeded()],
)
def test_seeded_damage_is_rejected(pair: Pair, text: str) -> None:
    _, context = pair.contexts
    assert isinstance(check(pair.after, text, context), Objection)


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        pytest.param(pair, text, id=name)
        for pair, name, text in seeded()
        # A step that the rewrite has added may as well be missing.
        if not name.endswith(("RUN: dropped", "the mount gone"))
    ],
)
def test_seeded_damage_does_not_pass_for_a_rewrite(pair: Pair, text: str) -> None:
    assert isinstance(pair.verdict(text), Objection)


CHOSEN = [
    ("requirements not copied", PYTHON, "COPY requirements.txt ./\n", ""),
    ("requirements copied elsewhere", PYTHON, "requirements.txt ./", "requirements.txt ./x/"),
    ("source never copied", PYTHON, "COPY . .\n", ""),
    ("owner of the source", PYTHON, "COPY . .", "COPY --chown=1:1 . ."),
    ("mode of the source", PYTHON, "COPY . .", "COPY --chmod=700 . ."),
    ("mount target wrong", PYTHON, "/root/.cache/pip", "/root/.cache/pipx"),
    ("mount over the site packages", PYTHON, "/root/.cache/pip", "/usr/local/lib/python3.12"),
    ("mount without a mount", PYTHON, "--mount=type=cache,target=/root/.cache/pip ", ""),
    ("mount from a stage", PYTHON, "cache/pip pip", "cache/pip,from=base pip"),
    ("mount of another user", PYTHON, "cache/pip pip", "cache/pip,uid=1000 pip"),
    ("mount on an opaque step", PYTHON, "RUN python",
     "RUN --mount=type=cache,target=/root/.cache/pip python"),
    ("install and source change places", PYTHON,
     "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n"
     "COPY . .\nRUN python manage.py collectstatic\n",
     "COPY . .\nRUN python manage.py collectstatic\n"
     "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n"),
    ("ENV below a step that reads all", PYTHON,
     "ENV LOG_LEVEL=info\nCOPY requirements.txt ./\n"
     "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n"
     "COPY . .\nRUN python manage.py collectstatic\n",
     "COPY requirements.txt ./\n"
     "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n"
     "COPY . .\nRUN python manage.py collectstatic\nENV LOG_LEVEL=info\n"),
    ("lock file not copied", NODE, "package.json package-lock.json ./", "package.json ./"),
    ("manifests of another owner", NODE, "COPY --chown=node:node package.json",
     "COPY package.json"),
    ("mount without owner", NODE, ",uid=1000,gid=1000", ""),
    ("mount of a wrong owner", NODE, "uid=1000", "uid=1001"),
    ("USER above WORKDIR", NODE,
     "WORKDIR /usr/src/app\nCOPY --chown=node:node package.json package-lock.json ./\nUSER node\n",
     "USER node\nWORKDIR /usr/src/app\nCOPY --chown=node:node package.json package-lock.json ./\n"),
    ("taken from a wrong folder", NODE, "/usr/src/app/dist", "/usr/src/app/src"),
    ("another stage name", NODE, "AS build", "AS builder"),
    ("argument above the step", APT, "WORKDIR /app\n", "ARG REVISION\nRUN true\nWORKDIR /app\n"),
    ("label without its argument", APT, "ARG REVISION\nLABEL", "LABEL"),
    ("label before its argument", APT, "ARG REVISION\nLABEL revision=$REVISION\n",
     "LABEL revision=$REVISION\nARG REVISION\n"),
    ("install line altered", APT, "-y --no-install-recommends", "-y"),
    ("root module not copied", MAVEN, "COPY pom.xml ./\n", ""),
    ("module not copied", MAVEN, "COPY one/pom.xml one/\n", ""),
    ("second module not copied", MAVEN, "COPY two/pom.xml two/\n", ""),
    ("payload not mounted later", MAVEN,
     "RUN --mount=type=cache,target=/root/.m2,sharing=locked mvn package", "RUN mvn package"),
    ("payload in another cache later", MAVEN,
     "/root/.m2,sharing=locked mvn package", "/root/.m2,id=other mvn package"),
    ("payload taken by a stage", MAVEN, "COPY --from=build /src/one/target/one.jar",
     "COPY --from=build /root/.m2 /m2\nCOPY --from=build /src/one/target/one.jar"),
    ("another command", MAVEN, '"java", "-jar"', '"mvn", "-jar"'),
    ("no sum file", GO, "go.mod go.sum ./", "go.mod ./"),
    ("modules not mounted later", GO,
     "RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build",
     "RUN --mount=type=cache,target=/root/.cache/go-build"),
    ("modules not mounted before", GO,
     "RUN --mount=type=cache,target=/go/pkg/mod go mod", "RUN go mod"),
    ("output elsewhere", GO, "-o /out/server", "-o /out/other"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "old", "new"), [row[1:] for row in CHOSEN], ids=[row[0] for row in CHOSEN]
)
def test_chosen_damage_is_rejected(pair: Pair, old: str, new: str) -> None:
    assert isinstance(pair.damaged(old, new), Objection)

"""COPY and ADD on the abstract machine, each fact of semantics.md section 3 as two programs."""

from __future__ import annotations

import pytest
from harness.pairs import Pair

from reorder.equivalence.check import Objection, Proof

FILES = {
    "a": "A", "b": "B", "one.json": "1", "two.json": "2", "d/x": "X", "d/e/y": "Y",
    "app.tar": "a\0b", "doc.txt": "text", "run.sh": "#!/bin/sh\n",
}  # fmt: skip


def verdict(before: str, after: str) -> Proof | Objection:
    start = "FROM debian:12\nWORKDIR /app\n"
    return Pair(f"{start}{before}\n", f"{start}{after}\n", FILES).verdict()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("COPY a ./", "COPY a ./\nCOPY b ./", id="a file more"),
        pytest.param("COPY d ./", "COPY d d", id="contents or folder"),
        pytest.param("COPY a /x\nCOPY b /y", "COPY a /y\nCOPY b /x", id="names exchanged"),
        pytest.param("COPY a b /x", "COPY b a /x", id="the last of several wins"),
        pytest.param("COPY a /x\nCOPY b /x", "COPY b /x\nCOPY a /x", id="the last one wins"),
        pytest.param("COPY --chown=1 a ./", "COPY a ./", id="owner"),
        pytest.param("COPY --chmod=755 a ./", "COPY a ./", id="mode"),
        pytest.param("COPY --link a ./", "COPY a ./", id="link"),
        pytest.param("COPY --chown=1 a /n/\nCOPY b /n/", "COPY b /n/\nCOPY --chown=1 a /n/",
                     id="who makes the folder"),
        pytest.param("COPY d/e /n/e\nCOPY d /n", "COPY d /n\nCOPY d/e /n/e\nCOPY a /n/",
                     id="other content"),
        pytest.param("COPY *.json ./", "COPY one.json ./", id="a wildcard takes all"),
        pytest.param("COPY --exclude=a . .", "COPY . .", id="exclude"),
        pytest.param("COPY --parents d/x ./", "COPY d/x ./", id="parents"),
        pytest.param("ADD app.tar ./", "COPY app.tar ./", id="an archive is unpacked"),
        pytest.param("ADD https://example.org/a ./", "ADD https://example.org/b ./", id="fetched"),
        pytest.param("COPY <<E /x\na\nE", "COPY <<E /x\nb\nE", id="an inline file"),
        pytest.param("COPY gone ./", "COPY gone /x/", id="a file that is not there"),
        pytest.param("COPY a ./\nRUN useradd u\nCOPY --chown=u b ./",
                     "COPY --chown=u b ./\nCOPY a ./\nRUN useradd u", id="name not known yet"),
        pytest.param("ENV D=/x\nCOPY a $D/", "COPY a $D/\nENV D=/x", id="the variable is not set"),
        pytest.param("ARG D=/x\nCOPY a $D/", "ARG D=/x\nCOPY a /x/",
                     id="a build argument may change"),
        pytest.param("COPY --from=one /a /b", "COPY --from=two /a /b", id="another image"),
        pytest.param("RUN ln -s /app/y /app/x\nCOPY a /app/x/",
                     "COPY a /app/x/\nRUN ln -s /app/y /app/x", id="the destination is a link"),
    ],
)  # fmt: skip
def test_not_the_same(before: str, after: str) -> None:
    assert isinstance(verdict(before, before), Proof), verdict(before, before)
    assert isinstance(verdict(before, after), Objection)
    assert isinstance(verdict(after, before), Objection)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("COPY a /x\nCOPY b /x/y", "is a file", id="a folder over a file"),
        pytest.param("COPY d/x /x/e\nCOPY d /x", "is a file", id="a nested folder over a file"),
        pytest.param("COPY a /bin/t\nCOPY b /usr/bin/t", "may be the same file", id="merged /usr"),
        pytest.param("COPY a", "needs a source", id="no destination"),
        pytest.param("COPY --from=$X /a /b", "must not depend", id="--from with a variable"),
        pytest.param("COPY ${X/a/b} ./", "not followed", id="a bad substitution"),
    ],
)
def test_not_followed_or_a_failing_build(text: str, wanted: str) -> None:
    found = verdict(text, text)
    assert isinstance(found, Objection), found
    assert wanted in found.reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("COPY . .", "COPY a b ./\nCOPY . .", id="subset first"),
        pytest.param("COPY . .", "COPY d/x d/\nCOPY . .", id="nested subset first"),
        pytest.param("COPY . .", "COPY d d\nCOPY one.json two.json ./\nCOPY . /app/",
                     id="folder first"),
        pytest.param("COPY a ./\nCOPY b ./", "COPY a b ./", id="together"),
        pytest.param("COPY a ./\nCOPY b ./", "COPY b ./\nCOPY a ./", id="independent"),
        pytest.param("COPY a x", "COPY a /app/x", id="relative destination"),
        pytest.param("COPY ./a ./", "COPY a ./", id="the same source"),
        pytest.param("COPY a /x/\nCOPY b /y/", "COPY b /y/\nCOPY a /x/", id="other folders"),
        pytest.param("ADD doc.txt ./", "COPY doc.txt ./", id="no archive"),
        pytest.param("ADD . .", "ADD doc.txt ./\nADD . .", id="a folder is not unpacked"),
        pytest.param('COPY ["a", "/x/"]', "COPY a /x/", id="JSON form"),
        pytest.param("COPY --from=i /a /opt/a/\nCOPY . .", "COPY . .\nCOPY --from=i /a /opt/a/",
                     id="from an image, elsewhere"),
        pytest.param("RUN useradd u\nCOPY --chown=u b ./\nCOPY a /x/",
                     "RUN useradd u\nCOPY a /x/\nCOPY --chown=u b ./", id="a name that is known"),
        pytest.param("COPY <<E /x\n'a'\nE", "COPY <<'E' /x\n'a'\nE", id="inline without variables"),
    ],
)  # fmt: skip
def test_the_same(before: str, after: str) -> None:
    assert isinstance(verdict(before, after), Proof), verdict(before, after)
    assert isinstance(verdict(after, before), Proof)


def test_without_a_context_sources_are_only_names() -> None:
    start = "FROM debian:12\nWORKDIR /app\n"
    from reorder.equivalence.check import check

    one, other = f"{start}COPY . .\nLABEL a=b\n", f"{start}LABEL a=b\nCOPY . .\n"
    assert isinstance(check(one, other, None), Proof)
    assert isinstance(check(one, f"{start}COPY a ./\nCOPY . .\nLABEL a=b\n", None), Objection)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("COPY . .\nRUN rm -rf dist", "RUN rm -rf dist\nCOPY . ."),
        ("COPY out/*.jar app.jar\nRUN ./x", "RUN ./x\nCOPY out/*.jar app.jar"),
        ("COPY out/*.jar app.jar\nRUN ./x", "RUN ./x"),
        ("COPY out/*.jar app.jar\nLABEL a=b", "LABEL a=b"),
        ("COPY *.json ./\nRUN ./x", "COPY one.json two.json ./\nRUN ./x"),
        ("COPY . .\nCOPY --from=i /m ./m", "COPY --from=i /m ./m\nCOPY . ."),
        ("COPY . .\nRUN test -f dist/x", "RUN test -f dist/x\nCOPY . ."),
    ],
)
def test_another_context_may_have_more(before: str, after: str) -> None:
    assert isinstance(verdict(before, after), Objection)

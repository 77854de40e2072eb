"""Mounts, `--exclude`, `--parents`, `--link`, links and users as the checker sees them."""

from __future__ import annotations

import pytest
from harness.made import context

from reorder.equivalence.check import Proof, check

FILES = {"a": "a", "b": "b", "d/x": "x", "d/y": "y", "d/e/z": "z", "r.txt": "flask==3.0.0\n"}
HEAD = "FROM debian:12\nARG K\nWORKDIR /app"


def proved(before: list[str], after: list[str]) -> bool:
    old, new = ("\n".join([HEAD, *lines, ""]) for lines in (before, after))
    assert isinstance(check(old, old, context(FILES)), Proof)
    return isinstance(check(old, new, context(FILES)), Proof)


BOUND = "RUN --mount=type=bind,source=a,target=a cat a > /srv/a"
SAME = {
    "a file left out, then copied": (
        ["COPY --exclude=a . .", "COPY a ."],
        ["COPY a .", "COPY --exclude=a . ."],
    ),
    "a subset of what is not left out": (
        ["COPY --exclude=d . ."],
        ["COPY a .", "COPY --exclude=d . ."],
    ),
    "a subset of what has its parents": (
        ["COPY --parents d/x a ."],
        ["COPY a .", "COPY --parents d/x a ."],
    ),
    "a bound file is the context's": (["COPY . .", BOUND], [BOUND, "COPY . ."]),
    "what is written to a tmpfs is gone": (
        ["COPY a /t/", "RUN --mount=type=tmpfs,target=/t touch /t/a"],
        ["RUN --mount=type=tmpfs,target=/t touch /t/a", "COPY a /t/"],
    ),
    "linked copies side by side": (
        ["COPY --link a /x/", "COPY --link b /x/"],
        ["COPY --link b /x/", "COPY --link a /x/"],
    ),
    "a linked copy decides whose the folder is": (
        ["COPY --chown=7 a /x/", "COPY --link b /x/"],
        ["COPY --link b /x/", "COPY --chown=7 a /x/"],
    ),
    "files from two addresses": (
        ["ADD https://e.org/f /x/", "COPY a /x/"],
        ["COPY a /x/", "ADD https://e.org/f /x/"],
    ),
    "a program in the json form": (
        ['RUN ["touch", "/srv/x"]', "COPY a ."],
        ["COPY a .", 'RUN ["touch", "/srv/x"]'],
    ),
}  # fmt: skip
OTHER = {
    "a file that was left out": (["COPY --exclude=a . ."], ["COPY . ."]),
    "another pattern": (["COPY --exclude=d/x . ."], ["COPY --exclude=d/y . ."]),
    "parents or not": (["COPY --parents d/x ."], ["COPY d/x ."]),
    "another pivot": (["COPY --parents d/./e/z ."], ["COPY --parents d/e/z ."]),
    "folders with the mode of the context first": (
        ["COPY --parents d/x .", "COPY a d/"],
        ["COPY a d/", "COPY --parents d/x ."],
    ),
    "another file in the mount": ([BOUND], [BOUND.replace("source=a", "source=b")]),
    "a mount or none": (
        ["COPY . .", BOUND],
        ["COPY . .", "RUN cat a > /srv/a"],
    ),
    "a tmpfs or none": (
        ["RUN --mount=type=tmpfs,target=/t touch /t/a"],
        ["RUN mkdir -p /t && touch /t/a"],
    ),
    "what a part leaves in a tmpfs": (
        ["RUN --mount=type=tmpfs,target=/t touch /t/a && cp /t/a /srv/a"],
        [
            "RUN --mount=type=tmpfs,target=/t touch /t/a",
            "RUN --mount=type=tmpfs,target=/t cp /t/a /srv/a",
        ],
    ),
    "what a part leaves in a bind mount": (
        ["RUN --mount=target=/t,rw touch /t/z && cp /t/z /srv/a"],
        ["RUN --mount=target=/t,rw touch /t/z", "RUN --mount=target=/t,rw cp /t/z /srv/a"],
    ),
    "a linked copy resets the folders": (
        ["COPY --link b /x/", "RUN chown 7 /x"],
        ["RUN chown 7 /x", "COPY --link b /x/"],
    ),
    "behind a link that a command made": (
        ["RUN ln -s /data /app/l", "COPY a /app/l/", "COPY b /data/a"],
        ["RUN ln -s /data /app/l", "COPY b /data/a", "COPY a /app/l/"],
    ),
    "a command behind such a link": (
        ["RUN ln -s /data l && mkdir -p /data", "RUN touch l/a", "COPY b /data/a"],
        ["RUN ln -s /data l && mkdir -p /data", "COPY b /data/a", "RUN touch l/a"],
    ),
    "a folder that a command needs": (
        ["COPY a /x/", "RUN touch /x/b"],
        ["RUN touch /x/b", "COPY a /x/"],
    ),
    "an owner in an address's copy": (
        ["ADD --chown=$K https://e.org/f /x/", "ARG K=7"],
        ["ARG K=7", "ADD --chown=$K https://e.org/f /x/"],
    ),
    "an owner in a stage's copy": (
        ["COPY --from=i --chown=$K /f $X/", "ARG K=7"],
        ["ARG K=7", "COPY --from=i --chown=$K /f $X/"],
    ),
    "words of the json form": (['RUN ["touch", "a b"]'], ['RUN ["touch", "a", "b"]']),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
def test_the_same(before: list[str], after: list[str]) -> None:
    assert proved(before, after)


@pytest.mark.parametrize(("before", "after"), OTHER.values(), ids=OTHER)
def test_not_the_same(before: list[str], after: list[str]) -> None:
    assert not proved(before, after)


def test_two_runs_that_differ_in_an_own_mount_keep_theirs() -> None:
    with_mount = "RUN --mount=type=cache,target=/c test -f /app/a"
    without = "RUN test -f /app/a"
    assert proved(["COPY a .", without, with_mount], ["COPY a .", with_mount, without])
    assert not proved(["COPY a .", without, with_mount], ["COPY a .", with_mount])

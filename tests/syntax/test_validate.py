"""What the instruction parser rejects, and the near misses that it accepts."""

from __future__ import annotations

import pytest

from reorder.syntax.nodes import Flag
from reorder.syntax.parse import parse


@pytest.mark.parametrize(
    "line",
    [
        "FROM a As b-1._",
        "FROM a AS B",
        "FROM --platform=$X a",
        "RUN --mount=type=cache,target=/x --mount=type=cache,target=/y x",
        "RUN --mount=type=what,target=$X x",  # told when it runs
        "RUN --mount=from=a$ x",
        "RUN --network=host --security=insecure --device=a,required x",
        "RUN --device=name=a,required=false x",
        "RUN x --foo",
        "COPY --link --parents=TRUE --exclude=a --exclude=b --from= a b",
        "COPY --link=False a b",
        "ADD --keep-git-dir --unpack=true --checksum=x a b",
        "HEALTHCHECK --interval=1m30s --timeout=.5s --retries=3 CMD x",
        "HEALTHCHECK --interval=0 --start-period=0s --start-interval= CMD x",
        "HEALTHCHECK --foo NONE",
        "ARG --foo A",
        "STOPSIGNAL --foo 9",
        "ENTRYPOINT",
        "CMD []",
        "ONBUILD FOO x",
        "ONBUILD COPY a",
        'SHELL ["a"]',
        "MAINTAINER a b",
        "VOLUME a",
    ],
)
def test_accepted(line: str) -> None:
    assert parse(f"FROM a\n{line}\n").problems == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("FROM", "either one or three arguments"),
        ("FROM a b", "either one or three arguments"),
        ("FROM a as", "either one or three arguments"),
        ("FROM a at b", "either one or three arguments"),
        ("FROM a AS 1b", "invalid name for build stage"),
        ("FROM a AS b/c", "invalid name for build stage"),
        ("FROM --platform a", "missing a value on flag: --platform"),
        ("RUN --chown=1 x", "unknown flag: --chown"),
        ("RUN --mount= x", "an empty value"),
        ('RUN --mount=\\"a x', 'an open "'),
        ("RUN --mount=type=bind,from=$X x", "doesn't support variable expansion"),
        ("RUN --network=bridge x", "invalid network mode"),
        ("RUN --network=none --network=none x", "duplicate flag"),
        ("RUN --security= x", "security"),
        ("RUN --device=a,b x", "unexpected"),
        ("RUN --device=name=a,name=b x", "already set"),
        ("RUN --device=a,required=maybe x", "invalid value for required"),
        ("COPY a", "at least two arguments"),
        ("COPY --link=maybe a b", "expecting boolean value"),
        ("COPY --link= a b", "missing a value"),
        ("COPY --from a b", "missing a value"),
        ("COPY --keep-git-dir a b", "unknown flag"),
        ("COPY --à=1 a b", "takes for a blank"),
        ("COPY a <<E\nE", "cannot accept a heredoc as a destination"),
        ('ADD ["a", "<<E"]', "cannot accept a heredoc as a destination"),
        ("ADD --from=a b c", "unknown flag"),
        ("ENV", "at least one argument"),
        ("ENV =a", "names can not be blank"),
        ("LABEL =a", "names can not be blank"),
        ("LABEL --a=b c=d", "unknown flag"),
        ("ARG", "at least one argument"),
        ("ARG =a", "names can not be blank"),
        ("ARG a =b", "names can not be blank"),
        ("WORKDIR", "exactly one argument"),
        ("WORKDIR --a b", "unknown flag"),
        ("USER", "exactly one argument"),
        ("STOPSIGNAL", "exactly one argument"),
        ("MAINTAINER", "exactly one argument"),
        ("EXPOSE", "at least one argument"),
        ("VOLUME", "at least one argument"),
        ("VOLUME []", "at least one argument"),
        ('VOLUME [" "]', "can not be an empty string"),
        ("SHELL a -c", "JSON form"),
        ("SHELL []", "at least one argument"),
        ("SHELL", "at least one argument"),
        ("CMD --foo", "unknown flag"),
        ("ONBUILD", "at least one argument"),
        ("ONBUILD --foo RUN x", "unknown flag"),
        ("ONBUILD ONBUILD RUN x", "Chaining ONBUILD"),
        ("ONBUILD from a", "isn't allowed as an ONBUILD trigger"),
        ("ONBUILD MAINTAINER a", "isn't allowed as an ONBUILD trigger"),
        ("HEALTHCHECK", "at least one argument"),
        ("HEALTHCHECK CMD", "Missing command"),
        ("HEALTHCHECK x", "Unknown type"),
        ("HEALTHCHECK NONE x", "takes no arguments"),
        ("HEALTHCHECK --foo=1 CMD x", "unknown flag"),
        ("HEALTHCHECK --interval=5 CMD x", "not a duration"),
        ("HEALTHCHECK --interval=1us CMD x", "cannot be less than 1ms"),
        ("HEALTHCHECK --timeout=-1s CMD x", "cannot be less than 1ms"),
        ("HEALTHCHECK --timeout=9999999h CMD x", "not a duration"),
        ("HEALTHCHECK --retries=x CMD x", "not a number"),
        ("HEALTHCHECK --retries=-1 CMD x", "cannot be negative"),
        ("HEALTHCHECK --retries=9999999999 CMD x", "not a number"),
    ],
)
def test_rejected(line: str, message: str) -> None:
    problems = parse(f"FROM a\n{line}\n").problems
    assert len(problems) == 1
    assert problems[0].line == 2
    assert message in problems[0].message


@pytest.mark.parametrize(
    ("line", "flags", "args"),
    [
        ("COPY a --link b", [], "a --link b"),
        ("COPY --link --from=x a b", [("link", None), ("from", "x")], "a b"),
        ("COPY -- --from=x a", [], "--from=x a"),
        ("COPY --link -- -- a", [("link", None)], "-- a"),
        (
            "COPY --exclude=\"a b\" --exclude='c d' a b",
            [("exclude", "a b"), ("exclude", "c d")],
            "a b",
        ),
        ("COPY --exclude=a\\b\\ c a b", [("exclude", "ab c")], "a b"),
        ("COPY --exclude=é a b", [("exclude", "Ã©")], "a b"),
        ("COPY --from= a b", [("from", "")], "a b"),
        ("COPY --from=a=b c d", [("from", "a=b")], "c d"),
        ("RUN --network=none", [("network", "none")], ""),
        ("RUN -x", [], "-x"),
    ],
)
def test_flags(line: str, flags: list[tuple[str, str | None]], args: str) -> None:
    instruction = parse(f"FROM a\n{line}\n").instructions[1]
    assert instruction.flags == tuple(Flag(name, value) for name, value in flags)
    assert instruction.args == args


def test_a_flag_that_goes_on_after_a_continuation() -> None:
    run = parse("FROM a\nRUN --mount=type=cache,\\\ntarget=/x y\n").instructions[1]
    assert run.flags == (Flag("mount", "type=cache,target=/x"),)


def test_the_escape_of_the_directive_holds_for_flags() -> None:
    copy = parse("# escape=`\nFROM a\nCOPY --exclude=a\\b` c d e\n").instructions[1]
    assert copy.flags == (Flag("exclude", "a\\b c"),)

"""The commutation table of semantics.md section 3.1, cell by cell, with its conditions."""

from __future__ import annotations

import pytest
from harness.made import facts

from reorder.graph.facts import dependencies

FILES = {"a": "a", "b": "b", "d/x": "x", "d/y": "y", "passwd": "x", "package.json": "{}"}
UNKNOWN = "RUN ./unknown"
APT = "RUN apt-get install -y git"
JSON_RUN = 'RUN ["apt-get", "install", "-y", "git"]'
BASH = 'SHELL ["/bin/bash", "-c"]'


def edge(first: str, second: str, image: str = "debian:12", before: str = "WORKDIR /app") -> bool:
    """Whether two instructions keep their order."""
    lines = [f"FROM {image}", *filter(None, [before]), first, second, ""]
    found = facts("\n".join(lines), FILES)
    body = found.body(found.stages[0])
    assert len(body) == len(lines) - 2, "each is one instruction"
    return (body[-2].at, body[-1].at) in dependencies(body)


STAY = {
    "env/env the order of Config.Env": ("ENV A=1", "ENV B=2"),
    "env/env of one name": ("ENV A=1", "ENV A=2"),
    "env/arg of one name, the last wins": ("ENV A=1", "ARG A=2"),
    "arg/env of one name, the last wins": ("ARG A=1", "ENV A=2"),
    "arg/arg of one name": ("ARG A=1", "ARG A=2"),
    "arg/arg that uses it": ("ARG A=1", "ARG B=$A"),
    "arg/env that uses it": ("ARG A=1", "ENV B=${A:-x}"),
    "env/arg whose default uses it": ("ENV A=1", "ARG B=${C:-$A}"),
    "env/run that reads all": ("ENV A=1", UNKNOWN),
    "arg/run that reads all": ("ARG A=1", UNKNOWN),
    "arg/run that names it": ("ARG A=1", "RUN echo $A > /app/x"),
    "env/run that is known to read it": ("ENV PATH=/x", APT),
    "env/run whose mount uses it": ("ENV A=/x", f"RUN --mount=type=cache,target=$A {APT[4:]}"),
    "env/copy with it in the source": ("ENV A=a", "COPY $A /x"),
    "env/copy with it in the destination": ("ENV A=a", "COPY a /x/$A"),
    "env/copy with it in --chown": ("ENV A=1", "COPY --chown=$A a /x/"),
    "env/copy with it in --chmod": ("ENV A=600", "COPY --chmod=$A a /x/"),
    "env/copy with it in a heredoc": ("ENV A=1", "COPY <<f /x/\ndon't $A\nf"),
    "env/workdir with it": ("ENV A=/x", "WORKDIR $A"),
    "env/user with it": ("ENV A=me", "USER $A"),
    "env/label with it": ("ENV A=1", "LABEL x=$A"),
    "env/label with it as the name": ("ENV A=1", "LABEL $A=x"),
    "env/expose with it": ("ENV A=80", "EXPOSE $A"),
    "env/volume with it": ("ENV A=/x", "VOLUME $A"),
    "env/stopsignal with it": ("ENV A=9", "STOPSIGNAL $A"),
    "run/run": (UNKNOWN, UNKNOWN),
    "run without effect/run that may do anything": ("RUN true", UNKNOWN),
    "run/copy": (UNKNOWN, "COPY a /x/"),
    "run/copy with a named owner": (APT, "COPY --chown=me a /x/"),
    "run that makes the folder/copy into it": ("RUN mkdir -p /x", "COPY a /x/"),
    "run that looks for the folder/copy that makes it": ("RUN test -d /x", "COPY a /x/y/"),
    "copy that makes the folder/run that needs it": ("COPY a /x/", "RUN echo 1 > /x/y"),
    "workdir that makes the folder/run that needs it": ("WORKDIR /x", "RUN touch /x/y"),
    "run that links the folder/copy into it": ("RUN ln -s /y /x", "COPY a /x/"),
    "run that changes a folder of every image/copy into it": ("RUN chmod 700 /tmp", "COPY a /tmp/"),
    "run/workdir": (APT, "WORKDIR /x"),
    "workdir/run": ("WORKDIR /x", APT),
    "workdir/run in the json form": ("WORKDIR /x", JSON_RUN),
    "run/user": (APT, "USER 1"),
    "user/run in the json form": ("USER 1", JSON_RUN),
    "run that makes the user/user who runs": ("RUN useradd me", "USER me"),
    "run/shell": (APT, BASH),
    "copy/copy of one file": ("COPY a /x", "COPY b /x"),
    "copy/copy of the same": ("COPY d /x", "COPY d/x /x/"),
    "copy into a folder that another fills with metadata": ("COPY a /d/", "COPY . /"),
    "copy/copy of a folder and below": ("COPY --from=i /s /x", "COPY a /x/y"),
    "copy/copy with owners of the folders": ("COPY --chown=1 a /x/", "COPY b /x/c"),
    "copy/copy with modes of the folders": ("COPY --chmod=700 a /x/", "COPY b /x/c"),
    "copy/copy that resets the folders": ("COPY a /x/", "COPY --link b /x/c"),
    "linked copy/linked copy of one file": ("COPY --link a /tmp/", "COPY --link b /tmp/a"),
    "linked copy/run that changes a folder of every image": (
        "COPY --link a /tmp/",
        "RUN chmod 700 /tmp",
    ),
    "copy of the accounts/copy with a named owner": (
        "COPY passwd /etc/passwd",
        "COPY --chown=me a /x/",
    ),
    "copy to a file or a folder/copy that makes the folder": ("COPY a /x", "COPY b /x/y"),
    "copy relative/workdir": ("COPY a .", "WORKDIR /x"),
    "workdir/copy relative": ("WORKDIR /x", "COPY a ."),
    "copy with owner/workdir below": ("COPY --chown=1 a /x/", "WORKDIR /x/y"),
    "copy with octal mode/workdir below": ("COPY --chmod=700 a /x/", "WORKDIR /x/y"),
    "copy that carries the folder/workdir": ("COPY . /x/", "WORKDIR /x/d"),
    "workdir/workdir": ("WORKDIR /x", "WORKDIR /y"),
    "workdir/workdir relative": ("WORKDIR /x", "WORKDIR y"),
    "workdir/user": ("WORKDIR /x", "USER 1"),
    "user/workdir": ("USER 1", "WORKDIR /x"),
    "user/user": ("USER 1", "USER 2"),
    "shell/run": (BASH, APT),
    "shell/shell": (BASH, 'SHELL ["/bin/sh", "-c"]'),
    "shell/cmd": (BASH, "CMD x"),
    "shell/entrypoint": (BASH, "ENTRYPOINT x"),
    "cmd/cmd": ("CMD x", 'CMD ["y"]'),
    "entrypoint/entrypoint": ("ENTRYPOINT x", "ENTRYPOINT y"),
    "label/label of one key": ("LABEL a=1", "LABEL a=2 b=3"),
    "healthcheck/healthcheck": ("HEALTHCHECK CMD x", "HEALTHCHECK NONE"),
    "stopsignal/stopsignal": ("STOPSIGNAL 9", "STOPSIGNAL 15"),
    "maintainer/maintainer": ("MAINTAINER a", "MAINTAINER b"),
    "onbuild/onbuild": ("ONBUILD RUN a", "ONBUILD ENV A=1"),
    "add that unpacks/copy below": ("ADD --unpack=true https://e.org/f.tar /x/", "COPY a /x/y"),
    "add of a repository/copy below": ("ADD https://e.org/r.git /x/", "COPY a /x/y"),
    "run that removes the folder/run that needs it": ("RUN rm -rf /x", "RUN touch /x/y"),
}  # fmt: skip

MOVE = {
    "arg/arg of other names": ("ARG A=1", "ARG B=2"),
    "arg/env of other names": ("ARG A=1", "ENV B=2"),
    "arg/run that does not read it": ("ARG A=1", APT),
    "arg/copy": ("ARG A=1", "COPY a /x/"),
    "env/copy": ("ENV A=1", "COPY a /x/"),
    "env/copy from a pattern": ("ENV A=1", "COPY --exclude=$A . /x/"),
    "env/copy with a quoted heredoc": ("ENV A=1", "COPY <<'f' /x/\n$A\nf"),
    "env/workdir": ("ENV A=1", "WORKDIR /x"),
    "env/user": ("ENV A=1", "USER me"),
    "env/shell": ("ENV A=1", BASH),
    "env/cmd that the shell expands": ("ENV A=1", "CMD echo $A"),
    "env/healthcheck that the shell expands": ("ENV A=1", "HEALTHCHECK CMD echo $A"),
    "env/onbuild that expands later": ("ENV A=1", "ONBUILD RUN echo $A"),
    "env/label": ("ENV A=1", "LABEL a=1"),
    "run/cmd": (UNKNOWN, "CMD x"),
    "run/label": (UNKNOWN, "LABEL a=1"),
    "run/volume": (UNKNOWN, "VOLUME /x"),
    "run/expose": (UNKNOWN, "EXPOSE 80"),
    "run/onbuild": (UNKNOWN, "ONBUILD RUN a"),
    "run in the json form/shell": (JSON_RUN, BASH),
    "run that may do anything in the json form/shell": ('RUN ["./unknown"]', BASH),
    "run/copy to the application": (APT, "COPY . ."),
    "run/run on other paths": ("RUN mkdir -p /x", "RUN mkdir -p /y"),
    "run with a file of its own mount/copy of it": (
        "COPY . .",
        "RUN --mount=type=bind,source=a,target=/app/a cat /app/a > /y",
    ),
    "run that writes to a tmpfs/copy there": (
        "RUN --mount=type=tmpfs,target=/x touch /x/y",
        "COPY a /x/",
    ),
    "copy/copy": ("COPY a /x/", "COPY b /x/"),
    "copy/copy of other folders": ("COPY d /x/d", "COPY a /x/"),
    "copy without what is left out": ("COPY --exclude=a . /x/", "COPY a /x/"),
    "copy with parents/copy": ("COPY --parents d/x /x/", "COPY a /x/"),
    "copy of a heredoc/copy": ("COPY <<f /x/\ny\nf", "COPY a /x/"),
    "add of a url/copy into the folder": ("ADD https://e.org/f /x/", "COPY a /x/"),
    "copy/user": ("COPY a /x/", "USER 1"),
    "copy with a number/run": ("COPY --chown=1:1 a .", APT),
    "copy/workdir, both as root": ("COPY a /x/", "WORKDIR /x/y"),
    "copy from a stage/workdir": ("COPY --from=i /a /x/y", "WORKDIR /x"),
    "copy/shell": ("COPY a .", BASH),
    "copy/cmd": ("COPY a .", "CMD x"),
    "copy/label": ("COPY a .", "LABEL a=1"),
    "copy/onbuild": ("COPY a .", "ONBUILD RUN a"),
    "workdir/shell": ("WORKDIR /x", BASH),
    "workdir/cmd": ("WORKDIR /x", "CMD x"),
    "workdir/healthcheck": ("WORKDIR /x", "HEALTHCHECK CMD x"),
    "workdir/onbuild": ("WORKDIR /x", "ONBUILD RUN a"),
    "user/shell": ("USER 1", BASH),
    "user/cmd": ("USER 1", "CMD x"),
    "user/label": ("USER 1", "LABEL a=1"),
    "shell/cmd in the json form": (BASH, 'CMD ["x"]'),
    "shell/entrypoint in the json form": (BASH, 'ENTRYPOINT ["x"]'),
    "shell/healthcheck, run with the last shell": (BASH, "HEALTHCHECK CMD x"),
    "shell/onbuild": (BASH, "ONBUILD RUN a"),
    "cmd/entrypoint": ("CMD x", "ENTRYPOINT y"),
    "entrypoint/cmd": ("ENTRYPOINT x", "CMD y"),
    "cmd/label": ("CMD x", "LABEL a=1"),
    "label/label of other keys": ("LABEL a=1", "LABEL b=1"),
    "expose/expose": ("EXPOSE 80", "EXPOSE 81"),
    "volume/volume": ("VOLUME /x", "VOLUME /y"),
    "healthcheck/stopsignal": ("HEALTHCHECK CMD x", "STOPSIGNAL 9"),
    "onbuild/label": ("ONBUILD RUN a", "LABEL a=1"),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second"), STAY.values(), ids=STAY)
def test_keep_their_order(first: str, second: str) -> None:
    assert edge(first, second)


@pytest.mark.parametrize(("first", "second"), MOVE.values(), ids=MOVE)
def test_may_change_places(first: str, second: str) -> None:
    assert not edge(first, second)


def test_a_folder_that_is_there_for_both_is_looked_at_by_nobody() -> None:
    assert not edge("COPY a /app/x/", "RUN echo 1 > /app/y")
    assert edge("COPY a /app/x/", "RUN echo 1 > /app/y", before="ENV X=1")


def test_a_base_image_that_is_not_known_may_hold_anything() -> None:
    assert edge("ENV $A=1", "ARG B=2", image="example.org/x")
    assert edge("COPY a $Y/", "WORKDIR /x", image="example.org/x")
    assert edge("LABEL $A=1", "LABEL b=2", image="example.org/x")
    assert edge("WORKDIR x", "COPY a /y/", image="example.org/x", before="")
    assert edge("USER x", "WORKDIR /y", image="example.org/x", before="")


def test_scratch_has_no_folders() -> None:
    assert edge("USER 7", "WORKDIR /srv", image="scratch", before="")
    assert edge("COPY --chown=7 a /srv/", "COPY b /srv/", image="scratch", before="")
    assert not edge("COPY --chown=7 a /srv/", "COPY b /srv/", before="")

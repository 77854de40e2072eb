"""find and xargs: what is not understood first, then how far a search goes."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.run import RunEffects, run_effects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque


def effects(command: str) -> CommandEffects:
    found = understand(call(command), image())
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("find $D -delete", "$D", id="a folder that is not known"),
        pytest.param("find /opt -mtime +1", "compares times", id="times"),
        pytest.param("find /opt -newer x", "compares times", id="the time of a file"),
        pytest.param("find -L /opt", "-L", id="follows links out of the folder"),
        pytest.param("find /opt -fprint list", "-fprint", id="writes a file"),
        pytest.param("find /opt -ok rm {} ';'", "-ok", id="asks"),
        pytest.param("find /opt -exec sh -c 'x' ';'", "`sh`", id="runs a script"),
        pytest.param("find /opt -exec ./x {} ';'", "`./x`", id="runs a program of the project"),
        pytest.param("find /opt -exec chmod $M {} ';'", "$M", id="a mode that is not known"),
        pytest.param("find /opt -exec sed -i 1e {} ';'", "script of `sed`", id="a sed command"),
        pytest.param("find /opt -exec rm {}", "without an end", id="no end"),
        pytest.param(
            "find /opt -exec cp --target-directory=/app {} ';'", "not understood", id="a folder"
        ),
        pytest.param("xargs rm", "not known", id="words from nowhere"),
    ],
)
def test_opaque_with_the_reason(command: str, reason: str) -> None:
    found = understand(call(command, env={}), image())
    assert isinstance(found, Opaque)
    assert reason in found.reason


@pytest.mark.parametrize(
    "script",
    [
        "cat list | xargs rm",
        "find /opt | sed s,/opt,/app, | xargs rm",
        "find /opt | grep -l x /app/list | xargs rm",
        "find /opt | xargs sh -c x",
        "find /opt | xargs --arg-file=list rm",
    ],
)
def test_xargs_with_other_words_is_a_barrier(script: str) -> None:
    found = run_effects(script, image())
    assert isinstance(found, RunEffects)
    assert found.barrier is not None


@pytest.mark.parametrize(
    "script",
    [
        "find /opt -name '*.a' -print0 | xargs -0 rm -f",
        "find /opt -type f | grep '\\.a$' | sort | xargs -r -n 1 strip",
    ],
)
def test_xargs_of_a_search_stays_in_its_folder(script: str) -> None:
    found = run_effects(script, image())
    assert isinstance(found, RunEffects)
    assert found.barrier is None
    assert found.writes.trees == {"/opt"}


@pytest.mark.parametrize("command", ["find . -name x", "find /opt -exec grep x {} +", "find"])
def test_a_search_writes_nothing(command: str) -> None:
    assert not effects(command).writes


@pytest.mark.parametrize(
    ("command", "trees"),
    [
        ("find /opt /srv -name '*.pyc' -delete", {"/opt", "/srv"}),
        ("find . -type d -exec chmod 755 {} +", {"/app"}),
        ("find /opt -type f -exec sed -i s/a/b/ {} ';'", {"/opt"}),
        ("find /usr/lib/x* -delete", {"/usr/lib"}),
        ("find / -perm -4000 -exec chmod a-s {} ';'", {"/"}),
    ],
)
def test_what_is_written_lies_below_the_folders(command: str, trees: set[str]) -> None:
    found = effects(command)
    assert found.writes.trees >= trees
    assert found.reads.trees >= trees


def test_a_copy_is_written_too() -> None:
    assert effects("find /app/x -name '*.so' -exec cp {} /opt/lib ';'").writes.contains(
        "/opt/lib/a"
    )

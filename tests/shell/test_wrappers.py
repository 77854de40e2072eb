"""Wrappers: what is not understood stays as it is."""

from __future__ import annotations

import pytest

from reorder.shell.calls import calls
from reorder.shell.nodes import Arg, Call, Opaque
from reorder.shell.wrappers import unwrap


def call(text: str) -> Call:
    args = tuple(
        Arg(word, "unknown" if "$" in word else "literal", (0, 0)) for word in text.split()
    )
    return Call(args, "/app", {"A": "1"})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("pip install x", id="no wrapper"),
        pytest.param("env", id="prints the environment"),
        pytest.param("env A=b", id="prints it too"),
        pytest.param("command -v pip", id="asks where a command is"),
        pytest.param("exec -c pip", id="an empty environment"),
        pytest.param("sudo -u app pip", id="another user"),
        pytest.param("sudo -u $USER pip", id="an unknown user"),
        pytest.param("sudo -i", id="a login"),
        pytest.param("sudo $FLAGS pip", id="unknown words of sudo are no program of it"),
        pytest.param("timeout $T pip", id="an unknown time"),
        pytest.param("timeout --what 5 pip", id="an unknown option"),
        pytest.param("time -o $F pip", id="an unknown value"),
        pytest.param("xargs pip", id="xargs"),
        pytest.param("nice", id="nothing to run"),
        pytest.param("/opt/bin/sudo pip", id="not the system's program"),
    ],
)
def test_left_alone(text: str) -> None:
    found = unwrap(call(text))
    assert isinstance(found, Call)
    assert " ".join(arg.text for arg in found.args) in (text, text.removeprefix("sudo "))
    assert found.name != "pip" or text.startswith("pip")


def test_env_that_splits_a_string_is_opaque() -> None:
    assert isinstance(unwrap(call("env -S a")), Opaque)


@pytest.mark.parametrize(
    "text",
    [
        "exec pip x",
        "exec -a name pip x",
        "command pip x",
        "command -p pip x",
        "nice pip x",
        "nice -n 5 pip x",
        "nice -5 pip x",
        "nice --adjustment=5 pip x",
        "nohup pip x",
        "time -p pip x",
        "/usr/bin/time -f %e -v pip x",
        "timeout 5m pip x",
        "timeout -k 1 -s INT 1.5h pip x",
        "timeout --signal=INT 5 pip x",
        "sudo pip x",
        "sudo -E -H pip x",
        "sudo -EH -u root pip x",
        "sudo --user=root B=1 pip x",
        "sudo -- pip x",
        "env B=1 pip x",
        "env -u A --unset=B -C /x -- pip x",
        "/usr/bin/env -i pip x",
        "stdbuf -oL pip x",
        "sudo env B=1 nice timeout 5 pip x",
    ],
)
def test_stripped(text: str) -> None:
    found = unwrap(call(text))
    assert isinstance(found, Call)
    assert found.words == ("pip", "x")


def test_env_sets_and_clears() -> None:
    found = unwrap(call("env -u A B=1 C=$X pip"))
    assert isinstance(found, Call)
    assert found.env == {"B": "1", "C": None}
    assert found.cwd == "/app"


def test_sudo_is_remembered() -> None:
    found = unwrap(call("sudo pip"))
    assert isinstance(found, Call)
    assert found.user == "root"
    assert found.env["A"] is None


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("bash script.sh", ["bash"], id="a file"),
        pytest.param("sh", ["sh"], id="its input"),
        pytest.param('sh -c "$X"', ["sh"], id="an unknown script"),
        pytest.param("bash -i -c a", ["bash"], id="an interactive shell"),
        pytest.param("bash -c", ["bash"], id="no script"),
        pytest.param("zsh -c a", ["zsh"], id="another language"),
        pytest.param("sh -c 'a; b'", ["a", "b"], id="sh"),
        pytest.param("bash -lc a", ["a"], id="login"),
        pytest.param("/bin/bash -euxo pipefail -c 'a | b'", ["a", "b"], id="options"),
        pytest.param("bash --login -o errexit -c a", ["a"], id="long options"),
        pytest.param("sudo sh -c 'a'", ["a"], id="behind a wrapper"),
        pytest.param("exec sh -c a; b", ["a"], id="exec"),
        pytest.param("sh -c 'sh -c \"a\"'", ["a"], id="twice"),
    ],
)
def test_other_shells(text: str, want: list[str]) -> None:
    found = calls(text, "/app", {})
    assert not isinstance(found, Opaque)
    assert [c.name for c in found] == want


def test_who_runs_an_inner_script_is_kept() -> None:
    found = calls("sudo sh -c 'a; b'; c", "/app", {})
    assert not isinstance(found, Opaque)
    assert [c.user for c in found] == ["root", "root", None]


def test_words_of_an_inner_script() -> None:
    found = calls("sh -c 'a $0 $1 \"$@\"' x y 'z z'", "/app", {})
    assert not isinstance(found, Opaque)
    assert [arg.text for arg in found[0].args] == ["a", "$0", "y", "y", "z z"]

"""The form of package.json that Yarn 2 or later keeps: each outcome as real installs had it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.node import yarn
from reorder.ecosystems.node.berry_manifest import is_kept


def written(indent: int | str = 2, **fields: Any) -> str:
    data = {"name": "r", **fields, "dependencies": {"ms": "2.1.3"}}
    return json.dumps(data, indent=indent, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(written(devDependencies={"b": "1", "a": "1"}), id="not sorted"),
        pytest.param(written(peerDependencies={"b": "1", "a": "1"}), id="peers not sorted"),
        pytest.param(written().rstrip("\n"), id="no line end"),
        pytest.param(written(devDependencies={}), id="empty table"),
        pytest.param(written(scripts={}), id="no scripts"),
        pytest.param(written(bin={"r": "./c.js"}), id="command of the same name"),
        pytest.param(written(description="caf\\u00e9").replace("\\\\", "\\"), id="escape"),
        pytest.param(written().replace(",", ",\n", 1), id="blank line"),
        pytest.param(written(files=["a"]).replace('[\n    "a"\n  ]', '["a"]'), id="one line"),
        pytest.param("{", id="broken"),
        pytest.param("[]\n", id="no object"),
    ],
)
def test_written_again(text: str) -> None:
    assert not is_kept(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(written(), id="plain"),
        pytest.param(written(4), id="four blanks"),
        pytest.param(written("\t"), id="tabs"),
        pytest.param(written().replace("\n", "\r\n"), id="line ends"),
        pytest.param(written(bin={"q": "./c.js"}), id="another command"),
        pytest.param(written(bin="./c.js"), id="one command"),
        pytest.param(written(description="café — x/y <a>"), id="letters"),
        pytest.param(written(resolutions={"b": "1", "a": "1"}), id="resolutions as they are"),
        pytest.param(written(optionalDependencies={"f": "1"}), id="optional"),
        pytest.param(written(workspaces={"packages": ["p/*"]}), id="workspaces"),
    ],
)
def test_kept(text: str) -> None:
    assert is_kept(text)


def test_an_install_that_writes_a_manifest_stays_below_it() -> None:
    text = written(packageManager="yarn@4.9.4", devDependencies={"b": "1", "a": "1"})
    files = {"/app/package.json": text, "/app/yarn.lock": "__metadata:\n  version: 8\n"}
    found = yarn.effects(call("yarn install --immutable"), image(files))
    assert isinstance(found, CommandEffects)
    assert found.install is not None
    assert "Yarn writes /app/package.json in its own form" in (found.install.refusal or "")
    assert found.prefetch is None
    assert found.writes.contains("/app/package.json")
    focus = yarn.effects(call("yarn workspaces focus --all"), image(files))
    assert isinstance(focus, CommandEffects)
    assert focus.install is not None
    assert focus.install.refusal is None

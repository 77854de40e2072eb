"""The options of a `--mount`."""

from __future__ import annotations

import pytest

from reorder.syntax.mounts import Mount, mount, mounts
from reorder.syntax.parse import parse


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("", "an empty value"),
        ('"a', 'an open "'),
        ('a"b', "a bare"),
        ('"a"b', "within a quoted field"),
        ("type=what", "unsupported mount type"),
        ("type=cache,target", "must be a key=value pair"),
        ("type=cache,foo=1", "unexpected key 'foo'"),
        ("type=cache,target=/x,sharing=some", "unsupported sharing value"),
        ("type=bind,sharing=locked", "invalid cache sharing"),
        ("type=cache,required", "unexpected key 'required'"),
        ("type=cache,size=1", "unexpected key 'size'"),
        ("type=cache,ro=maybe", "invalid value for ro"),
        ("uid=1", "uid not allowed"),
        ("type=tmpfs,mode=1", "mode not allowed"),
        ("type=secret", "one of source, target required"),
        ("type=secret,id=a,source=b", "both source and id"),
        ("type=secret,id=a,from=b", "should not have a from"),
    ],
)
def test_rejected(raw: str, problem: str) -> None:
    assert problem in (mount(raw).problem or "")


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        ("target=/x", {"type": "bind", "target": "/x", "readonly": True}),
        ("type=cache,target=/x", {"type": "cache", "readonly": False}),
        ("type=Cache,DST=/x", {"type": "cache", "target": "/x"}),
        ("type=cache,target=/x,ro", {"readonly": True}),
        ("type=cache,target=/x,readonly=false", {"readonly": False}),
        ("type=bind,target=/x,rw", {"readonly": False}),
        ("type=bind,target=/x,readwrite=0", {"readonly": True}),
        ("type=tmpfs,destination=/x,size=1g", {"readonly": False, "size": "1g"}),
        (
            "type=cache,id=a,sharing=locked,uid=1,gid=2,mode=0700,from=b,src=/c,target=$X",
            {
                "id": "a",
                "sharing": "locked",
                "uid": "1",
                "gid": "2",
                "mode": "0700",
                "from_": "b",
                "source": "/c",
                "target": "$X",
            },
        ),
        ('type=bind,"source=a,b",target="/x"', {"problem": 'mount options: a bare " in a field '}),
        ('type=bind,"source=a,""b"', {"source": 'a,"b'}),
        ("type=cache,target=/x,sharing=$S", {"sharing": "$S"}),
        ("type=secret,id=a,required,env=B", {"required": True, "env": "B", "readonly": True}),
        ("type=ssh", {"type": "ssh", "readonly": True}),
    ],
)
def test_options(raw: str, fields: dict[str, object]) -> None:
    found = mount(raw)
    assert found.raw == raw
    expected = {"problem": None, **fields}
    for name, value in expected.items():
        read = getattr(found, name)
        assert read == value or (name == "problem" and value and str(read).startswith(str(value)))


def test_mounts_of_a_run() -> None:
    text = "FROM a\nRUN --mount=target=/a --network=none --mount=target=/b x\n"
    found = mounts(parse(text).instructions[1])
    assert [m.target for m in found] == ["/a", "/b"]
    assert found[0] == Mount("target=/a", target="/a", readonly=True)

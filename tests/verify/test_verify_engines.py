"""What is typed for each engine, and that nothing of it is left. The programs are fakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from verify.layouts import layer, member, oci
from verify.programs import Answer, Programs, said

from reorder.verify.engine import BuildFailed, Name, NoEngine, Request
from reorder.verify.engines import find
from reorder.verify.image import read_image

INSPECT = "Name:   mine\nDriver: {}\n\nNodes:\nName: mine0\n"
BUILDX: dict[str, Answer] = {
    "version": said("github.com/docker/buildx v0.36.1 abc"),
    "inspect": said(INSPECT.format("docker-container")),
    "build --help": said("--progress (auto, plain, rawjson)"),
    "build": said(""),
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(tmp_path / "bin", monkeypatch)


def request(tmp_path: Path, **changes: object) -> Request:
    plain = Request(tmp_path / "context", tmp_path / "context" / "Dockerfile")
    return replace(plain, **changes)  # type: ignore[arg-type]


def prefixed(word: str, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {f"{word} {start}": answer for start, answer in answers.items()}


def test_no_engine_says_what_was_looked_for_and_what_to_install(programs: Programs) -> None:
    with pytest.raises(NoEngine) as none:
        find("auto")
    for word in ("buildx: it is not installed", "podman", "install Docker with buildx"):
        assert word in str(none.value)


def test_only_the_named_engine_is_looked_for(programs: Programs) -> None:
    programs.add("docker-buildx", BUILDX)
    with pytest.raises(NoEngine, match="no engine: podman: it is not installed") as none:
        find("podman")
    assert "buildx:" not in str(none.value)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"version": said("no such plugin", 1)}, "it is not installed"),
        (BUILDX | {"inspect": said("no builder mine", 1)}, "no builder mine"),
        (BUILDX | {"inspect": said("Name: x\nDriver: y\nError: it is down")}, "it is down"),
    ],
)
def test_a_buildx_that_does_not_work_is_none(
    answers: dict[str, Answer], reason: str, programs: Programs
) -> None:
    programs.add("docker-buildx", answers)
    with pytest.raises(NoEngine, match=reason):
        find("buildx")


def test_a_builder_name_means_buildx(programs: Programs) -> None:
    programs.add("docker-buildx", BUILDX)
    assert find("auto", "mine").version == "0.36.1, builder mine"
    assert "docker-buildx inspect mine" in programs.calls
    with pytest.raises(NoEngine, match="podman has no builders"):
        find("podman", "mine")


def test_buildx(programs: Programs, tmp_path: Path) -> None:
    programs.add("docker-buildx", BUILDX)
    engine = find("buildx")
    engine.build(
        request(tmp_path, target="web", args={"A": "1 2"}, cold=True, space="s", flags=("--ssh=x",))
    )
    engine.build(request(tmp_path, into=tmp_path / "i.tar"))
    first, second = programs.calls[-2:]
    for words in (
        "--no-cache", "--target=web", "--build-arg=A=1 2", "--build-arg=BUILDKIT_CACHE_MOUNT_NS=s",
        "--add-host=s:127.0.0.1", "--ssh=x", "--progress=rawjson", "--output=type=cacheonly",
    ):  # fmt: skip
        assert words in first
    assert first.endswith(f" {tmp_path / 'context'}")
    assert f"type=oci,compression=uncompressed,dest={tmp_path / 'i.tar'}" in second
    assert "--no-cache" not in second
    assert "NS" not in second


def test_buildx_of_old_logs_plainly(programs: Programs, tmp_path: Path) -> None:
    programs.add("docker-buildx", BUILDX | {"build --help": said("--progress (auto, plain)")})
    find("buildx").build(request(tmp_path))
    assert "--progress=plain" in programs.calls[-1]


def image(tmp_path: Path) -> str:
    return str(oci(tmp_path / "made.tar", [layer(member("a"))]))


def test_the_docker_driver_saves_and_removes_the_image(programs: Programs, tmp_path: Path) -> None:
    answers = prefixed("buildx", BUILDX | {"inspect": said(INSPECT.format("docker"))})
    save: Answer = (0, "", ("--output=", image(tmp_path)))
    programs.add("docker", answers | {"image save": save, "image rm": said("")})
    find("buildx").build(request(tmp_path, into=tmp_path / "i.tar"))
    built, saved, removed = programs.calls[-3:]
    name = removed.removeprefix("docker image rm ")
    assert "--load" in built
    assert f"--tag={name}" in built
    assert saved.endswith(name)
    assert set(read_image(tmp_path / "i.tar").tree) == {"/a"}


VERSION = said("20.10.24 20.10.24")
STORED: dict[Name, tuple[dict[str, Answer], str, str, str]] = {
    "docker": ({"version": VERSION, "build": said("")}, "image save", "--output=", "image rm"),
    "podman": ({"info": said(""), "--version": said("podman version 4.3"), "build": said("")},
               "save", "--output=", "rmi"),
    "buildah": ({"info": said(""), "--version": said("buildah version 1.28"), "build": said("")},
                "push", "docker-archive:", "rmi"),
}  # fmt: skip


@pytest.mark.parametrize("name", STORED)
def test_what_an_engine_stores_is_removed(name: Name, programs: Programs, tmp_path: Path) -> None:
    answers, save, place, remove = STORED[name]
    saves: Answer = (0, "", (place, image(tmp_path)))
    programs.add(name, answers | {save: saves, remove: said("")})
    engine = find(name)
    engine.build(request(tmp_path, into=tmp_path / "i.tar", target="web", cold=True))
    engine.forget()
    built, saved, removed = programs.calls[-3:]
    tag = removed.split()[-1]
    assert f"--tag={tag}" in built
    assert "--no-cache" in built
    assert "--target=web" in built
    assert tag in saved
    assert removed.startswith(f"{name} {remove}")
    assert set(read_image(tmp_path / "i.tar").tree) == {"/a"}


@pytest.mark.parametrize("name", STORED)
@pytest.mark.parametrize("which", ["build", "save"])
def test_it_is_removed_also_when_something_fails(
    which: str, name: Name, programs: Programs, tmp_path: Path
) -> None:
    answers, save, _, remove = STORED[name]
    answers = answers | {save: said("no space left", 1), remove: said("")}
    if which == "build":
        answers |= {"build": said("RUN make: exit code 2", 1)}
    programs.add(name, answers)
    engine = find(name)
    with pytest.raises(BuildFailed, match="no space left" if which == "save" else "exit code 2"):
        engine.build(request(tmp_path, into=tmp_path / "i.tar"))
    engine.forget()
    assert programs.calls[-1].startswith(f"{name} {remove} localhost/reorder-verify:")


def test_it_is_removed_also_after_an_interrupt(programs: Programs, tmp_path: Path) -> None:
    answers, _, _, remove = STORED["docker"]
    programs.add("docker", answers | {"build": said("hang"), remove: said("")})

    def interrupted(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find("docker").build(request(tmp_path, on_line=interrupted))
    assert programs.calls[-1].startswith("docker image rm")


def test_docker_of_today_is_not_used_without_its_buildx(programs: Programs) -> None:
    programs.add("docker", {"version": said("28.1.1 28.1.1"), "buildx": said("", 1)})
    with pytest.raises(NoEngine, match=r"docker: client 28\.1\.1 builds with buildx"):
        find("auto")


def test_buildah_takes_the_ignore_file_of_a_dockerfile_by_option(
    programs: Programs, tmp_path: Path
) -> None:
    programs.add("buildah", STORED["buildah"][0] | {"rmi": said("")})
    (tmp_path / "context").mkdir()
    own = tmp_path / "context" / "Dockerfile.dockerignore"
    own.write_text("x\n")
    find("buildah").build(request(tmp_path))
    assert f"--ignorefile {own}" in programs.calls[-1]


def test_buildctl(programs: Programs, tmp_path: Path) -> None:
    programs.add(
        "buildctl",
        {
            "debug workers": said("ID PLATFORMS"),
            "--version": said("buildctl github.com/moby/buildkit v0.32.2 abc "),
            "build --help": said("rawjson"),
            "build": said(""),
        },
    )
    engine = find("buildctl")
    assert engine.version == "0.32.2"
    engine.build(request(tmp_path, target="web", args={"A": "1"}, cold=True, space="s"))
    line = programs.calls[-1]
    for words in (
        f"--local=context={tmp_path / 'context'}", "--opt=filename=Dockerfile", "--opt=target=web",
        "--opt=build-arg:A=1", "--opt=build-arg:BUILDKIT_CACHE_MOUNT_NS=s", "--no-cache",
        "--opt=add-hosts=s=127.0.0.1",
    ):  # fmt: skip
        assert words in line
    assert "--output" not in line


def test_a_failed_build_says_the_last_lines_also_of_rawjson(
    programs: Programs, tmp_path: Path
) -> None:
    log = '{"logs": [{"data": "Ym9vbQo="}]}\n{"vertexes": [{"name": "RUN x", "error": "code 2"}]}'
    programs.add("docker-buildx", BUILDX | {"build": said(log, 1)})
    with pytest.raises(BuildFailed) as failed:
        find("buildx").build(request(tmp_path))
    assert failed.value.lines == ("boom", "RUN x: code 2")


def test_a_build_that_takes_too_long_is_ended_and_said_so(
    programs: Programs, tmp_path: Path
) -> None:
    programs.add("docker-buildx", BUILDX | {"build": said("hang")})
    with pytest.raises(BuildFailed, match="took more than 1 s"):
        find("buildx").build(request(tmp_path, seconds=0.8))

"""Cases of CI, compose and bake files: `cases/KIND/NAME/{before,after,found}`.

A case without `after` is one that must not change. `--update-golden` writes both wanted files.
"""

from __future__ import annotations

import difflib
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest
import yaml

from reorder.ci.contract import Adapter, Planned, Settings
from reorder.ci.pipelines.groovy import CLOSE, OPEN, strings

CASES = Path(__file__).parent / "cases"
# The file that a kind is read from, the adapter, and the schema that check-jsonschema ships.
KINDS: dict[str, tuple[str, str, str | None]] = {
    "azure": ("azure-pipelines.yml", "pipelines.azure", "azure-pipelines"),
    "bake": ("docker-bake.hcl", "build_files.bake", None),
    "bitbucket": ("bitbucket-pipelines.yml", "pipelines.bitbucket", "bitbucket-pipelines"),
    "buildkite": (".buildkite/pipeline.yml", "pipelines.others", "buildkite"),
    "circleci": (".circleci/config.yml", "pipelines.circleci", "circle-ci"),
    "compose": ("compose.yaml", "build_files.compose", "compose-spec"),
    "drone": (".drone.yml", "pipelines.others", "drone-ci"),
    "gitlab": (".gitlab-ci.yml", "pipelines.gitlab", "gitlab-ci"),
    "jenkins": ("Jenkinsfile", "pipelines.jenkinsfile", None),
    "travis": (".travis.yml", "pipelines.others", "travis"),
    "woodpecker": (".woodpecker.yml", "pipelines.others", "woodpecker-ci"),
}


def _cases() -> Iterator[Path]:
    for kind in sorted(KINDS):
        yield from sorted(path.parent for path in (CASES / kind).glob("*/before"))


def _planned(case: Path, text: str) -> Planned | None:
    path, module, _ = KINDS[case.parent.name]
    adapter = cast(Adapter, import_module(f"reorder.ci.{module}"))
    return adapter.plan(path, text, Settings("master" if "master" in case.name else "main"))


def _text(path: Path) -> str:
    return path.read_bytes().decode()


def _wanted(case: Path) -> str:
    after = case / "after"
    return _text(after if after.exists() else case / "before")


def _told(planned: Planned | None) -> str:
    lines = []
    for one in planned.found if planned else ():
        lines.append(f"{one.line} {one.status}: {one.what}: {one.reason}")
        lines += [f"  image {one.image}"] if one.image else []
        lines += [f"  cache {one.cache}"] if one.cache else []
        lines += [f"  {warning}" for warning in one.warnings]
    return "".join(f"{line}\n" for line in lines)


def _id(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


every = pytest.mark.parametrize("case", list(_cases()), ids=_id)


@every
def test_output_as_wanted(case: Path, request: pytest.FixtureRequest) -> None:
    before = _text(case / "before")
    planned = _planned(case, before)
    after = planned.after if planned else before
    if request.config.getoption("--update-golden"):
        (case / "found").write_text(_told(planned))
        (case / "after").unlink(missing_ok=True)
        if after != before:
            (case / "after").write_bytes(after.encode())
    assert after == _wanted(case)
    assert _told(planned) == _text(case / "found")


@every
def test_a_second_run_changes_nothing(case: Path) -> None:
    wanted = _wanted(case)
    again = _planned(case, wanted)
    if again is None:
        assert _text(case / "found") == ""
        return
    assert again.after == wanted
    assert not [one for one in again.found if one.status == "rewritten"]


@every
def test_only_lines_about_the_build_go(case: Path) -> None:
    """A line that goes says something about docker, but for what was split to be continued."""
    before, after = _text(case / "before").splitlines(), _wanted(case).splitlines()
    matched = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, start, end, _, _ in matched:
        for line in before[start:end] if kind in ("replace", "delete") else ():
            known = ("docker", "build:", "push", "Push", "- run:", "target", "default", "}")
            assert not line.strip() or any(word in line for word in (*known, "-t ", "-f ")), line


@every
def test_every_place_is_told_with_its_line(case: Path) -> None:
    before = _text(case / "before")
    planned = _planned(case, before)
    count = before.count("\n") + 1
    for one in planned.found if planned else ():
        assert 1 <= one.line <= count
        assert one.reason
        if one.status == "rewritten":
            assert one.cache


@every
def test_the_cache_never_lies_under_a_tag_of_the_image(case: Path) -> None:
    before = set(_text(case / "before").splitlines())
    for line in _wanted(case).splitlines():
        for ref in line.split("ref=")[1:] if line not in before else ():
            assert re.match(r"[^,]*:cache-", ref)


@every
def test_the_commands_are_a_shell_script(case: Path) -> None:
    after = case / "after"
    if not after.exists() or case.parent.name in ("bake", "compose"):
        return
    scripts = [text for text in _scripts(case.parent.name, _text(after)) if "buildx" in text]
    assert scripts
    for script in scripts:
        shell = re.sub(r"<<[^>]*>>", "x", script).replace("$$", "$")
        done = subprocess.run(["bash", "-n"], input=shell, text=True, capture_output=True)
        assert done.stderr == ""


def _scripts(kind: str, text: str) -> Iterator[str]:
    """The strings of a file, those of YAML as a CI system reads them."""
    if kind == "jenkins":
        yield from (re.sub(f"[{OPEN}{CLOSE}]", "", one.value) for one in strings(text))
        return
    for event in yaml.parse(text):
        if isinstance(event, yaml.ScalarEvent):
            yield event.value


@pytest.mark.parametrize("kind", sorted(kind for kind, known in KINDS.items() if known[2]))
def test_what_is_written_follows_the_schema(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main = import_module("check_jsonschema").main
    files = []
    for after in sorted((CASES / kind).glob("*/after")):
        copy = tmp_path / f"{after.parent.name}.yml"
        copy.write_bytes(after.read_bytes())
        files.append(str(copy))
    assert files, f"no case of {kind} is rewritten"
    arguments = ["--builtin-schema", f"vendor.{KINDS[kind][2]}", *files]
    if KINDS[kind][2] in ("gitlab-ci", "azure-pipelines"):
        arguments += ["--data-transform", str(KINDS[kind][2]), "--regex-variant", "python"]
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0, capsys.readouterr().out

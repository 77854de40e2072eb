"""Each format from the command line, with odd files, odd names and stdin."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from cli import fake_api
from harness.formats import fixed, json_errors, sarif_errors

from reorder.cli.main import main

SLOW, FAST = b"FROM a\nRUN slow\n", b"FROM a\nRUN fast\n"
ODD = b"# caf\xe9\r\nFROM a\r\nRUN slow\r\n"


class Command:
    """`reorder` in a folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes]):
        self.monkeypatch = monkeypatch
        self.capture = capture

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> tuple[int, bytes, str]:
        if stdin is not None:
            self.monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin)))
        code = main(arguments)
        out, err = self.capture.readouterr()
        return code, out, err.decode()


@pytest.fixture
def reorder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Command:
    monkeypatch.setitem(sys.modules, "reorder.api", fake_api)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Command(monkeypatch, capfdbinary)


def results(out: bytes) -> list[dict[str, Any]]:
    log = json.loads(out)
    assert sarif_errors(log) == []
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


# Nothing to tell, and bad input


@pytest.mark.parametrize("format_", ["json", "sarif", "github"])
def test_no_dockerfile_is_fine_and_only_data(reorder: Command, format_: str) -> None:
    code, out, err = reorder("--check", "--format", format_)
    assert (code, err) == (0, "")
    assert (out == b"") == (format_ == "github")


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github"])
def test_bad_input_is_2_and_told_on_stderr_too(reorder: Command, format_: str) -> None:
    code, out, err = reorder("--quiet", "--format", format_, "-", stdin=b"broken")
    assert code == 2
    assert err == "-:1: unknown instruction: BROKEN\n"
    assert (b"BROKEN" in out) == (format_ != "text")


@pytest.mark.parametrize("format_", ["sarif", "github"])
def test_what_is_written_is_not_found_any_more(
    reorder: Command, tmp_path: Path, format_: str
) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    code, out, err = reorder("--write", "--format", format_)
    assert (code, out) == (2, b"")
    assert f"--format {format_} tells what would change: not with --write." in err
    assert (tmp_path / "Dockerfile").read_bytes() == SLOW


# Formats


@pytest.mark.parametrize("check", [0, 1])
@pytest.mark.parametrize("format_", ["json", "sarif", "github"])
def test_check_decides_the_exit_code_in_each_format(
    reorder: Command, tmp_path: Path, format_: str, check: int
) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    assert reorder("--format", format_, *["--check"] * check)[0] == check


def test_sarif_of_stdin_is_about_a_dockerfile(reorder: Command) -> None:
    code, out, err = reorder("--format", "sarif", "-", stdin=SLOW)
    assert (code, err) == (0, "")
    (row,) = results(out)
    assert fixed(row["fixes"][0], {b"Dockerfile": SLOW}) == {b"Dockerfile": FAST}


def test_github_of_stdin_is_about_a_dockerfile(reorder: Command) -> None:
    out = reorder("--format", "github", "-", stdin=SLOW)[1]
    assert out == (
        b"::warning file=Dockerfile,line=2,endLine=2,title=reorder order::"
        b"makes it fast%0AAssumes: it was slow\n"
    )


def test_json_of_stdin_fits_the_schema(reorder: Command) -> None:
    assert json_errors(json.loads(reorder("--format", "json", "-", stdin=ODD)[1])) == []


def test_paths_start_at_the_top_of_the_repository(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "Dockerfile").write_bytes(SLOW)
    reorder.monkeypatch.chdir(tmp_path / "a b")
    (row,) = results(reorder("--format", "sarif")[1])
    place = row["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "a%20b/Dockerfile", "uriBaseId": "%SRCROOT%"}
    assert reorder("--format", "github")[1].startswith(b"::warning file=a b/Dockerfile,line=2,")


def test_odd_bytes_and_windows_line_ends_are_fixed_exactly(
    reorder: Command, tmp_path: Path
) -> None:
    (tmp_path / "Dockerfile").write_bytes(ODD)
    (row,) = results(reorder("--format", "sarif")[1])
    wanted = ODD.replace(b"slow", b"fast")
    assert fixed(row["fixes"][0], {b"Dockerfile": ODD}) == {b"Dockerfile": wanted}


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_a_hostile_name_is_nothing_but_a_name(reorder: Command, tmp_path: Path) -> None:
    folder = tmp_path / "\n::error::x,\x1b[2J"
    folder.mkdir()
    (folder / "Dockerfile").write_bytes(SLOW)
    told = reorder("--format", "github")[1]
    assert told.count(b"\n") == 1
    assert told.startswith(b"::warning file=\\n%3A%3Aerror%3A%3Ax%2C\\x1b[2J/Dockerfile,line=2,")
    for format_ in ("json", "sarif"):
        assert b"\x1b" not in reorder("--format", format_)[1]
    (row,) = results(reorder("--format", "sarif")[1])
    uri = row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "%0A%3A%3Aerror%3A%3Ax%2C%1B%5B2J/Dockerfile"


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux's")
@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github"])
def test_a_name_that_is_not_utf8_can_be_told(
    reorder: Command, tmp_path: Path, format_: str
) -> None:
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    (folder / "Dockerfile").write_bytes(SLOW)
    code, out, _ = reorder("--format", format_)
    assert code == 0
    assert {"text": b"caf\\351", "sarif": b"caf%E9"}.get(format_, b"caf\\udce9") in out


# How much is told


def test_quiet_check_says_nothing_but_the_code(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    assert reorder("--check", "-q") == (1, b"", "")


def test_quiet_still_gives_what_was_asked_for(reorder: Command, tmp_path: Path) -> None:
    assert reorder("-q", "-", stdin=SLOW) == (0, FAST, "")
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    code, out, err = reorder("-q")
    assert (code, err) == (0, "")
    assert b"+RUN fast" in out
    assert reorder("-q", "-w") == (0, b"", "")
    assert (tmp_path / "Dockerfile").read_bytes() == FAST


def test_verbose_tells_what_is_assumed(reorder: Command) -> None:
    err = reorder("-v", "-", stdin=SLOW)[2]
    assert err == (
        "-:2: order: makes it fast\n    assumes: it was slow\n\n1 file would change, 0 unchanged.\n"
    )


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github"])
def test_statistics_go_to_stderr(reorder: Command, format_: str) -> None:
    arguments = ("--format", format_, "-")
    plain = reorder(*arguments, stdin=SLOW)
    counted = reorder("--statistics", *arguments, stdin=SLOW)
    assert counted[:2] == plain[:2]
    assert counted[2].startswith(plain[2])
    assert "\norder                     1        0        0\n" in counted[2]


# Colours


def test_a_patch_in_a_pipe_is_never_coloured_unasked(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    plain = reorder()
    reorder.monkeypatch.setenv("FORCE_COLOR", "1")
    code, out, err = reorder()
    assert (code, out) == plain[:2]
    assert "\x1b[32morder\x1b[0m" in err


def test_colour_always(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    reorder.monkeypatch.setenv("NO_COLOR", "1")
    _, out, err = reorder("--color", "always")
    assert b"\x1b[32m+RUN fast\x1b[0m\n" in out
    assert "\x1b[32morder\x1b[0m" in err


def test_colour_never(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    reorder.monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in reorder("--color=never")[2]


@pytest.mark.parametrize("format_", ["json", "sarif", "github"])
def test_data_is_never_coloured(reorder: Command, format_: str) -> None:
    assert b"\x1b" not in reorder("--color=always", "--format", format_, "-", stdin=SLOW)[1]

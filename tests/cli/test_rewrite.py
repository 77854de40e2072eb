"""The command, with a stand-in for the pipeline and a real disk."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from cli import fake_api

from reorder.cli.main import main
from reorder.config import Options

SLOW, FAST = b"FROM a\nRUN slow\n", b"FROM a\nRUN fast\n"
JUNK = b"FROM a\nRUN slow junk\n"
DIFF = (
    b"diff --git a/Dockerfile b/Dockerfile\n--- a/Dockerfile\n+++ b/Dockerfile\n"
    b"@@ -1,2 +1,2 @@\n FROM a\n-RUN slow\n+RUN fast\n"
)
CHANGE = "Dockerfile:2: order: makes it fast\n"
NOT_TOLD = "Not told: 1 assumption; --verbose tells.\n"
WOULD = CHANGE + "\n1 file would change, 0 unchanged.\n" + NOT_TOLD


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: bytes
    err: str


class Command:
    """`reorder` in a folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes]):
        self.monkeypatch = monkeypatch
        self.capture = capture

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> Ran:
        if stdin is not None:
            self.monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin)))
        code = main(arguments)
        out, err = self.capture.readouterr()
        return Ran(code, out, err.decode())


@pytest.fixture
def reorder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Command:
    monkeypatch.setitem(sys.modules, "reorder.api", fake_api)
    monkeypatch.chdir(tmp_path)
    return Command(monkeypatch, capfdbinary)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git/" not in f"{path.relative_to(folder).as_posix()}/"
    }


def make(folder: Path, **named: bytes) -> None:
    for name, raw in named.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "Dockerfile").write_bytes(raw)


# Nothing to do, and bad input


def test_no_dockerfile_is_fine_and_says_so(reorder: Command) -> None:
    assert reorder() == Ran(0, b"", "No Dockerfile found.\n")


@pytest.mark.parametrize("mode", [[], ["--write"], ["--check"]])
def test_unchanged_writes_nothing(reorder: Command, tmp_path: Path, mode: list[str]) -> None:
    (tmp_path / "Dockerfile").write_bytes(FAST)
    told = "0 files changed" if mode == ["--write"] else "0 files would change"
    assert reorder(*mode) == Ran(0, b"", f"{told}, 1 unchanged.\n")
    assert files(tmp_path) == {"Dockerfile": FAST}


def test_a_missing_path_does_not_stop_the_others(reorder: Command, tmp_path: Path) -> None:
    make(tmp_path, a=SLOW)
    ran = reorder("-w", "nowhere", "a")
    assert ran.code == 2
    assert ran.err.startswith("nowhere: no such file or folder\n")
    assert ran.err.endswith("1 file changed, 0 unchanged, 1 error.\n" + NOT_TOLD)
    assert files(tmp_path) == {"a/Dockerfile": FAST}


def test_an_empty_path_is_not_the_current_folder(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    assert reorder("").err.startswith("'': is no path")


def test_a_rejected_file_does_not_stop_the_others(reorder: Command, tmp_path: Path) -> None:
    make(tmp_path, a=b"FROM a\nbroken\n", b=SLOW)
    ran = reorder("--write")
    assert ran.code == 2
    assert ran.err.startswith("a/Dockerfile:2: unknown instruction: BROKEN\n")
    assert files(tmp_path) == {"a/Dockerfile": b"FROM a\nbroken\n", "b/Dockerfile": FAST}


def test_bad_input_outranks_a_failed_check(reorder: Command, tmp_path: Path) -> None:
    make(tmp_path, a=b"broken", b=SLOW)
    assert reorder("--check").code == 2


def test_a_bug_outranks_bad_input_and_does_not_stop_the_others(
    reorder: Command, tmp_path: Path
) -> None:
    make(tmp_path, a=b"broken", b=b"bug", c=SLOW)
    ran = reorder("-w")
    assert ran.code == 3
    assert "b/Dockerfile: internal error (ZeroDivisionError)\n" in ran.err
    assert "file:     b/Dockerfile\n" in ran.err
    assert "ZeroDivisionError: a bug" in ran.err
    assert files(tmp_path)["c/Dockerfile"] == FAST


def test_a_file_named_twice_is_done_once(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    (tmp_path / "Dockerfile.link").symlink_to("Dockerfile")
    assert reorder(".", "Dockerfile", str(tmp_path), "Dockerfile.link").out == DIFF


# The three modes


def test_the_default_prints_a_diff(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    assert reorder() == Ran(0, DIFF, WOULD)
    assert files(tmp_path) == {"Dockerfile": SLOW}


def test_check_is_1_and_shows_the_diff(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    assert reorder("--check") == Ran(1, DIFF, WOULD)
    assert files(tmp_path) == {"Dockerfile": SLOW}


def test_write_writes_and_then_check_is_content(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    told = CHANGE + "\n1 file changed, 0 unchanged.\n" + NOT_TOLD
    assert reorder("--write") == Ran(0, b"", told)
    assert files(tmp_path) == {"Dockerfile": FAST}
    assert reorder("--check").code == 0


def test_write_keeps_mode_line_ends_and_odd_bytes(reorder: Command, tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"# caf\xe9\r\nRUN slow")
    path.chmod(0o640)
    assert reorder("-w").code == 0
    assert path.read_bytes() == b"# caf\xe9\r\nRUN fast"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_the_diff_has_the_bytes_of_the_file(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"# caf\xe9\r\nRUN slow\r\n")
    assert b"\n # caf\xe9\r\n-RUN slow\r\n+RUN fast\r\n" in reorder().out


def test_a_file_that_changed_in_the_meantime_is_left_alone(
    reorder: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, a=JUNK, b=SLOW)
    real = fake_api.rewrite_file

    def slowly(path: Path, *rest: object) -> object:
        result = real(path, *rest)  # type: ignore[arg-type]
        if path.parent.name == "a":
            path.write_bytes(b"newer")
        return result

    monkeypatch.setattr(fake_api, "rewrite_file", slowly)
    ran = reorder("-w")
    assert ran.code == 2
    assert ran.err.startswith("a/Dockerfile: changed since it was read; run again\n")
    assert ran.err.endswith("1 file changed, 0 unchanged, 1 error.\n" + NOT_TOLD)
    assert files(tmp_path) == {"a/Dockerfile": b"newer", "b/Dockerfile": FAST}


# Ignore files


def test_an_ignore_file_is_written_with_its_dockerfile(reorder: Command, tmp_path: Path) -> None:
    make(tmp_path, a=JUNK)
    ran = reorder("-w")
    assert "a/.dockerignore: created with node_modules\n" in ran.err
    assert files(tmp_path) == {
        "a/.dockerignore": b"node_modules\n",
        "a/Dockerfile": b"FROM a\nRUN fast junk\n",
    }


def test_a_shared_ignore_file_is_one_change_and_the_patch_applies(
    reorder: Command, tmp_path: Path
) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    (tmp_path / "Dockerfile").write_bytes(JUNK)
    (tmp_path / "Dockerfile.b").write_bytes(JUNK)
    patch = reorder().out
    assert patch.count(b"new file mode 100644") == 1
    reorder("-w")
    written = files(tmp_path)
    assert written[".dockerignore"] == b"node_modules\n"
    (tmp_path / ".dockerignore").unlink()
    (tmp_path / "Dockerfile").write_bytes(JUNK)
    (tmp_path / "Dockerfile.b").write_bytes(JUNK)
    subprocess.run(["git", "apply", "-"], input=patch, check=True)
    assert files(tmp_path) == written


def test_files_of_one_ignore_file_are_written_together_or_not_at_all(
    reorder: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Dockerfile").write_bytes(JUNK)
    (tmp_path / "Dockerfile.b").write_bytes(SLOW)
    make(tmp_path, c=SLOW)
    real = fake_api.rewrite_file

    def slowly(path: Path, *rest: object) -> object:
        result = real(path, *rest)  # type: ignore[arg-type]
        if path.name == "Dockerfile.b":
            path.write_bytes(b"newer")
        return result

    monkeypatch.setattr(fake_api, "rewrite_file", slowly)
    ran = reorder("-w")
    assert ran.code == 2
    assert ran.err.count("changed since it was read") == 1
    assert files(tmp_path) == {
        "Dockerfile": JUNK,
        "Dockerfile.b": b"newer",
        "c/Dockerfile": FAST,
    }


@pytest.mark.parametrize("folder", [".", "sub"])
def test_the_patch_applies_from_the_top_of_the_repository_and_from_the_folder(
    reorder: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    make(tmp_path, sub=JUNK)
    monkeypatch.chdir(tmp_path / "sub")
    patch = reorder().out
    subprocess.run(["git", "apply", "-"], input=patch, check=True, cwd=tmp_path / folder)
    assert files(tmp_path) == {
        "sub/.dockerignore": b"node_modules\n",
        "sub/Dockerfile": b"FROM a\nRUN fast junk\n",
    }


# stdin


def test_stdin_is_a_filter(reorder: Command, tmp_path: Path) -> None:
    ran = reorder("-", stdin=SLOW)
    assert ran == Ran(0, FAST, WOULD.replace("Dockerfile:", "-:"))
    assert files(tmp_path) == {}


def test_stdin_unchanged_comes_back_byte_for_byte(reorder: Command) -> None:
    raw = b"\xef\xbb\xbf# caf\xe9\r\nFROM a\r\n"
    assert reorder("-", stdin=raw).out == raw


def test_stdin_rejected_gives_no_output(reorder: Command) -> None:
    ran = reorder("-", stdin=b"FROM a\nbroken\n")
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.startswith("-:2: unknown instruction: BROKEN\n")


def test_stdin_check_shows_the_diff_instead_of_the_text(reorder: Command) -> None:
    assert reorder("--check", "-", stdin=SLOW) == Ran(1, DIFF, WOULD.replace("Dockerfile:", "-:"))


def test_stdin_that_needs_an_ignore_file_is_refused(reorder: Command) -> None:
    ran = reorder("--verbose", "-", stdin=JUNK)
    assert (ran.code, ran.out) == (0, JUNK)
    assert "-:2: refused order: needs an ignore file\n" in ran.err


# Formats and options


def test_json_has_a_row_for_everything(reorder: Command, tmp_path: Path) -> None:
    make(tmp_path, a=b"broken", b=SLOW, c=FAST, d=b"bug")
    ran = reorder("--format", "json", "nowhere", ".")
    rows = json.loads(ran.out)["files"]
    assert [(row["path"], row["status"]) for row in rows] == [
        ("nowhere", "error"),
        ("a/Dockerfile", "error"),
        ("b/Dockerfile", "changed"),
        ("c/Dockerfile", "unchanged"),
        ("d/Dockerfile", "error"),
    ]
    assert rows[2]["output"].encode() == FAST
    assert ran.code == 3


def test_json_of_write_says_what_was_written(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    ran = reorder("--format=json", "--write")
    (row,) = json.loads(ran.out)["files"]
    assert row["output"].encode() == (tmp_path / "Dockerfile").read_bytes() == FAST
    assert ran.err == ""


def test_json_check_is_1(reorder: Command, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(SLOW)
    assert reorder("--format=json", "--check").code == 1


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], Options()),
        (["--select", "order"], Options(select=frozenset({"order"}))),
        (["--ignore", "order,prefetch"], Options(ignore=frozenset({"order", "prefetch"}))),
        (["--unsafe"], Options(unsafe=True)),
        (["--context", "c"], Options(context=Path("c"))),
        (["--builder", "ephemeral"], Options(builder="ephemeral")),
        (["--builder", "persistent"], Options(builder="persistent")),
    ],
)
def test_options_reach_the_pipeline(
    reorder: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    options: Options,
) -> None:
    make(tmp_path, c=SLOW)
    seen: list[Options] = []
    real = fake_api.rewrite_file

    def record(path: Path, given: Options, *rest: object) -> object:
        seen.append(given)
        return real(path, given, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(fake_api, "rewrite_file", record)
    assert reorder(*arguments, "c/Dockerfile").code == 0
    assert seen == [options]


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from cli import fake_api\n"
        "sys.modules['reorder.api'] = fake_api\n"
        "from reorder.cli.main import main\n"
        "sys.exit(main(['-']))\n"
    )
    tests = Path(__file__).parent.parent
    child = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": f"{tests.parent}:{tests}"},
    )
    assert child.stdin
    assert child.stdout
    assert child.stderr
    child.stdout.close()
    child.stdin.write(b"#\n" * 100_000 + SLOW)
    child.stdin.close()
    assert child.stderr.read() == b""
    assert child.wait(60) == 141
    child.stderr.close()

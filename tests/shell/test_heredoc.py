"""Where a heredoc ends; what stands behind it is run, what stands before is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from reorder.shell.calls import calls
from reorder.shell.nodes import Opaque


def names(script: str) -> list[str] | None:
    found = calls(script, "/", {})
    return None if isinstance(found, Opaque) else [" ".join(a.text for a in c.args) for c in found]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("cat <<E\nx\n  E\nrm\nE\na", id="an indented delimiter is text"),
        pytest.param("cat <<-E\nx\n  E\nrm\nE\na", id="blanks are not tabs"),
        pytest.param("cat <<E\nx\nE \nrm\nE\na", id="a blank behind it"),
        pytest.param("cat <<E\n$(a)E\nrm\nE\na", id="behind a substitution"),
        pytest.param("cat <<E\nx\\\nE\nrm\nE\na", id="on a continued line"),
        pytest.param("cat <<E\nx\n E", id="it is not closed"),
        pytest.param("cat <<E; b\nx\nE;\nrm\nE\na", id="an operator behind the delimiter"),
        pytest.param("cat <<E>f\nx\nE>f\nrm\nE\na", id="a redirection behind the delimiter"),
        pytest.param("cat <<Ł\nA\nrm\nŁ\na", id="a delimiter that is not ASCII"),
        pytest.param("cat <<$E\nx\n$E\na", id="a dollar"),
        pytest.param("cat <<E\\F\nx\nE\\F\nrm\nEF\na", id="a backslash within"),
        pytest.param("cat <<'E'F\nx\nEF\na", id="partly quoted"),
        pytest.param("cat <<\x0bE\nx\nE\nrm\n\x0bE\na", id="a control character"),
    ],
)
def test_not_understood(script: str) -> None:
    assert names(script) is None


@pytest.mark.parametrize(
    ("script", "want"),
    [
        pytest.param("cat <<E\nE\na", ["cat", "a"], id="empty"),
        pytest.param("cat << E\nx\nE\na", ["cat", "a"], id="a blank before the delimiter"),
        pytest.param("cat <<E # E\nx\nE\na", ["cat", "a"], id="a comment"),
        pytest.param("cat <<E\n$x E\nE\na", ["cat", "a"], id="the delimiter within a line"),
        pytest.param("cat <<-E\n\tx\n\t\tE\na", ["cat", "a"], id="tabs"),
        pytest.param("cat <<'E F'\nE\nE F\na", ["cat", "a"], id="a quoted blank"),
        pytest.param('cat <<"E"\nx\\\nE\na', ["cat", "a"], id="a backslash in quoted text"),
        pytest.param("cat <<\\E\n$(rm)\nE\na", ["cat", "a"], id="an escaped delimiter"),
        pytest.param("cat <<E && \\\n  b\nx\nE\na", ["cat", "b", "a"], id="a continued operator"),
        pytest.param("a $(cat <<E\nx\nE\n)", ["cat", "a ?"], id="in a substitution"),
    ],
)
def test_understood(script: str, want: list[str]) -> None:
    found = names(script)
    assert found is not None
    assert [name.partition("$(")[0] + "?" * ("$(" in name) for name in found] == want


LINES = ("E", "E", " E", "\tE", "E ", "x", "", "x\\", "\\", "r 1", "r 2 E", "EE", "\\E", "E\\")
OPENINGS = ("<<E", "<<-E", "<< E", "<<'E'", "<<-'E'", '<<"E"', "<<\\E", "<<E r 2 &&", "<<E \\\n")


@given(opening=st.sampled_from(OPENINGS), lines=st.lists(st.sampled_from(LINES), max_size=6))
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_a_shell_runs(opening: str, lines: list[str], tmp_path: Path) -> None:
    assume("E" in (line.lstrip("\t") for line in lines))
    script = "\n".join((f": {opening} r 0", *lines, "r end"))
    found = calls(script, "/", {})
    event("opaque" if isinstance(found, Opaque) else "understood")
    if isinstance(found, Opaque):
        return
    subprocess.run(
        ["sh", "-c", f'r() {{ echo "$*" >>log; }}\n{script}'],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    log = tmp_path / "log"
    ran = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    assert [" ".join(a.text for a in c.args[1:]) for c in found if c.name == "r"] == ran

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.cli.one_file import one_file
from reorder.errors import InputError


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("", '"": an empty path; use . for the current folder'),
        ("nowhere", "nowhere: no such file or folder"),
        ("empty", "empty: no Dockerfile found"),
        ("two", "two: name one of its Dockerfiles: two/Dockerfile, two/a.Dockerfile"),
        (
            "seven",
            "seven: name one of its Dockerfiles: "
            + ", ".join(f"seven/{at}.Dockerfile" for at in range(5))
            + " and 2 more",
        ),
    ],
)
def test_no_file_or_too_many(
    path: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "two", "seven"):
        Path(name).mkdir()
    for name in ("two/Dockerfile", "two/a.Dockerfile"):
        Path(name).touch()
    for at in range(7):
        Path(f"seven/{at}.Dockerfile").touch()
    with pytest.raises(InputError) as caught:
        one_file(path)
    assert str(caught.value) == told


def test_a_file_is_itself_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "build.txt").touch()
    assert one_file(str(tmp_path / "build.txt")) == tmp_path / "build.txt"


def test_a_folder_stands_for_its_only_dockerfile(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/Dockerfile").touch()
    assert one_file(str(tmp_path)) == tmp_path / "docker/Dockerfile"

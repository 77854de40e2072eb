from __future__ import annotations

import pytest

from reorder.ecosystems.application import application_folders, is_system


@pytest.mark.parametrize(
    "path",
    ["/", "/bin", "/etc/nginx", "/lib64", "/usr", "/usr/local/bin", "/usr/share/nginx/html",
     "/var", "/var/lib/app", "/var/cache",
     "/root", "/home", "/opt", "/srv", "/tmp", "/run/x", "/proc", "/usr/src",
     "/var/www", "/opt/", "/opt/../etc"],
)  # fmt: skip
def test_folders_of_the_system(path: str) -> None:
    assert is_system(path)
    assert application_folders([(path, ())], [path]) == frozenset()


@pytest.mark.parametrize(
    "path",
    ["/app", "/opt/app", "/srv/app", "/home/app", "/root/app", "/usr/src/app", "/usr/app",
     "/var/www/html", "/var/task", "/var/shop", "/code"],
)  # fmt: skip
def test_folders_of_the_application(path: str) -> None:
    assert application_folders([], [path]) == {path}


def test_names_that_begin_with_lib_count_as_the_systems() -> None:
    assert is_system("/libexec")


def test_a_copy_to_the_root_makes_its_entries_the_applications() -> None:
    found = application_folders([("/", ("app", "etc", "usr", "manage.py", ".env"))], [])
    assert found == {"/app", "/manage.py", "/.env"}


def test_dot_files_in_a_home_are_not() -> None:
    found = application_folders([("/root", (".bashrc", "app")), ("/root/", (".npmrc",))], [])
    assert found == {"/root/app"}


def test_programs_in_a_bin_folder_are_not() -> None:
    assert application_folders([("/usr/local/bin", ("entrypoint.sh",))], []) == frozenset()


def test_only_the_outermost_folder_is_kept() -> None:
    found = application_folders([("/app/web/", ()), ("/app2", ())], ["/app", "/app/web/src"])
    assert found == {"/app", "/app2"}

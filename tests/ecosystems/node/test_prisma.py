"""`prisma generate`: what is not known first."""

from __future__ import annotations

from typing import Any

import pytest
from ecosystems.fakes import FakeFiles

from reorder.ecosystems.node.node_manifests import Package
from reorder.ecosystems.node.prisma import Reads, schema_reads

CLIENT = 'generator client {\n  provider = "prisma-client-js" // why\n}\n'


def reads(files: dict[str, str], *args: str, package: dict[str, Any] | None = None) -> Reads | str:
    return schema_reads(list(args), "/app", Package("/app", package or {}), FakeFiles(files))


@pytest.mark.parametrize(
    ("files", "args"),
    [
        pytest.param({"/app/prisma.config.ts": ""}, (), id="a configuration that is code"),
        pytest.param({"/app/prisma/schema.prisma": CLIENT}, ("--watch",), id="an unknown option"),
        pytest.param({}, ("--schema=x.prisma",), id="a schema that is not there"),
        pytest.param(
            {"/app/prisma/schema.prisma": 'generator x {\n  provider = "zod"\n}'},
            (),
            id="a generator",
        ),
        pytest.param(
            {"/app/prisma/schema.prisma": CLIENT[:-2] + 'output = "../src/db"\n}'},
            (),
            id="an output",
        ),
        pytest.param({"/app/prisma/schema/a.prisma": CLIENT}, (), id="a folder without a setting"),
    ],
)
def test_not_known(files: dict[str, str], args: tuple[str, ...]) -> None:
    assert isinstance(reads(files, *args), str)


def test_without_a_schema_nothing_is_read() -> None:
    assert reads({}) == ((), ())


def test_the_schema_folder_is_taken_whole_with_the_environment_file() -> None:
    files = {"/app/prisma/schema.prisma": CLIENT, "/app/.env": "", "/app/prisma/seed.ts": ""}
    assert reads(files) == (("/app/.env",), ("/app/prisma",))


@pytest.mark.parametrize(
    ("path", "args", "package"),
    [
        ("/app/schema.prisma", (), {}),
        ("/app/db/s.prisma", ("--schema", "db/s.prisma"), {}),
        ("/app/db/s.prisma", (), {"prisma": {"schema": "./db/s.prisma"}}),
    ],
)
def test_other_places(path: str, args: tuple[str, ...], package: dict[str, Any]) -> None:
    assert reads({path: CLIENT}, *args, package=package) == ((path,), ())


def test_a_folder_of_schemas() -> None:
    files = {"/app/db/a.prisma": CLIENT, "/app/db/b.prisma": ""}
    assert reads(files, "--schema=db") == ((), ("/app/db",))


def test_an_output_in_node_modules_is_fine() -> None:
    output = CLIENT[:-2] + 'output = "../node_modules/.prisma/client"\n}\n'
    assert reads({"/app/prisma/schema.prisma": output}) == ((), ("/app/prisma",))

"""The repository in the context: a folder that is read, but whose files are not listed."""

from __future__ import annotations

import json

from harness.made import run

MANIFEST = json.dumps({"name": "me/a", "autoload": {"psr-4": {"A\\": "src/"}}})
FILES = {
    "composer.json": MANIFEST,
    "composer.lock": '{"packages": []}',
    "src/A.php": "<?php\n",
    ".git/HEAD": "ref: refs/heads/main\n",
}
TEXT = "FROM php:8.3-cli\nWORKDIR /app\nCOPY . .\nRUN composer install{}\n"
STEP = "RUN composer install --no-scripts --no-autoloader\nCOPY . .\nRUN composer install\n"


def test_a_step_that_the_author_completes_may_miss_it() -> None:
    assert STEP in run(TEXT.format(""), FILES).after


def test_the_authors_own_install_may_not() -> None:
    text = TEXT.format(" --no-scripts --no-autoloader")
    result = run(text, FILES)
    assert result.after == text
    assert any("it reads /app/.git too" in refusal.reason for refusal in result.refusals)


def test_without_it_the_install_goes_up() -> None:
    files = {**FILES, ".dockerignore": ".git\n"}
    assert run(TEXT.format(""), files).after.endswith("RUN composer install\nCOPY . .\n")

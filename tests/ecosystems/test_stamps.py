"""Output that is new with every run: what only goes to the build log first."""

from __future__ import annotations

import pytest
from ecosystems.fakes import image

from reorder.ecosystems.run import RunEffects, run_effects


def barrier(script: str) -> str | None:
    found = run_effects(script, image({}))
    assert isinstance(found, RunEffects), found
    return found.barrier


@pytest.mark.parametrize(
    "script",
    [
        "date",
        "date +%s && npm --version",
        'echo "start $(date)" && apt-get update',
        "set -e; date; uname -a",
        "curl -fsSL -o /x https://example.com/$(uname -m)",
        "docker-php-ext-install -j$(nproc) gd",
    ],
)
def test_output_that_is_only_logged_is_harmless(script: str) -> None:
    assert barrier(script) is None


@pytest.mark.parametrize(
    "script",
    [
        "date > /built",
        "date | tee /built",
        'echo "built $(date)" > /built',
        "NOW=$(date) && echo $NOW > /built",
        "{ date; } > /built",
        "(date; uname -r) > /built",
        "echo `hostname` >> /built",
        "uname -a > /kernel",
        "if true; then date > /built; fi",
        "touch /x-$(date +%s)",
    ],
)
def test_output_that_the_image_keeps_holds_its_step_where_it_is(script: str) -> None:
    reason = barrier(script)
    assert reason is not None
    assert "new with every run" in reason


def test_the_machine_name_of_uname_is_the_same_on_every_run() -> None:
    assert barrier("uname -m > /arch") is None

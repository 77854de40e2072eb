"""The comment above a RUN that becomes two: it stays with the second half unless it has the words
of the first."""

from __future__ import annotations

import pytest

from reorder.transforms.described import divided

INSTALL, BUILD = "npm ci", "npm run build"


@pytest.mark.parametrize(
    ("leading", "first", "second"),
    [
        ("", "", ""),
        ("\n", "\n", ""),
        ("# all of it\n", "", "# all of it\n"),
        ("\n# dependencies, build the app\n", "\n", "# dependencies, build the app\n"),
        ("# Build the bundle\n", "", "# Build the bundle\n"),
        ("\n# Dependencies\n", "\n# Dependencies\n", ""),
        ("# hadolint ignore=DL3016\n# run the build\n", "# hadolint ignore=DL3016\n",
         "# hadolint ignore=DL3016\n# run the build\n"),
        ("# hadolint ignore=DL3016\n# the dependencies\n",
         "# hadolint ignore=DL3016\n# the dependencies\n", "# hadolint ignore=DL3016\n"),
    ],
)  # fmt: skip
def test_a_comment_stands_above_the_half_that_it_describes(
    leading: str, first: str, second: str
) -> None:
    assert divided(leading, INSTALL, BUILD) == (first, second)


def test_words_that_both_halves_have_say_nothing() -> None:
    comment = "# Install the package from source, compile translations\n"
    halves = "pip install Babel==2.12.1", "python scripts/compile_locales.py && pip install ."
    assert divided(comment, *halves) == ("", comment)

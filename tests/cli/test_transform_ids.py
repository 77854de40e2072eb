from __future__ import annotations

import click
import pytest

from reorder.cli.transform_ids import parse

CONTEXT = click.Context(click.Command("rewrite"))
OPTION = click.Option(["--select"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (("cache-mout",), "'cache-mout' is not a transform; did you mean 'cache-mount'?"),
        (("order", "CACHE-MOUNT-X,order"), "'CACHE-MOUNT-X' is not a transform"),
        (("zzz",), "choose from order, join-run"),
        (("",), "'' is not a transform"),
        (("order,",), "'' is not a transform"),
    ],
)
def test_unknown_ids_are_refused(values: tuple[str, ...], message: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        parse(CONTEXT, OPTION, values)
    assert message in caught.value.message


def test_not_given_is_not_the_empty_set() -> None:
    assert parse(CONTEXT, OPTION, ()) is None


def test_lists_are_joined() -> None:
    assert parse(CONTEXT, OPTION, ("order, cache-mount", "order", "prefetch")) == frozenset(
        {"order", "cache-mount", "prefetch"}
    )

"""`reorder completion`: the script that lets a shell complete our command lines."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from reorder.cli import exits, output
from reorder.errors import InputError

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_REORDER_COMPLETE"  # click's name for a program that is called reorder


@click.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> int:
    """Print the script that makes SHELL complete commands, options, transforms and paths.

    It is click's: a shell that has read it asks `reorder` itself, with every TAB.
    """
    found = get_completion_class(shell)
    if found is None:
        raise InputError(shell, "this version of click has no completion for it")
    root = click.get_current_context().find_root().command
    output.data(found(root, {}, "reorder", VARIABLE).source())
    return exits.FINE

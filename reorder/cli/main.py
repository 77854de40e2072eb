"""The entry point: finds the command, and turns every way to end into an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from reorder import __version__, errors
from reorder.cli import exits
from reorder.errors import InputError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DEFAULT = "rewrite"
# Name -> module with a click command of that name. A command is imported only when it is called.
COMMANDS: dict[str, str] = {
    "rewrite": "reorder.cli.rewrite",
    "explain": "reorder.cli.explain",
    "graph": "reorder.cli.graph",
    "simulate": "reorder.cli.simulate",
    "ci": "reorder.cli.ci",
    "verify": "reorder.cli.verify",
    "codemod": "reorder.cli.codemod",
    "config": "reorder.cli.config",
    "completion": "reorder.cli.completion",
}
_OWN_OPTIONS = ("--help", "-h", "--version")


class LazyGroup(click.Group):
    """`COMMANDS` as click sub-commands; what names none of them belongs to `DEFAULT`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        from reorder.cli.examples import epilog

        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        command.epilog = epilog(cmd_name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # A shell that completes the first word wants the commands as well.
        begun = bool(args) or not ctx.resilient_parsing
        if begun and (not args or (args[0] not in COMMANDS and args[0] not in _OWN_OPTIONS)):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The own ones; a shell that completes the first word gets the options of `DEFAULT` too."""
        found = super().get_params(ctx)
        if ctx.resilient_parsing:
            found += [one for one in self._default(ctx).params if isinstance(one, click.Option)]
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Commands and options, and the paths that `DEFAULT` takes."""
        found = super().shell_complete(ctx, incomplete)
        if not incomplete.startswith("-"):
            found += self._default(ctx).params[0].shell_complete(ctx, incomplete)
        return found

    def _default(self, ctx: click.Context) -> click.Command:
        command = self.get_command(ctx, DEFAULT)
        assert command is not None
        return command


@click.group(
    cls=LazyGroup,
    subcommand_metavar="[COMMAND] [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"`reorder [PATH]...` is `reorder {DEFAULT} [PATH]...`: see `reorder {DEFAULT} --help`.",
)
@click.version_option(__version__, prog_name="reorder", message="%(prog)s %(version)s")
def cli() -> None:
    """Rewrite Dockerfiles so that rebuilds are fast and the images stay the same."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the result is the exit code, and nothing is raised but SystemExit."""
    args = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = cli.main(args=args, prog_name="reorder", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return exits.BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        return exits.INTERRUPTED
    except InputError as error:
        return _told(str(error))
    except RecursionError:
        return _told(f"reorder: {errors.TOO_DEEP}")
    except MemoryError:
        return _told(f"reorder: {errors.TOO_LARGE}")
    except Exception as error:  # the one place that may: what is left is a bug
        from reorder.cli.bug import report

        click.echo(report(error, args), err=True)
        return exits.BUG
    return code if isinstance(code, int) else exits.FINE


def _told(message: str) -> int:
    from reorder.cli import output

    output.error(message)
    return exits.BAD_INPUT

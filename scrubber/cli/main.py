"""The ``scrubber`` command: sub-commands by name, anything else is something to clean."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from scrubber import __version__
from scrubber.cli.entry import ClosedPipe

COMMANDS = {
    "clean": "Take the debris out of text.",
    "extract": "Write the main content of a web page.",
    "apply": "Make clean records from documents and the attributes beside them.",
    "restore": "Undo a cleaning, byte for byte, from its report.",
    "explain": "Show every finding and the evidence behind each decision.",
    "rules": "List, show, test, check and write rules.",
    "completion": "Print the shell completion script.",
}


class Commands(click.Group):
    """A group that imports a command when it is called and reads an unknown first word as a path."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command; its module is imported only now."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"scrubber.cli.{name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``clean`` in front unless the first word is a command or an option of the group."""
        if (args and args[0] not in COMMANDS and args[0] not in ("--help", "-h", "--version")) or (
            not args and not sys.stdin.isatty()
        ):
            args = ["clean", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that went away is told apart before click makes it exit status 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ClosedPipe from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True,
    epilog="'scrubber PATH' is short for 'scrubber clean PATH'.",
)  # fmt: skip
@click.version_option(__version__, prog_name="scrubber")
def cli() -> None:
    """Take the web's debris out of text, and say exactly what went and why.

    \b
    scrubber < article.txt > clean.txt     clean a stream
    scrubber clean --diff article.md       see what would go
    scrubber clean -i notes/               clean files in place
    scrubber extract page.html > page.md   main content of a web page
    scrubber clean --check notes/          exit 1 if any file holds debris
    """


def run() -> int:
    """Run the command line and return its exit status; errors other than click's are the caller's."""
    try:
        status = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = 2
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return status if isinstance(status, int) else 0

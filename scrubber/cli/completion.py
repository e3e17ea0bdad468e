"""``scrubber completion SHELL``."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    eval "$(scrubber completion bash)"
    """
    from click.shell_completion import get_completion_class

    from scrubber.cli.main import cli

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "scrubber", "_SCRUBBER_COMPLETE").source())

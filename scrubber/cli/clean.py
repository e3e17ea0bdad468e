"""``scrubber clean``: files, folders, streams and records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from scrubber.cli.options import normaliser_options, overrides, rule_options
from scrubber.cli.outlets import ReportingCommand, report_options
from scrubber.cli.plan import Plan


@click.command("clean", cls=ReportingCommand)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-i", "--in-place", is_flag=True, help="Rewrite the files; each write is atomic.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the one result here.")
@click.option("--check", is_flag=True, help="Write nothing; name the files that hold debris and exit 1.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change and exit 1 (a patch into a pipe).")
@click.option("--patch", is_flag=True, help="Write nothing; print a unified patch for git apply or patch.")
@report_options
@click.option(
    "--format",
    "container",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    help="What a file holds: one document, or one JSON record a line.",
)
@click.option("--text-field", default="text", metavar="NAME", help="Field of a record that is cleaned. [text]")
@click.option("--id-field", default="id", metavar="NAME", help="Field that names a record. [id]")
@click.option("--url-field", default="url", metavar="NAME", help="Field with a record's URL. [url]")
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="skip",
    help="A bad record stops the run, or passes unchanged and makes the exit status 2. [skip]",
)
@click.option(
    "--files-from",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Read the names of files from FILE, - for standard input.",
)
@click.option("-0", "--null", is_flag=True, help="Names in --files-from end in NUL.")
@click.option("--stdin-filename", default="", metavar="NAME", help="The name standard input goes by.")
@click.option("--encoding", metavar="NAME", help="Encoding of the input; detected when left out.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave these out when walking folders.")
@click.option("--force-exclude", is_flag=True, help="Leave excluded files out even when they are named.")
@click.option("--no-ignore", is_flag=True, help="Do not respect .gitignore and its kin.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even when --check or --diff find something.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="With -i: exit 1 if a file was changed.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("--no-progress", is_flag=True, help="No progress bar.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="[auto]")
@rule_options
@normaliser_options
def command(**options: Any) -> int:
    """Take the debris out of PATHS, or out of standard input.

    One file goes to standard output; several, or a folder, need -i, -o, --check, --diff or --patch.
    """
    plan = Plan.of(options, overrides(options))
    if options["container"] == "jsonl":
        from scrubber.cli.records import clean_streams

        return clean_streams(plan)
    from scrubber.cli.documents import clean_documents

    return clean_documents(plan)


def stdin_is_terminal() -> bool:
    """Return whether a person would have to type the input."""
    return sys.stdin is None or sys.stdin.isatty()

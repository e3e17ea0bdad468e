"""``scrubber clean``: files, folders, streams and records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scrubber.cli.options import normaliser_options, overrides, record_options, rule_options, scale_options
from scrubber.cli.outlets import ReportingCommand, report_options
from scrubber.cli.plan import Plan
from scrubber.containers.kinds import Kind


@click.command("clean", cls=ReportingCommand)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-i", "--in-place", is_flag=True, help="Rewrite the files; each write is atomic.")
@click.option("-o", "--output", type=click.Path(), help="Write the result here; a folder (out/) for many.")
@click.option("--check", is_flag=True, help="Write nothing; name the files that hold debris and exit 1.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change and exit 1 (a patch into a pipe).")
@click.option("--patch", is_flag=True, help="Write nothing; print a unified patch for git apply or patch.")
@report_options
@click.option(
    "--format",
    "container",
    type=click.Choice(["auto", *(kind.value for kind in Kind)]),
    default="auto",
    help="What a file holds: one document, or records; auto goes by the name. [auto]",
)
@record_options
@scale_options
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

    One file goes to standard output; several, or a folder, need -i, -o, --check, --diff or --patch. Records in JSON
    Lines, CSV, Parquet, WET and the documents in tar and zip are cleaned one by one; .gz and .zst are read and written.

    \b
    scrubber clean crawl.jsonl.zst -o out/ -j auto
    scrubber clean 's/*.parquet' -o out/ --report reports/ --resume
    """
    plan = Plan.of(options, overrides(options))
    records = [path for path in plan.inputs if plan.mode == "folder" or plan.kind_of(path) != Kind.TEXT]
    status = 0
    if records and len(records) < len(plan.inputs) and any(options[o] for o in ("report", "summary", "summary_file")):
        raise click.UsageError("documents and records have no report or summary in common; clean them one after the other")
    if records:
        from scrubber.cli.corpus import clean_corpus

        status = clean_corpus(plan, records)
    else:
        _refuse(options)
    if len(records) < len(plan.inputs) or not plan.inputs:
        from scrubber.cli.documents import clean_documents

        plan.inputs = [path for path in plan.inputs if path not in set(records)]
        status = max(status, clean_documents(plan))
    return status


def _refuse(options: dict[str, Any]) -> None:
    """Raise ``click.UsageError`` for options that say nothing of whole documents, rather than leave them out."""
    named = ["on_error", "quarantine", "resume", "restart"]
    given = [f"--{name.replace('_', '-')}" for name in named if options[name]]
    given += ["--engine ray"] if options["engine"] != "local" else []
    if given:
        raise click.UsageError(f"{', '.join(given)}: for records, or for an output folder (-o out/)")

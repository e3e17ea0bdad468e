"""``scrubber restore``: the original back, byte for byte."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scrubber.errors import RestoreError


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--report",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The report the cleaning wrote.",
)
@click.option("--name", default="", help="Which document of the report it was; found by its hash when left out.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the original here.")
@click.option("-i", "--in-place", is_flag=True, help="Put the original back where the clean text is.")
def command(path: Path, report: Path, name: str, output: Path | None, in_place: bool) -> None:
    """Undo a cleaning of PATH. Refused if the text changed since."""
    from scrubber.files import write_atomic
    from scrubber.report.jsonl import read
    from scrubber.restore import pick, restore

    if in_place and (output or str(path) == "-"):
        raise click.UsageError("-i needs a file and no -o")
    data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    with open(report, "rb") as handle:
        entries = list(read(handle))
    if not entries:
        raise RestoreError(f"{report}: no document in this report")
    original = restore(data, pick(entries, data, name))
    if in_place or output:
        write_atomic(output or path, original)
    else:
        sys.stdout.buffer.write(original)

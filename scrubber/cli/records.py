"""``clean --format jsonl``: records are read, cleaned and flushed one by one, in order."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

import click

from scrubber.cli.documents import status_of
from scrubber.cli.outlets import Outlets, outlets
from scrubber.cli.plan import STDIN, Plan, open_input
from scrubber.run import RecordResult, clean_records


def clean_streams(plan: Plan) -> int:
    """Return the exit status; several files only with ``--check`` or ``-i``."""
    if plan.mode in ("diff", "patch"):
        raise click.UsageError("--diff and --patch show whole documents; use --report or --check with --format jsonl")
    failed = changed = 0
    with outlets(plan) as tell:
        for path in plan.inputs:
            bad, different = _stream(plan, path, tell)
            failed += bad
            changed += different
    return status_of(plan, changed, failed)


def _stream(plan: Plan, path: Path, tell: Outlets) -> tuple[int, int]:
    target = path if plan.mode == "in_place" else plan.options["output"]
    if target is None:
        out = sys.stdout.buffer if plan.mode == "stream" else None
        return _pump(plan, path, out, tell)
    real = Path(os.path.realpath(target))
    part = real.with_name(real.name + ".part")
    try:
        with open(part, "wb") as handle:
            counts = _pump(plan, path, handle, tell)
            handle.flush()
            os.fsync(handle.fileno())
        if real.exists():
            os.chmod(part, real.stat().st_mode & 0o7777)
        if plan.mode == "output" or counts[1]:
            os.replace(part, real)
            if plan.mode == "in_place" and not plan.options["quiet"]:
                click.echo(f"Fixing {path}")
    finally:
        part.unlink(missing_ok=True)
    return counts


def _pump(plan: Plan, path: Path, out: BinaryIO | None, tell: Outlets) -> tuple[int, int]:
    name = plan.options["stdin_filename"] or "<stdin>" if path == STDIN else str(path)
    cleaner = plan.cleaner_for(None if path == STDIN else path)
    failed = changed = 0
    stream = open_input(path)
    for result in clean_records(cleaner, stream, name, plan.fields, plan.request):
        failed += _complain(plan, result)
        changed += result.report is not None and result.report.changed
        if out is not None:
            out.write(result.output)
            out.flush()
        tell.record(path, result)
    if path != STDIN:
        stream.close()
    return failed, changed


def _complain(plan: Plan, result: RecordResult) -> int:
    if result.error is not None:
        if plan.options["on_error"] == "stop":
            raise result.error
        click.echo(f"scrubber: {result.error} (passed unchanged)", err=True)
        return 1
    report = result.report
    if report is None:
        return 0
    for problem in (report.refused, *report.errors):
        if problem:
            click.echo(f"scrubber: record {report.name}: {problem}", err=True)
    return bool(report.refused or report.errors)

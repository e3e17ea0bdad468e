"""``clean`` on whole files: each is read, cleaned and shown or written; one bad file does not stop the rest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrubber.cli.outlets import outlets
from scrubber.cli.plan import STDIN, Plan, read_input
from scrubber.model import Report
from scrubber.run import Result
from scrubber.scale.files import File, clean_file
from scrubber.scale.pool import processes

if TYPE_CHECKING:
    from scrubber.report.summary import Totals


def clean_documents(plan: Plan) -> int:
    """Return the exit status: 0 fine, 1 findings asked about, 2 something went wrong."""
    failed = changed = 0
    total = _totals(plan)
    with outlets(plan) as tell, progress(plan) as tick, processes(plan.options["jobs"]) as spread:
        for path, (result, error, silenced) in spread(clean_file, _files(plan)):
            tick()
            plan.silenced.update(silenced)
            if result is None:
                click.echo(f"scrubber: {error}", err=True)
                failed += 1
                continue
            changed += result.changed
            failed += bool(result.report.refused or result.report.errors)
            _say(result, plan.options["quiet"])
            tell.document(Path(result.name) if path != STDIN else None, result)
            if total is not None:
                total += total.of(result.report)
            _deliver(plan, path, result)
    if any(path.is_dir() for path in plan.options["paths"]) and not plan.options["quiet"]:
        for idle in plan.idle_ignores():
            click.echo(f"scrubber: {idle}", err=True)
    if total is not None and total.documents:
        from scrubber.report.summary import told_in_full

        click.echo(told_in_full(total), err=True)
    return status_of(plan, changed, failed)


def status_of(plan: Plan, changed: int, failed: int) -> int:
    """Return the exit status of a run with that many changed and failed documents."""
    if failed:
        return 2
    asked = plan.mode in ("check", "diff") or (plan.mode == "in_place" and plan.options["exit_non_zero_on_fix"])
    return 1 if changed and asked and not plan.options["exit_zero"] else 0


def _files(plan: Plan) -> Iterator[tuple[File, Path]]:
    for path in plan.inputs:
        name = plan.options["stdin_filename"] or "-" if path == STDIN else str(path)
        settings = plan.settings_for(Path(name) if name != "-" else None)
        yield File(name, settings, plan.request, read_input(path) if path == STDIN else None), path


def _say(result: Result, quiet: bool) -> None:
    report = result.report
    for note in report.notes if not quiet else ():
        click.echo(f"scrubber: {result.name}: {note}", err=True)
    if report.refused:
        click.echo(f"scrubber: {result.name}: left unchanged: {report.refused}", err=True)
    for error in report.errors:
        click.echo(f"scrubber: {result.name}: {error}", err=True)


def _deliver(plan: Plan, path: Path, result: Result) -> None:
    mode = plan.mode
    if mode == "stream":
        sys.stdout.buffer.write(result.output)
        sys.stdout.buffer.flush()
    elif mode == "output":
        from scrubber.files import write_atomic

        write_atomic(Path(plan.options["output"]), result.output)
    elif mode == "in_place" and result.changed:
        from scrubber.files import write_atomic

        write_atomic(path, result.output)
        if not plan.options["quiet"]:
            click.echo(f"Fixing {path}")
    elif mode == "check" and result.changed and not plan.options["quiet"]:
        click.echo(f"{result.name}: {_counts(result.report)}")
    elif mode in ("diff", "patch") and result.changed:
        _show(plan, result)


def _counts(report: Report) -> str:
    parts = []
    if report.removals:
        parts.append(f"{len(report.removals)} removals")
    if report.rewrites:
        parts.append(f"{len(report.rewrites)} rewrites")
    return ", ".join(parts)


def _show(plan: Plan, result: Result) -> None:
    rich = plan.mode == "diff" and (sys.stdout.isatty() or plan.options["color"] == "always")
    if not rich:
        from scrubber.report.patch import patch, patchable

        if not patchable(result.decoded):
            click.echo(f"Binary files a/{result.name} and b/{result.name} differ", err=True)
            return
        sys.stdout.buffer.write(patch(result.name, result.text, result.edits, encoding=result.decoded))
        sys.stdout.buffer.flush()
        return
    from rich.console import Console

    from scrubber.report.rich_diff import print_diff

    colour = coloured(plan, sys.stdout)
    print_diff(
        Console(
            force_terminal=colour,
            no_color=not colour,
            color_system="standard" if colour else None,
            highlight=False,
        ),
        result.text,
        result.report,
    )


def coloured(plan: Plan, stream: Any) -> bool:
    """Return whether ``stream`` gets colours."""
    import os

    from scrubber.report.colour import use_colour

    return use_colour(plan.options["color"], stream, os.environ)


@contextmanager
def progress(plan: Plan) -> Iterator[Any]:
    """Show a bar on standard error while a long batch runs, if a person is watching."""
    silent = plan.options["quiet"] or plan.options["no_progress"] or not sys.stderr.isatty()
    if silent or len(plan.inputs) < 20 or plan.mode in ("diff", "patch"):
        yield lambda: None
        return
    with click.progressbar(length=len(plan.inputs), label="Cleaning", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def _totals(plan: Plan) -> Totals | None:
    """Return what to add documents to if a line of sums is told at the end."""
    options = plan.options
    if options["quiet"] or options["summary"] or plan.mode == "diff":
        return None
    if not sys.stderr.isatty() and (plan.mode != "check" or len(plan.inputs) < 2):
        return None
    from scrubber.report.summary import Totals

    return Totals()

"""Records in containers, and anything that goes into a folder: the shards are done, and what happens is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from scrubber.cli.asked import Asked
from scrubber.cli.bar import Bar
from scrubber.cli.documents import status_of
from scrubber.cli.outlets import report_sink, write_summary
from scrubber.cli.plan import STDIN, Plan
from scrubber.files import written
from scrubber.report.summary import told_in_full
from scrubber.report.sums import Summary
from scrubber.scale.corpus import Engine, run_corpus, wholes
from scrubber.scale.journal import Journal
from scrubber.scale.outputs import ReportFile
from scrubber.scale.pool import processes
from scrubber.scale.shard import Result
from scrubber.scale.task import Done, Job, Shard


def clean_corpus(plan: Plan, inputs: Sequence[Path]) -> int:
    """Clean the records of the inputs and return the exit status."""
    options = plan.options
    if plan.mode in ("diff", "patch"):
        raise click.UsageError("--diff and --patch show whole documents; use --report or --check for records")
    if options["report_format"] and not options["report"]:
        raise click.UsageError("--report-format needs --report FILE")
    asked = Asked(options, plan.mode, inputs, plan.bases)
    full = bool(options["summary"] or options["summary_file"])

    def job(path: Path) -> Job:
        settings = plan.settings_for(None if path == STDIN else path)
        return Job(
            settings, plan.fields, plan.request, on_error=asked.on_error, report=asked.report, summary=full,
            attributes=bool(options["attributes"]),
        )  # fmt: skip

    watch = run(asked, job)
    if full:
        write_summary(options, watch.sums.summary or Summary())
    return status_of(plan, watch.sums.totals.changed, watch.failed)


def run(asked: Asked, job: Callable[[Path], Job]) -> Bar:
    """Do what is asked and return what was seen of it."""
    options = asked.options
    shards = asked.shards(job)
    journal = Journal(asked.folder, shards, options["resume"], options["restart"]) if asked.folder else None
    quiet = options["quiet"] or not sys.stderr.isatty()
    shown = not (quiet or options["no_progress"] or (asked.mode == "stream" and sys.stdout.isatty()))
    with ExitStack() as stack:
        sink = stack.enter_context(report_sink(None if asked.folder else options["report"]))
        report = ReportFile(sink, asked.report) if sink is not None else None
        bad = stack.enter_context(_bad_sink(None if asked.folder else options["quarantine"]))
        watch = stack.enter_context(Bar(shards, report, bad, shown))
        run_corpus(shards, stack.enter_context(_engine(asked, shards)), Telling(watch, asked), journal)
        if report is not None:
            report.close()
    if not quiet and not options.get("summary"):
        click.echo(told_in_full(watch.sums.totals), err=True)
    return watch


@contextmanager
def _engine(asked: Asked, shards: Sequence[Shard]) -> Iterator[Engine]:
    name, _, address = asked.options["engine"].partition("=")
    jobs: int = asked.options["jobs"]
    if name == "ray":
        from scrubber.scale.cluster import nodes

        with nodes(address, jobs if jobs > 1 else None) as spread:
            yield Engine(spread, True)
        return
    whole = asked.folder is not None and wholes(shards, jobs)
    with processes(jobs, in_order=not whole) as spread:
        yield Engine(spread, whole)


class Telling:
    """Passes on what happens to the bar, and problems to standard error."""

    def __init__(self, bar: Bar, asked: Asked) -> None:
        self.bar = bar
        self.in_place = asked.mode == "in_place" and not asked.options["quiet"]

    def block(self, shard: Shard, read: int, done: Done) -> None:
        """Say what was wrong in a block."""
        for problem in done.problems[: len(done.problems) - done.stopped]:
            self.bar.say(f"scrubber: {problem}")
        self.bar.block(shard, read, done)

    def finished(self, shard: Shard, result: Result, skipped: bool) -> None:
        """Say what was wrong in a shard that was done elsewhere, or as a whole."""
        for problem in result.problems:
            self.bar.say(f"scrubber: {problem}")
        if len(result.problems) < result.failed and result.problems:
            self.bar.say(f"scrubber: {shard.name}: {result.failed - len(result.problems)} more problems")
        if skipped and result.failed:
            self.bar.say(f"scrubber: {shard.name}: {result.failed} problems when it was done before")
        if result.error and not result.fatal:
            self.bar.say(f"scrubber: {result.error}")
        self.bar.finished(shard, result)
        if self.in_place and result.sums.totals.changed:
            click.echo(f"Fixing {shard.source}")


@contextmanager
def _bad_sink(path: str | None) -> Iterator[BinaryIO | None]:
    """Open the file for bad records; it is there only if there were any."""
    if path is None:
        yield None
        return
    size = 0
    with written(Path(path), lambda: size > 0) as handle:
        yield handle
        size = handle.tell()

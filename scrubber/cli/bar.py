"""What is seen of a long run: sums, and at a terminal a bar with speed and time to go."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, BinaryIO

import click

from scrubber.report.summary import Totals
from scrubber.scale.corpus import size_of
from scrubber.scale.outputs import ReportFile
from scrubber.scale.shard import Result
from scrubber.scale.task import Done, Shard, Sums

_EVERY = 0.2


class Bar:
    """Adds up what is done, and shows it on standard error if ``show``. A context."""

    def __init__(self, shards: Sequence[Shard], report: ReportFile | None, bad: BinaryIO | None, show: bool) -> None:
        self.sums = Sums()
        self.failed = 0
        self.report = report
        self.bad = bad
        self.sizes = {shard.source: size_of(shard) for shard in shards}
        self.before = self.seen = 0
        self.running = Totals()
        self.begun = self.shown = time.monotonic()
        self.progress = self._progress() if show and len(shards) else None

    def _progress(self) -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        total = sum(self.sizes.values())
        known = (TextColumn("{task.percentage:3.0f}%"), BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
        progress = Progress(
            *(known if total else known[2:3]), console=Console(stderr=True), auto_refresh=False, transient=True
        )  # fmt: skip
        self.task = progress.add_task("", total=total or None)
        return progress

    def __enter__(self) -> Bar:
        if self.progress:
            self.progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.progress:
            self.progress.stop()

    def say(self, message: str) -> None:
        """Print a line on standard error, above the bar."""
        if self.progress:
            self.progress.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(message, err=True)

    def block(self, shard: Shard, read: int, done: Done) -> None:
        """Add what a block of a shard under way came to."""
        self.running += done.sums.totals
        self.seen = self.before + read
        if self.report is not None:
            self.report.add(done)
        if self.bad is not None:
            self.bad.write(done.quarantine)
        self._show(self.sums.totals + self.running)

    def finished(self, shard: Shard, result: Result) -> None:
        """Add what a whole shard came to."""
        self.sums = self.sums.plus(result.sums)
        self.running = Totals()
        self.failed += result.failed + bool(result.error)
        self.before += self.sizes[shard.source]
        self.seen = self.before
        self._show(self.sums.totals)

    def _show(self, totals: Totals) -> None:
        now = time.monotonic()
        if self.progress and now - self.shown >= _EVERY:
            self.shown = now
            spent = max(now - self.begun, 0.001)
            speed = f"{totals.documents / spent:,.0f} documents/s  {self.seen / spent / 1e6:,.1f} MB/s"
            removed = f"{totals.lines + totals.parts:,} removals"
            self.progress.update(self.task, completed=self.seen, description=f"{speed}  {removed}", refresh=True)

"""What a run of ``clean`` tells beside its output: report, summary and attributes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from scrubber import __version__
from scrubber.cli.plan import STDIN, Plan
from scrubber.files import written
from scrubber.report.writers import FORMATS, Told, Writer, format_for, writer
from scrubber.run import Result, sha256

if TYPE_CHECKING:
    from scrubber.report.sums import Summary

F = TypeVar("F", bound=Callable[..., Any])
SUMMARIES = ("table", "json", "csv", "markdown")
_BY_SUFFIX = {".json": "json", ".csv": "csv", ".md": "markdown"}
_LOOKING = ("check", "diff", "patch")


class ReportingCommand(click.Command):
    """A command whose ``--summary`` may stand alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give a ``--summary`` that no format follows the format ``table``."""
        end = args.index("--") if "--" in args else len(args)
        for i, word in enumerate(args[:end]):
            if word == "--summary" and args[i + 1 : i + 2] not in [[name] for name in SUMMARIES]:
                args = [*args[:i], "--summary=table", *args[i + 1 :]]
        return super().parse_args(ctx, args)


def report_options(command: F) -> F:
    """Add the options that say what is told, in which form, and where."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = [
    click.option(
        "--report", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE",
        help="Write what was removed and rewritten; JSON Lines is what restore reads. A folder when -o is one.",
    ),
    click.option(
        "--report-format", type=click.Choice(FORMATS),
        help="Form of the report. [by the name of FILE: .sarif, .html; else jsonl]",
    ),
    click.option(
        "--summary", metavar="[table|json|csv|markdown]", type=click.Choice(SUMMARIES),
        help="Write sums by rule, role, host and language to standard error when all is done. [table]",
    ),
    click.option(
        "--summary-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help="Write the summary here instead. [form by the name: .json, .csv, .md; else table]",
    ),
    click.option(
        "--attributes", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
        help="With records: write Dolma attributes, a file in DIR for each input; apply makes text of them.",
    ),
]  # fmt: skip


class Outlets:
    """Gets every document of a run and hands it to what was asked for; nothing asked for costs nothing."""

    def __init__(self, plan: Plan, sink: BinaryIO | None) -> None:
        self.plan = plan
        self._sink = sink
        options = plan.options
        form = format_for(options["report"], options["report_format"])
        self._writer: Writer | None = writer(form, __version__) if sink else None
        self._survey = None
        if options["summary"] or options["summary_file"]:
            from scrubber.survey import Survey

            self._survey = Survey()

    def document(self, path: Path | None, result: Result) -> None:
        """Tell of a whole document; ``path`` is the one whose settings were used."""

        def about() -> Mapping[str, Any]:
            decoded = result.decoded
            return {
                "encoding": decoded.encoding, "bom": decoded.bom, "decode_errors": decoded.errors,
                "sha256_in": sha256(result.source), "sha256_out": sha256(result.output), **self.plan.about(path),
            }  # fmt: skip

        self._tell(path, Told(result.report, result.text, about))

    def close(self) -> None:
        """Write what can be said only now."""
        if self._sink is not None and self._writer is not None:
            self._sink.write(self._writer.close())
            self._sink.flush()
        if self._survey is not None:
            write_summary(self.plan.options, self._survey.summary())

    def _tell(self, path: Path | None, told: Told) -> None:
        if self._sink is not None and self._writer is not None:
            self._sink.write(self._writer.add(told))
            self._sink.flush()
        if self._survey is not None:
            self._survey.add(self.plan.cleaner_for(path), told.text, told.report)


def write_summary(options: Mapping[str, Any], summary: Summary) -> None:
    """Write a summary in the form and to the place asked for."""
    from scrubber.report import tables

    target: Path | None = options["summary_file"]
    form = options["summary"] or _BY_SUFFIX.get(target.suffix.lower() if target else "", "table")
    told = tables.FORMATS[form](summary)
    if target is None:
        click.echo(told.encode("utf-8", "backslashreplace"), err=True, nl=False)
        return
    from scrubber.files import write_atomic

    write_atomic(target, told.encode("utf-8", "backslashreplace"))


@contextmanager
def outlets(plan: Plan) -> Iterator[Outlets]:
    """Open what was asked for; files appear under their names only when the run ends well."""
    options = plan.options
    report, form = options["report"], options["report_format"]
    if form and report is None:
        if plan.mode not in _LOOKING:
            raise click.UsageError("--report-format needs --report FILE, or --check, --diff or --patch to look only")
        report = STDIN
    if options["attributes"]:
        raise click.UsageError("--attributes stand beside records: say --format jsonl")
    with report_sink(report) as sink:
        found = Outlets(plan, sink)
        yield found
        found.close()


@contextmanager
def report_sink(path: Path | None) -> Iterator[BinaryIO | None]:
    """Open the report file; it appears under its name only when the run ends well."""
    if path is None:
        yield None
    elif path == STDIN:
        yield sys.stdout.buffer
    else:
        if path.is_dir():
            raise click.UsageError(f"{path} is a folder; --report is one only when -o is")
        with written(path) as handle:
            yield handle

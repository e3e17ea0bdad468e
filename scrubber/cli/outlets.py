"""What a run of ``clean`` tells beside its output: report, summary and attributes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import click

from scrubber import __version__
from scrubber.cli.plan import STDIN, Plan
from scrubber.report.writers import FORMATS, POINTING, Told, Writer, format_for, writer
from scrubber.run import RecordResult, Result, sha256, value_of

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
        "--report", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE",
        help="Write what was removed and rewritten; JSON Lines is what restore reads.",
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

    def __init__(self, plan: Plan, sink: BinaryIO | None, stack: ExitStack) -> None:
        self.plan = plan
        self._sink = sink
        self._stack = stack
        self._attributes: dict[Path, BinaryIO] = {}
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

    def record(self, path: Path, result: RecordResult) -> None:
        """Tell of a record of the file ``path``, also of one that is none."""
        if self.plan.options["attributes"]:
            self._write_row(path, result)
        if result.report is not None and (self._writer or self._survey):
            settings_of = None if path == STDIN else path

            def about() -> Mapping[str, Any]:
                return {**_record_about(result), **self.plan.about(settings_of)}

            self._tell(settings_of, Told(result.report, result.text, about))

    def close(self) -> None:
        """Write what can be said only now."""
        if self._sink is not None and self._writer is not None:
            self._sink.write(self._writer.close())
            self._sink.flush()
        if self._survey is not None:
            self._write_summary()

    def _tell(self, path: Path | None, told: Told) -> None:
        if self._sink is not None and self._writer is not None:
            self._sink.write(self._writer.add(told))
            self._sink.flush()
        if self._survey is not None:
            self._survey.add(self.plan.cleaner_for(path), told.text, told.report)

    def _write_summary(self) -> None:
        from scrubber.report import tables

        assert self._survey is not None
        target: Path | None = self.plan.options["summary_file"]
        form = self.plan.options["summary"] or _BY_SUFFIX.get(target.suffix.lower() if target else "", "table")
        told = tables.FORMATS[form](self._survey.summary())
        if target is None:
            click.echo(told.encode("utf-8", "backslashreplace"), err=True, nl=False)
            return
        from scrubber.files import write_atomic

        write_atomic(target, told.encode("utf-8", "backslashreplace"))

    def _write_row(self, path: Path, result: RecordResult) -> None:
        from scrubber.report.dolma import row

        sink = self._attributes.get(path)
        if sink is None:
            sink = self._attributes[path] = self._stack.enter_context(_attribute_file(self.plan, path))
        sink.write(row(value_of(result.record.data, self.plan.fields.identity), result.report))


def _record_about(result: RecordResult) -> dict[str, Any]:
    from scrubber.edits import apply, edits_of

    assert result.report is not None
    before = result.text.encode("utf-8", "surrogatepass")
    after = apply(result.text, edits_of(result.report)).encode("utf-8", "surrogatepass")
    return {"encoding": "utf-8", "bom": b"", "sha256_in": sha256(before), "sha256_out": sha256(after),
            "decode_errors": "surrogatepass"}  # fmt: skip


@contextmanager
def outlets(plan: Plan) -> Iterator[Outlets]:
    """Open what was asked for; files appear under their names only when the run ends well."""
    options = plan.options
    report, form, records = options["report"], options["report_format"], options["container"] != "text"
    if form and report is None:
        if plan.mode not in _LOOKING:
            raise click.UsageError("--report-format needs --report FILE, or --check, --diff or --patch to look only")
        report = STDIN
    if records and format_for(report, form) in POINTING:
        raise click.UsageError(f"{format_for(report, form)} points into files; for records use jsonl or html")
    if options["attributes"] and not records:
        raise click.UsageError("--attributes stand beside records: say --format jsonl")
    with ExitStack() as stack:
        found = Outlets(plan, stack.enter_context(report_sink(report)), stack)
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
        with whole(path) as handle:
            yield handle


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file that appears under its name only when all went well."""
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as handle:
        yield handle
    part.replace(path)


@contextmanager
def _attribute_file(plan: Plan, path: Path) -> Iterator[BinaryIO]:
    """Open the file of a folder of attributes that stands beside the documents of ``path``, under the same name."""
    name = Path(plan.options["stdin_filename"] or "stdin.jsonl") if path == STDIN else path
    folder = next((p for p in plan.options["paths"] if p != STDIN and p.is_dir() and path.is_relative_to(p)), None)
    target: Path = plan.options["attributes"] / (path.relative_to(folder) if folder else name.name)
    if path.exists() and target.exists() and target.samefile(path):
        raise click.UsageError(f"{target}: the attributes would take the place of their documents")
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole(target) as handle:
        if target.suffix == ".gz":
            import gzip

            with gzip.GzipFile(filename="", mode="wb", fileobj=handle, mtime=0) as packed:
                yield cast("BinaryIO", packed)
        else:
            yield handle

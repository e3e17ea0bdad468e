"""What is done with a block of records, in whichever process: one function of what is sent, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from scrubber.containers.block import Document, Dropped, Lines
from scrubber.containers.codecs import codec_of_name, packed
from scrubber.containers.delimited import rows
from scrubber.containers.jsonl import Record, records
from scrubber.model import Report
from scrubber.report.summary import Totals
from scrubber.report.writers import Told
from scrubber.run import value_of
from scrubber.scale.one import AnyRecord, Look, Outcome
from scrubber.scale.task import Done, Sums, Task

if TYPE_CHECKING:
    from scrubber.survey import Survey


def work(task: Task) -> Done:
    """Return what becomes of the block."""
    tray = _Tray(task)
    if isinstance(task.load, Lines) and task.load.wrong:
        tray.piece(task.load)
        return tray.done()
    look = _look(task)
    for record in _records(task):
        tray.add(look(record), record)
        if tray.stopped:
            break
    return tray.done()


def _look(task: Task) -> Look:
    if task.job.page is None:
        from scrubber.scale.cleaning import Cleaning

        return Cleaning(task).look
    from scrubber.scale.extracting import Extracting

    return Extracting(task).look


def _records(task: Task) -> Iterator[AnyRecord]:
    load = task.load
    if not isinstance(load, Lines):
        return iter(load)
    if task.table is not None:
        return rows(load.data, load.number, task.name, task.table)
    return records(BytesIO(load.data), task.name, load.number)


@lru_cache(maxsize=1)
def _survey() -> Survey:
    """Return the survey of this process: it knows the lines of earlier blocks."""
    from scrubber.survey import Survey

    return Survey()


_FATE = {"stop": "", "skip": " (passed unchanged)", "quarantine": " (taken out)"}


class _Tray:
    """Gathers what becomes of the records of one block."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.job = task.job
        self.outputs: list[Any] = []
        self.report: list[bytes] = []
        self.told: list[tuple[Report, str, Any]] = []
        self.rows: list[bytes] = []
        self.bad: list[bytes] = []
        self.problems: list[str] = []
        self.changed: list[Report] = []
        self.documents = 0
        self.stopped = False

    def add(self, outcome: Outcome, record: AnyRecord) -> None:
        """Take what became of a record."""
        if self.job.attributes:
            self._row(record, outcome.told)
        if outcome.error:
            self._wrong(outcome, record)
            return
        self.outputs.append(outcome.output)
        if outcome.told is not None:
            self._tell(outcome.told)

    def _tell(self, told: Told) -> None:
        report = told.report
        self.documents += 1
        if report.changed or report.refused:
            self.changed.append(report)
        if self.job.report == "jsonl":
            from scrubber.report.writers import JsonLines

            self.report.append(JsonLines().add(told))
        elif self.job.report:
            self.told.append((report, told.text, told.about()))
        if self.job.summary:
            from scrubber.scale.tools import cleaner

            _survey().add(cleaner(self.job.settings), told.text, report)
        if report.refused:
            self.problems.append(f"record {report.name}: left unchanged: {report.refused}")
        self.problems += [f"record {report.name}: {what}" for what in report.errors]

    def _row(self, record: AnyRecord, told: Told | None) -> None:
        from scrubber.report.dolma import row

        identity = value_of(record.data, self.job.fields.identity) if isinstance(record, Record) else None
        self.rows.append(row(identity, told.report if told else None))

    def _wrong(self, outcome: Outcome, record: AnyRecord) -> None:
        self.problems.append(outcome.error + _FATE[self.job.on_error])
        if self.job.on_error == "stop":
            self.stopped = True
        elif self.job.on_error == "skip":
            self.outputs.append(outcome.output)
        else:
            raw = record.body if isinstance(record, Document) else record.raw
            known = dict(record.data) if isinstance(record, Document) else {}
            self.bad.append(self._bad_line(record.number, outcome.error, raw, known))
            if not self.task.in_lines:
                self.outputs.append(Dropped)

    def piece(self, lines: Lines) -> None:
        """Take a piece of a record that is too long to be looked into."""
        error = f"{self.task.name}:{lines.number}: {lines.wrong}"
        if not lines.more:
            self.problems.append(error + _FATE[self.job.on_error])
            self.stopped = self.job.on_error == "stop"
            if self.job.attributes:
                from scrubber.report.dolma import row

                self.rows.append(row(None, None))
        if self.job.on_error == "quarantine":
            self.bad.append(self._bad_line(lines.number, error, lines.data, {}))
        elif not self.stopped:
            self.outputs.append(lines.data)

    def done(self) -> Done:
        """Return all of it."""
        output: Any = self.outputs
        if self.task.in_lines:
            joined = b"".join(self.outputs)
            output = packed(joined, self.task.codec) if joined else b""
        rows = b"".join(self.rows)
        totals = Totals(documents=self.documents - len(self.changed)) + Totals.of_all(self.changed)
        return Done(
            output, b"".join(self.report), tuple(self.told), b"".join(self.bad),
            packed(rows, codec_of_name(self.task.name)) if rows else b"", tuple(self.problems),
            Sums(totals, _survey().take() if self.job.summary else None), self.stopped,
        )  # fmt: skip

    def _bad_line(self, number: int, error: str, raw: str | bytes, known: dict[str, Any]) -> bytes:
        """Return a line about a bad record with all its bytes; those that are no UTF-8 stand as lone surrogates."""
        import json

        text = raw if isinstance(raw, str) else raw.decode("utf-8", "surrogateescape")
        told = {"file": self.task.name, "line": number, "error": error.removeprefix(f"{self.task.name}:{number}: ")}
        return json.dumps({**told, **({"record": known} if known else {}), "raw": text}, default=str).encode() + b"\n"

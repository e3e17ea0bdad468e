"""One record of each kind of container cleaned and put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrubber.containers.block import Document
from scrubber.containers.delimited import put
from scrubber.containers.jsonl import BadRecord, Record, splice
from scrubber.containers.kinds import Kind
from scrubber.decode import decode
from scrubber.errors import DecodeError
from scrubber.report.writers import Told
from scrubber.run import RecordResult, Result, clean_bytes, clean_record, json_line, sha256
from scrubber.scale.one import Look, Outcome, host, place, told_of
from scrubber.scale.task import Task
from scrubber.scale.tools import cleaner


class Cleaning:
    """What is done with the records of one task; ``look`` is the function for their kind."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.job = task.job
        self.tool = cleaner(task.job.settings)

    @property
    def look(self) -> Look:
        """Return the function that cleans one record of the task's kind."""
        if self.task.kind in (Kind.JSONL, Kind.CSV):
            return self._line
        return self._file if self.task.kind in (Kind.TAR, Kind.ZIP, Kind.TEXT) else self._document

    def _line(self, record: Record | BadRecord) -> Outcome:
        if isinstance(record, BadRecord):
            return Outcome(record.raw, error=str(record))
        if not record.data:
            return Outcome(record.raw)
        result = self._cleaned(record, record.data)
        if result.cleaned is None:
            return Outcome(record.raw, error=str(result.error))
        if not result.cleaned.report.changed:
            return Outcome(record.raw, self._told(result))
        text, field, table = result.cleaned.text, self.job.fields.text, self.task.table
        return Outcome(put(record, field, text, table) if table else splice(record, field, text), self._told(result))

    def _document(self, record: Document) -> Outcome:
        """Clean a row of Parquet, of which only a new text is wanted, or a record that becomes a line."""
        in_place = self.task.kind == Kind.PARQUET
        if record.wrong:
            unchanged = None if in_place else json_line(record.data)
            return Outcome(unchanged, error=f"{place(self.task, record)}: {record.wrong}")
        text = record.body if isinstance(record.body, str) else _text(record.body)
        data = {**record.data, self.job.fields.text: text}
        result = self._cleaned(record, data)
        assert result.cleaned is not None
        if in_place:
            return Outcome(result.cleaned.text if result.cleaned.report.changed else None, self._told(result))
        return Outcome(json_line({**data, self.job.fields.text: result.cleaned.text}), self._told(result))

    def _file(self, record: Document) -> Outcome:
        assert isinstance(record.body, bytes)
        name, request = place(self.task, record), self.job.request
        try:
            result = clean_bytes(
                self.tool, record.body, name, request._replace(url=request.url or host(self.task, record))
            )  # fmt: skip
        except DecodeError as error:
            return Outcome(record.body, error=f"{name}: {error}")
        return Outcome(result.output, Told(result.report, result.text, lambda: self._about(result)))

    def _cleaned(self, record: Record | Document, data: Mapping[str, Any]) -> RecordResult:
        return clean_record(self.tool, data, place(self.task, record), self.job.fields, self.job.request)

    def _told(self, result: RecordResult) -> Told:
        assert result.cleaned is not None
        return told_of(result.cleaned.report, result.text, self.tool.library.digest, self.job.settings)

    def _about(self, result: Result) -> Mapping[str, Any]:
        from scrubber.settings import as_json

        read = result.decoded
        return {
            "encoding": read.encoding, "bom": read.bom, "decode_errors": read.errors, "sha256_in": sha256(result.source),
            "sha256_out": sha256(result.output), "rules": self.tool.library.digest,
            "settings": as_json(self.job.settings),
        }  # fmt: skip


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return decode(body).text
        except DecodeError:
            return body.decode("utf-8", "replace")

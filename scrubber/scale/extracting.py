"""The main content of one record of each kind of container."""

from __future__ import annotations

from scrubber.containers.block import Document
from scrubber.containers.jsonl import BadRecord, Record
from scrubber.containers.kinds import Kind
from scrubber.errors import RecordError
from scrubber.extract import Extracted
from scrubber.run import PageOptions, extract_page, extract_record, found_bytes, json_line
from scrubber.scale.one import Look, Outcome, host, place, told_of
from scrubber.scale.task import Task
from scrubber.scale.tools import extractor


class Extracting:
    """What is done with the records of one task; ``look`` is the function for their kind."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.job = task.job
        self.tool = extractor(task.job.settings, task.job.use_rules)
        self.options = task.job.page or PageOptions()

    @property
    def look(self) -> Look:
        """Return the function that takes the main content of one record of the task's kind."""
        if self.task.kind in (Kind.JSONL, Kind.CSV):
            return self._line
        return self._file if self.task.kind == Kind.TEXT else self._document

    def _line(self, record: Record | BadRecord) -> Outcome:
        spare = record.raw if self.task.kind == Kind.JSONL else b""  # a row of CSV is no line of JSON
        if isinstance(record, BadRecord):
            return Outcome(spare, error=str(record))
        if not record.data:
            return Outcome(spare)
        found = extract_record(self.tool, record.data, place(self.task, record), self.job.page_fields, self.options)
        if isinstance(found, RecordError):
            return Outcome(spare or json_line(record.data), error=str(found))
        return self._outcome(*found)

    def _document(self, record: Document) -> Outcome:
        where = place(self.task, record)
        if record.wrong:
            return Outcome(json_line(record.data), error=f"{where}: {record.wrong}")
        options = self.options._replace(charset=record.charset or self.options.charset)
        if not options.url and self.task.kind in (Kind.TAR, Kind.ZIP):
            options = options._replace(url=host(self.task, record))
        return self._outcome(*extract_page(self.tool, record.body, record.data, where, self.job.page_fields, options))

    def _file(self, record: Document) -> Outcome:
        options = self.options
        found = self.tool.extract(
            record.body, options.url or host(self.task, record), place(self.task, record),
            "text" if options.to == "json" else options.to,
            charset=options.charset, images=options.images, links=options.links, comments=options.comments,
        )  # fmt: skip
        return self._outcome(found_bytes(found, options.to), found)

    def _outcome(self, output: bytes, found: Extracted) -> Outcome:
        rules = self.tool.cleaner.library.digest if self.tool.cleaner else ""
        return Outcome(output, told_of(found.report, found.source, rules, self.job.settings))

"""What is to be done, what is sent to be worked on, and what comes back; all may cross to another machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from scrubber.containers.block import MOST, Document, Lines, size_of
from scrubber.containers.codecs import Codec
from scrubber.containers.delimited import Table
from scrubber.containers.kinds import Kind
from scrubber.model import Report, Settings
from scrubber.report.summary import Totals
from scrubber.report.sums import Summary
from scrubber.run import ExtractFields, Fields, PageOptions, Request


class Job(NamedTuple):
    """What the user asked for. With ``page`` main content is extracted, without it texts are cleaned."""

    settings: Settings = Settings()
    fields: Fields = Fields()
    request: Request = Request()
    page: PageOptions | None = None
    page_fields: ExtractFields = ExtractFields()
    use_rules: bool = True
    on_error: str = "skip"
    report: str = ""
    """The format of the report, if one is wanted."""
    summary: bool = False
    attributes: bool = False


STREAM = "-"
"""Standard input or output in the place of a file's name."""


class Shard(NamedTuple):
    """One input and where what becomes of it goes; None: nowhere. ``kind`` None: told by name and first bytes."""

    job: Job
    source: str
    target: str | None = None
    report: str | None = None
    quarantine: str | None = None
    attributes: str | None = None
    kind: Kind | None = None
    name: str = ""
    """What the input is called in messages and reports, if not by its path."""
    most: int = MOST
    only_changed: bool = False
    """Whether the target is left as it is when nothing changed."""


class Task(NamedTuple):
    """A block and all that it takes to work on it; ``table`` is that of a CSV file."""

    job: Job
    name: str
    kind: Kind
    codec: Codec
    load: Lines | Sequence[Document]
    table: Table | None = None

    @property
    def in_lines(self) -> bool:
        """Whether the result is bytes of lines; otherwise it is a list with an entry a record."""
        return self.kind in (Kind.JSONL, Kind.CSV, Kind.WARC) or (self.job.page is not None and self.kind != Kind.TEXT)

    @property
    def size(self) -> int:
        """Roughly the bytes of memory the block takes."""
        return size_of(self.load)

    @property
    def place(self) -> str:
        """Where the block is from, for a message."""
        first = self.load.number if isinstance(self.load, Lines) else self.load[0].number if self.load else 1
        return f"{self.name}:{first}"


class Sums(NamedTuple):
    """What happened to some documents, in short, and in full if that was asked for."""

    totals: Totals = Totals()
    summary: Summary | None = None

    def plus(self, other: Sums) -> Sums:
        """Return both added up."""
        both = [s for s in (self.summary, other.summary) if s is not None]
        return Sums(self.totals + other.totals, both[0] + both[1] if len(both) == 2 else both[0] if both else None)


class Done(NamedTuple):
    """What became of a block: bytes or a list, what is told of it, sums. ``stopped`` on the first bad record."""

    output: Any
    report: bytes = b""
    """Lines, if the report is made of these."""
    told: tuple[tuple[Report, str, Mapping[str, Any]], ...] = ()
    """Else each document's report, text and header."""
    quarantine: bytes = b""
    attributes: bytes = b""
    problems: tuple[str, ...] = ()
    """What went wrong with records, and what became of them."""
    sums: Sums = Sums()
    stopped: bool = False

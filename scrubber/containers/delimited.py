"""CSV and TSV: rows one by one under the names of the header, and a changed text put back into its row.

A field is quoted when its closing quote stands before a delimiter or a line end; any other quote is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from scrubber.containers.jsonl import BadRecord, Record
from scrubber.errors import ContainerError

DELIMITERS = (",", ";", "\t", "|")


class Table(NamedTuple):
    """The names of the columns, and what stands between two fields."""

    columns: tuple[str, ...]
    delimiter: str


def table_of(head: bytes, column: str, name: str) -> Table:
    """Return the table that begins with the row ``head``: the first delimiter that gives a column of that name.

    Raises ``ContainerError`` if none does.
    """
    source = _decoded(head, 1, name)
    if isinstance(source, BadRecord):
        raise ContainerError(str(source))
    for delimiter in DELIMITERS:
        columns = tuple(value for _, _, value in _fields(source.removeprefix("\ufeff"), delimiter))
        if column in columns:
            return Table(columns, delimiter)
    shown = ", ".join(tuple(v for _, _, v in _fields(source, ","))[:12])
    raise ContainerError(f'{name}: no column "{column}" (name one with --text-field; there are: {shown.strip()})')


def row_ends(data: bytes, delimiter: str) -> tuple[int, int]:
    """Return where the first and the last whole row of ``data`` end; a line end inside quotes ends none."""
    first = last = 0
    for last in _ends(data, delimiter):
        first = first or last
    return first, last


def _ends(data: bytes, delimiter: str) -> Iterator[int]:
    at, match, mark = 0, _field(delimiter, True).match, delimiter.encode()
    while found := match(data, at):
        at = found.end()
        if found["end"] != mark:
            yield at


def rows(data: bytes, number: int, name: str, table: Table) -> Iterator[Record | BadRecord]:
    """Yield every row of ``data``, whose first line has that number, as a record or as what is wrong with it.

    The header and blank lines hold no data.
    """
    start = 0
    for end in (*_ends(data, table.delimiter), len(data)):
        if raw := data[start:end]:
            yield _row(raw, number, name, table)
            number += raw.count(b"\n")
        start = end


def _row(raw: bytes, number: int, name: str, table: Table) -> Record | BadRecord:
    if number == 1 or not (raw.strip() or table.delimiter.encode() in raw):
        return Record(raw, number, {})
    source = _decoded(raw, number, name)
    if isinstance(source, BadRecord):
        return source
    values = [value for _, _, value in _fields(source, table.delimiter)]
    if len(values) != len(table.columns):
        return BadRecord(f"{name}:{number}: {len(values)} fields, the header has {len(table.columns)}", raw, number)
    return Record(raw, number, dict(zip(table.columns, values, strict=True)))


def _decoded(raw: bytes, number: int, name: str) -> str | BadRecord:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return BadRecord(f"{name}:{number}: not UTF-8 at byte {error.start}", raw, number)


def put(record: Record, column: str, text: str, table: Table) -> bytes:
    """Return the row's bytes with one field replaced by ``text``; every other byte stays."""
    source = record.raw.decode("utf-8")
    start, end, _ = list(_fields(source, table.delimiter))[table.columns.index(column)]
    quoted = source.startswith('"', start) or any(mark in text for mark in (table.delimiter, '"', "\n", "\r"))
    new = '"' + text.replace('"', '""') + '"' if quoted else text
    return (source[:start] + new + source[end:]).encode("utf-8", "surrogatepass")


def _fields(source: str, delimiter: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, value) of every field of one row."""
    at, match = 0, _field(delimiter, False).match
    while found := match(source, at):
        quoted = found["quoted"]
        yield (*found.span("field"), found["bare"] if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if found["end"] != delimiter:
            return


@cache
def _field(delimiter: str, as_bytes: bool) -> Any:
    """Return a pattern for a field and what ends it; in bytes the end of the data ends nothing."""
    mark = {"\t": r"\t", "|": r"\|"}.get(delimiter, delimiter)
    ends = rf"{mark}|\r?\n" if as_bytes else rf"{mark}|\r?\n|\Z"
    quoted = rf'"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"(?={ends})'
    bare = rf'(?!")[^{mark}\n]*?|"[^"\n]*+(?:""[^"\n]*+)*+"[^{mark}\r\n][^{mark}\n]*?'
    source = rf"(?P<field>{quoted}|(?P<bare>{bare}))(?P<end>{ends})"
    return re.compile(source.encode()) if as_bytes else re.compile(source)

"""Rows of CSV and TSV, beside the standard library's reader."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber.containers.delimited import Table, put, row_ends, rows, table_of
from scrubber.containers.jsonl import BadRecord, Record
from scrubber.errors import ContainerError

CELLS = st.lists(st.text('ab",;\t\n x|é', max_size=8), min_size=3, max_size=3)
COLUMNS = ("id", "text", "n")


def read(data: bytes, table: Table) -> list[Record | BadRecord]:
    return list(rows(data, 1, "x.csv", table))


@given(
    st.lists(CELLS, max_size=6), st.sampled_from(",;\t|"), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]), st.text("ab\",;\t\n é", max_size=9),
)  # fmt: skip
@example([["", "", ""]], "\t", csv.QUOTE_MINIMAL, "\n", "new")
def test_reads_and_puts_what_the_standard_library_writes(
    cells: list[list[str]], delimiter: str, quoting: int, end: str, new: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerow(COLUMNS)
    writer.writerows(cells)
    data, table = out.getvalue().encode(), Table(COLUMNS, delimiter)
    found = read(data, table)
    assert b"".join(r.raw for r in found) == data
    assert [list(r.data.values()) for r in found[1:] if isinstance(r, Record)] == cells
    ends = {0}
    for record in found:
        ends.add(max(ends) + len(record.raw))
    assert all(row_ends(data[:cut], delimiter)[1] in ends for cut in range(len(data) + 1))
    for record, old in zip(found[1:], cells, strict=True):
        assert isinstance(record, Record)
        again = read(found[0].raw + put(record, "text", new, table), table)[1]
        assert isinstance(again, Record)
        assert list(again.data.values()) == [old[0], new, old[2]]


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        (b'1,"odd" quote,3\n', ["1", '"odd" quote', "3"]),
        (b'1,it"s,3\n', ["1", 'it"s', "3"]),
        (b"1,a\r,3\r\n", ["1", "a\r", "3"]),
        (b'1,"",', ["1", "", ""]),
    ],
)
def test_quotes_that_quote_nothing_are_text(raw: bytes, values: list[str]) -> None:
    record = read(b"id,text,n\n" + raw, Table(COLUMNS, ","))[1]
    assert isinstance(record, Record)
    assert list(record.data.values()) == values


@pytest.mark.parametrize(
    ("raw", "what"),
    [(b"1,2\n", "x.csv:2: 2 fields, the header has 3"), (b"1,\xff,3\n", "x.csv:2: not UTF-8 at byte 2"),
     (b'1,"never closed,3\n', "x.csv:2: 1 fields")],
)  # fmt: skip
def test_bad_rows(raw: bytes, what: str) -> None:
    record = read(b"id,text,n\n" + raw, Table(COLUMNS, ","))[1]
    assert isinstance(record, BadRecord)
    assert str(record).startswith(what)
    assert record.raw == raw


@pytest.mark.parametrize(
    ("head", "table"),
    [
        (b"id,text\n", Table(("id", "text"), ",")),
        (b"\xef\xbb\xbftext;n\r\n", Table(("text", "n"), ";")),
        (b'"my, id"\ttext\n', Table(("my, id", "text"), "\t")),
        (b"text\n", Table(("text",), ",")),
    ],
)
def test_headers(head: bytes, table: Table) -> None:
    assert table_of(head, "text", "x.csv") == table


def test_a_missing_column_is_told_with_those_there_are() -> None:
    with pytest.raises(ContainerError, match=r'x.csv: no column "body" .*--text-field; there are: id, text'):
        table_of(b"id,text\n", "body", "x.csv")

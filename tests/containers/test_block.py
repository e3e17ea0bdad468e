"""Streams cut into blocks of whole records."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.containers import block
from scrubber.containers.block import framed, line_ends
from scrubber.containers.delimited import row_ends

ROWS = st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")), max_size=30)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block, "SIZE", 64)


@given(ROWS, st.booleans())
def test_blocks_are_the_stream(rows: list[bytes], ended: bool) -> None:
    data = b"\n".join(rows) + (b"\n" if ended else b"")
    blocks = list(framed(io.BytesIO(data)))
    assert b"".join(b.data for b in blocks) == data
    at = 0
    for piece in blocks:
        assert piece.number == data.count(b"\n", 0, at) + 1
        at += len(piece.data)
        assert piece.data.endswith(b"\n") or at == len(data)
        assert not piece.wrong


@pytest.mark.parametrize("before", [b"", b"a\n", b"a\n" * 40])
@pytest.mark.parametrize("length", [201, 256, 300, 1000])
def test_a_long_record_comes_in_pieces_and_the_rest_is_whole(before: bytes, length: int) -> None:
    data = before + b"x" * length + b"\nb\nc\n"
    blocks = list(framed(io.BytesIO(data), most=128))
    assert b"".join(b.data for b in blocks) == data
    pieces = [b for b in blocks if b.wrong]
    assert b"".join(b.data for b in pieces).strip() == b"x" * length
    assert [b.more for b in pieces] == [False] + [True] * (len(pieces) - 1)
    assert max(len(b.data) for b in blocks) <= 128 + 64 + 64
    after = [b for b in blocks if not b.wrong]
    assert b"".join(b.data for b in after) == before + b"b\nc\n"
    assert after[-1].number == before.count(b"\n") + 2 + (after[-1].data == b"c\n")


def test_a_record_in_quotes_is_not_cut() -> None:
    rows = b"id,text\n" + b'1,"a\nb ""c""\n\nd"\n' * 30
    for piece in framed(io.BytesIO(rows), partial(row_ends, delimiter=",")):
        assert piece.data.count(b'"') % 6 == 0


@pytest.mark.parametrize(
    ("cut", "data", "ends"),
    [
        (line_ends, b"", (0, 0)),
        (line_ends, b"ab", (0, 0)),
        (line_ends, b"a\nb\nc", (2, 4)),
        (partial(row_ends, delimiter=","), b'a,"b\n', (0, 0)),
        (partial(row_ends, delimiter=","), b'a,"b\n",\n1,2', (8, 8)),
        (partial(row_ends, delimiter="\t"), b'a\t"b" c\nd', (8, 8)),
    ],
)
def test_ends(cut: Callable[[bytes], tuple[int, int]], data: bytes, ends: tuple[int, int]) -> None:
    assert cut(data) == ends

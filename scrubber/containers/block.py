"""What containers hand on: blocks of whole records, about a mebibyte each, and the records in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple, Protocol

SIZE = 1 << 20
"""Bytes of records a block is meant to hold."""
MOST = 16 << 20
"""Bytes above which a record is not looked into, unless the user says otherwise."""


class Lines(NamedTuple):
    """Bytes of a file that are whole records. ``wrong`` says why they are none: then they are a piece of one."""

    data: bytes
    number: int
    """The line the first record begins at, from 1."""
    wrong: str = ""
    more: bool = False
    """Whether it goes on with the record of the piece before it."""


class Document(NamedTuple):
    """A record that is no line of text: its number from 1, its text or bytes, what else is known, and what is wrong."""

    number: int
    body: str | bytes
    data: Mapping[str, Any]
    charset: str = ""
    wrong: str = ""


class Block(NamedTuple):
    """What is worked on (``load``), and what waits for the result where the file is read and written (``rest``)."""

    load: Lines | tuple[Document, ...]
    rest: Any = None


def size_of(load: Lines | Sequence[Document]) -> int:
    """Return roughly the bytes of memory a load takes."""
    return len(load.data) if isinstance(load, Lines) else sum(len(d.body) for d in load)


class Dropped:
    """Stands in a result for a record that was taken out."""


class Writer(Protocol):
    """What puts results into a file, in the order of the blocks."""

    def write(self, rest: Any, output: Any) -> None:
        """Write what became of a block."""

    def close(self) -> None:
        """Finish the file, but leave it open."""


class Bytes:
    """A writer of bytes that are ready as they come."""

    def __init__(self, handle: BinaryIO, empty: bytes = b"") -> None:
        self.handle = handle
        self.empty = empty

    def write(self, rest: Any, output: Any) -> None:
        """Write the bytes of a block."""
        if output:
            self.handle.write(output)
            self.empty = b""

    def close(self) -> None:
        """Write what stands for no data at all, if nothing was written."""
        self.handle.write(self.empty)


Cut = Callable[[bytes], tuple[int, int]]
"""Returns where the first and where the last whole record of some bytes ends, 0 if none does."""


def line_ends(data: bytes) -> tuple[int, int]:
    """Return where the first and the last whole line of ``data`` end.

    >>> line_ends(b"a\\nb\\nc")
    (2, 4)
    """
    return data.find(b"\n") + 1, data.rfind(b"\n") + 1


def framed(stream: BinaryIO, cut: Cut = line_ends, most: int = MOST, at_once: bool = False) -> Iterator[Lines]:
    """Yield a stream as blocks of whole records; a record of more than ``most`` bytes comes in pieces, marked wrong.

    ``at_once`` takes what a pipe holds instead of waiting for a full block, and yields no bytes where that ends no
    record: who asks for a block after a pipe has become readable does not wait. Memory stays within ``most`` and a block.
    """
    read = stream.read1 if at_once and hasattr(stream, "read1") else stream.read
    held, number, wrong = b"", 1, ""
    while piece := read(SIZE):
        data = held + piece
        first, last = cut(data)
        if wrong and first:  # the end of a record that is too long
            yield Lines(data[:first], number, wrong, True)
            number += data.count(b"\n", 0, first)
            data, last, wrong = data[first:], last - first, ""
        if last or at_once:
            yield Lines(data[:last], number)
            number += data.count(b"\n", 0, last)
        held = data[last:]
        if held and (wrong or len(held) > most):
            more, wrong = bool(wrong), too_long(most + 1, most)
            yield Lines(held, number, wrong, more)
            number += held.count(b"\n")
            held = b""
    if held:
        yield Lines(held, number, wrong, bool(wrong))


def batches(documents: Iterable[Document], size: int = SIZE) -> Iterator[tuple[Document, ...]]:
    """Yield documents in tuples of about ``size`` bytes."""
    batch: list[Document] = []
    held = 0
    for document in documents:
        batch.append(document)
        held += len(document.body) + 200
        if held >= size:
            yield tuple(batch)
            batch, held = [], 0
    if batch:
        yield tuple(batch)


def too_long(size: int, most: int) -> str:
    """Return what is wrong with a record of that many bytes, or nothing."""
    return f"a record of more than {most / (1 << 20):g} MiB (see --max-record)" if size > most else ""

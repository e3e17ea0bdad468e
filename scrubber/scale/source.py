"""An input that is open: what kind it is, its blocks as tasks, and what writes a file of its kind anew."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from scrubber.containers.block import Block, Bytes, Document, Writer, framed, line_ends, size_of, too_long
from scrubber.containers.codecs import Codec, codec_of_bytes, codec_of_name, packed, peekable, unpacked
from scrubber.containers.delimited import Table, row_ends, table_of
from scrubber.containers.kinds import PAGE_SUFFIXES, Kind, kind_of_bytes, kind_of_name
from scrubber.errors import ContainerError
from scrubber.files import SUFFIXES
from scrubber.scale.task import STREAM, Shard, Task


@contextmanager
def opened(shard: Shard) -> Iterator[Source]:
    """Open the input of a shard."""
    if shard.source == STREAM:
        yield Source(shard, sys.stdin.buffer)
        return
    with open(shard.source, "rb", 1 << 20) as handle:
        yield Source(shard, handle)


class Source:
    """An open input: its blocks as tasks, and what writes what becomes of them."""

    def __init__(self, shard: Shard, handle: BinaryIO) -> None:
        self.shard = shard
        self.name = shard.name or shard.source
        self.raw = peekable(handle)
        self.codec = codec_of_bytes(self.raw.peek(4)[:4])
        self.stream = unpacked(self.raw, self.name)
        self.kind = shard.kind or self._kind()
        self.table: Table | None = None
        self.container: Any = None
        self.packing: _Packing | None = None
        self.loaded = 0

    def _kind(self) -> Kind:
        """Return what the name says, unless the first bytes know better."""
        return kind_of_bytes(self.stream.peek(512)) or kind_of_name(self.name)

    def read(self) -> int:
        """Return how many bytes of the input have been read."""
        try:
            return self.raw.tell()
        except (OSError, ValueError):  # a pipe
            return self.loaded

    def out_codec(self) -> Codec:
        """Return how the output is compressed: as its name says, or else like the input if it has the same name."""
        target = self.shard.target
        if target is None or target == STREAM:
            return Codec.PLAIN
        said = codec_of_name(target)
        same = Path(target).name == Path(self.name).name
        return self.codec if said == Codec.PLAIN and same else said

    def tasks(self) -> Iterator[tuple[Task, Any]]:
        """Yield every block with all it takes to work on it, and what stays here; through a pipe, as they come."""
        return _Arriving(self._tasks(), self.raw) if self._at_once and _has_number(self.raw) else self._tasks()

    def _tasks(self) -> Iterator[tuple[Task, Any]]:
        codec = self.out_codec()
        for load, rest in self._blocks():
            self.loaded += size_of(load)
            yield Task(self.shard.job, self.name, self.kind, codec, load, self.table), rest

    @property
    def _at_once(self) -> bool:
        """Whether a record is to come out as soon as it is in."""
        return self.shard.source == STREAM and self.shard.target == STREAM

    @property
    def _pages(self) -> bool:
        return self.shard.job.page is not None

    def _blocks(self) -> Iterator[Block]:
        kind, most = self.kind, self.shard.most
        if kind == Kind.JSONL:
            return self._lines(line_ends)
        if kind == Kind.CSV:
            head = self.stream.peek(1 << 16)
            self.table = table_of(head[: head.find(b"\n") + 1 or None], self._column, self.name)
            return self._lines(partial(row_ends, delimiter=self.table.delimiter))
        if kind == Kind.WARC:
            from scrubber.containers import warc

            return warc.blocks(self.stream, self.name, self._pages, most)
        if kind == Kind.TEXT:
            return self._whole()
        blocks: Iterator[Block] = self._opened().blocks()
        return blocks

    def _whole(self) -> Iterator[Block]:
        data = self.stream.read(self.shard.most + 1)
        if wrong := too_long(len(data), self.shard.most):
            raise ContainerError(f"{self.name}: {wrong}")
        yield Block((Document(1, data, {}),))

    @property
    def _column(self) -> str:
        job = self.shard.job
        return job.page_fields.html if job.page is not None else job.fields.text

    def _lines(self, cut: Callable[[bytes], tuple[int, int]]) -> Iterator[Block]:
        for lines in framed(self.stream, cut, self.shard.most, self._at_once):
            if lines.wrong and self.kind == Kind.CSV:
                raise ContainerError(f"{self.name}:{lines.number}: {lines.wrong}, or a quote without its fellow")
            yield Block(lines)

    def _opened(self) -> Any:
        """Return the container of a kind that is more than a stream of bytes."""
        if self.container is None:
            self.container = self._open()
        return self.container

    def _open(self) -> Any:
        job, path = self.shard.job, self.shard.source
        if self.kind == Kind.PARQUET:
            from scrubber.containers.parquet import Parquet

            fields = (job.fields.identity, job.fields.url)
            return Parquet(path, self._column, None if self._pages else fields, self.shard.most)
        from scrubber.containers.archive import Tar, Zip

        wanted = _is_page if self._pages else _is_document
        if self.kind == Kind.ZIP:
            return Zip(path, wanted, self.shard.most)
        return Tar(self.stream, self.name, wanted, self.shard.most)

    def writer(self, handle: BinaryIO) -> Writer:
        """Return what writes the output, which is of the same kind unless it is lines."""
        codec = self.out_codec()
        if self._pages or self.kind in (Kind.JSONL, Kind.CSV, Kind.WARC):
            return Bytes(handle, packed(b"", codec)) if self.kind != Kind.TEXT else _Whole(handle, codec)
        if self.kind == Kind.TEXT:
            return _Whole(handle, codec)
        if self.kind == Kind.TAR and codec != Codec.PLAIN:
            self.packing = _Packing(handle, codec)
        writer: Writer = self._opened().writer(self.packing or handle)
        return writer


class _Arriving:
    """Tasks that come through a pipe, which tells when there is more."""

    def __init__(self, tasks: Iterator[tuple[Task, Any]], pipe: BinaryIO) -> None:
        self.tasks = tasks
        self.pipe = pipe

    def __iter__(self) -> _Arriving:
        return self

    def __next__(self) -> tuple[Task, Any]:
        return next(self.tasks)

    def fileno(self) -> int:
        """Return the number of the pipe's end."""
        return self.pipe.fileno()


def _has_number(handle: BinaryIO) -> bool:
    """Return whether a handle is that of a file or pipe of the system."""
    try:
        handle.fileno()
    except (OSError, AttributeError):
        return False
    return True


class _Whole:
    """Writes the one document of a file."""

    def __init__(self, handle: BinaryIO, codec: Codec) -> None:
        self.handle = handle
        self.codec = codec

    def write(self, rest: Any, output: Any) -> None:
        for data in output:
            if isinstance(data, bytes):
                self.handle.write(packed(data, self.codec))

    def close(self) -> None:
        pass


class _Packing:
    """A file to write to whose contents are compressed, a mebibyte a member."""

    def __init__(self, handle: BinaryIO, codec: Codec) -> None:
        self.handle = handle
        self.codec = codec
        self.held = bytearray()

    def write(self, data: bytes) -> int:
        self.held += data
        while len(self.held) >= 1 << 20:
            self._pack(1 << 20)
        return len(data)

    def close(self) -> None:
        if self.held:
            self._pack(len(self.held))

    def _pack(self, size: int) -> None:
        self.handle.write(packed(bytes(self.held[:size]), self.codec))
        del self.held[:size]


def _is_document(name: str) -> bool:
    return name.lower().endswith((*SUFFIXES, *PAGE_SUFFIXES))


def _is_page(name: str) -> bool:
    return name.lower().endswith(PAGE_SUFFIXES)

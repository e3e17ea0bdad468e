"""Compression: gzip members and zstd frames one after another, told by their first bytes; nothing of records."""

from __future__ import annotations

import io
from enum import StrEnum
from typing import Any, BinaryIO

from scrubber.errors import ContainerError, needs

_PIECE = 1 << 14
_BUFFER = 1 << 20


class Codec(StrEnum):
    """How a file is compressed; the value is the suffix of its name."""

    PLAIN = ""
    GZIP = ".gz"
    ZSTD = ".zst"


def codec_of_name(name: str) -> Codec:
    """Return what the end of a file's name says.

    >>> codec_of_name("crawl.jsonl.zst")
    <Codec.ZSTD: '.zst'>
    """
    low = name.lower()
    if low.endswith((".gz", ".tgz")):
        return Codec.GZIP
    return Codec.ZSTD if low.endswith((".zst", ".zstd")) else Codec.PLAIN


def codec_of_bytes(head: bytes) -> Codec:
    """Return what the first four bytes of a file say; zstd may begin with a frame to be skipped."""
    if head.startswith(b"\x1f\x8b"):
        return Codec.GZIP
    skippable = head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50
    return Codec.ZSTD if head.startswith(b"\x28\xb5\x2f\xfd") or skippable else Codec.PLAIN


def unpacked(stream: BinaryIO, name: str) -> io.BufferedReader:
    """Return a stream of what is in ``stream``, decompressed if its first bytes say so.

    Reading raises ``ContainerError`` when the data is damaged or ends in the middle.
    """
    peeked = peekable(stream)
    codec = codec_of_bytes(peeked.peek(4)[:4])
    if codec == Codec.PLAIN:
        return peeked
    return io.BufferedReader(_Members(peeked, codec, name), _BUFFER)


def peekable(stream: BinaryIO) -> io.BufferedReader:
    """Return the stream, or one on it, whose first bytes can be looked at."""
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream, _BUFFER)  # type: ignore[arg-type]


def packed(data: bytes, codec: Codec) -> bytes:
    """Return ``data`` as one gzip member or zstd frame. Any number of them one after another are a file."""
    if codec == Codec.GZIP:
        return _gzip_module().compress(data, 2, mtime=0)  # type: ignore[no-any-return]
    if codec == Codec.ZSTD:
        with needs("zstd", "corpora"):
            import zstandard
        return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(data)
    return data


def _gzip_module() -> Any:
    """Return the fast implementation of gzip if it is there, else the standard library's."""
    try:
        from isal import igzip
    except ModuleNotFoundError:
        import gzip

        return gzip
    return igzip


def _decompressor(codec: Codec) -> Any:
    if codec == Codec.ZSTD:
        with needs("zstd", "corpora"):
            import zstandard
        return zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()
    try:
        from isal import isal_zlib as zlib
    except ModuleNotFoundError:
        import zlib  # type: ignore[no-redef]
    return zlib.decompressobj(wbits=31)


class _Members(io.RawIOBase):
    """The contents of members or frames, one after another; none of them may be cut short.

    Little is read at a time, because a few compressed bytes may stand for very many.
    """

    def __init__(self, stream: io.BufferedReader, codec: Codec, name: str) -> None:
        self.stream = stream
        self.codec = codec
        self.name = name
        self.member: Any = None
        self.left = b""
        self.ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while not self.ready:
            piece = self.left or self.stream.read1(_PIECE)  # what a pipe holds is not kept waiting
            self.left = b""
            if not piece:
                if self.member is None:
                    return 0
                raise ContainerError(f"{self.name}: the compressed data ends in the middle (is the file cut short?)")
            if self.member is None:
                piece = piece.lstrip(b"\0") if self.codec == Codec.GZIP else piece  # members may be padded
                if not piece:
                    continue
                self.member = _decompressor(self.codec)
            self.ready = memoryview(self._decompressed(piece))
        count = min(len(target), len(self.ready))
        target[:count] = self.ready[:count]
        self.ready = self.ready[count:]
        return count

    def _decompressed(self, piece: bytes) -> bytes:
        try:
            out: bytes = self.member.decompress(piece)
        except Exception as error:
            raise ContainerError(f"{self.name}: the compressed data is damaged: {error}") from error
        if self.member.eof:
            self.left = self.member.unused_data
            self.member = None
        return out

    def close(self) -> None:
        if not self.closed:
            self.stream.close()
        super().close()

"""WARC and WET: the texts of ``conversion`` records, the pages of ``response`` records. Read only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from scrubber.containers.block import MOST, Block, Document, batches, too_long
from scrubber.errors import ContainerError, needs

_TOLD = {
    "date": "WARC-Date",
    "language": "WARC-Identified-Content-Language",
    "refers_to": "WARC-Refers-To",
    "truncated": "WARC-Truncated",
}
_PAGES = ("text/html", "application/xhtml+xml")


def blocks(stream: BinaryIO, name: str, pages: bool, most: int = MOST) -> Iterator[Block]:
    """Yield the texts (or ``pages``: the HTML of what servers answered) of an archive that is not compressed.

    Raises ``ContainerError`` when it is damaged or ends in the middle.
    """
    found = _pages(stream, name, most) if pages else _texts(stream, name, most)
    for batch in batches(found):
        yield Block(batch)


def _texts(stream: BinaryIO, name: str, most: int) -> Iterator[Document]:
    for number, record in _records(stream, name):
        if record.rec_type == "conversion":
            body, wrong = _body(record, name, record.raw_stream, most)
            yield Document(number, body, _data(record), "utf-8", wrong)


def _pages(stream: BinaryIO, name: str, most: int) -> Iterator[Document]:
    for number, record in _records(stream, name):
        kind = _header(record, "WARC-Identified-Payload-Type") or _content_type(record)[0]
        if record.rec_type in ("response", "resource") and kind in _PAGES:
            body, wrong = _body(record, name, record.content_stream(), most)
            yield Document(number, body, _data(record), _content_type(record)[1], wrong)


def _records(stream: BinaryIO, name: str) -> Iterator[tuple[int, Any]]:
    with needs("WARC", "corpora"):
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            yield number, record
            _whole(record, name)
    except (ArchiveLoadFailed, ValueError) as error:
        raise ContainerError(f"{name}: damaged WARC: {error}") from error


def _body(record: Any, name: str, stream: Any, most: int) -> tuple[bytes, str]:
    """Return the bytes of a record and what is wrong with them."""
    body = stream.read(most + 1)
    if len(body) > most:
        return b"", too_long(len(body), most)
    _whole(record, name)
    return body, ""


def _whole(record: Any, name: str) -> None:
    """Read what is left of a record. Raises ``ContainerError`` if the file ends before it does."""
    raw = record.raw_stream
    while raw.read(1 << 20):
        pass
    if getattr(raw, "limit", 0) > 0 or not _header(record, "Content-Length"):
        where = _header(record, "WARC-Record-ID")
        raise ContainerError(f"{name}: the file ends in the middle of the record {where} (is it cut short?)")


def _header(record: Any, key: str) -> str:
    return str(record.rec_headers.get_header(key) or "")


def _content_type(record: Any) -> tuple[str, str]:
    """Return the media type and the charset that a server told, or nothing."""
    value = record.http_headers.get_header("Content-Type") or "" if record.http_headers else ""
    kind, _, rest = value.partition(";")
    charset = rest.lower().partition("charset=")[2].strip().strip("\"'")
    return kind.strip().lower(), charset.partition(";")[0].strip()


def _data(record: Any) -> dict[str, str]:
    told = {"id": _header(record, "WARC-Record-ID"), "url": _header(record, "WARC-Target-URI").strip("<>")}
    return told | {key: value for key, header in _TOLD.items() if (value := _header(record, header))}

"""One file or record through the whole pipeline: bytes in, bytes and report out. Nothing is written here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from scrubber.cleaner import Cleaner
from scrubber.decode import Decoded, decode, encodable, encode
from scrubber.edits import apply, edits_of
from scrubber.errors import RecordError, ScrubberError
from scrubber.model import Edit, Report

if TYPE_CHECKING:
    from scrubber.containers.jsonl import Record
    from scrubber.extract import Extracted, Extractor

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
_PAGE_STARTS = (b"<!doctype html", b"<html>", b"<html ")
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")


class Result(NamedTuple):
    """What became of one document. ``output is source`` when nothing changed."""

    name: str
    source: bytes
    output: bytes
    text: str
    decoded: Decoded
    report: Report

    @property
    def changed(self) -> bool:
        """Whether the bytes differ."""
        return self.output != self.source

    @property
    def edits(self) -> list[Edit]:
        """The report's edits on ``text``, sorted."""
        return edits_of(self.report)


def format_of(name: str, text_format: str) -> str:
    """Return the format to use for a file: what was asked for, else what its name says."""
    if text_format == "auto" and name.lower().endswith(MARKDOWN_SUFFIXES):
        return "markdown"
    if text_format == "auto" and name.lower().endswith(HTML_SUFFIXES):
        return "html"
    return text_format


class Request(NamedTuple):
    """What the user asked for besides settings."""

    text_format: str = "auto"
    encoding: str | None = None
    url: str = ""
    mirror: bool = False


def clean_bytes(cleaner: Cleaner, data: bytes, name: str, request: Request) -> Result:
    """Return the cleaned bytes in the encoding they came in. Raises ``DecodeError``."""
    kind = format_of(name, request.text_format)
    if kind == "html" or (kind == "auto" and _begins_as_page(data)):
        return _clean_page(cleaner, data, name, request)
    decoded = decode(data, request.encoding)

    def gate(edits: list[Edit]) -> tuple[list[Edit], int]:
        kept, lost = encodable(edits, decoded)
        return list(kept), lost

    cleaned = cleaner.clean(
        decoded.text,
        request.url or None,
        name=name,
        text_format=kind,
        gate=None if decoded.encoding.startswith("utf") else gate,
    )
    output = encode(cleaned.text, decoded) if cleaned.report.changed else data
    if cleaned.report.changed:
        assert apply(decoded.text, edits_of(cleaned.report)) == cleaned.text, "report and output disagree"
    return Result(name, data, output, decoded.text, decoded, cleaned.report)


def _begins_as_page(data: bytes) -> bool:
    return data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE_STARTS)


def _clean_page(cleaner: Cleaner, data: bytes, name: str, request: Request) -> Result:
    from scrubber.formats.html import declared
    from scrubber.pages import clean_html

    decoded = decode(data, request.encoding or declared(data))
    cleaned = clean_html(cleaner, decoded.text, request.url or None, name)
    output = encode(cleaned.text, decoded) if cleaned.report.changed else data
    assert apply(decoded.text, edits_of(cleaned.report)) == cleaned.text, "report and output disagree"
    return Result(name, data, output, decoded.text, decoded, cleaned.report)


class Fields(NamedTuple):
    """Dotted names of a record's fields."""

    text: str = "text"
    identity: str = "id"
    url: str = "url"


class RecordResult(NamedTuple):
    """One record: the bytes to write, and its report or the error that let it pass unchanged."""

    record: Record
    output: bytes
    text: str = ""
    report: Report | None = None
    error: RecordError | None = None


def clean_records(cleaner: Cleaner, stream: BinaryIO, name: str, fields: Fields, request: Request) -> Iterator[RecordResult]:
    """Yield every record of a JSON Lines stream in order; a bad one carries its error and its own bytes."""
    from scrubber.containers.jsonl import Record, records

    for record in records(stream, name):
        if isinstance(record, RecordError):
            yield RecordResult(Record(getattr(record, "raw", b""), 0, {}), getattr(record, "raw", b""), error=record)
            continue
        yield _clean_record(cleaner, record, name, fields, request)


def _clean_record(cleaner: Cleaner, record: Record, name: str, fields: Fields, request: Request) -> RecordResult:
    if not record.data:
        return RecordResult(record, record.raw)
    text = value_of(record.data, fields.text)
    if not isinstance(text, str):
        missing = "is missing" if text is None else "is not a string"
        error = RecordError(f'{name}:{record.number}: field "{fields.text}" {missing} (name another with --text-field)')
        return RecordResult(record, record.raw, error=error)
    url = value_of(record.data, fields.url)
    identity = value_of(record.data, fields.identity)
    label = str(identity) if identity is not None else f"{name}:{record.number}"
    cleaned = cleaner.clean(
        text,
        url if isinstance(url, str) and url else request.url or None,
        name=label,
        text_format=request.text_format,
    )
    if not cleaned.report.changed:
        return RecordResult(record, record.raw, text, cleaned.report)
    from scrubber.containers.jsonl import splice

    return RecordResult(record, splice(record, fields.text, cleaned.text), text, cleaned.report)


class ExtractFields(NamedTuple):
    """Dotted names of the fields of a record that holds a page."""

    html: str = "html"
    text: str = "text"
    identity: str = "id"
    url: str = "url"


def extract_records(
    extractor: Extractor,
    stream: BinaryIO,
    name: str,
    fields: ExtractFields,
    to: str = "text",
    url: str = "",
    *,
    dumps: bool = False,
) -> Iterator[tuple[bytes, Extracted | RecordError | None]]:
    """Yield for every record of a JSON Lines stream, in order, the line to write and what was found or went wrong.

    The page's field is replaced by its main content and by what the page says about itself; other fields stay. Where a
    record has no page, or with ``dumps`` in any case, its text field is a dump, whose main content takes its place.
    """
    from scrubber.containers.jsonl import records

    for record in records(stream, name):
        if isinstance(record, RecordError):
            yield getattr(record, "raw", b""), record
            continue
        if not record.data:
            yield record.raw, None
            continue
        html = value_of(record.data, fields.html)
        dump = value_of(record.data, fields.text) if dumps or html is None else None
        if dumps and not isinstance(dump, str):
            what = f'{name}:{record.number}: field "{fields.text}" is no text (name another with --text-field)'
            yield record.raw, RecordError(what)
            continue
        if not isinstance(html, str) and not isinstance(dump, str):
            missing = "is missing" if html is None else "is not a string"
            what = f'{name}:{record.number}: field "{fields.html}" {missing} (name another with --html-field)'
            yield record.raw, RecordError(what)
            continue
        address = value_of(record.data, fields.url)
        identity = value_of(record.data, fields.identity)
        label = str(identity) if identity is not None else f"{name}:{record.number}"
        address = address if isinstance(address, str) and address else url
        if isinstance(dump, str):
            found = extractor.dump(dump, address, label)
            yield _of_dump(record, found, fields), found
        else:
            found = extractor.extract(str(html), address, label, to)
            yield _extracted(record.data, found, fields), found


def _of_dump(record: Record, found: Extracted, fields: ExtractFields) -> bytes:
    from scrubber.containers.jsonl import splice

    line = splice(record, fields.text, found.text)
    if "confidence" in record.data:
        return line
    return line.rstrip()[:-1] + f', "confidence": {found.confidence:.3f}}}\n'.encode()


def _extracted(data: dict[str, Any], found: Extracted, fields: ExtractFields) -> bytes:
    known = found.metadata
    out = {k: v for k, v in data.items() if k != fields.html}
    if fields.html not in data:
        *path, last = fields.html.split(".")
        inner = out
        for key in path:
            inner[key] = dict(inner[key])
            inner = inner[key]
        del inner[last]
    out[fields.text] = found.text
    told = {"title": known.title, "author": known.author, "date": known.date, "site": known.site}
    out |= {k: v for k, v in told.items() if v and k not in data}
    out["confidence"] = round(found.confidence, 3)
    return json.dumps(out, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def value_of(data: object, dotted: str) -> object:
    """Return the value under a dotted name, or None; a key that holds the dots itself comes first."""
    if isinstance(data, dict) and dotted in data:
        return data[dotted]
    for part in dotted.split("."):
        if not isinstance(data, dict):
            return None
        data = data.get(part)
    return data


def sha256(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of ``data``."""
    from hashlib import sha256 as hashed

    return hashed(data).hexdigest()


__all__ = [
    "ExtractFields", "Fields", "RecordResult", "Request", "Result", "ScrubberError", "clean_bytes", "clean_records",
    "extract_records",
]  # fmt: skip

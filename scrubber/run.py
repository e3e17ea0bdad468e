"""One file or record through the whole pipeline: bytes in, bytes and report out. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.cleaner import Cleaned, Cleaner
from scrubber.decode import Decoded, decode, encodable, encode
from scrubber.edits import apply, edits_of
from scrubber.errors import RecordError
from scrubber.model import Edit, Report

if TYPE_CHECKING:
    from scrubber.extract import Extracted, Extractor

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
_HEAD = 200
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
    return data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE_STARTS)


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
    """What became of one record: its text, and the report on it or the error that lets it pass unchanged."""

    text: str = ""
    cleaned: Cleaned | None = None
    error: RecordError | None = None


def clean_record(
    cleaner: Cleaner, data: Mapping[str, Any], place: str, fields: Fields, request: Request
) -> RecordResult:  # fmt: skip
    """Return the cleaned text of a record; ``place`` (file and line) is its name unless it has one."""
    text = value_of(data, fields.text)
    if not isinstance(text, str):
        return RecordResult(error=_no_text(place, fields.text, text, "--text-field"))
    url, label = _known(data, place, fields.url, fields.identity)
    address, kind = url or request.url or None, request.text_format
    if kind == "html" or (kind == "auto" and _begins_as_page(text[:_HEAD].encode("utf-8", "replace"))):
        from scrubber.pages import clean_html

        return RecordResult(text, clean_html(cleaner, text, address, label))
    return RecordResult(text, cleaner.clean(text, address, name=label, text_format=kind))


def _no_text(place: str, field: str, value: object, option: str) -> RecordError:
    missing = "is missing" if value is None else "is not a string"
    return RecordError(f'{place}: field "{field}" {missing} (name another with {option})')


def _known(data: Mapping[str, Any], place: str, url_field: str, id_field: str) -> tuple[str, str]:
    """Return a record's URL, or nothing, and the name it goes by."""
    url, identity = value_of(data, url_field), value_of(data, id_field)
    return url if isinstance(url, str) else "", str(identity) if identity is not None else place


class ExtractFields(NamedTuple):
    """Dotted names of the fields of a record that holds a page."""

    html: str = "html"
    text: str = "text"
    identity: str = "id"
    url: str = "url"


class PageOptions(NamedTuple):
    """How the main content of a page is written."""

    to: str = "text"
    url: str = ""
    charset: str | None = None
    images: bool = False
    links: bool = True
    comments: bool = False
    dumps: bool = False
    """Whether records hold dumps (all the text of a page, no tags) in their text field, whatever else they hold."""


def extract_record(
    extractor: Extractor, data: Mapping[str, Any], place: str, fields: ExtractFields, options: PageOptions
) -> tuple[bytes, Extracted] | RecordError:
    """Return the line that says what a record's page holds, and what was found.

    The page's field is replaced by its main content and by what the page says about itself; other fields stay. Where a
    record has no page, its text field is a dump, whose main content takes its place.
    """
    html = value_of(data, fields.html)
    dump = value_of(data, fields.text) if options.dumps or html is None else None
    if isinstance(dump, str):
        return _of_dump(extractor, dump, data, place, fields, options)
    if options.dumps:
        return _no_text(place, fields.text, dump, "--text-field")
    if not isinstance(html, str):
        return _no_text(place, fields.html, html, "--html-field")
    rest = {k: v for k, v in data.items() if k != fields.html}
    if fields.html not in data:
        *path, last = fields.html.split(".")
        inner = rest
        for key in path:
            inner[key] = dict(inner[key])
            inner = inner[key]
        del inner[last]
    return extract_page(extractor, html, rest, place, fields, options)


def extract_page(
    extractor: Extractor, html: str | bytes, data: Mapping[str, Any], place: str, fields: ExtractFields, options: PageOptions
) -> tuple[bytes, Extracted]:
    """Return the same for a page beside its record ``data``, which stays as it is."""
    url, label = _known(data, place, fields.url, fields.identity)
    found = extractor.extract(
        html, url or options.url, label, options.to, charset=options.charset, images=options.images, links=options.links,
        comments=options.comments,
    )  # fmt: skip
    known = found.metadata
    told = {"title": known.title, "author": known.author, "date": known.date, "site": known.site}
    out = {**data, fields.text: found.text, **{k: v for k, v in told.items() if v and k not in data}}
    out["confidence"] = round(found.confidence, 3)
    if options.comments:
        out.setdefault("comments", list(found.comments))
    return json_line(out), found


def _of_dump(
    extractor: Extractor, dump: str, data: Mapping[str, Any], place: str, fields: ExtractFields, options: PageOptions
) -> tuple[bytes, Extracted]:
    url, label = _known(data, place, fields.url, fields.identity)
    found = extractor.dump(dump, url or options.url, label)
    out = _with(data, fields.text, found.text)
    out.setdefault("confidence", round(found.confidence, 3))
    return json_line(out), found


def _with(data: Mapping[str, Any], dotted: str, value: object) -> dict[str, Any]:
    """Return a copy of a record with another value under a dotted name that it has."""
    if dotted in data:
        return {**data, dotted: value}
    first, _, rest = dotted.partition(".")
    return {**data, first: _with(data[first], rest, value)}


def json_line(data: Mapping[str, Any]) -> bytes:
    """Return a record as a line of JSON; what JSON has no word for is written as text."""
    import json

    return json.dumps(data, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass") + b"\n"


def found_bytes(found: Extracted, to: str) -> bytes:
    """Return what is written for a page: its main content, or with ``json`` an object with all that is known.

    Comments come after the text, under a heading.
    """
    if to != "json":
        return (found.text + _comments(found.comments, to)).encode("utf-8", "replace")
    import json

    known = found.metadata._asdict()
    del known["body"]
    told: dict[str, object] = {**known, "confidence": round(found.confidence, 3), "text": found.text}
    if found.comments:
        told["comments"] = list(found.comments)
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


_SIGNS = re.compile(r"[\\`*_<>\[\]]|^(?:#+|[-+]|\d+[.)])(?= )", re.MULTILINE)


def _comments(comments: Sequence[str], to: str) -> str:
    """Return comments as the end of a text, each a quotation where the format has such."""
    if not comments:
        return ""
    if to == "html":
        from html import escape

        told = (escape(c, quote=False).replace("\n\n", "</p>\n<p>").replace("\n", "<br>\n") for c in comments)
        return "<h2>Comments</h2>\n" + "".join(f"<blockquote><p>{c}</p></blockquote>\n" for c in told)
    if to == "text":
        return "\nComments\n\n" + "\n\n".join(comments) + "\n"
    quoted = (_SIGNS.sub(r"\\\g<0>", c).replace("\n", "\n> ").replace("> \n", ">\n") for c in comments)
    return "\n## Comments\n\n" + "\n\n".join(f"> {c}" for c in quoted) + "\n"


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

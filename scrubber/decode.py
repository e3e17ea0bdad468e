"""Bytes to text and back, exactly: what cannot be written back as read is refused."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scrubber.errors import DecodeError
from scrubber.model import Edit

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = {
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive", b"\x1f\x8b": "gzip data", b"\x28\xb5\x2f\xfd": "zstd data", b"\x7fELF": "a program",
}  # fmt: skip


_CONTROLS = bytes([*range(1, 7), *range(14, 27), 28, 29, 30, 31])
_MOST_CONTROLS = 0.02
_HEAD = 4096


class Decoded(NamedTuple):
    """Text and how to get its bytes back: ``bom + text.encode(encoding, errors)``."""

    text: str
    encoding: str
    bom: bytes = b""
    errors: str = "strict"


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Return the text of ``data``: by BOM, as declared, UTF-8, or as detected; line ends as they are.

    Raises ``DecodeError`` for binary data, an unknown encoding, and bytes no candidate gives back.
    """
    if encoding is None:
        try:
            if not data.startswith(codecs.BOM_UTF8) and b"\0" not in data:
                _refuse_binary(data[:_HEAD])
                return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
    for candidate in _candidates(data, encoding):
        if encode(candidate.text, candidate) == data:
            return candidate
    raise DecodeError(f"offset {_offset(data, encoding or 'utf-8')}: not readable as {encoding or 'text'}")


def _candidates(data: bytes, declared: str | None) -> Iterator[Decoded]:
    bom, marked = next(((b, e) for b, e in _BOMS if data.startswith(b)), (b"", ""))
    if marked:
        yield from _try(data[len(bom) :], marked, bom)
    else:
        _refuse_binary(data)
    if declared:
        try:
            codecs.lookup(declared)
        except LookupError:
            raise DecodeError(f"unknown encoding {declared!r} (examples: utf-8, windows-1252, shift_jis)") from None
        yield from _try(data, declared)
        return
    yield from _try(data, "utf-8")
    for name in _detected(data):
        yield from _try(data, name)
    yield Decoded(data.decode("utf-8", "surrogateescape"), "utf-8", b"", "surrogateescape")


def _try(data: bytes, encoding: str, bom: bytes = b"") -> Iterator[Decoded]:
    try:
        yield Decoded(data.decode(encoding), encoding, bom)
    except (UnicodeDecodeError, LookupError):
        return


def _refuse_binary(data: bytes) -> None:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise DecodeError(f"looks like {what}, not text")
    at = data.find(b"\0")
    if at >= 0:
        raise DecodeError(f"offset {at}: looks binary (NUL byte)")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(data) + 1:
        raise DecodeError(f"looks binary ({controls} control characters in {len(data)} bytes)")


def _detected(data: bytes) -> list[str]:
    from charset_normalizer import from_bytes

    return [str(match.encoding) for match in from_bytes(data)][:3]


def _offset(data: bytes, encoding: str) -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return 0


def encode(text: str, decoded: Decoded) -> bytes:
    """Return the bytes of ``text`` in the encoding, and with the BOM, that ``decoded`` came in."""
    return decoded.bom + text.encode(decoded.encoding, decoded.errors)


def encodable(edits: Sequence[Edit], decoded: Decoded) -> tuple[list[Edit], int]:
    """Return the edits whose new text the encoding can hold, and how many were left out."""
    kept: list[Edit] = []
    for edit in edits:
        try:
            edit.new.encode(decoded.encoding, decoded.errors)
        except UnicodeEncodeError:
            continue
        kept.append(edit)
    return kept, len(edits) - len(kept)

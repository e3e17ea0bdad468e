"""Edits as a unified patch for ``git apply`` and ``patch -p1``. Differences are known, never searched for."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from scrubber.edits import apply
from scrubber.model import Edit
from scrubber.report.layout import Lines, split

_NO_NEWLINE = b"\n\\ No newline at end of file\n"
_ESCAPES = {ord(c): b"\\" + e.encode() for c, e in zip('\a\b\t\n\v\f\r"\\', 'abtnvfr"\\', strict=True)}
_STATEFUL = ("hz", "iso2022", "utf-7")


class Coding(Protocol):
    """How a text was read from bytes."""

    @property
    def encoding(self) -> str:
        """Name of a codec."""

    @property
    def bom(self) -> bytes:
        """The mark in front of the text, or nothing."""

    @property
    def errors(self) -> str:
        """The codec's error handler."""


@dataclass(frozen=True, slots=True)
class Utf8:
    """The coding of text that never was bytes."""

    encoding: str = "utf-8"
    bom: bytes = b""
    errors: str = "surrogatepass"


class Region(NamedTuple):
    """Old lines ``first`` to ``last`` (half-open, from 0) become ``new``; common ends are trimmed."""

    first: int
    last: int
    new: list[str]


def patchable(coding: Coding) -> bool:
    """Return whether lines of bytes are lines of text in ``coding``, and all of them can be decoded."""
    name = codecs.lookup(coding.encoding).name
    if name.startswith(_STATEFUL) or "escape" in coding.errors:
        return False
    return "\n".encode(name) == b"\n"


def patch(path: str, text: str, edits: Sequence[Edit], context: int = 3, encoding: Coding | None = None) -> bytes:
    """Return the unified patch that makes ``edits`` in file ``path``; no edits give no bytes.

    ``encoding`` says how the file stores ``text``; it must be ``patchable``, or ``ValueError`` is raised.
    """
    coding = encoding or Utf8()
    if not patchable(coding):
        raise ValueError(f"{path}: no patch for text in {coding.encoding} ({coding.errors})")
    if coding.bom:
        mark = coding.bom.decode(coding.encoding)
        text = mark + text
        edits = [Edit(e.start + len(mark), e.end + len(mark), e.new, e.cause) for e in edits]
    lines = Lines(text)
    body = b"".join(_hunks(lines, list(regions(lines, edits)), context, coding))
    if not body:
        return b""
    return b"--- " + _name("a/", path) + b"\n+++ " + _name("b/", path) + b"\n" + body


def regions(lines: Lines, edits: Sequence[Edit]) -> Iterator[Region]:
    """Yield what changes, line by line: sorted, with at least one untouched line between two regions."""
    i = 0
    while i < len(edits):
        first, (last, following) = lines.of(edits[i].start), _grow(lines, edits, i)
        start, stop = lines.start(first), lines.start(last)
        inner = [Edit(e.start - start, e.end - start, e.new, e.cause) for e in edits[i:following]]
        old = lines.text[start:stop]
        region = _trimmed(first, split(old), split(apply(old, inner)))
        if region.last > region.first or region.new:
            yield region
        i = following


def _grow(lines: Lines, edits: Sequence[Edit], i: int) -> tuple[int, int]:
    """Return the line after the region that begins with edit ``i``, and the first edit beyond it."""
    last, at, whole = lines.of(edits[i].start), lines.start(lines.of(edits[i].start)), True
    while True:
        while i < len(edits) and lines.of(edits[i].start) <= last:
            edit = edits[i]
            whole = _ends_line(lines.text[at : edit.start] + edit.new, whole)
            at = edit.end
            last = max(last, lines.of(at) + (not lines.begins(at)))
            i += 1
        last = min(last, len(lines))
        if last == len(lines) or _ends_line(lines.text[at : lines.start(last)], whole):
            return last, i
        last += 1  # what is left of the last line runs on into the next


def _ends_line(piece: str, before: bool) -> bool:
    return piece.endswith("\n") if piece else before


def _trimmed(first: int, old: list[str], new: list[str]) -> Region:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return Region(first + head, first + len(old) - tail, new[head : len(new) - tail])


def _hunks(lines: Lines, found: Sequence[Region], context: int, coding: Coding) -> Iterator[bytes]:
    shift = i = 0
    while i < len(found):
        j = i + 1
        while j < len(found) and found[j].first - found[j - 1].last <= 2 * context:
            j += 1
        group = found[i:j]
        start, stop = max(group[0].first - context, 0), min(group[-1].last + context, len(lines))
        grown = sum(len(r.new) - (r.last - r.first) for r in group)
        old, new = _range(start, stop - start), _range(start + shift, stop - start + grown)
        yield f"@@ -{old} +{new} @@\n".encode()
        yield from _rows(lines, group, start, stop, coding)
        shift += grown
        i = j


def _range(start: int, count: int) -> str:
    """Return a range as patches write it: from 1, and an empty one by the line before it."""
    if count == 1:
        return str(start + 1)
    return f"{start + 1 if count else start},{count}"


def _rows(lines: Lines, group: Sequence[Region], start: int, stop: int, coding: Coding) -> Iterator[bytes]:
    at = start
    for region in group:
        yield from _marked(b" ", (lines[i] for i in range(at, region.first)), coding)
        yield from _marked(b"-", (lines[i] for i in range(region.first, region.last)), coding)
        yield from _marked(b"+", region.new, coding)
        at = region.last
    yield from _marked(b" ", (lines[i] for i in range(at, stop)), coding)


def _marked(mark: bytes, rows: Iterable[str], coding: Coding) -> Iterator[bytes]:
    for row in rows:
        data = mark + row.encode(coding.encoding, coding.errors)
        yield data if row.endswith("\n") else data + _NO_NEWLINE


def _name(side: str, path: str) -> bytes:
    """Return a path for a header line: quoted as in C if it must be, and a tab after one with blanks."""
    name = side.encode() + os.fsencode(path.removeprefix("./").lstrip("/"))
    if any(c < 32 or c in (34, 92, 127) for c in name):
        plain = (_ESCAPES.get(c) or (b"%c" if 32 <= c < 127 else b"\\%03o") % c for c in name)
        return b'"' + b"".join(plain) + b'"'
    return name + b"\t" if b" " in name else name

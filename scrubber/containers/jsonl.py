"""JSON Lines: records one by one, and a changed text put back without touching any other byte."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from scrubber.errors import RecordError
from scrubber.pattern import pattern


class Record(NamedTuple):
    """One line of a file: its bytes, line end included, its number from 1, and what it says."""

    raw: bytes
    number: int
    data: dict[str, Any]


class BadRecord(RecordError):
    """A line that is no record; ``raw`` holds its bytes."""

    def __init__(self, message: str, raw: bytes, number: int) -> None:
        super().__init__(message)
        self.raw = raw
        self.number = number


def records(stream: Iterable[bytes], name: str, first: int = 1) -> Iterator[Record | BadRecord]:
    """Yield every line of ``stream`` as a record (blank lines hold no data) or as what is wrong with it.

    ``first`` is the number of the first line.
    """
    for number, raw in enumerate(stream, first):
        if not raw.strip():
            yield Record(raw, number, {})
            continue
        try:
            data = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError as error:
            yield BadRecord(f"{name}:{number}: not UTF-8 at byte {error.start}", raw, number)
        except json.JSONDecodeError as error:
            yield BadRecord(f"{name}:{number}: not JSON at column {error.colno}: {error.msg}", raw, number)
        except RecursionError:
            yield BadRecord(f"{name}:{number}: nested too deeply", raw, number)
        else:
            if isinstance(data, dict):
                yield Record(raw, number, data)
            else:
                yield BadRecord(f"{name}:{number}: a record must be a JSON object", raw, number)


def splice(record: Record, field: str, text: str) -> bytes:
    """Return the record's bytes with the value of ``field`` (dots go down) replaced by ``text``.

    Every other byte stays. Raises ``KeyError`` if the field is not there.
    """
    source = record.raw.decode("utf-8")
    path = [field] if field in record.data else field.split(".")
    start, end = _value_range(source, path)
    ascii_only = record.raw.isascii() and "\\u" in source[start:end]
    new = json.dumps(text, ensure_ascii=ascii_only)
    try:
        return (source[:start] + new + source[end:]).encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can say
        return (source[:start] + json.dumps(text) + source[end:]).encode("utf-8")


_SPACE = pattern(r"[ \t\r\n\ufeff]*")
_SCALAR = pattern(r"[^\s,\]}]+")


def _value_range(source: str, path: list[str]) -> tuple[int, int]:
    """Return the half-open range of the value at ``path``; of double keys the last one, as json has it."""
    at = _skip(source, 0)
    end = len(source)
    for key in path:
        found = None
        if source[at] != "{":
            raise KeyError(key)
        for name, start, end in _members(source, at):
            if name == key:
                found = (start, end)
        if found is None:
            raise KeyError(key)
        at, end = found
    return at, end


def _skip(source: str, at: int) -> int:
    match = _SPACE.match(source, at)
    return match.end() if match else at


def _members(source: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Yield (key, start, end of value) of the object that opens at ``at``."""
    at = _skip(source, at + 1)
    while source[at] != "}":
        key, at = scanstring(source, at + 1, True)
        at = _skip(source, _skip(source, at) + 1)
        end = _end(source, at)
        yield key, at, end
        at = _skip(source, end)
        if source[at] == ",":
            at = _skip(source, at + 1)


_STRUCTURE = pattern(r'["\[\]{}]')


def _end(source: str, at: int) -> int:
    """Return where the value that starts at ``at`` ends."""
    first = source[at]
    if first == '"':
        return int(scanstring(source, at + 1, True)[1])
    if first not in "[{":
        match = _SCALAR.match(source, at)
        return match.end() if match else at
    depth = 0
    while True:
        match = _STRUCTURE.search(source, at)
        if match is None:
            raise KeyError("unbalanced value")
        mark, at = match.group(), match.end()
        if mark == '"':
            at = scanstring(source, at, True)[1]
        else:
            depth += 1 if mark in "[{" else -1
            if depth == 0:
                return at

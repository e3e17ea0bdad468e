"""Reports as JSON Lines: a header per document, then a record per removal and rewrite, in their order.

Writing and reading live here; undoing what a report says lives in ``scrubber.restore``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scrubber.errors import RecordError
from scrubber.model import Removal, Report, Rewrite, Term


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a report file: what happened to it, and what it takes to get its bytes back."""

    report: Report
    encoding: str
    bom: bytes
    decode_errors: str
    sha256_in: str
    sha256_out: str
    rules: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


def header(
    report: Report,
    *,
    encoding: str,
    bom: bytes,
    sha256_in: str,
    sha256_out: str,
    decode_errors: str = "strict",
    rules: str = "",
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a document's header. ``rules`` is a hash of the rule set, ``settings`` are plain JSON values."""
    return {
        "type": "document",
        "name": report.name,
        "url": report.url,
        "format": report.format,
        "characters": report.characters,
        "encoding": encoding,
        "bom": bom.hex(),
        "decode_errors": decode_errors,
        "sha256_in": sha256_in,
        "sha256_out": sha256_out,
        "rules": rules,
        "settings": dict(settings or {}),
        "removals": len(report.removals),
        "rewrites": len(report.rewrites),
        "notes": list(report.notes),
        "errors": list(report.errors),
        "refused": report.refused,
    }


def lines(report: Report, **about: Any) -> Iterator[bytes]:
    """Yield the header (``about`` is what ``header`` takes) and every record, each a line of UTF-8."""
    yield _line(header(report, **about))
    changes: list[Removal | Rewrite] = [*report.removals, *report.rewrites]
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        if isinstance(change, Removal):
            yield _line(_removal(report.name, change))
        else:
            yield _line(_rewrite(report.name, change))


def _removal(name: str, removal: Removal) -> dict[str, Any]:
    return {
        "type": "removal",
        "file": name,
        "line": removal.line,
        "column": removal.column,
        "start": removal.start,
        "end": removal.end,
        "out": removal.out,
        "rules": list(removal.rules),
        "role": removal.role,
        "reason": removal.reason,
        "evidence": round(removal.evidence, 6),
        "terms": [[term.name, round(term.weight, 6)] for term in removal.terms],
        "text": removal.text,
    }


def _rewrite(name: str, rewrite: Rewrite) -> dict[str, Any]:
    return {
        "type": "rewrite",
        "file": name,
        "line": rewrite.line,
        "column": rewrite.column,
        "start": rewrite.start,
        "end": rewrite.end,
        "out": rewrite.out,
        "normaliser": rewrite.normaliser,
        "old": rewrite.old,
        "new": rewrite.new,
    }


def _line(record: Mapping[str, Any]) -> bytes:
    try:
        return _dumped(record, ascii_only=False).encode() + b"\n"
    except UnicodeEncodeError:  # lone surrogates stand for bytes that are no text; escaped they survive
        return _dumped(record, ascii_only=True).encode() + b"\n"


def _dumped(record: Mapping[str, Any], *, ascii_only: bool) -> str:
    return json.dumps(record, ensure_ascii=ascii_only, separators=(",", ":"))


def read(stream: Iterable[bytes], name: str = "") -> Iterator[Entry]:
    """Yield the documents of a report, checked: types, counts, order and places of all changes.

    Raises ``RecordError`` naming the line; ``name`` is the report's (by default the stream's own).
    """
    label = name or str(getattr(stream, "name", "report"))
    pending: _Document | None = None
    number = 0
    for number, raw in enumerate(stream, 1):
        if not raw.strip():
            continue
        record = _Record(f"{label}:{number}", raw)
        if record.kind == "document":
            if pending:
                yield pending.entry()
            pending = _Document(record)
        elif pending is None:
            raise record.error("a change before any document (is this the whole report?)")
        else:
            pending.add(record)
    if pending:
        yield pending.entry()


class _Record:
    """One line, and the only door from JSON to our types."""

    def __init__(self, place: str, raw: bytes) -> None:
        self.place = place
        try:
            data = json.loads(raw)
        except ValueError as error:
            raise self.error(f"no JSON: {error} (is this a report in JSON Lines?)") from None
        if not isinstance(data, dict):
            raise self.error("not a JSON object")
        self.data: dict[str, Any] = data
        self.kind = self.text("type")

    def error(self, what: str) -> RecordError:
        return RecordError(f"{self.place}: {what}")

    def text(self, key: str) -> str:
        return str(self._typed(key, str, "a string"))

    def number(self, key: str) -> int:
        value = self._typed(key, int, "a whole number")
        if isinstance(value, bool) or value < 0:
            raise self.error(f'"{key}" is not a whole number from 0 up')
        return int(value)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._typed(key, list, "a list")
        if not all(isinstance(value, str) for value in values):
            raise self.error(f'"{key}" is not a list of strings')
        return tuple(values)

    def bytes(self, key: str) -> bytes:
        try:
            return bytes.fromhex(self.text(key))
        except ValueError:
            raise self.error(f'"{key}" is not hexadecimal') from None

    def table(self, key: str) -> dict[str, Any]:
        return dict(self._typed(key, dict, "an object"))

    def removal(self) -> Removal:
        try:
            terms = tuple(Term(str(term), float(weight)) for term, weight in self.data.get("terms", ()))
            evidence = float(self.data.get("evidence", 0))
        except (TypeError, ValueError):
            raise self.error('"terms" or "evidence" has no number where one should be') from None
        rules = self.texts("rules")
        if not rules:
            raise self.error('"rules" is empty')
        return Removal(
            rules, self.text("role"), self.text("reason"), self.number("start"), self.number("end"),
            self.number("line"), self.number("column"), self.text("text"), self.number("out"),
            evidence, terms,
        )  # fmt: skip

    def rewrite(self) -> Rewrite:
        return Rewrite(
            self.text("normaliser"), self.number("start"), self.number("end"), self.number("line"),
            self.number("column"), self.text("old"), self.text("new"), self.number("out"),
        )  # fmt: skip

    def _typed(self, key: str, kind: type, told: str) -> Any:
        if key not in self.data:
            raise self.error(f'"{key}" is missing')
        if not isinstance(self.data[key], kind):
            raise self.error(f'"{key}" is not {told}')
        return self.data[key]


class _Document:
    """A header and the changes read so far."""

    def __init__(self, record: _Record) -> None:
        self.header = record
        self.removals: list[Removal] = []
        self.rewrites: list[Rewrite] = []
        self.end = self.shift = 0

    def add(self, record: _Record) -> None:
        if record.kind == "removal":
            removal = record.removal()
            self._check(record, removal.start, removal.end, removal.out, (removal.text, ""))
            self.removals.append(removal)
        elif record.kind == "rewrite":
            rewrite = record.rewrite()
            self._check(record, rewrite.start, rewrite.end, rewrite.out, (rewrite.old, rewrite.new))
            self.rewrites.append(rewrite)
        else:
            raise record.error(f'unknown type "{record.kind}" (written by a newer version?)')

    def _check(self, record: _Record, start: int, end: int, out: int, change: tuple[str, str]) -> None:
        old, new = change
        if start < self.end:
            raise record.error(f"starts at {start}, before the last change ended ({self.end})")
        if end - start != len(old):
            raise record.error(f"{len(old)} characters of text for a range of {end - start}")
        if out != start + self.shift:
            raise record.error(f'"out" is {out}, but the changes before it put it at {start + self.shift}')
        self.end = end
        self.shift += len(new) - len(old)

    def entry(self) -> Entry:
        head = self.header
        for key, found in (("removals", len(self.removals)), ("rewrites", len(self.rewrites))):
            said = head.number(key)
            if said != found:
                raise head.error(f"{said} {key} announced, {found} found (is this the whole report?)")
        report = Report(
            head.text("name"), head.text("url"), head.text("format"),
            tuple(self.removals), tuple(self.rewrites),
            head.texts("notes"), head.texts("errors"), head.text("refused"), head.number("characters"),
        )  # fmt: skip
        return Entry(
            report, head.text("encoding"), head.bytes("bom"), head.text("decode_errors"),
            head.text("sha256_in"), head.text("sha256_out"), head.text("rules"), head.table("settings"),
        )  # fmt: skip

"""Reports as SARIF 2.1.0, with a fix for every result. Written as documents come, so that memory does not grow with them.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from scrubber.model import Removal, Report, Rewrite
from scrubber.report.layout import Lines
from scrubber.report.preview import visible
from scrubber.report.writers import Told

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_EXCERPT = 120


class Sarif:
    """One run: results as documents come, rules and what went wrong at the end."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._rules: dict[str, dict[str, Any]] = {}
        self._problems: list[dict[str, Any]] = []
        self._failed = False
        self._begun = False

    def add(self, told: Told) -> bytes:
        """Return the results of a document, joined to those before."""
        parts: list[bytes] = []
        for result, rule in _results(told):
            self._rules.setdefault(rule["id"], rule)
            parts.append(b",\n" if self._begun or parts else b"\n")
            parts.append(_dumped(result))
        self._problems += _problems(told.report)
        self._failed |= bool(told.report.errors)
        head = b"" if self._begun else self._head() if parts else b""
        self._begun |= bool(parts)
        return head + b"".join(parts)

    def close(self) -> bytes:
        """Return the rest of the run."""
        driver = {"name": "scrubber", "version": self._version, "rules": [self._rules[i] for i in sorted(self._rules)]}
        rest = {
            "columnKind": "unicodeCodePoints",
            "tool": {"driver": driver},
            "invocations": [{"executionSuccessful": not self._failed, "toolExecutionNotifications": self._problems}],
        }
        head = b"" if self._begun else self._head()
        return head + b"\n],\n" + _dumped(rest)[1:] + b"]}\n"

    @staticmethod
    def _head() -> bytes:
        return b'{"$schema":"' + SCHEMA.encode() + b'","version":"2.1.0","runs":[{"results":['


def _results(told: Told) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield (result, its rule) for every change of a document."""
    report = told.report
    lines = Lines(told.text)
    uri = uri_of(report.name)
    seen = Counter[str]()
    changes: list[Removal | Rewrite] = sorted([*report.removals, *report.rewrites], key=lambda c: (c.start, c.end))
    for change in changes:
        rule = _rule(change)
        old = told.text[change.start : change.end]
        start = change.start + (len(old) - len(old.lstrip()) if old.strip() else 0)
        end = change.end - (len(old) - len(old.rstrip()) if old.strip() else 0)
        region = {**_region(lines, start, end), "snippet": {"text": told.text[start:end]}}
        line = lines[lines.of(start)] if lines.of(start) < len(lines) else ""
        mark = f"{rule['id']}\n{uri}\n{' '.join(line.split()).lower()}"
        seen[mark] += 1
        result: dict[str, Any] = {
            "ruleId": rule["id"],
            "level": rule["defaultConfiguration"]["level"],
            "message": {"text": _message(change)},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}},
            ],
            "partialFingerprints": {"scrubberLine/v1": _hash(f"{mark}\n{seen[mark]}")},
            "fixes": [_fix(uri, _region(lines, change.start, change.end), change)],
        }
        yield result, rule


def _fix(uri: str, region: dict[str, int], change: Removal | Rewrite) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": region}
    if isinstance(change, Rewrite) and change.new:
        replacement["insertedContent"] = {"text": change.new}
    what = "Remove it" if isinstance(change, Removal) or not change.new else "Replace it"
    return {
        "description": {"text": what},
        "artifactChanges": [{"artifactLocation": {"uri": uri}, "replacements": [replacement]}],
    }


def _rule(change: Removal | Rewrite) -> dict[str, Any]:
    if isinstance(change, Removal):
        identity, level, told, tag = change.rules[0], "warning", change.reason, change.role
    else:
        identity, level, told = f"normalise/{change.normaliser}", "note", f"The normaliser for {change.normaliser}."
        tag = "normalise"
    return {
        "id": identity,
        "shortDescription": {"text": told or identity},
        "help": {"text": f"scrubber rules show {identity}" if level == "warning" else "scrubber clean --help"},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [tag]},
    }


def _message(change: Removal | Rewrite) -> str:
    if isinstance(change, Rewrite):
        old, new = (visible(text, spaces=True, foreign=True) for text in (change.old, change.new))
        return f"{change.normaliser}: {old} becomes {new}" if new else f"{change.normaliser}: {old} goes"
    return f"{change.role}: {excerpt(change.text)} ({change.reason})"


def excerpt(text: str, most: int = _EXCERPT) -> str:
    """Return the first characters of what is removed, on one line."""
    flat = visible(" ".join(text.split()))
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _region(lines: Lines, start: int, end: int) -> dict[str, int]:
    """Return lines and columns from 1 (the end exclusive), and code points from 0."""
    first, column = _place(lines, start)
    last, stop = _place(lines, end)
    return {"startLine": first, "startColumn": column, "endLine": last, "endColumn": stop,
            "charOffset": start, "charLength": end - start}  # fmt: skip


def _place(lines: Lines, position: int) -> tuple[int, int]:
    if position == len(lines.text) and (not lines.text or lines.text.endswith("\n")):
        return len(lines) + 1, 1
    i = bisect_right(lines.starts, position) - 1
    return i + 1, position - lines.starts[i] + 1


def _problems(report: Report) -> Iterator[dict[str, Any]]:
    rows = [("error", text) for text in report.errors] + [("note", text) for text in report.notes]
    rows += [("warning", f"left unchanged: {report.refused}")] if report.refused else []
    for level, text in rows:
        where = {"physicalLocation": {"artifactLocation": {"uri": uri_of(report.name)}}}
        yield {"level": level, "message": {"text": text}, "locations": [where]}


def uri_of(name: str) -> str:
    """Return a path as a URI reference: relative with slashes, or ``file://`` when it is absolute."""
    path = PurePath(name or "-")
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _dumped(value: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # lone surrogates stand for bytes that are no text
        return json.dumps(value, separators=(",", ":")).encode()

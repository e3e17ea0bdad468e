"""Reports added up to a summary: per rule, role, normaliser, host and language. How it is shown lives in ``tables``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scrubber.account import sizes
from scrubber.model import Report

HOSTS_MOST = 50_000
LINES_MOST = 50_000
OTHERS = "(others)"
"""The name under which hosts are added up that are too many to keep apart."""

Lines = Mapping[tuple[str, str], int]


class Row(NamedTuple):
    """Sums under one name: documents seen and changed, how many changes, and characters of the source they took."""

    documents: int = 0
    changed: int = 0
    changes: int = 0
    characters: int = 0

    def plus(self, other: Row) -> Row:
        """Return both added up."""
        return Row(*(a + b for a, b in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened to some documents. ``a + b`` is what happened to both, whatever the order.

    A removal counts for the rule it names first. The rows of ``hosts`` and ``languages`` are about removals, hold every
    document, and add up to the totals. ``lines`` says of a host's line that no rule took in how many documents it
    was seen, at least: what is seen in one document only is forgotten, so sums of parts may be lower.
    """

    documents: int = 0
    changed: int = 0
    refused: int = 0
    errors: int = 0
    characters: int = 0
    removals: int = 0
    removed: int = 0
    rewrites: int = 0
    rewritten: int = 0
    roles: Mapping[str, Row] = field(default_factory=dict)
    rules: Mapping[str, Row] = field(default_factory=dict)
    normalisers: Mapping[str, Row] = field(default_factory=dict)
    hosts: Mapping[str, Row] = field(default_factory=dict)
    languages: Mapping[str, Row] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report, host: str = "", language: str = "", lines: Lines | None = None) -> Summary:
        """Return the summary of one document."""
        roles: dict[str, Row] = {}
        rules: dict[str, Row] = {}
        for removal in report.removals:
            length = removal.end - removal.start
            _count(roles, removal.role, length)
            _count(rules, removal.rules[0], length)
        rewritten = sizes(report.rewrites)
        normalisers = {name: Row(1, 1, count, characters) for name, (count, characters) in rewritten.items()}
        removed = sum(r.end - r.start for r in report.removals)
        row = Row(1, int(report.changed), len(report.removals), removed)
        return cls(
            1, row.changed, int(bool(report.refused)), int(bool(report.errors)), report.characters,
            row.changes, removed, len(report.rewrites), sum(r.characters for r in normalisers.values()),
            roles, rules, normalisers, {host: row}, {language: row}, lines or {},
        )  # fmt: skip

    def __add__(self, other: Summary) -> Summary:
        tally = Tally()
        tally.add(self)
        tally.add(other)
        return tally.summary()


class Tally:
    """Summaries added up one by one, without a copy for each."""

    def __init__(self) -> None:
        self._numbers = [0] * len(NUMBERS)
        self._tables: list[dict[str, Row]] = [{} for _ in TABLES]
        self.lines: dict[tuple[str, str], int] = {}

    def add(self, one: Summary) -> None:
        """Add ``one``."""
        self._numbers = [n + int(getattr(one, name)) for n, name in zip(self._numbers, NUMBERS, strict=True)]
        for rows, name in zip(self._tables, TABLES, strict=True):
            _add_to(rows, getattr(one, name))
        self._tables[_HOSTS] = _fewer(self._tables[_HOSTS])
        for key, n in one.lines.items():
            self.lines[key] = self.lines.get(key, 0) + n
        if len(self.lines) > LINES_MOST:
            self.lines = dict(sorted(self.lines.items(), key=lambda line: (-line[1], line[0]))[: LINES_MOST // 2])

    def summary(self) -> Summary:
        """Return the sums so far."""
        values: dict[str, Any] = dict(zip(NUMBERS, self._numbers, strict=True))
        values |= {name: dict(rows) for name, rows in zip(TABLES, self._tables, strict=True)}
        return Summary(**values, lines=dict(self.lines))


NUMBERS = (
    "documents", "changed", "refused", "errors", "characters", "removals", "removed", "rewrites", "rewritten",
)  # fmt: skip
TABLES = ("roles", "rules", "normalisers", "hosts", "languages")
_HOSTS = TABLES.index("hosts")


def _count(rows: dict[str, Row], name: str, length: int) -> None:
    row = rows.get(name, Row(1, 1))
    rows[name] = Row(1, 1, row.changes + 1, row.characters + length)


def _add_to(rows: dict[str, Row], others: Mapping[str, Row]) -> None:
    for name, row in others.items():
        known = rows.get(name)
        rows[name] = row if known is None else known.plus(row)


def _fewer(hosts: dict[str, Row]) -> dict[str, Row]:
    """Return ``hosts``, of too many those with the least debris added up under one name."""
    if len(hosts) <= HOSTS_MOST:
        return hosts
    ranked = sorted(hosts.items(), key=lambda h: (h[0] == OTHERS, h[1].characters, h[1].documents, h[0]), reverse=True)
    kept = dict(ranked[: HOSTS_MOST // 2])
    for _, row in ranked[HOSTS_MOST // 2 :]:
        _add_to(kept, {OTHERS: row})
    return kept

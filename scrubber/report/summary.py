"""Reports added up, and the sums as a line of plain text. Nothing here prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scrubber.account import sizes
from scrubber.model import Removal, Report


@dataclass(frozen=True, slots=True)
class Totals:
    """What happened to some documents, in lines and characters. ``a + b`` is what happened to both.

    ``lines`` are removed lines that were not blank, ``parts`` what was cut out of lines that stayed; per
    role and per rule they count together. ``rewritten`` characters are those of the source, or the new ones
    where there were none.
    """

    documents: int = 0
    changed: int = 0
    refused: int = 0
    lines: int = 0
    parts: int = 0
    characters: int = 0
    rewritten: int = 0
    roles: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    normalisers: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report) -> Totals:
        """Return the totals of one document; a removal counts for the rule it names first."""
        roles, rules, normalisers = Counter[str](), Counter[str](), Counter[str]()
        lines = parts = 0
        for removal in report.removals:
            count = solid_lines(removal.text)
            if is_part(removal, report.characters):
                parts += count
            else:
                lines += count
            roles[removal.role] += count
            rules[removal.rules[0]] += count
        for name, (_, characters) in sizes(report.rewrites).items():
            normalisers[name] = characters
        removed = sum(r.end - r.start for r in report.removals)
        return cls(1, int(report.changed), int(bool(report.refused)), lines, parts, removed,
                   normalisers.total(), roles, rules, normalisers)  # fmt: skip

    @classmethod
    def of_all(cls, reports: Iterable[Report]) -> Totals:
        """Return the totals of all ``reports``."""
        total = cls()
        for report in reports:
            total += cls.of(report)
        return total

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.documents + other.documents,
            self.changed + other.changed,
            self.refused + other.refused,
            self.lines + other.lines,
            self.parts + other.parts,
            self.characters + other.characters,
            self.rewritten + other.rewritten,
            Counter(self.roles) + Counter(other.roles),
            Counter(self.rules) + Counter(other.rules),
            Counter(self.normalisers) + Counter(other.normalisers),
        )


def summary(reports: Iterable[Report]) -> str:
    """Return one line about all ``reports``, without a line end.

    >>> from scrubber.model import Rewrite
    >>> summary([Report(removals=(), rewrites=(Rewrite("quotes", 0, 1, 1, 1, "“", '"', 0),))])
    'rewrote 1 character in 1 document: quotes 1'
    """
    return told_in_full(Totals.of_all(reports))


def told_in_full(total: Totals) -> str:
    """Return what ``summary`` says of reports that are added up already."""
    if total.changed:
        parts = [told for told in (_removed(total), _rewritten(total)) if told]
    else:
        parts = [f"nothing to clean in {counted(total.documents, 'document')}"]
    if total.refused:
        parts.append(f"left {counted(total.refused, 'document')} unchanged")
    return "; ".join(parts)


def _removed(total: Totals) -> str:
    what = removed(total)
    return f"removed {what} in {counted(total.changed, 'document')}: {ranked(total.roles)}" if what else ""


def _rewritten(total: Totals) -> str:
    if not total.rewritten:
        return ""
    place = "" if total.roles else f" in {counted(total.changed, 'document')}"
    return f"rewrote {counted(total.rewritten, 'character')}{place}: {ranked(total.normalisers)}"


def removed(total: Totals) -> str:
    """Return what was removed in words (``7 lines and 1 part of a line``), or nothing."""
    parts = [counted(total.lines, "line")] if total.lines else []
    if total.parts:
        parts.append(f"{total.parts:,} {'part of a line' if total.parts == 1 else 'parts of lines'}")
    return " and ".join(parts)


def ranked(counts: Mapping[str, int], most: int = 12) -> str:
    """Return names and numbers, the largest first: ``share 3, newsletter 2``; of very many the first ones."""
    rows = sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    told = [f"{name} {n:,}" for name, n in rows[:most]]
    rest = [f"{counted(sum(n for _, n in rows[most:]), 'other')}"] if len(rows) > most else []
    return ", ".join(told + rest)


def counted(number: int, noun: str) -> str:
    """Return ``1 line``, ``2 lines``, ``1,200 lines``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def solid_lines(text: str) -> int:
    """Return how many lines of ``text`` are not blank, at least 1."""
    return max(1, sum(1 for line in text.split("\n") if line.strip()))


def is_part(removal: Removal, characters: int) -> bool:
    """Return whether the line the removal was in stayed; ``characters`` is the length of the source."""
    text = removal.text
    lead = text[: len(text) - len(text.lstrip())] if text.strip() else ""
    if "\n" in lead or text.startswith(("\n", "\r\n")):
        return False
    return removal.column - len(lead) != 1 or not (text.endswith("\n") or removal.end == characters)

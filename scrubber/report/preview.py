"""What a person should see of a report: which lines, what in them, and why. ``rich_diff`` draws it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scrubber.model import Removal, Report, Rewrite
from scrubber.report.layout import Lines

CONTEXT = 2
"""Lines shown before and after removed ones."""
ALIKE = 5
"""Lines shown for each normaliser."""

Change = Removal | Rewrite
_JOINERS = "\u00ad\u200c\u200d"
_HIDDEN = ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")


class Piece(NamedTuple):
    """Part of a line, ready to be shown; ``same`` when nothing happens to it."""

    old: str
    new: str
    same: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the source (from 0); ``mark`` is ``-`` removed, ``~`` changed inside, blank: context."""

    line: int
    mark: str
    pieces: tuple[Piece, ...]
    changes: tuple[Change, ...] = ()

    @property
    def removals(self) -> list[Removal]:
        """The removals that reach into this line."""
        return [c for c in self.changes if isinstance(c, Removal)]

    @property
    def normalisers(self) -> tuple[str, ...]:
        """The normalisers that rewrite this line, each once."""
        return tuple(sorted({c.normaliser for c in self.changes if isinstance(c, Rewrite)}))


@dataclass(frozen=True, slots=True)
class Preview:
    """Rows in the order of the text, and how many more lines which normalisers rewrite."""

    rows: tuple[Row, ...]
    hidden: tuple[tuple[tuple[str, ...], int], ...]


def preview(source: str, report: Report) -> Preview:
    """Return every line a rule removes from, a few for each normaliser, and context around removed lines."""
    lines = Lines(source)
    touched = _touched(lines, report)
    shown: dict[int, Row] = {}
    hidden: Counter[tuple[str, ...]] = Counter()
    seen: Counter[str] = Counter()
    for row in touched:
        names = row.normalisers
        if row.removals or any(seen[name] < ALIKE for name in names):
            shown[row.line] = row
            seen.update(() if row.removals else names)
        else:
            hidden[names] += 1
    for row in touched:
        if row.mark == "-" and row.removals:
            for i in range(max(row.line - CONTEXT, 0), min(row.line + CONTEXT + 1, len(lines))):
                if i not in shown:
                    shown[i] = Row(i, " ", _whole(lines, i))
    for row in [row for row in shown.values() if row.mark != "~"]:
        for step in (1, -1):
            i = row.line + step
            if i not in shown and i + step in shown:  # a sign for the gap would take as much room
                shown[i] = Row(i, " ", _whole(lines, i))
    rows = tuple(shown[i] for i in sorted(shown))
    return Preview(rows, tuple(sorted(hidden.items(), key=lambda h: (-h[1], h[0]))))


def _touched(lines: Lines, report: Report) -> list[Row]:
    """Return the rows of all lines that look different afterwards."""
    changes: list[Change] = sorted([*report.removals, *report.rewrites], key=lambda c: (c.start, c.end))
    touching: dict[int, list[Change]] = {}
    for change in changes:
        last = max(min(lines.of(max(change.end - 1, change.start)), len(lines) - 1), 0)
        for i in range(min(lines.of(change.start), last), last + 1):
            touching.setdefault(i, []).append(change)
    rows = (_row(lines, i, found) for i, found in sorted(touching.items()))
    return [row for row in rows if row.mark == "-" or not all(piece.same for piece in row.pieces)]


def _row(lines: Lines, i: int, changes: Sequence[Change]) -> Row:
    start, stop = lines.start(i), lines.start(i + 1)
    body = lines[i].removesuffix("\n")
    visible = start + len(body.removesuffix("\r"))
    gone = [c for c in changes if not _new(c)]
    broken = stop == start + len(body) or any(c.start < start or c.end >= stop for c in gone)
    if broken and gone and _covered(gone, start, visible):
        return Row(i, "-", _whole(lines, i), tuple(c for c in gone if c.start < visible or visible == start))
    pieces: list[Piece] = []
    at = start
    for change in changes:
        limit = visible if isinstance(change, Removal) else start + len(body)
        left, right = min(max(change.start, start), limit), min(change.end, limit)
        new = _new(change).strip("\r\n") if change.start >= start else ""
        if left < right or new:
            pieces += (_piece(lines.text[at:left]), _altered(lines.text[left:right], new))
            at = max(right, left)
    pieces.append(_piece(lines.text[at:visible]))
    inside = (c for c in changes if c.start < visible or isinstance(c, Rewrite))  # the rest begins at the line's end
    return Row(i, "~", tuple(p for p in pieces if p.old or p.new), tuple(inside))


def _covered(gone: Sequence[Change], start: int, end: int) -> bool:
    at = start
    for change in gone:
        if change.start > at:
            return False
        at = max(at, change.end)
    return at >= end


def _new(change: Change) -> str:
    return change.new if isinstance(change, Rewrite) else ""


def _whole(lines: Lines, i: int) -> tuple[Piece, ...]:
    return (_piece(lines[i].removesuffix("\n").removesuffix("\r")),)


def _piece(text: str) -> Piece:
    safe = visible(text)
    return Piece(safe, safe, True)


def _altered(old: str, new: str) -> Piece:
    alike = unicodedata.normalize("NFC", old) == unicodedata.normalize("NFC", new)
    return Piece(visible(old, spaces=True, foreign=alike), visible(new, spaces=True), False)


def visible(text: str, *, spaces: bool = False, foreign: bool = False) -> str:
    """Return ``text`` so that a terminal shows all of it and obeys none of it.

    ``spaces`` also names odd spaces and joiners, and draws lone spaces as dots; ``foreign`` names all that is
    not ASCII.

    >>> visible("a\\u200bb\\x1b[2J"), visible("  ", spaces=True), visible("e\\u0301", foreign=True)
    ('a‹U+200B›b‹U+001B›[2J', '··', 'e‹U+0301›')
    """
    if spaces and text.strip(" ") == "":
        return "·" * len(text)
    if not spaces and text.isascii() and text.isprintable():
        return text
    return "".join(_character(c, spaces, foreign) for c in text)


def _character(c: str, spaces: bool, foreign: bool) -> str:
    if c.isascii() and c.isprintable():
        return c
    if c == "\t" and not spaces:
        return "    "
    kind = unicodedata.category(c)
    named = kind in _HIDDEN and (spaces or c not in _JOINERS)
    if named or (spaces and kind == "Zs") or (foreign and not c.isascii()):
        return f"‹U+{ord(c):04X}›"
    return c


def reasons(rows: Sequence[Row]) -> list[tuple[str, Removal]]:
    """Return why these neighbouring rows go: lines (``43``, ``45-48``) and a removal that speaks for them."""
    found: list[tuple[int, int, Removal]] = []
    for row in rows:
        if row.mark == "-" and not any(p.old.strip() for p in row.pieces) and len(rows) > 1:
            continue
        for removal in row.removals:
            if found and _alike(found[-1][2], removal):
                found[-1] = (found[-1][0], row.line + 1, found[-1][2])
            else:
                found.append((row.line + 1, row.line + 1, removal))
    return [(str(a) if a == b else f"{a}-{b}", removal) for a, b, removal in found]


def _alike(a: Removal, b: Removal) -> bool:
    return (a.rules[0], a.reason, a.role) == (b.rules[0], b.reason, b.role)


def cut(text: str, spread: int, left: bool, right: bool) -> str:
    """Return ``text`` without its middle; ``left`` and ``right`` say on which sides a change stands."""
    if len(text) <= spread * (left + right) + 3 or not (left or right):
        return text
    head, tail = text[:spread] if left else "", text[-spread:] if right else ""
    if " " in head.strip():
        head = head[: head.rindex(" ")].rstrip(" ")
    if " " in tail.strip():
        tail = tail[tail.index(" ", len(tail) - len(tail.lstrip())) + 1 :]
    return f"{head}{' ' if head else ''}…{' ' if tail else ''}{tail}"

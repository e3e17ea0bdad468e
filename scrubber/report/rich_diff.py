"""The preview drawn for a terminal. Marks and braces say everything; colour adds escapes and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from scrubber.model import Removal, Report
from scrubber.report.preview import Piece, Row, cut, preview, reasons, visible
from scrubber.report.summary import Totals, counted, ranked, removed

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_TALL = 6  # rows a removed line may take
_SPREADS = (60, 40, 30, 24, 18, 14, 11)  # characters kept at each side of a change, the first that fits
_FAINT, _GONE, _OLD, _NEW, _RULE = "dim", "red", "red strike", "green", "cyan"


class Sheet(NamedTuple):
    """Where things stand on a line of the screen."""

    console: Console
    digits: int

    @property
    def room(self) -> int:
        """Cells left for text, one kept free for terminals that wrap early."""
        return max(self.console.width - self.digits - 6, 20)

    def line(self, mark: str, number: str, body: Text, style: str = _FAINT) -> None:
        """Print one line: mark, number, a bar, text."""
        from rich.text import Text

        text = Text.assemble((mark, style), " ", (number.rjust(self.digits), _FAINT), (" │ ", _FAINT), body)
        text.rstrip()
        self.console.print(text, soft_wrap=True, highlight=False)


def print_diff(console: Console, source: str, report: Report) -> None:
    """Print what goes from ``source`` and why, what is rewritten, and the sums; nothing without a change."""
    from rich.text import Text

    if not report.changed:
        return
    shown = preview(source, report)
    sheet = Sheet(console, max(2, len(str(shown.rows[-1].line + 1))) if shown.rows else 2)
    _header(console, report)
    before: list[Row] = []
    for rows in _stretches(shown.rows):
        if before and not (_quiet(before) and _quiet(rows)):
            sheet.line(" ", "⋮", Text())
        _stretch(sheet, rows)
        before = rows
    if shown.hidden:
        console.print(Text(_hidden(shown.hidden), style=_FAINT), soft_wrap=True, highlight=False)
    console.print(Text.assemble("\n", (_sums(report), "bold"), "\n"), soft_wrap=True, highlight=False)


def _header(console: Console, report: Report) -> None:
    from rich.cells import cell_len
    from rich.text import Text

    name = visible(report.name) if report.name not in ("", "-") else "standard input"
    rest = "─" * max(min(console.width - 1, 100) - cell_len(name) - 4, 2)
    line = Text.assemble(("── ", _FAINT), (name, "bold"), " ", (rest, _FAINT))
    console.print(line, soft_wrap=True, highlight=False)


def _stretches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield runs of rows that are neighbours in the text."""
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1].line - pair[0]):
        yield [row for _, row in group]


def _quiet(rows: Sequence[Row]) -> bool:
    return all(row.mark == "~" and not row.removals for row in rows)


def _stretch(sheet: Sheet, rows: Sequence[Row]) -> None:
    """Print neighbouring rows, each run of removals followed by its reasons."""
    for kind, group in groupby(rows, key=lambda row: (row.mark, bool(row.removals))):
        together = list(group)
        for row in together:
            _row(sheet, row)
            if kind == ("~", True):
                _reasons(sheet, [row])
        if kind == ("-", True):
            _reasons(sheet, together)


def _row(sheet: Sheet, row: Row) -> None:
    from rich.text import Text

    number = str(row.line + 1)
    if row.mark == " ":
        body = Text(row.pieces[0].old if row.pieces else "", style=_FAINT)
        body.truncate(sheet.room, overflow="ellipsis")
        sheet.line(" ", number, body)
    elif row.mark == "-":
        _wrapped(sheet, "-", number, Text(row.pieces[0].old if row.pieces else "", style=_GONE), _GONE)
    elif row.removals:
        _wrapped(sheet, "~", number, _fitted(row.pieces, 3 * sheet.room) or _near(row.pieces, 20), "yellow")
    else:
        body = _fitted(row.pieces, sheet.room) or _first(row.pieces, sheet.room)
        sheet.line("~", number, body, "yellow")


def _wrapped(sheet: Sheet, mark: str, number: str, body: Text, style: str) -> None:
    from rich.text import Text

    rows = list(body.wrap(sheet.console, sheet.room, overflow="fold")) or [Text()]
    limit = _TALL if mark == "-" else len(rows)
    for i, part in enumerate(rows[:limit]):
        sheet.line(mark if i == 0 else " ", number if i == 0 else "", part, style)
    if len(rows) > limit:
        more = sum(len(part) for part in rows[limit:])
        sheet.line(" ", "", Text(f"… {counted(more, 'more character')}", style=_FAINT))


def _reasons(sheet: Sheet, rows: Sequence[Row]) -> None:
    """Print rule, role and reason of removed rows; their numbers too where reasons differ."""
    from rich.text import Text

    found = reasons(rows)
    indent = " " * (sheet.digits + 3)
    wide = max((len(place) for place, _ in found), default=0)
    for i, (place, removal) in enumerate(found):
        told = _told(removal)
        label = f"{place.ljust(wide)}  " if len(found) > 1 else ""
        rows_of = told.wrap(sheet.console, max(sheet.room - len(label), 20), overflow="fold")
        for j, part in enumerate(rows_of):
            lead = ("╰ " if i == j == 0 else "  ") + (label if j == 0 else " " * len(label))
            part.rstrip()
            text = Text.assemble(indent, (lead, _FAINT), part)
            sheet.console.print(text, soft_wrap=True, highlight=False)


def _told(removal: Removal) -> Text:
    from rich.text import Text

    more = f" +{len(removal.rules) - 1}" if len(removal.rules) > 1 else ""
    return Text.assemble((removal.rules[0], _RULE), (f"{more} · {removal.role}: {visible(removal.reason)}", _FAINT))


def _fitted(pieces: Sequence[Piece], room: int) -> Text | None:
    """Return the whole line, or the widest neighbourhoods of its changes that fit into ``room`` cells."""
    for spread in (10**9, *_SPREADS):
        text = _near(pieces, spread)
        if text.cell_len <= room:
            return text
    return None


def _first(pieces: Sequence[Piece], room: int) -> Text:
    """Return the first changes of a line that fit into ``room`` cells, and how many more there are."""
    places = [i for i, piece in enumerate(pieces) if not piece.same]
    for count in range(len(places) - 1, 0, -1):
        text = _near(pieces[: places[count]], _SPREADS[-1])
        text.rstrip()
        rest = f"+{len(places) - count} more"
        text.append(f" {rest}" if text.plain.endswith("…") else f" … {rest}", _FAINT)
        if text.cell_len <= room:
            return text
    text = _near(pieces[: places[0] + 1], _SPREADS[-1])
    text.truncate(room, overflow="ellipsis")
    return text


def _near(pieces: Sequence[Piece], spread: int) -> Text:
    """Return changes between braces, with ``spread`` characters of the line on each side."""
    from rich.text import Text

    text = Text()
    for i, piece in enumerate(pieces):
        if piece.same:
            text.append(cut(piece.old, spread, i > 0, i + 1 < len(pieces)))
        elif not piece.new:
            text.append_text(Text.assemble(("{-", _FAINT), (piece.old, _OLD), ("-}", _FAINT)))
        elif not piece.old:
            text.append_text(Text.assemble(("{+", _FAINT), (piece.new, _NEW), ("+}", _FAINT)))
        else:
            text.append_text(Text.assemble(("{", _FAINT), (piece.old, _OLD), ("→", _FAINT), (piece.new, _NEW)))
            text.append("}", _FAINT)
    return text


def _hidden(hidden: Sequence[tuple[tuple[str, ...], int]]) -> str:
    names, count = hidden[0]
    parts = [f"{counted(count, 'more line')} with {' and '.join(names)} rewritten"]
    parts += [f"{n:,} with {' and '.join(names)}" for names, n in hidden[1:]]
    return f"… and {', '.join(parts)} (use --patch to see all)"


def _sums(report: Report) -> str:
    total = Totals.of(report)
    parts = [f"{removed(total)} removed"] if report.removals else []
    if total.rewritten:
        parts.append(f"{counted(total.rewritten, 'character')} rewritten ({ranked(total.normalisers)})")
    return ", ".join(parts)

"""A summary as a table for people, as Markdown, JSON and CSV. Adding up lives in ``sums``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from scrubber.report.preview import visible
from scrubber.report.summary import counted
from scrubber.report.sums import NUMBERS, TABLES, Row, Summary

TOP = 10
MOST = 1000
"""Hosts and lines in JSON and CSV."""

_TITLES = {
    "roles": ("role", "removals"),
    "rules": ("rule", "removals"),
    "normalisers": ("normaliser", "rewrites"),
    "hosts": ("host", "removals"),
    "languages": ("language", "removals"),
}
_UNKNOWN = "-"


def table(summary: Summary, top: int = TOP) -> str:
    """Return the sums and the ``top`` rows of each kind, aligned."""
    blocks = [_told(summary)]
    for head, rows in _tables(summary, top):
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
        blocks.append("\n".join(_aligned(row, widths) for row in (head, *rows)))
    if summary.lines:
        ranked = _ranked_lines(summary, top)
        width = max(len("documents"), *(len(f"{n:,}") for *_, n in ranked))
        hosts = max(len("host"), *(len(host or _UNKNOWN) for host, *_ in ranked))
        rows_ = [f"{n:>{width},}  {(host or _UNKNOWN).ljust(hosts)}  {visible(line)}" for host, line, n in ranked]
        head_ = f"{'documents'.rjust(width)}  {'host'.ljust(hosts)}  line that comes back and no rule took"
        blocks.append("\n".join([head_, *rows_]))
    return "\n\n".join(blocks) + "\n"


def markdown(summary: Summary, top: int = TOP) -> str:
    """Return the same as Markdown, for the page of a CI run or an issue."""
    blocks = [f"**scrubber:** {_told(summary)}"]
    for head, rows in _tables(summary, top):
        rule = ["---", *["--:"] * (len(head) - 1)]
        blocks.append("\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in (head, rule, *rows)))
    if summary.lines:
        rows = [[f"{n:,}", host or _UNKNOWN, visible(line)] for host, line, n in _ranked_lines(summary, top)]
        head = ["documents", "host", "line that comes back and no rule took"]
        blocks.append("\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in (head, ["--:", "---", "---"], *rows)))
    return "\n\n".join(blocks) + "\n"


def as_json(summary: Summary, top: int = MOST) -> str:
    """Return all sums as one JSON object; only the ``top`` hosts and lines."""
    data: dict[str, Any] = {name: getattr(summary, name) for name in NUMBERS}
    for name in TABLES:
        rows = _ranked(getattr(summary, name))[: top if name == "hosts" else None]
        data[name] = {key: row._asdict() for key, row in rows}
    data["lines"] = [{"host": host, "line": line, "documents": n} for host, line, n in _ranked_lines(summary, top)]
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_csv(summary: Summary, top: int = MOST) -> str:
    """Return all sums as CSV: kind, name, host, documents, changed, changes, characters."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["kind", "name", "host", *Row._fields])
    write(["total", "removals", "", summary.documents, summary.changed, summary.removals, summary.removed])
    write(["total", "rewrites", "", summary.documents, summary.changed, summary.rewrites, summary.rewritten])
    for name in TABLES:
        for key, row in _ranked(getattr(summary, name))[: top if name == "hosts" else None]:
            write([_TITLES[name][0], key, key if name == "hosts" else "", *row])
    for host, line, n in _ranked_lines(summary, top):
        write(["line", line, host, n, 0, 0, 0])
    return out.getvalue()


FORMATS: Mapping[str, Callable[[Summary], str]] = {
    "table": table, "json": as_json, "csv": as_csv, "markdown": markdown,
}  # fmt: skip


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join([row[0].ljust(widths[0]), *numbers]).rstrip()


def _told(summary: Summary) -> str:
    parts = [
        f"{counted(summary.documents, 'document')}, {summary.changed:,} changed",
        f"{counted(summary.removals, 'removal')} ({counted(summary.removed, 'character')}{_share(summary)})",
        f"{counted(summary.rewrites, 'rewrite')} ({counted(summary.rewritten, 'character')})",
    ]
    parts += [f"{summary.refused:,} left unchanged"] if summary.refused else []
    parts += [f"{summary.errors:,} with errors"] if summary.errors else []
    return "; ".join(parts)


def _share(summary: Summary) -> str:
    return f", {summary.removed / summary.characters:.2%} of the text" if summary.removed else ""


def _tables(summary: Summary, top: int) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield head and rows of every table that says something."""
    for name in TABLES:
        ranked = _ranked(getattr(summary, name))
        one, changes = _TITLES[name]
        if not any(row.changes for _, row in ranked) or (name in ("hosts", "languages") and [k for k, _ in ranked] == [""]):
            continue
        seen = name in ("hosts", "languages")
        rows = [
            [key or _UNKNOWN, *([f"{row.documents:,}"] if seen else []), f"{row.changed:,}", f"{row.changes:,}",
             f"{row.characters:,}"]
            for key, row in ranked[:top]
        ]  # fmt: skip
        if len(ranked) > top:
            rows[-1:] = [rows[-1], [f"({len(ranked) - top:,} more)", *[""] * (len(rows[0]) - 1)]]
        yield [one, *(["documents"] if seen else []), "changed", changes, "characters"], rows


def _ranked(rows: Mapping[str, Row]) -> list[tuple[str, Row]]:
    return sorted(rows.items(), key=lambda r: (-r[1].changes, -r[1].characters, -r[1].documents, r[0]))


def _ranked_lines(summary: Summary, top: int) -> list[tuple[str, str, int]]:
    ranked = sorted(summary.lines.items(), key=lambda line: (-line[1], line[0]))[:top]
    return [(host, line, n) for (host, line), n in ranked]


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")


def names() -> Sequence[str]:
    """Return the names of the formats."""
    return tuple(FORMATS)

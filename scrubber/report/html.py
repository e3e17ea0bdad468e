"""Reports as one HTML page for people: what went from each document, in its context, with rule and reason.

The page needs nothing else: no script, no font, no picture from anywhere. What is shown lives in ``preview``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from scrubber.model import Removal, Report
from scrubber.report.preview import Piece, Row, cut, preview, reasons, visible
from scrubber.report.summary import Totals, counted, ranked, removed, told_in_full
from scrubber.report.sums import Row as Sums
from scrubber.report.sums import Summary, Tally
from scrubber.report.writers import Told

MOST = 1000
"""Documents shown; the others are counted."""

_LONGEST = 1000  # characters kept at each end of a line, and at each side of a removal
_NEAR = 60  # characters kept at each side of a rewrite
_TOP = 20  # rows of a table
_OPEN = 20  # documents that are not folded


class Html:
    """The page, written when all documents are known; kept are sums and what is shown."""

    def __init__(self) -> None:
        self._sections: list[str] = []
        self._index: list[str] = []
        self._more = 0
        self._total = Totals()
        self._tally = Tally()

    def add(self, told: Told) -> bytes:
        """Return nothing: the sums stand first."""
        report = told.report
        self._total += Totals.of(report)
        self._tally.add(Summary.of(report))
        if report.changed or report.refused or report.errors:
            if len(self._sections) < MOST:
                number = len(self._sections) + 1
                self._sections.append(_section(told.text, report, number))
                sums = f"<span class=faint>{escape(_sums(report))}</span>"
                self._index.append(f'<li><a href="#d{number}">{escape(_name(report))}</a> {sums}</li>')
            else:
                self._more += 1
        return b""

    def close(self) -> bytes:
        """Return the page."""
        more = f"<p class=more>… and {counted(self._more, 'more document')}, not shown.</p>" if self._more else ""
        sums = self._tally.summary()
        tables = _table("Role", sums.roles) + _table("Rule", sums.rules) + _table("Normaliser", sums.normalisers)
        body = (
            f"<header><h1>scrubber report</h1><p>{escape(told_in_full(self._total))}.</p></header>"
            f"<div class=tables>{tables}</div>{_nav(self._index)}<main>{''.join(self._sections)}{more}</main>"
        )
        return (_HEAD + body + "</body></html>\n").encode("utf-8", "replace")


def _nav(index: Sequence[str]) -> str:
    if len(index) < 2:
        return ""
    head = f"<summary>{counted(len(index), 'document')}</summary>"
    return f"<nav><details>{head}<ol>{''.join(index)}</ol></details></nav>"


def _name(report: Report) -> str:
    return visible(report.name) if report.name not in ("", "-") else "standard input"


def _table(title: str, rows: Mapping[str, Sums]) -> str:
    """Return a table of names, documents and changes, the most first, with a bar for each."""
    if not rows:
        return ""
    first = sorted(rows.items(), key=lambda r: (-r[1].changes, r[0]))
    most = first[0][1].changes
    lines = [
        f"<tr><th scope=row>{escape(name)}</th><td>{row.changed:,}</td><td>{row.changes:,}"
        f'<i style="width:{100 * row.changes / most:.0f}%"></i></td></tr>'
        for name, row in first[:_TOP]
    ]
    if len(first) > _TOP:
        lines.append(f"<tr><th scope=row class=faint>{len(first) - _TOP:,} more</th><td></td><td></td></tr>")
    head = f"<tr><th scope=col>{title}</th><th scope=col>documents</th><th scope=col>changes</th></tr>"
    return f"<table class={title.lower()}><thead>{head}</thead><tbody>{''.join(lines)}</tbody></table>"


def _section(source: str, report: Report, number: int) -> str:
    problems = [f"Left unchanged: {report.refused}."] if report.refused else []
    problems += report.errors
    told = "".join(f"<p class=problem>{escape(visible(problem))}</p>" for problem in problems)
    shown = preview(source, report)
    hidden = [f"{counted(n, 'more line')} with {' and '.join(names)} rewritten" for names, n in shown.hidden]
    more = f"<p class=more>… and {escape(', '.join(hidden))}.</p>" if hidden else ""
    body = "<div class=gap>⋮</div>".join("".join(_stretch(rows)) for rows in _stretches(shown.rows))
    head = f"<h2>{escape(_name(report))}</h2> <span class=faint>{escape(_sums(report))}</span>"
    return (
        f"<details{' open' if number <= _OPEN else ''} id=d{number}><summary>{head}</summary>"
        f"{_link(report.url)}{told}<div class=rows>{body}</div>{more}</details>\n"
    )


def _sums(report: Report) -> str:
    total = Totals.of(report)
    parts = [f"{removed(total)} removed"] if report.removals else []
    parts += [f"{counted(total.rewritten, 'character')} rewritten ({ranked(total.normalisers)})"] if total.rewritten else []
    return "; ".join(parts)


def _link(url: str) -> str:
    try:
        safe = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        safe = False
    shown = escape(visible(url))
    if safe:
        return f'<p class=faint><a href="{escape(url)}" rel="noreferrer">{shown}</a></p>'
    return f"<p class=faint>{shown}</p>" if url else ""


def _stretches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield runs of rows that are neighbours in the text."""
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1].line - pair[0]):
        yield [row for _, row in group]


def _stretch(rows: Sequence[Row]) -> Iterator[str]:
    """Yield neighbouring rows, each run of removals followed by its reasons."""
    for kind, group in groupby(rows, key=lambda row: (row.mark, bool(row.removals))):
        together = list(group)
        for row in together:
            yield _row(row)
            if kind == ("~", True):
                yield from map(_reason, reasons([row]))
        if kind == ("-", True):
            yield from map(_reason, reasons(together))


def _row(row: Row) -> str:
    kind = {"-": "gone", "~": "changed" if row.removals else "rewritten", " ": "same"}[row.mark]
    spread = _LONGEST if row.removals or row.mark != "~" else _NEAR
    text = "".join(_piece(piece, spread, i > 0, i + 1 < len(row.pieces)) for i, piece in enumerate(row.pieces))
    if row.mark == "-":
        bare = text.lstrip()
        text = f"{text[: len(text) - len(bare)]}<del>{bare}</del>" if bare else ""
    mark = {"-": "−", "~": "~", " ": ""}[row.mark]
    return f"<div class={kind}><b>{row.line + 1}</b><i>{mark}</i><span dir=auto>{text}</span></div>"


def _piece(piece: Piece, spread: int, left: bool, right: bool) -> str:
    """Return a piece; ``left`` and ``right`` say on which sides of it a change stands."""
    if piece.same:
        return escape(cut(piece.old, spread, left, right) if left or right else cut(piece.old, spread, True, True))
    old = f"<del>{escape(piece.old)}</del>" if piece.old else ""
    return old + (f"<ins>{escape(piece.new)}</ins>" if piece.new else "")


def _reason(found: tuple[str, Removal]) -> str:
    place, removal = found
    rules = ", ".join(removal.rules)
    terms = " ".join(f"{term.name} {term.weight:+.2g}" for term in removal.terms)
    evidence = f' <span class=faint title="{escape(terms)}">evidence {removal.evidence:.1f}</span>' if removal.terms else ""
    lines = f"{'lines' if '-' in place else 'line'} {place.replace('-', '–')}"
    return (
        f"<div class=why><b></b><i></i><span><code>{escape(rules)}</code> <em>{escape(removal.role)}</em> "
        f"{escape(visible(removal.reason))} <span class=faint>{lines}</span>{evidence}</span></div>"
    )


_HEAD = """<!doctype html>
<html lang=en><head><meta charset=utf-8><title>scrubber report</title>
<meta name=viewport content="width=device-width,initial-scale=1"><meta name=color-scheme content="light dark">
<meta http-equiv=Content-Security-Policy content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root{--back:#fff;--card:#f6f7f8;--text:#1c2024;--faint:#636c76;--line:#dde1e6;--gone:#a40e26;--goneback:#ffebe9;
--new:#116329;--newback:#dafbe1;--changed:#7d4e00;--changedback:#fff8e3;--bar:#8c959f;--link:#0757ba}
@media(prefers-color-scheme:dark){:root{--back:#14171b;--card:#1c2025;--text:#e3e6ea;--faint:#98a1ab;--line:#333a42;
--gone:#ffa198;--goneback:#42181a;--new:#7ee787;--newback:#12331f;--changed:#e3b341;--changedback:#2c2510;--bar:#6b7580;--link:#79b8ff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem;max-width:64rem;background:var(--back);color:var(--text);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0}h2{font-size:1rem;margin:0;display:inline;overflow-wrap:anywhere}
header p{margin:.3rem 0 1.5rem}a{color:var(--link)}
.faint,.more{color:var(--faint);font-weight:400}.problem{color:var(--gone);margin:.4rem 1rem}
.tables{display:flex;flex-wrap:wrap;gap:1.5rem 2.5rem;align-items:flex-start;margin-bottom:2rem}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums;flex:1 1 16rem}
table.rule{flex-grow:3}
th{text-align:left;font-weight:400;overflow-wrap:anywhere}thead th{color:var(--faint);border-bottom:1px solid var(--line)}
td,thead th+th{text-align:right}thead th{white-space:nowrap}
th,td{padding:.15rem .75rem .15rem 0;vertical-align:top}
tr>:last-child{padding-right:0}
td:last-child{min-width:4.5rem}td i{display:block;height:2px;margin-left:auto;background:var(--bar)}
details{border:1px solid var(--line);border-radius:8px;margin:0 0 1rem;overflow:hidden}
summary{padding:.6rem 1rem;background:var(--card);cursor:pointer}
details>p{margin:.5rem 1rem}nav ol{margin:.5rem 0;padding:0 1rem 0 3rem}nav li{overflow-wrap:anywhere}
.rows{padding:.4rem 0;font-size:.9375rem}
.rows>div{display:grid;grid-template-columns:3.5rem 1.5rem 1fr;padding-right:1rem}
.rows b{font-weight:400;color:var(--faint);text-align:right;font-size:.8125rem;line-height:1.8;user-select:none}
.rows i{font-style:normal;text-align:center;user-select:none}
.rows span{white-space:pre-wrap;overflow-wrap:anywhere;min-width:0}
.rows .gap{display:block;padding:0 0 0 2.2rem;color:var(--faint)}
.same span{color:var(--faint)}.gone{background:var(--goneback);color:var(--gone)}
.changed{background:var(--changedback)}.changed>i,.rewritten>i{color:var(--changed)}
del{color:var(--gone);text-decoration-thickness:1px}.changed del,.rewritten del{background:var(--goneback)}
ins{color:var(--new);background:var(--newback);text-decoration:none}
.why{font-size:.8125rem}.why>span{border-left:2px solid var(--gone);padding:.1rem 0 .1rem .6rem;margin:.15rem 0 .35rem}
.why em{font-style:normal;border:1px solid var(--line);border-radius:1em;padding:0 .5em;margin-right:.3em}
code{font:.95em ui-monospace,monospace}
@media(max-width:36rem){.rows>div{grid-template-columns:2.2rem 1rem 1fr}.rows .gap{padding-left:1.2rem}}
@media print{body{max-width:none}details{break-inside:avoid}}
</style></head><body>
"""

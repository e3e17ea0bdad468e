"""The main content of a page: the model speaks for structure, the rules for the words, one report for both.

A page is read as its text: one block a paragraph, list item or row. What is left out is reported as removals from
that text, so diffs, reports and summaries are those of ``clean``.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Any, NamedTuple

from scrubber.cleaner import Cleaner
from scrubber.edits import Backward, apply, edits_of, places
from scrubber.errors import needs
from scrubber.formats.html import Lines, Page, decode_html, parse
from scrubber.formats.metadata import Metadata, embedded, metadata
from scrubber.matchers.pages import CONTENT, Marker
from scrubber.model import Edit, Removal, Report, Rewrite, Rule, Settings, Term

RULE = "structure/main-content"
TARGETS = ("text", "markdown", "html")
_ENOUGH = 15
_MOST = 0.5


class Extracted(NamedTuple):
    """The main content of a page in the format asked for, and what is known of the page."""

    text: str
    metadata: Metadata
    confidence: float
    """Expected word F1 of the text against the page's real main content, 0 to 1."""
    source: str
    """The text of the whole page, which the report's positions index."""
    report: Report


class Extractor:
    """Model and rules made ready once; ``extract`` may be called any number of times.

    Without ``rules`` only the structure of a page decides. Raises ``SettingsError`` when a package of the extra is
    missing, ``RuleError`` when a rule file is wrong.
    """

    def __init__(self, settings: Settings | None = None, rules: bool = True) -> None:
        with needs("scrubber extract", "extract"):
            from scrubber.structure.model import bundled
        self.model = bundled()
        self.settings = settings or Settings()
        self.cleaner = Cleaner(self.settings._replace(max_removed=1.0)) if rules else None

    def extract(
        self, html: str | bytes, url: str = "", name: str = "", to: str = "text", *,
        charset: str | None = None, images: bool = False, links: bool = True,
    ) -> Extracted:  # fmt: skip
        """Return the main content of a page; ``to`` is one of ``TARGETS``.

        ``charset`` is what an HTTP header said; ``images`` and ``links`` say whether Markdown keeps them.
        In text the report's edits on ``source`` give ``text``; Markdown and HTML keep the inside of a block as it is.
        """
        source = decode_html(html, charset) if isinstance(html, bytes) else html
        marker = self._marker(source, url)
        page = parse(source, to != "text", marker)
        known = metadata(page.tree, url or self.settings.url)
        content = [spot.mark == CONTENT for spot in page.spots] if marker else []
        choice = self.model.choose(page, content)
        selected = {i: marker.rules[spot.mark - 1] for i, spot in enumerate(page.spots) if spot.mark > 0} if marker else {}
        if _too_much(page, choice.keep, selected):
            selected = {}
        choice.keep[list(selected)] = False
        lines = Lines.of(page)
        report = Report(name, known.url, "html", characters=len(lines.text))
        paths: dict[int, str] = {}
        removals = [
            _by_rule(selected[i], lines, span)
            if i in selected
            else _structural(page, i, float(choice.probability[i]), lines, span, paths)
            for i, span in lines.without([i for i, kept in enumerate(choice.keep) if not kept])
        ]
        if not choice.keep.any():
            spare, note = _elsewhere(known, page)
            return Extracted(spare, known, 0.0, lines.text, _finished(report._replace(notes=note), lines.text, removals, []))
        ruled: list[Removal] = []
        rewrites: list[Rewrite] = []
        if self.cleaner is not None:
            ruled, rewrites, report = self._by_words(lines.text, removals, known.url, report)
        if to == "text":
            report = _finished(report, lines.text, [*removals, *ruled], rewrites)
            return Extracted(apply(lines.text, edits_of(report)), known, choice.confidence, lines.text, report)
        whole = [(i, r) for r in ruled for i in lines.within(r.start, r.end) if choice.keep[i]]
        choice.keep[[i for i, _ in whole]] = False
        report = _finished(report, lines.text, [*removals, *dict.fromkeys(r for _, r in whole)], [])
        with needs("Markdown", "extract"):
            from scrubber.formats.prune import prune, to_html, to_markdown
        tree = prune(page, choice.keep, known.url)
        text = to_html(tree) if to == "html" else to_markdown(tree, images=images, links=links)
        return Extracted(text, known, choice.confidence, lines.text, report)

    def dump(self, text: str, url: str = "", name: str = "") -> Extracted:
        """Return the main content of a dump: a whole page as text, its tags lost. The report's edits on it give the text."""
        with needs("scrubber extract", "extract"):
            from scrubber.structure.dump import bundled, reason
            from scrubber.structure.dump_features import Witness
            from scrubber.structure.lines import Lines as DumpLines
        lines = DumpLines.of(text)
        said = self.cleaner.witnesses(text, url or None) if self.cleaner is not None else {}
        witnesses = {n: w for n, judgement in said.items() if (w := Witness.of(judgement))}
        choice = bundled().choose(lines, witnesses, url)
        known = Metadata(url=url or self.settings.url)
        report = Report(name, known.url, "text", characters=len(text))
        removals = [
            _line(reason(lines, witnesses, choice, i), float(choice.probability[i]), text, start, end)
            for i, start, end in lines.without(choice.keep)
        ]
        if not choice.keep.any():
            report = _finished(report._replace(notes=("no main content found",)), text, removals, [])
            return Extracted(apply(text, edits_of(report)), known, 0.0, text, report)
        ruled: list[Removal] = []
        rewrites: list[Rewrite] = []
        if self.cleaner is not None:
            ruled, rewrites, report = self._by_words(text, removals, known.url, report)
        report = _finished(report, text, [*removals, *ruled], rewrites)
        return Extracted(apply(text, edits_of(report)), known, choice.confidence, text, report)

    def _marker(self, source: str, url: str) -> Marker | None:
        """Return what marks the elements that rules of the page's site or platform select; none: no such rules."""
        if self.cleaner is None:
            return None
        engine = self.cleaner.engine
        active = engine.selected.active(engine.library.packs, frozenset(), self.cleaner.hosts("", url or None))
        marker: Marker | None = engine.library.page_rules.marker(active, lambda rule: engine.selected.on(rule, active))
        return marker

    def _by_words(
        self, text: str, removals: Sequence[Removal], url: str, report: Report
    ) -> tuple[list[Removal], list[Rewrite], Report]:
        """Return what the rules find in the text that the model keeps, in positions of the whole text."""
        assert self.cleaner is not None
        cuts = [Edit(r.start, r.end, "", "") for r in removals]
        cleaned = self.cleaner.clean(apply(text, cuts), url or None, name=report.name, text_format="text").report
        back, seams = Backward(cuts), places(cuts)

        def pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
            """Yield the ranges of the whole text that stand for a range of the kept text."""
            inside = seams[bisect_right(seams, start) : bisect_left(seams, end)]
            marks = [start, *dict.fromkeys(inside), end]
            for low, high in itertools.pairwise(marks):
                yield back(low), max(back(low), back(high, end=True))

        gone = [
            r._replace(start=a, end=b, text=text[a:b]) for r in cleaned.removals for a, b in pieces(r.start, r.end) if a < b
        ]
        changed = [
            r._replace(start=a, end=b, old=text[a:b], new=r.new if i == 0 else "")
            for r in cleaned.rewrites
            for i, (a, b) in enumerate(pieces(r.start, r.end))
            if i == 0 or a < b
        ]
        changed = [r for r in changed if r.old != r.new]
        return gone, changed, report._replace(notes=cleaned.notes, errors=cleaned.errors)


def _path(page: Page, number: int) -> str:
    """Return an element and the two above it, each with its first class."""
    names: list[str] = []
    while len(names) < 3 and number >= 0:
        element = page.elements[number]
        first, _, _ = element.names.lstrip().partition(" ")
        names.append(f"{element.tag}.{first}" if first else element.tag)
        number = element.parent
    return " > ".join(reversed(names))


def _structural(
    page: Page, index: int, probability: float, lines: Lines, span: tuple[int, int], paths: dict[int, str]
) -> Removal:
    """Return the removal of a block that the model counts out, with what can be seen of why."""
    spot = page.spots[index]
    path = paths.get(spot.element)
    if path is None:
        path = paths[spot.element] = _path(page, spot.element)
    share = spot.link_words / max(spot.words, 1)
    reason = f"not main content ({probability:.0%} likely) in {path}"
    reason += f", {share:.0%} links" if share else ""
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    odds = round(log((1 - clipped) / clipped), 2)
    return Removal(
        (RULE,), "boilerplate", reason, *span, 0, 0, lines.text[slice(*span)], 0, odds, (Term("structure", odds),)
    )  # fmt: skip


def _by_rule(rule: Rule, lines: Lines, span: tuple[int, int]) -> Removal:
    return Removal((rule.id,), rule.role, rule.why, *span, 0, 0, lines.text[slice(*span)], 0, 0.0)


def _too_much(page: Page, keep: Any, selected: Mapping[int, Rule]) -> bool:
    """Return whether rules about elements would take most of the main content: then they are out of date."""
    words = sum(spot.words for spot, kept in zip(page.spots, keep, strict=True) if kept)
    return sum(page.spots[i].words for i in selected if keep[i]) > _MOST * words


def _elsewhere(known: Metadata, page: Page) -> tuple[str, tuple[str, ...]]:
    """Return the text of a page whose markup holds none, and a note that says where it is from."""
    for text, where in ((known.body, "JSON-LD"), (embedded(page.tree), "the data of its scripts")):
        if len(text.split()) >= _ENOUGH:
            return text.strip() + "\n", (f"no main content in the markup; this is from {where}",)
    return "", ("no main content found",)


def _finished(report: Report, text: str, removals: Sequence[Removal], rewrites: Sequence[Rewrite]) -> Report:
    """Return the report with its changes sorted, and with the line, column and place of output of each."""
    changes: list[Any] = sorted([*removals, *rewrites], key=lambda c: (c.start, c.end))
    line, at, shift = 1, 0, 0
    done: list[Any] = []
    for change in changes:
        lead = 0
        if isinstance(change, Removal):
            lead = len(change.text) - len(change.text.lstrip()) if change.text.strip() else 0
        place = change.start + lead
        line += text.count("\n", at, place)
        at = place
        done.append(change._replace(line=line, column=place - text.rfind("\n", 0, place), out=change.start + shift))
        shift += (0 if isinstance(change, Removal) else len(change.new)) - (change.end - change.start)
    return report._replace(
        removals=tuple(c for c in done if isinstance(c, Removal)), rewrites=tuple(c for c in done if isinstance(c, Rewrite))
    )


def _line(reason: str, probability: float, text: str, start: int, end: int) -> Removal:
    """Return the removal of a line of a dump that is main content with no more than a probability."""
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    odds = round(log((1 - clipped) / clipped), 2)
    return Removal((RULE,), "boilerplate", reason, start, end, 0, 0, text[start:end], 0, odds, (Term("structure", odds),))


_EXTRACTORS: dict[str, Extractor] = {}


def extract(html: str | bytes, url: str = "", to: str = "text", settings: Settings | None = None) -> Extracted:
    """Return the main content of a page as ``text``, ``markdown`` or ``html``, and what the page says about itself."""
    key = repr(settings)
    if key not in _EXTRACTORS:
        _EXTRACTORS[key] = Extractor(settings)
    return _EXTRACTORS[key].extract(html, url, to=to)

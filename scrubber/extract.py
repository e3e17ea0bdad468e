"""The main content of a page: the model speaks for structure, the rules for the words, one report for both.

A page is read as its text: one block a paragraph, list item or row. What is left out is reported as removals from
that text, so diffs, reports and summaries are those of ``clean``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from math import log
from typing import Any

from scrubber.cleaner import Cleaner
from scrubber.edits import apply
from scrubber.errors import needs
from scrubber.formats.dom import read, traced
from scrubber.formats.html import decode_html
from scrubber.formats.metadata import Metadata, embedded, metadata
from scrubber.formats.page import Lines, Page
from scrubber.matchers.pages import CONTENT, Marker
from scrubber.model import Edit, Removal, Report, Rule, Settings, Term
from scrubber.structure.account import RULE, Account, by_words, finished

TARGETS = ("text", "markdown", "html")
_ENOUGH = 15
_MOST = 0.5


class Extracted:
    """The main content of a page in the format asked for, and what is known of the page.

    What goes is decided once; the report puts it into words when it is first looked at.
    """

    def __init__(
        self, text: str, known: Metadata, confidence: float, source: str, report: Callable[[], Report],
        comments: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.text = text
        self.metadata = known
        self.confidence = confidence
        """Expected word F1 of the text against the page's real main content, 0 to 1."""
        self.source = source
        """The text of the whole page, which the report's positions index."""
        self.comments = comments
        """What readers wrote below it, if it was asked for; no part of ``text``, so the report counts it as left out."""
        self._write = report

    @cached_property
    def report(self) -> Report:
        """What was left out and changed, and why."""
        return self._write()

    def __reduce__(self) -> tuple[Any, ...]:
        return Extracted, (
            self.text, self.metadata, self.confidence, self.source, partial(_same, self.report), self.comments,
        )  # fmt: skip


def _same(report: Report) -> Report:
    return report


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
        charset: str | None = None, images: bool = False, links: bool = True, comments: bool = False,
    ) -> Extracted:  # fmt: skip
        """Return the main content of a page; ``to`` is one of ``TARGETS``.

        ``charset`` is what an HTTP header said; ``images`` and ``links`` say whether Markdown keeps them, ``comments``
        whether those of readers are looked for.
        In text the report's edits on ``source`` give ``text``; Markdown and HTML keep the inside of a block as it is.
        """
        source = decode_html(html, charset) if isinstance(html, bytes) else html
        marker = self._marker(source, url)
        page = read(source, marker is not None and to != "text", marker)
        known = metadata(page, url or self.settings.url)
        content = [spot.mark == CONTENT for spot in page.spots] if marker else []
        choice = self.model.choose(page, content)
        selected = {i: marker.rules[spot.mark - 1] for i, spot in enumerate(page.spots) if spot.mark > 0} if marker else {}
        if _too_much(page, choice.keep, selected):
            selected = {}
        choice.keep[list(selected)] = False
        said = self._comments(page, choice.keep.tolist(), known.url) if comments else ()
        lines = Lines.of(page)
        cuts = list(lines.without([i for i, kept in enumerate(choice.keep.tolist()) if not kept]))
        account = Account(
            Report(name, known.url, "html", characters=len(lines.text)), page, lines, cuts, choice.probability, selected
        )  # fmt: skip
        if not choice.keep.any():
            spare, note = _elsewhere(known, page)
            account = account._replace(bare=account.bare._replace(notes=note))
            return Extracted(spare, known, 0.0, lines.text, account.report, said)
        text = apply(lines.text, [Edit(start, end, "", "") for _, (start, end) in cuts])
        if self.cleaner is not None:
            cleaned = self.cleaner.clean(text, known.url or None, name=name, text_format="text")
            text, words = cleaned.text, cleaned.report
            account = account._replace(words=words, bare=account.bare._replace(notes=words.notes, errors=words.errors))
        if to == "text":
            return Extracted(text, known, choice.confidence, lines.text, account.report, said)
        gone = [i for r in account.by_words()[0] for i in lines.within(r.start, r.end) if choice.keep[i]]
        choice.keep[gone] = False
        with needs("Markdown", "extract"):
            from scrubber.formats.prune import prune, to_html, to_markdown
        part, keep = (page, choice.keep) if page.places is not None else traced(page, choice.keep.tolist())
        tree = prune(part, keep, known.url)
        text = to_html(tree) if to == "html" else to_markdown(tree, images=images, links=links)
        return Extracted(text, known, choice.confidence, lines.text, partial(account.blocks, gone), said)

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
        cuts = [(i, (start, end)) for i, start, end in lines.without(choice.keep)]
        removals = [
            _line(reason(lines, witnesses, choice, i), float(choice.probability[i]), text, start, end)
            for i, (start, end) in cuts
        ]
        kept = apply(text, [Edit(start, end, "", "") for _, (start, end) in cuts])
        if not choice.keep.any():
            report = report._replace(notes=("no main content found",))
            return Extracted(kept, known, 0.0, text, partial(finished, report, text, removals, []))
        if self.cleaner is None:
            return Extracted(kept, known, choice.confidence, text, partial(finished, report, text, removals, []))
        cleaned = self.cleaner.clean(kept, known.url or None, name=name, text_format="text")
        report = report._replace(notes=cleaned.report.notes, errors=cleaned.report.errors)
        gone, changed = by_words(text, cuts, cleaned.report)
        return Extracted(
            cleaned.text, known, choice.confidence, text, partial(finished, report, text, [*removals, *gone], changed)
        )  # fmt: skip

    def _comments(self, page: Page, keep: list[bool], url: str) -> tuple[str, ...]:
        """Return the comments of readers, each cleaned by the rules."""
        from scrubber.structure.comments import comments

        found = comments(page, keep)
        if self.cleaner is not None:
            found = tuple(self.cleaner.clean(text, url or None, text_format="text").text.strip() for text in found)
        return tuple(filter(None, found))

    def _marker(self, source: str, url: str) -> Marker | None:
        """Return what marks the elements that rules of the page's site or platform select; none: no such rules."""
        if self.cleaner is None:
            return None
        engine = self.cleaner.engine
        active = engine.selected.active(engine.library.packs, frozenset(), self.cleaner.hosts("", url or None))
        marker: Marker | None = engine.library.page_rules.marker(active, lambda rule: engine.selected.on(rule, active))
        return marker


def _too_much(page: Page, keep: Any, selected: Mapping[int, Rule]) -> bool:
    """Return whether rules about elements would take most of the main content: then they are out of date."""
    words = sum(spot.words for spot, kept in zip(page.spots, keep, strict=True) if kept)
    return sum(page.spots[i].words for i in selected if keep[i]) > _MOST * words


def _elsewhere(known: Metadata, page: Page) -> tuple[str, tuple[str, ...]]:
    """Return the text of a page whose markup holds none, and a note that says where it is from."""
    for text, where in ((known.body, "JSON-LD"), (embedded(page.head), "the data of its scripts")):
        if len(text.split()) >= _ENOUGH:
            return text.strip() + "\n", (f"no main content in the markup; this is from {where}",)
    return "", ("no main content found",)


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

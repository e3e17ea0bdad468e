"""The parts joined for one document: normalise, look, decide, apply once, report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from scrubber.account import account, judgement_of
from scrubber.edits import MARK, Backward, apply, compose
from scrubber.engine import Decision, Engine
from scrubber.formats.text import CONTROL, Classifier, front_matter, looks_markdown, markdown_kinds, protected, text_kinds
from scrubber.hosts import above
from scrubber.model import Edit, Report, Settings
from scrubber.native import native
from scrubber.packs.cache import load_library
from scrubber.pattern import pattern
from scrubber.selection import Selection, by_host
from scrubber.verdict import Judgement, Verdict

FORMATS = ("auto", "text", "markdown")
_SMALL = 400
_ROUNDS = 5
_PLAIN_HOST = pattern(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|\Z)")
_URL_KEYS = ("url", "source", "canonical", "link", "canonical_url", "original_url")
Gate = Callable[[list[Edit]], tuple[list[Edit], int]]


class Cleaned(NamedTuple):
    """Clean text and everything that was done to get it."""

    text: str
    report: Report


class _Reading(NamedTuple):
    """How a text is read: its format, whether that was guessed, whether control comments shield parts, kinds of lines."""

    markdown: bool
    guessed: bool
    shielded: bool
    classify: Classifier

    @classmethod
    def of(cls, text: str, text_format: str) -> _Reading:
        guessed = text_format == "auto"
        markdown = looks_markdown(text) if guessed else text_format == "markdown"
        classify = markdown_kinds if markdown else text_kinds
        if CONTROL not in text:
            return cls(markdown, guessed, False, classify)
        from scrubber.formats.control import shielded

        return cls(markdown, guessed, True, shielded(classify))

    def afresh(self, text: str) -> _Reading:
        """Return how ``text``, cleaned so far, will be read the next time."""
        if not self.guessed or looks_markdown(text) == self.markdown:
            return self
        return _Reading.of(text, "auto")


class Cleaner:
    """Settings and rules compiled once; ``clean`` may be called any number of times.

    Raises ``RuleError`` when a rule file is wrong.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.library = load_library(self.settings.rules)
        self.engine = Engine(
            self.library,
            Verdict(self.library.weights, self.settings.level),
            Selection(self.settings.disable, self.settings.level.value),
        )

    def clean(
        self,
        text: str,
        url: str | None = None,
        name: str = "",
        text_format: str = "auto",
        gate: Gate | None = None,
    ) -> Cleaned:
        """Return the clean text and its report; nothing to do gives back the very same ``text``.

        ``url`` (or ``settings.url``, ``settings.site``, front matter) selects site rules.
        ``text_format`` is one of ``FORMATS``. ``gate`` may drop rewrites an encoding cannot hold.
        """
        reading = _Reading.of(text, text_format)
        kind = "markdown" if reading.markdown else "text"
        hosts = self.hosts(text, url)
        edits, decision, notes, result = self._edits(text, reading, hosts, gate)
        if reading.shielded:
            notes += self._idle(text, reading.markdown, hosts)
        refused = self._refused(text, edits, decision.judgements) if decision.judgements else ""
        report = Report(name, url or "", kind, (), (), tuple(notes), tuple(decision.errors), refused, len(text))
        if refused:
            return Cleaned(text, report)
        removals, rewrites = account(text, edits, decision.judgements)
        return Cleaned(result, report._replace(removals=removals, rewrites=rewrites))

    def explain(self, text: str, url: str | None = None, text_format: str = "auto") -> tuple[Cleaned, Decision, str]:
        """Return the result, the decision with the findings the verdict spared, and the text they index."""
        reading = _Reading.of(text, text_format)
        middle = apply(text, self._normalise(text, reading))
        decision = Decision(explain=True)
        self.engine.decide(middle, reading.classify, self.hosts(text, url), base=decision)
        return self.clean(text, url, text_format=text_format), decision, middle

    def witnesses(self, text: str, url: str | None = None) -> dict[int, Judgement]:
        """Return what the rules say of the lines of a plain text at first sight, by number of the line; nothing goes."""
        from bisect import bisect_right

        reading = _Reading.of(text, "text")
        edits = self._normalise(text, reading)
        decision = Decision(explain=True)
        self.engine.decide(apply(text, edits), reading.classify, self.hosts(text, url), base=decision)
        back, starts, at = Backward(edits), [], 0
        for line in text.split("\n"):
            starts.append(at)
            at += len(line) + 1
        return {bisect_right(starts, back(at)) - 1: judgement for at, judgement in decision.first.items()}

    def packs_for(self, text: str, url: str | None = None) -> list[tuple[str, str]]:
        """Return (pack, why) for the packs that apply to a document beyond those for every one."""
        packs = self.library.packs
        platforms = self.engine.fingerprints(text, text_kinds)
        hosts = self.hosts(text, url)
        active = self.engine.selected.active(packs, frozenset(platforms), hosts)
        found = platforms | by_host(packs, hosts)
        return [(name, why) for name, why in found.items() if name in active]

    def spoken(self, text: str, url: str | None = None) -> tuple[list[str], list[str]]:
        """Return the ids of the rules that speak on each line of a text, and of those whose lines go."""
        cleaned, decision, _ = self.explain(text, url)
        spoke = [rule.id for judgement in decision.first.values() for rule in judgement.rules]
        return spoke, [identity for removal in cleaned.report.removals for identity in removal.rules]

    def hosts(self, text: str, url: str | None) -> list[str]:
        """Return the hosts whose site packs may apply, most specific first."""
        address = url or self.settings.url or self.settings.site
        if not address and text.startswith("---"):
            address = _front_matter_url(text)
        host = _host(address) if address else ""
        return above(host)

    def _normalise(self, text: str, reading: _Reading) -> list[Edit]:
        from scrubber.normalise import normalise

        ranges = partial(protected, markdown=reading.markdown, classify=reading.classify if reading.shielded else None)
        return normalise(text, self.settings, ranges, markdown=reading.markdown)

    def _edits(
        self, text: str, reading: _Reading, hosts: Sequence[str], gate: Gate | None
    ) -> tuple[list[Edit], Decision, list[str], str]:
        """Return all edits, the reasons of those that remove, notes, and the text once they are made."""
        notes: list[str] = []
        first = self._normalise(text, reading)
        if gate and first:
            first, lost = gate(first)
            if lost:
                notes.append(f"{lost} rewrites left out: the file's encoding has no such character")
        whole, edits, current = Decision(), list(first), apply(text, first)
        for _ in range(_ROUNDS):
            decision = self.engine.decide(current, reading.classify, hosts, base=whole)
            if not decision and not edits:
                break
            edits = compose(text, edits, decision)
            current = apply(current, decision)
            previous, reading = reading, reading.afresh(current)
            if not decision and reading is previous:
                break
            again = self._normalise(current, reading)
            again = gate(again)[0] if gate and again else again
            if not again and reading is previous:
                break
            edits = compose(text, edits, again)
            current = apply(current, again)
        return edits, whole, notes, current if edits else text

    def _idle(self, text: str, markdown: bool, hosts: Sequence[str]) -> list[str]:
        """Return a note for every control comment without which nothing would have changed."""
        from scrubber.formats.control import shields

        plain = _Reading(markdown, False, False, markdown_kinds if markdown else text_kinds)
        edits = self._edits(text, plain, hosts, None)[0]
        lines = text.split("\n")
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        return [
            f'line {shield.first + 1}: unused control comment "{shield.word}"'
            for shield in shields(lines, plain.classify(lines))
            if not any(e.start < starts[shield.last + 1] and e.end > starts[shield.first] for e in edits)
        ]

    def _refused(self, text: str, edits: Sequence[Edit], judgements: Sequence[Judgement]) -> str:
        """Return why so much may not go, or ""; what a rule is certain of counts neither as text nor as gone."""
        limit = self.settings.max_removed
        if limit >= 1 or not edits or len(text) < _SMALL:
            return ""
        gone = [e for e in edits if e.cause.startswith(MARK)]
        unsure = [e for e in gone if not judgement_of(e.cause, judgements).certain]
        total, left = (sum(_solid(text[e.start : e.end]) for e in rows) for rows in (gone, unsure))
        whole = _solid(text) - total + left
        share = left / whole if whole else 1.0
        return (
            f"{share:.0%} of the text would go, more than the limit of {limit:.0%} (--max-removed)" if share > limit else ""
        )


def _solid(text: str) -> int:
    """Return how many code points of ``text`` are not white space."""
    return native.count_solid(text) if native else len("".join(text.split()))


def _host(address: str) -> str:
    if plain := _PLAIN_HOST.match(address):
        return plain[1].lower()
    from urllib.parse import urlsplit

    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:  # an address only in name, such as "http://[news"
        return ""


def _front_matter_url(text: str) -> str:
    lines = text[:20000].split("\n")
    for line in lines[: front_matter(lines)]:
        key, _, value = line.partition(":")
        if key.strip().lower() in _URL_KEYS and "//" in value:
            return value.strip().strip("\"'")
    return ""


def clean(text: str, url: str | None = None, text_format: str = "auto", settings: Settings | None = None) -> Cleaned:
    """Return ``text`` without the web's debris, and the report of what went.

    >>> clean("It rained.\\n\\nExit mobile version").text
    'It rained.'
    """
    return _cleaner(settings).clean(text, url, text_format=text_format)


_CLEANERS: dict[str, Any] = {}


def _cleaner(settings: Settings | None) -> Cleaner:
    from scrubber.cleaner import Cleaner as Class

    key = repr(settings)
    if key not in _CLEANERS:
        _CLEANERS[key] = Class(settings)
    return _CLEANERS[key]  # type: ignore[no-any-return]

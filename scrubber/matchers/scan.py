"""One look at a text: which rules know which of its lines. Nothing is decided here.

What ``sieve`` lets through is looked at: phrases in a dictionary, regexes on lines that hold one of their required
literals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from scrubber.fold import DIGIT, HEADS, LONGEST, TAILS, fold_text, numbers_out
from scrubber.holes import CLOCK, HOLE, date_words, dated, pattern_of, relative_dates
from scrubber.matchers.sieve import Sifted, Sifter
from scrubber.model import BlockKind, Rule
from scrubber.pattern import pattern
from scrubber.view import View

_IMAGE = pattern(r"!\[[^\[\]]*\]\([^()]*\)")
_TARGET = pattern(r"\]\(\s*<?([^()\s]+)")
_FINGERPRINT_WORDS = 30
_ANY = 1 << 40
TIME_LIMIT = 0.2
"""Seconds one regex may take on one line; beyond it the rule is skipped and the report says so."""


class Matches:
    """What the packs say of a text: rules by line, span matches, packs seen by fingerprint, time-outs.

    A span is (line, start and end in the line, rule).
    """

    __slots__ = ("errors", "fingerprints", "lines", "spans")

    def __init__(self) -> None:
        self.lines: dict[int, list[Rule]] = {}
        self.spans: list[tuple[int, int, int, Rule]] = []
        self.fingerprints: set[str] = set()
        self.errors: list[str] = []


class _Target(NamedTuple):
    """What a literal leads to: packs, rules with the widest line each can match, rows of phrases.

    ``most`` is how long a line may be for any of them to look at it.
    """

    most: int
    packs: Sequence[str]
    rules: Sequence[tuple[int, int]]
    phrases: Sequence[Sequence[Any]]

    @classmethod
    def of(cls, index: Any, literal: str) -> _Target:
        packs, phrases = index.fingerprints.get(literal, ()), index.middles.get(literal, ())
        rules = [(i, _most(index, i)) for i in index.needs.get(literal, ())]
        most = _ANY if packs else max([*(width for _, width in rules), LONGEST if phrases else 0])
        return cls(most, packs, rules, phrases)


class Scanner:
    """The matchers of one index, compiled once and used for any number of texts."""

    def __init__(self, index: Any) -> None:
        self.index = index
        literals = list(dict.fromkeys((*index.needs, *index.middles, *index.fingerprints)))
        self.targets = [_Target.of(index, literal) for literal in literals]
        self.sifter = Sifter(index, literals, [target.most for target in self.targets])
        dates = [fold_text(date) for date in index.dates]
        self._dates, self._date_words = relative_dates(dates), date_words(dates)
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._inner: dict[tuple[bool, bool], list[tuple[str, Sequence[Any]]]] = {}
        self._inside_words: dict[str, tuple[str, ...]] = {}
        self._regexes: dict[int, tuple[Rule, Any, bool]] = {}

    def scan(self, view: View, found: Matches | None = None) -> Matches:
        """Return every match of every rule in ``view``, added to ``found``; packs are not yet narrowed down."""
        found = found or Matches()
        sifted = self.sifter.sift(view)
        self._phrases(sifted, found)
        if sifted.hits:
            self._literals(view, sifted.hits, found)
        if view.markdown and (self.index.links or self.index.repeated):
            linked = [i for i, line in enumerate(view.lines) if "](" in line and view.linked(i)]
            self._links(view, linked, found)
            self._repeated(view, linked, found)
        return found

    def _repeated(self, view: View, linked: Sequence[int], found: Matches) -> None:
        """Find links whose words stand on several lines that are nothing but links."""
        counts = Counter(view.key(i) for i in linked)
        for least, words, rule in self.index.repeated:
            for i in linked:
                if counts[view.key(i)] >= least and view.words(i) >= words:
                    found.lines.setdefault(i, []).append(self.index.rule(rule))

    def _links(self, view: View, linked: Sequence[int], found: Matches) -> None:
        """Find lines that are nothing but links, every one of which leads to a target the rule names."""
        for i in linked:
            line = view.lines[i]
            targets = [target.lower() for target in _TARGET.findall(_IMAGE.sub("", line))]
            for literals, rule in self.index.links:
                if targets and all(any(literal in target for literal in literals) for target in targets):
                    found.lines.setdefault(i, []).append(self.index.rule(rule))

    def _phrases(self, sifted: Sifted, found: Matches) -> None:
        """Find the lines that are phrases: most lines cost a few look-ups and no more."""
        exact, lines, rule = self.index.exact, found.lines, self.index.rule
        known: set[int] = set()
        for i, key in sifted.likely:
            hits = exact.get(key) or self._numbered(key)
            if hits:
                known.add(i)
                lines.setdefault(i, []).extend(map(rule, hits))
            else:
                self._holes(key, i, lines)
        likely_numbers = set(sifted.numbered)
        for i, key in sifted.numeric:
            if i in known:
                continue
            if i in likely_numbers and (hits := exact.get(numbers_out(key))):
                lines.setdefault(i, []).extend(map(rule, hits))
            else:
                self._inside(key, i, lines)

    def _numbered(self, key: str) -> Sequence[int]:
        """Return the rules of phrases with numbers and words."""
        return self.index.exact.get(numbers_out(key), ()) if DIGIT.search(key) else ()

    def _holes(self, key: str, line: int, lines: dict[int, list[Rule]]) -> None:
        """Add the rules of phrases with holes that start or end as ``key`` does."""
        heads, tails = self.index.heads, self.index.tails
        for size in HEADS:
            for row in heads.get(key[:size], ()):
                self._try(row, key, line, lines)
        for size in TAILS:
            for row in tails.get(key[-size:], ()):
                self._try(row, key, line, lines)

    def _inside(self, key: str, line: int, lines: dict[int, list[Rule]]) -> None:
        """Add the rules of phrases that are mostly holes."""
        if not self._inner:
            self._inner = _by_holes(self.index)
        shows = CLOCK.search(key) is not None, dated(key, self._date_words)
        for words, row in self._inner[shows]:
            if words in key:
                self._try(row, key, line, lines)

    def _try(self, row: Sequence[Any], key: str, line: int, lines: dict[int, list[Rule]]) -> None:
        """Add the rule of a phrase with holes if ``key`` fits it; its words tell quickly what does not."""
        start, end, phrase, rule = row
        if not (key.startswith(start) and key.endswith(end)):
            return
        inside = self._inside_words.get(phrase)
        if inside is None:
            inside = self._inside_words[phrase] = (*HOLE.split(phrase)[2:-1:2], *("{time}",) * ("{time}" in phrase))
        for words in inside:
            if words not in key and (words != "{time}" or not CLOCK.search(key)):
                return
        if self._compiled(phrase).fullmatch(key):
            lines.setdefault(line, []).append(self.index.rule(rule))

    def _compiled(self, phrase: str) -> re.Pattern[str]:
        found = self._patterns.get(phrase)
        if found is None:
            found = self._patterns[phrase] = re.compile(pattern_of(phrase, self._dates))
        return found

    def _literals(self, view: View, hits: Sequence[tuple[int, int]], found: Matches) -> None:
        tried: set[tuple[int, object]] = set()
        for line, which in hits:
            _, packs, wanted, phrases = self.targets[which]
            key = view.keys[line]
            length = len(key) or len(view.folded_lines[line])
            if packs and not found.fingerprints.issuperset(packs) and _tells(view, line):
                found.fingerprints.update(packs)
            for i, width in wanted:
                if length <= width and (line, i) not in tried:
                    tried.add((line, i))
                    self._regex(view, line, i, found)
            for row in phrases if key and key not in self.index.exact else ():
                if (line, row[2]) not in tried:
                    tried.add((line, row[2]))
                    self._try(row, key, line, found.lines)

    def _regex(self, view: View, line: int, i: int, found: Matches) -> None:
        rule, expression, trusted = self._regexes.get(i) or self._regexes.setdefault(i, self._read(i))
        text = view.key(line) if rule.kind == "block" else view.lines[line]
        limit = None if trusted and len(text) <= LONGEST else TIME_LIMIT  # a clock costs more than most of these looks
        try:
            if rule.kind == "block":
                if expression.fullmatch(text, timeout=limit):
                    found.lines.setdefault(line, []).append(rule)
                return
            for match in expression.finditer(text, timeout=limit):
                if match.end() > match.start():
                    found.spans.append((line, match.start(), match.end(), rule))
        except TimeoutError:
            found.errors.append(f"{rule.source}: rule {rule.id} took longer than {TIME_LIMIT} s on line {line + 1}")

    def _read(self, i: int) -> tuple[Rule, Any, bool]:
        """Return a rule, its regex, and whether it is a bundled one, which is linted and tested."""
        rule = self.index.rule(i)
        return rule, _guarded(str(rule.body[rule.kind])), self.index.own(rule)


def _by_holes(index: Any) -> dict[tuple[bool, bool], list[tuple[str, Sequence[Any]]]]:
    """Return the phrases that are mostly holes, by whether a line shows a time and a date: longest words, row."""
    rows = [(max(HOLE.split(row[2])[::2], key=len), row) for row in index.inner]
    return {
        (time, date): [row for row in rows if (time or "{time}" not in row[1][2]) and (date or "{date}" not in row[1][2])]
        for time in (False, True)
        for date in (False, True)
    }


def _tells(view: View, line: int) -> bool:
    """Return whether a fingerprint on this line speaks for the page: not in prose about it, not in code."""
    if view.prose(line) and view.words(line) > _FINGERPRINT_WORDS:
        return False
    return (
        view.kinds[line] not in (BlockKind.CODE, BlockKind.MATTER, BlockKind.QUOTE, BlockKind.ITEM)
        and "`" not in view.lines[line]
    )


def _most(index: Any, rule: int) -> int:
    """Return how long a line may be for a rule to look at it."""
    width = index.widths.get(str(rule))
    return _ANY if width is None else int(width)


@lru_cache(maxsize=4096)
def _guarded(pattern: str) -> Any:
    import regex

    return regex.compile(pattern)

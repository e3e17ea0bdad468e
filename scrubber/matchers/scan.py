"""One look at a text: which rules know which of its lines. Nothing is decided here.

Phrases cost one dictionary look-up a line; regexes run only on lines that hold one of their
required literals, all of which one automaton finds in a single pass.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from scrubber.fold import DIGIT, fold_text, numbers_out
from scrubber.holes import pattern_of, relative_dates
from scrubber.model import BlockKind, Rule
from scrubber.view import View

_INNER_LONGEST = 80
_FINGERPRINT_WORDS = 30
TIME_LIMIT = 0.2
"""Seconds one regex may take on one line; beyond it the rule is skipped and the report says so."""


@dataclass(slots=True)
class Matches:
    """What the packs say of a text: rules by line, span matches, packs seen by fingerprint, time-outs."""

    lines: dict[int, list[Rule]] = field(default_factory=dict)
    spans: list[tuple[int, int, int, Rule]] = field(default_factory=list)  # line, start, end in the line, rule
    fingerprints: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


class Scanner:
    """The matchers of one index, compiled once and used for any number of texts."""

    def __init__(self, index: Any) -> None:
        self.index = index
        self.literals = [*index.needs, *(f for f in index.fingerprints if f not in index.needs)]
        self.targets = [
            (index.fingerprints.get(x, ()), [(r, _most(index, r)) for r in index.needs.get(x, ())]) for x in self.literals
        ]
        self._dates = relative_dates([fold_text(date) for date in index.dates])
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._automaton: Any = None
        self._inner: re.Pattern[str] | None = None

    def automaton(self) -> Any:
        """Return the automaton of all required literals and fingerprints."""
        if self._automaton is None:
            import ahocorasick_rs

            self._automaton = ahocorasick_rs.AhoCorasick(
                self.literals, implementation=ahocorasick_rs.Implementation.ContiguousNFA
            )
        return self._automaton

    def scan(self, view: View, found: Matches | None = None) -> Matches:
        """Return every match of every rule in ``view``, added to ``found``; packs are not yet narrowed down."""
        found = found or Matches()
        self._phrases(view, found)
        self._literals(view, found)
        return found

    def _phrases(self, view: View, found: Matches) -> None:
        exact, first, last = self.index.exact, self.index.first, self.index.last
        inner = self.index.inner
        lines, digit, rule = found.lines, DIGIT.search, self.index.rule
        for i, key in enumerate(view.keys):
            if not key:
                continue
            hits = exact.get(key)
            numeric = hits is None and digit(key)
            if numeric:
                hits = exact.get(numbers_out(key))
            if hits is not None:
                lines.setdefault(i, []).extend(map(rule, hits))
                continue
            begin, space, _ = key.partition(" ")
            rows = first.get(begin)
            more = last.get(key[key.rfind(" ") + 1 :]) if space else None
            stem = first.get(key[:2])
            holes = inner if numeric and len(key) <= _INNER_LONGEST and self._any_inner(key) else None
            if rows or more or stem or holes:
                tries = (*(rows or ()), *(more or ()), *(stem or ()), *(holes or ()))
                known = [rule(r) for p, r in tries if self._compiled(p).fullmatch(key)]
                if known:
                    lines.setdefault(i, []).extend(known)

    def _any_inner(self, key: str) -> bool:
        """Return whether one of the phrases that start and end with a hole fits; compiled on first use."""
        if self._inner is None:
            phrases = "|".join(f"(?:{pattern_of(phrase, self._dates)})" for phrase, _ in self.index.inner)
            self._inner = re.compile(phrases or r"(?!)")
        return self._inner.fullmatch(key) is not None

    def _compiled(self, phrase: str) -> re.Pattern[str]:
        found = self._patterns.get(phrase)
        if found is None:
            found = self._patterns[phrase] = re.compile(pattern_of(phrase, self._dates))
        return found

    def _literals(self, view: View, found: Matches) -> None:
        if not self.literals:
            return
        text = view.folded
        if not text.isascii():
            text = text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates, one for one
        hits = self.automaton().find_matches_as_indexes(text, overlapping=True)
        if not hits:
            return
        starts, at = [], 0
        for folded in view.folded_lines:
            starts.append(at)
            at += len(folded) + 1
        tried: set[tuple[int, int]] = set()
        for which, start, _ in hits:
            packs, wanted = self.targets[which]
            line = bisect_right(starts, start) - 1
            if packs and _tells(view, line):
                found.fingerprints.update(packs)
            length = len(view.folded_lines[line])
            for rule, most in wanted:
                if length <= most and (line, rule) not in tried:
                    tried.add((line, rule))
                    self._regex(view, line, rule, found)

    def _regex(self, view: View, line: int, i: int, found: Matches) -> None:
        rule = self.index.rule(i)
        pattern = _guarded(str(rule.body[rule.kind]))
        try:
            if rule.kind == "block":
                if pattern.fullmatch(view.key(line), timeout=TIME_LIMIT):
                    found.lines.setdefault(line, []).append(rule)
                return
            for match in pattern.finditer(view.lines[line], timeout=TIME_LIMIT):
                if match.end() > match.start():
                    found.spans.append((line, match.start(), match.end(), rule))
        except TimeoutError:
            found.errors.append(f"{rule.source}: rule {rule.id} took longer than {TIME_LIMIT} s on line {line + 1}")


def _tells(view: View, line: int) -> bool:
    """Return whether a fingerprint on this line speaks for the page: not in prose about it, not in code."""
    if view.prose(line) and view.words(line) > _FINGERPRINT_WORDS:
        return False
    return (
        view.kinds[line] not in (BlockKind.CODE, BlockKind.MATTER, BlockKind.QUOTE, BlockKind.ITEM)
        and "`" not in view.lines[line]
    )


def _most(index: Any, rule: int) -> int:
    """Return how long a line may be for a rule to look at it; links and marks around a block count twice."""
    width = index.widths.get(str(rule))
    return 1 << 40 if width is None else 2 * int(width) + 200


@lru_cache(maxsize=4096)
def _guarded(pattern: str) -> Any:
    import regex

    return regex.compile(pattern)

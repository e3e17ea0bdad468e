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

from scrubber.fold import has_digit, numbers_out
from scrubber.view import View

HOLE_LONGEST = 240
"""Phrases with text holes are tried on lines of at most this many code points."""

TIME_LIMIT = 0.2
"""Seconds one regex may take on one line; beyond it the rule is skipped and the report says so."""


@dataclass(slots=True)
class Matches:
    """What the packs say of a text: rule numbers by line, span matches, fingerprints, time-outs."""

    lines: dict[int, list[int]] = field(default_factory=dict)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)  # line, start, end in the line, rule
    fingerprints: set[int] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


class Scanner:
    """The matchers of one index, compiled once and used for any number of texts."""

    def __init__(self, index: Any, active: frozenset[int] | None = None) -> None:
        self.index = index
        self.literals = [*index.needs, *(f for f in index.fingerprints if f not in index.needs)]
        self._automaton: Any = None

    def automaton(self) -> Any:
        """Return the automaton of all required literals and fingerprints."""
        if self._automaton is None:
            import ahocorasick_rs

            self._automaton = ahocorasick_rs.AhoCorasick(
                self.literals, implementation=ahocorasick_rs.Implementation.ContiguousNFA
            )
        return self._automaton

    def scan(self, view: View) -> Matches:
        """Return every match of every rule in ``view``; packs are not yet narrowed down."""
        found = Matches()
        self._phrases(view, found)
        self._literals(view, found)
        return found

    def _phrases(self, view: View, found: Matches) -> None:
        exact, first, last = self.index.exact, self.index.first, self.index.last
        lines = found.lines
        for i, key in enumerate(view.keys):
            if not key:
                continue
            hits = exact.get(key)
            if hits:
                lines[i] = list(hits)
                continue
            if len(key) > HOLE_LONGEST:
                continue
            if has_digit(key):
                hits = exact.get(numbers_out(key))
                if hits:
                    lines[i] = list(hits)
                    continue
            rows = first.get(key.partition(" ")[0]) or ()
            tail = last.get(key.rpartition(" ")[2]) or ()
            short = first.get(key[:2]) or ()
            for pattern, rule in (*rows, *tail, *short):
                if _compiled(pattern).fullmatch(key):
                    lines.setdefault(i, []).append(rule)

    def _literals(self, view: View, found: Matches) -> None:
        hits = self.automaton().find_matches_as_indexes(view.folded, overlapping=True)
        if not hits:
            return
        starts, at = [], 0
        for line in view.folded_lines:
            starts.append(at)
            at += len(line) + 1
        tried: set[tuple[int, int]] = set()
        for which, start, _ in hits:
            literal = self.literals[which]
            for pack in self.index.fingerprints.get(literal, ()):
                found.fingerprints.add(pack)
            for rule in self.index.needs.get(literal, ()):
                line = bisect_right(starts, start) - 1
                if (line, rule) not in tried:
                    tried.add((line, rule))
                    self._regex(view, line, rule, found)

    def _regex(self, view: View, line: int, i: int, found: Matches) -> None:
        rule = self.index.rule(i)
        pattern = _guarded(str(rule.body[rule.kind]))
        try:
            if rule.kind == "block":
                if view.keys[line] and pattern.fullmatch(view.keys[line], timeout=TIME_LIMIT):
                    found.lines.setdefault(line, []).append(i)
                return
            for match in pattern.finditer(view.lines[line], timeout=TIME_LIMIT):
                if match.end() > match.start():
                    found.spans.append((line, match.start(), match.end(), i))
        except TimeoutError:
            found.errors.append(f"{rule.source}: rule {rule.id} took longer than {TIME_LIMIT} s on line {line + 1}")


@lru_cache(maxsize=16384)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=4096)
def _guarded(pattern: str) -> Any:
    import regex

    return regex.compile(pattern)

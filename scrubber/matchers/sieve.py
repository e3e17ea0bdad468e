"""What of a text is worth a closer look: lines that rules may know, and where required literals stand.

A little too much is no harm, too little is. Compiled tables or, without them, dictionaries and one automaton for all
literals: whichever it is, the rules find the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from scrubber.fold import HEADS, TAILS
from scrubber.native import native
from scrubber.view import View

Keys = Sequence[tuple[int, str]]

_FEW = 12
_LITTLE = 10_000
_LARGE = 1_000_000


class Sifted(NamedTuple):
    """Lines by number, with their keys where they are wanted."""

    likely: Keys
    """Lines that are a phrase, or start or end as one with holes does."""

    numeric: Keys
    """Short lines with a number."""

    numbered: Sequence[int]
    """Those of them that may be a phrase but for their numbers."""

    hits: Sequence[tuple[int, int]]
    """Where literals stand on lines short enough for them: (line, literal)."""


class Sifter:
    """The tables of one index; ``literals`` with the longest line that each counts on.

    Tables that take long to make are made once there was enough text to be worth it.
    """

    def __init__(self, index: Any, literals: Sequence[str], widths: Sequence[int]) -> None:
        self.index = index
        self.literals = literals
        self.widths = widths
        self.seen = 0
        """How many characters were looked at so far."""
        self.compiled: Any = None
        self._automaton: Any = None
        self._quick = False
        self._encoded = [literal.encode("utf-8", "surrogatepass") for literal in literals]

    def sift(self, view: View) -> Sifted:
        """Return what to look at."""
        self.seen += len(view.text)
        if self.compiled is None and native and self.seen > _LITTLE:
            starts, ends = _edges(self.index)
            self.compiled = native.Sieve(list(self.index.exact), starts, ends, self.literals, self.widths)
        if self.compiled is not None:
            return Sifted(*self.compiled.sift(view.folded))
        numeric = view.numeric
        return Sifted(self._likely(view), numeric, [i for i, _ in numeric], self._hits(view) if self.literals else [])

    def _likely(self, view: View) -> Keys:
        exact, heads, tails = self.index.exact, self.index.heads, self.index.tails
        long, mid, short = HEADS
        end, stop = TAILS
        return [
            (i, key)
            for i, key in view.phrases
            if key in exact
            or key[:long] in heads
            or key[:mid] in heads
            or key[:short] in heads
            or key[-end:] in tails
            or key[-stop:] in tails
        ]

    def _hits(self, view: View) -> list[tuple[int, int]]:
        keys, starts, out = view.keys, view.encoded_starts, []
        for which, start in self._found(view.encoded):
            line = bisect_right(starts, start) - 1
            if (len(keys[line]) or len(view.folded_lines[line])) <= self.widths[which]:
                out.append((line, which))
        return out

    def _found(self, encoded: bytes) -> Iterable[tuple[int, int]]:
        """Return (literal, start in bytes) of every literal, by the way that costs least after what was seen."""
        if len(self.literals) <= _FEW or (self._automaton is None and self.seen <= _LITTLE):
            return [(n, at) for n, literal in enumerate(self._encoded) for at in _places(encoded, literal)]
        if self._automaton is None or (self.seen > _LARGE and not self._quick):
            import ahocorasick_rs

            self._quick = self.seen > _LARGE
            kind = ahocorasick_rs.Implementation
            self._automaton = ahocorasick_rs.BytesAhoCorasick(
                self._encoded, implementation=kind.DFA if self._quick else kind.ContiguousNFA
            )
        return [(n, at) for n, at, _ in self._automaton.find_matches_as_indexes(encoded, overlapping=True)]


def _edges(index: Any) -> tuple[list[str], list[str]]:
    """Return the starts, and the ends back to front, of phrases with holes, cut down to ``native.SIZES``."""
    least = min(native.SIZES)
    starts = {row[0] for rows in index.heads.values() for row in rows}
    ends = {row[1][::-1] for rows in index.tails.values() for row in rows}
    numbered = [key for key in index.exact if "{n}" in key]
    starts.update(start for key in numbered if len(start := key.partition("{")[0]) >= least)
    ends.update(key.rpartition("}")[2][::-1] for key in numbered if len(key.partition("{")[0]) < least)
    return _cut(starts), _cut({end for end in ends if len(end) >= least})


def _cut(edges: Iterable[str]) -> list[str]:
    return list({edge[: max(size for size in native.SIZES if size <= len(edge))] for edge in edges})


def _places(text: bytes, literal: bytes) -> Iterator[int]:
    at = text.find(literal)
    while at >= 0:
        yield at
        at = text.find(literal, at + 1)

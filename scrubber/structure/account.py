"""The account of what was left out of a page: which blocks went and why, in positions of the page's whole text."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from typing import Any, NamedTuple

from scrubber.edits import Backward, places
from scrubber.formats.page import Lines, Page
from scrubber.model import Edit, Removal, Report, Rewrite, Rule, Term

RULE = "structure/main-content"
_RULES = (RULE,)

Cut = tuple[int, tuple[int, int]]
"""A block and the range of the text that goes with it."""


class Account(NamedTuple):
    """What was decided about a page; ``report`` puts it into words."""

    bare: Report
    """Name, address and notes."""
    page: Page
    lines: Lines
    cuts: Sequence[Cut]
    probability: Any
    selected: Mapping[int, Rule]
    """The blocks that rules about elements took."""
    words: Report | None = None
    """What the rules about words did to the text without the cuts."""

    def report(self) -> Report:
        """Return the report on the page's text."""
        gone, changed = self.by_words()
        return finished(self.bare, self.lines.text, [*self._removals(), *gone], changed)

    def blocks(self, gone: Iterable[int]) -> Report:
        """Return the report where what rules about words took counts only for the blocks in ``gone``, taken whole."""
        taken = set(gone)
        by_words, _ = self.by_words()
        whole = [r for r in by_words if any(i in taken for i in self.lines.within(r.start, r.end))]
        return finished(self.bare, self.lines.text, [*self._removals(), *whole], [])

    def by_words(self) -> tuple[list[Removal], list[Rewrite]]:
        """Return what the rules did to the kept text, in positions of the whole text."""
        return by_words(self.lines.text, self.cuts, self.words) if self.words is not None else ([], [])

    def _removals(self) -> Iterator[Removal]:
        """Yield the removal of each block that does not stay, with what can be seen of why."""
        paths: dict[int, str] = {}
        shares, text = self.probability.tolist(), self.lines.text
        for i, (start, end) in self.cuts:
            rule = self.selected.get(i)
            if rule is not None:
                yield Removal((rule.id,), rule.role, rule.why, start, end, 0, 0, text[start:end], 0, 0.0)
                continue
            spot, share = self.page.spots[i], shares[i]
            path = paths.get(spot.element)
            if path is None:
                path = paths[spot.element] = _path(self.page, spot.element)
            linked = f", {spot.link_words / spot.words:.0%} links" if spot.link_words else ""
            clipped = min(max(share, 1e-6), 1 - 1e-6)
            odds = round(log((1 - clipped) / clipped), 2)
            yield Removal(
                _RULES, "boilerplate", f"not main content ({share:.0%} likely) in {path}{linked}", start, end, 0, 0,
                text[start:end], 0, odds, (Term("structure", odds),),
            )  # fmt: skip


def by_words(text: str, cuts: Sequence[Cut], words: Report) -> tuple[list[Removal], list[Rewrite]]:
    """Return what the rules did to the text without the cuts, in positions of the whole text."""
    if not (words.removals or words.rewrites):
        return [], []
    edits = [Edit(start, end, "", "") for _, (start, end) in cuts]
    back, seams = Backward(edits), places(edits)

    def pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the whole text that stand for a range of the kept text."""
        inside = seams[bisect_right(seams, start) : bisect_left(seams, end)]
        for low, high in itertools.pairwise([start, *dict.fromkeys(inside), end]):
            yield back(low), max(back(low), back(high, end=True))

    gone = [
        r._replace(start=a, end=b, text=text[a:b]) for r in words.removals for a, b in pieces(r.start, r.end) if a < b
    ]  # fmt: skip
    changed = [
        r._replace(start=a, end=b, old=text[a:b], new=r.new if i == 0 else "")
        for r in words.rewrites
        for i, (a, b) in enumerate(pieces(r.start, r.end))
        if i == 0 or a < b
    ]
    return gone, [r for r in changed if r.old != r.new]


def finished(report: Report, text: str, removals: Sequence[Removal], rewrites: Sequence[Rewrite]) -> Report:
    """Return the report with its changes sorted, and with the line, column and place of output of each."""
    line, at, shift = 1, 0, 0
    changes: list[Any] = [*removals, *rewrites]
    done: list[Any] = []
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        lead, new = 0, ""
        if isinstance(change, Removal):
            lead = len(change.text) - len(change.text.lstrip()) if change.text.strip() else 0
        else:
            new = change.new
        place = change.start + lead
        line += text.count("\n", at, place)
        at = place
        done.append(change._replace(line=line, column=place - text.rfind("\n", 0, place), out=change.start + shift))
        shift += len(new) - (change.end - change.start)
    return report._replace(
        removals=tuple(c for c in done if isinstance(c, Removal)), rewrites=tuple(c for c in done if isinstance(c, Rewrite))
    )


def _path(page: Page, number: int) -> str:
    """Return an element and the two above it, each with its first class."""
    names: list[str] = []
    elements = page.elements
    while len(names) < 3 and number >= 0:
        first, _, _ = elements.names[number].lstrip().partition(" ")
        names.append(f"{elements.tag[number]}.{first}" if first else elements.tag[number])
        number = elements.parent[number]
    return " > ".join(reversed(names))

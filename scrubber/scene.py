"""The surviving lines of a document while the verdict is being reached."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from scrubber.model import UNSURE, BlockKind, Finding, Rule
from scrubber.view import SHORTEST_PROSE, View

_BLOCK = 6
"""How far a paragraph broken into lines is looked at in each direction."""


class Scene:
    """Lines that still stand (numbers into the view), with what rules say of them.

    ``findings`` maps a line number of the view to its findings; the verdict only ever looks
    at lines of the scene, so judging survivors again equals judging the output afresh.
    """

    def __init__(self, view: View, alive: Sequence[int], findings: Mapping[int, Sequence[Finding]]) -> None:
        self.view = view
        self.alive = alive
        self.findings = findings
        blank = view.blanks
        self.solid = [i for i in alive if not blank[i]]
        self._content: dict[int, bool] = {}
        self._paragraphs: dict[int, bool] = {}
        self._joined: dict[int, bool] = {}
        self.lenders: dict[int, Rule | None] = {}
        self._standing = len(alive) == len(view.lines)
        self.spoken = [line for line in sorted(findings) if self.stands(line)]
        """The solid lines that rules speak on, sorted."""
        self.witnesses = {line: findings[line] for line in self.spoken if not any(f.rule.keep for f in findings[line])}

    def stands(self, line: int) -> bool:
        """Return whether a line survives and is not blank."""
        n = bisect_left(self.solid, line)
        return n < len(self.solid) and self.solid[n] == line

    def rank(self, line: int) -> int:
        """Return the place of a solid line among the solid ones."""
        return bisect_left(self.solid, line)

    @cached_property
    def kinds(self) -> Mapping[int, BlockKind] | Sequence[BlockKind]:
        """The block kind of every surviving line, as if the removed ones had never been there."""
        if self._standing or self.view.free_of_context:
            return self.view.kinds
        lines = [self.view.lines[i] for i in self.alive]
        return dict(zip(self.alive, self.view.classify(lines), strict=True))

    @cached_property
    def order(self) -> Mapping[int, int] | Sequence[int]:
        """The place of every surviving line among the surviving ones, blank ones counted."""
        if self._standing:
            return range(len(self.alive))
        return {line: n for n, line in enumerate(self.alive)}

    @cached_property
    def tight(self) -> list[bool]:
        """For every solid line, by rank, whether it stands right below the one before."""
        order = self.order
        return [n > 0 and order[line] - order[self.solid[n - 1]] == 1 for n, line in enumerate(self.solid)]

    @cached_property
    def strong(self) -> set[int]:
        """The lines that a likely or certain rule speaks on."""
        return {line for line, found in self.findings.items() if any(f.rule.certainty not in UNSURE for f in found)}

    def adjacent(self, first: int, second: int) -> bool:
        """Return whether no line stands between two surviving lines, not even a blank one."""
        return self.order[second] - self.order[first] == 1

    def near(self, line: int, step: int) -> int | None:
        """Return the next line that is not blank, ``step`` places on (negative: before), or None."""
        n = self.rank(line) + step
        return self.solid[n] if 0 <= n < len(self.solid) else None

    def content(self, line: int) -> bool:
        """Return whether a line is prose that no strong witness speaks against."""
        found = self._content.get(line)
        if found is None:
            found = not self.known(line) and (self.view.prose(line) or self._wrapped(line))
            found = found and self.kinds[line] not in (BlockKind.CODE, BlockKind.MATTER)
            self._content[line] = found
        return found

    def known(self, line: int) -> bool:
        """Return whether a likely or certain rule speaks on the line."""
        return line in self.strong

    def _wrapped(self, line: int) -> bool:
        """Return whether the line is part of a paragraph that was broken into lines of about one length."""
        if not self.view.long(line):
            return False
        found = self._paragraphs.get(line)
        if found is None:
            n = self.rank(line)
            first, last = n, n
            while first > 0 and n - first < _BLOCK and self._runs_on(first - 1, first):
                first -= 1
            while last + 1 < len(self.solid) and last - n < _BLOCK and self._runs_on(last, last + 1):
                last += 1
            found = any(inside_sentence(self.view.lines[self.solid[m]]) for m in range(first + 1, last + 1))
            self._paragraphs[line] = found
        return found

    def _runs_on(self, upper: int, lower: int) -> bool:
        """Return whether two neighbouring long lines may be parts of one sentence, by rank; asked once a scene."""
        found = self._joined.get(lower)
        if found is None:
            first, second, view = self.solid[upper], self.solid[lower], self.view
            found = first not in self.findings and second not in self.findings and view.long(first) and view.long(second)
            found = found and self.adjacent(first, second) and not view.ends_clause(first)
            self._joined[lower] = found
        return found

    @cached_property
    def body(self) -> tuple[int, int]:
        """Ranks of the first and the last prose line; (len, -1) where there is none.

        A lone sentence between lines rules know (a footer's word about the company, a question of a consent
        dialog) begins or ends the body only if nothing else does. On a page without prose, a list of results, long
        lines one below the other stand for it.
        """
        count, lines = len(self.solid), self.view.lines
        able = [n for n, line in enumerate(self.solid) if len(lines[line]) >= SHORTEST_PROSE]
        is_body = self._prose_at
        if (first := next(filter(is_body, able), count)) == count:
            is_body = self._listed_at
            first = next(filter(is_body, able), count)
        last = next((n for n in reversed(able) if n >= first and is_body(n)), -1)
        inner = next((n for n in able if first <= n <= last and is_body(n) and not self._island(n)), None)
        if inner is None:
            return first, last
        return inner, next(n for n in reversed(able) if n <= last and is_body(n) and not self._island(n))

    def _prose_at(self, n: int) -> bool:
        return self.content(self.solid[n])

    def _listed_at(self, n: int) -> bool:
        """Return whether the line of rank ``n`` is long and so is the one above or below, unknown both."""
        return (n > 0 and self._runs_on(n - 1, n)) or (n + 1 < len(self.solid) and self._runs_on(n, n + 1))

    def _island(self, n: int) -> bool:
        """Return whether rules know the lines above and below the one of rank ``n``."""
        return 0 < n < len(self.solid) - 1 and self.solid[n - 1] in self.findings and self.solid[n + 1] in self.findings

    @cached_property
    def prose_share(self) -> float:
        """The share of all characters that stand in prose."""
        sizes = [(line, len(self.view.lines[line].strip())) for line in self.solid]
        return sum(size for line, size in sizes if self.content(line)) / max(sum(size for _, size in sizes), 1)

    def place(self, line: int) -> str:
        """Return ``head``, ``body`` or ``tail``; documents without prose have only ``body``."""
        first, last = self.body
        if last < 0:
            return "body"
        n = self.rank(line)
        return "head" if n < first else "tail" if n > last else "body"

    @cached_property
    def _copies(self) -> Counter[str]:
        return Counter(self.view.keys[line] for line in self.solid)

    def again(self, line: int) -> bool:
        """Return whether a line stands elsewhere in the text, too, as those of a menu do."""
        key = self.view.keys[line]
        return bool(key) and self._copies[key] > 1

    @cached_property
    def rule_counts(self) -> dict[str, int]:
        """On how many surviving lines each rule speaks."""
        counts: dict[str, int] = {}
        for line in self.spoken:
            for identity in {f.rule.id for f in self.findings[line]}:
                counts[identity] = counts.get(identity, 0) + 1
        return counts

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each key occurs among the surviving lines that rules know."""
        counts: dict[str, int] = {}
        for line in self.spoken:
            key = self.view.keys[line]
            counts[key] = counts.get(key, 0) + 1
        return counts


def inside_sentence(line: str) -> bool:
    """Return whether a line begins as a sentence goes on: in lower case, or in a script that has no case."""
    first = next((c for c in line if c.isalnum()), "")
    return first.isalpha() and not first.isupper() and not first.istitle()

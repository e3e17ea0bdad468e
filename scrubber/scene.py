"""The surviving lines of a document while the verdict is being reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from scrubber.model import BlockKind, Finding
from scrubber.view import View


class Scene:
    """Lines that still stand (numbers into the view), with what rules say of them.

    ``findings`` maps a line number of the view to its findings; the verdict only ever looks
    at lines of the scene, so judging survivors again equals judging the output afresh.
    """

    def __init__(self, view: View, alive: Sequence[int], findings: Mapping[int, Sequence[Finding]]) -> None:
        self.view = view
        self.alive = alive
        self.findings = findings
        self.solid = [i for i in alive if not view.blank(i)]
        self.rank = {line: n for n, line in enumerate(self.solid)}

    @cached_property
    def kinds(self) -> dict[int, BlockKind]:
        """The block kind of every surviving line, as if the removed ones had never been there."""
        if len(self.alive) == len(self.view.lines):
            return dict(enumerate(self.view.kinds))
        lines = [self.view.lines[i] for i in self.alive]
        return dict(zip(self.alive, self.view.classify(lines), strict=True))

    @cached_property
    def order(self) -> dict[int, int]:
        """The place of every surviving line among the surviving ones, blank ones counted."""
        return {line: n for n, line in enumerate(self.alive)}

    def adjacent(self, first: int, second: int) -> bool:
        """Return whether no line stands between two surviving lines, not even a blank one."""
        return self.order[second] - self.order[first] == 1

    def near(self, line: int, step: int) -> int | None:
        """Return the next line that is not blank, ``step`` places on (negative: before), or None."""
        n = self.rank[line] + step
        return self.solid[n] if 0 <= n < len(self.solid) else None

    def content(self, line: int) -> bool:
        """Return whether a line is prose that no strong witness speaks against."""
        if self.kinds[line] in (BlockKind.CODE, BlockKind.MATTER):
            return False
        return line not in self.findings and self.view.prose(line)

    @cached_property
    def body(self) -> tuple[int, int]:
        """Ranks of the first and the last prose line; (len, -1) where there is none."""
        ranks = [n for n, line in enumerate(self.solid) if self.content(line)]
        return (ranks[0], ranks[-1]) if ranks else (len(self.solid), -1)

    def place(self, line: int) -> str:
        """Return ``head``, ``body`` or ``tail``; documents without prose have only ``body``."""
        first, last = self.body
        if last < 0:
            return "body"
        n = self.rank[line]
        return "head" if n < first else "tail" if n > last else "body"

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each key occurs among the surviving lines that rules know."""
        counts: dict[str, int] = {}
        for line in self.solid:
            if line in self.findings:
                key = self.view.keys[line]
                counts[key] = counts.get(key, 0) + 1
        return counts

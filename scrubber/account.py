"""From edits to the report on them: what was removed and why, what was rewritten, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from scrubber.edits import MARK
from scrubber.model import Edit, Removal, Rewrite
from scrubber.verdict import Judgement

_EDGE = "removal-edge"
"""The name for an edit that removes a line and leaves text in its place."""


def account(
    text: str, edits: Sequence[Edit], judgements: Sequence[Judgement]
) -> tuple[tuple[Removal, ...], Sequence[Rewrite]]:
    """Return the removals and rewrites that ``edits`` on ``text`` amount to."""
    if not judgements:
        return (), Rewrites(text, edits, len(edits))
    removals: list[Removal] = []
    place, shift = _Place(text), 0
    for edit in edits:
        start, end, new, cause = edit
        if MARK in cause and not new:
            old = text[start:end]
            lead = len(old) - len(old.lstrip()) if old.strip() else 0
            removals.append(_removal(judgement_of(cause, judgements), edit, place(start + lead), old, start + shift))
        shift += len(new) - (end - start)
    return tuple(removals), Rewrites(text, edits, len(edits) - len(removals))


class Rewrites(Sequence[Rewrite]):
    """The rewrites among the edits on a text, a sequence that is made when somebody looks into it: most only count."""

    __slots__ = ("_count", "_edits", "_rows", "_text")

    def __init__(self, text: str, edits: Sequence[Edit], count: int) -> None:
        self._text, self._edits, self._count = text, edits, count
        self._rows: tuple[Rewrite, ...] | None = None

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Return how many rewrites each normaliser made, and of how many characters."""
        found: dict[str, tuple[int, int]] = {}
        for start, end, new, cause in self._edits:
            if new or MARK not in cause:
                name = _name(cause)
                count, characters = found.get(name, (0, 0))
                found[name] = count + 1, characters + (end - start or len(new))
        return found

    def _made(self) -> tuple[Rewrite, ...]:
        if self._rows is None:
            self._rows = tuple(_rewrites(self._text, self._edits))
        return self._rows

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, i: int) -> Rewrite: ...
    @overload
    def __getitem__(self, i: slice) -> tuple[Rewrite, ...]: ...
    def __getitem__(self, i: int | slice) -> Rewrite | tuple[Rewrite, ...]:
        return self._made()[i]

    def __iter__(self) -> Iterator[Rewrite]:
        return iter(self._made())

    def __eq__(self, other: object) -> bool:
        return self._made() == (other._made() if isinstance(other, Rewrites) else other)

    def __hash__(self) -> int:
        return hash(self._made())

    def __repr__(self) -> str:
        return repr(self._made())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._made(),)


def sizes(rewrites: Sequence[Rewrite]) -> Mapping[str, tuple[int, int]]:
    """Return how many rewrites each normaliser made, and of how many characters."""
    if isinstance(rewrites, Rewrites):
        return rewrites.sizes()
    found: dict[str, tuple[int, int]] = {}
    for rewrite in rewrites:
        count, characters = found.get(rewrite.normaliser, (0, 0))
        found[rewrite.normaliser] = count + 1, characters + (len(rewrite.old) or len(rewrite.new))
    return found


def _name(cause: str) -> str:
    return _EDGE if MARK in cause else cause.partition("+")[0]


class _Place:
    """Tells line and column, both from 1, of places asked for in order; what lies between two is read once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._begins, self._at = 1, 0, 0

    def __call__(self, at: int) -> tuple[int, int]:
        if (last := self._text.rfind("\n", self._at, at)) >= 0:
            self._line += self._text.count("\n", self._at, at)
            self._begins = last + 1
        self._at = at
        return self._line, at - self._begins + 1


def _rewrites(text: str, edits: Sequence[Edit]) -> Iterator[Rewrite]:
    place, shift = _Place(text), 0
    for start, end, new, cause in edits:
        if new or MARK not in cause:
            yield Rewrite(_name(cause), start, end, *place(start), text[start:end], new, start + shift)
        shift += len(new) - (end - start)


def _removal(judgement: Judgement, edit: Edit, place: tuple[int, int], old: str, out: int) -> Removal:
    best = judgement.rules[0]
    return Removal(
        rules=tuple(r.id for r in judgement.rules),
        role=best.role,
        reason=best.why,
        start=edit.start,
        end=edit.end,
        line=place[0],
        column=place[1],
        text=old,
        out=out,
        evidence=judgement.evidence,
        terms=judgement.terms,
    )


def judgement_of(cause: str, judgements: Sequence[Judgement]) -> Judgement:
    """Return the first judgement that a cause names."""
    number = next(part for part in cause.split("+") if part.startswith(MARK))
    return judgements[int(number.removeprefix(MARK))]

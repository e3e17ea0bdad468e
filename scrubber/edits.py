"""Pure functions on lists of edits: apply, compose, check. Edits are sorted and disjoint."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from scrubber.model import Edit, Report
from scrubber.native import native

MARK = "#"
"""A removal's cause is this mark and the number of its judgement in a decision."""


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return ``text`` with every edit made; no edits give the very same object."""
    if not edits:
        return text
    if native:
        return native.apply(text, edits)  # type: ignore[no-any-return]
    parts: list[str] = []
    at = 0
    for start, end, new, _ in edits:
        parts.append(text[at:start])
        parts.append(new)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def check(text: str, edits: Sequence[Edit]) -> None:
    """Raise ``ValueError`` unless edits are sorted, disjoint, inside the text and real changes."""
    at = 0
    for edit in edits:
        if not at <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edit out of order or outside the text: {edit}")
        if text[edit.start : edit.end] == edit.new:
            raise ValueError(f"edit changes nothing: {edit}")
        at = edit.end


def places(edits: Sequence[Edit]) -> list[int]:
    """Return where each edit's new text starts in the output."""
    shift, out = 0, []
    for start, end, new, _ in edits:
        out.append(start + shift)
        shift += len(new) - (end - start)
    return out


class Backward:
    """Maps positions of an output back to the source its edits were made on."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = edits
        self.starts = places(edits)

    def __call__(self, position: int, *, end: bool = False) -> int:
        """Return the source position; at an edge, deletions stay outside the range asked for."""
        i = bisect_right(self.starts, position) - 1
        while end and i >= 0 and self.starts[i] == position:
            i -= 1
        if i < 0:
            return position
        edit = self.edits[i]
        offset = position - self.starts[i]
        if offset < len(edit.new):
            return edit.start if offset == 0 else edit.end
        return edit.end + offset - len(edit.new)


def compose(source: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Return one list on ``source`` that does ``first`` and then ``second`` (on its output)."""
    if not second:
        return list(first)
    if not first:
        return list(second)
    middle = apply(source, first)
    back = Backward(first)
    spans = [(at, at + len(e.new), e, 0) for at, e in zip(back.starts, first, strict=True)]
    spans += [(e.start, e.end, e, 1) for e in second]
    spans.sort(key=lambda s: (s[0], s[1], s[3]))
    out: list[Edit] = []
    group: list[tuple[int, int, Edit, int]] = []
    high = -1
    for span in spans:
        if group and _overlap(high, span, group):
            group.append(span)
            high = max(high, span[1])
            continue
        _close(source, middle, back, group, out)
        group, high = [span], span[1]
    _close(source, middle, back, group, out)
    return out


def _overlap(high: int, span: tuple[int, int, Edit, int], group: list[tuple[int, int, Edit, int]]) -> bool:
    if span[0] < high:
        return True
    low = group[0][0]
    return span[0] == high == low and span[0] == span[1]  # two empty ranges at one place


def _close(
    source: str,
    middle: str,
    back: Backward,
    group: list[tuple[int, int, Edit, int]],
    out: list[Edit],
) -> None:
    """Turn a group of overlapping ranges of the middle text into one edit on the source."""
    if not group:
        return
    if len(group) == 1:
        at, to, edit, which = group[0]
        if which == 0:
            out.append(edit)
        else:
            out.append(Edit(back(at), max(back(at), back(to, end=True)), edit.new, edit.cause))
        return
    low = min(s[0] for s in group)
    high = max(s[1] for s in group)
    firsts = [s for s in group if s[3] == 0]
    start = min([back(low), *(s[2].start for s in firsts)])
    stop = max([back(high, end=True), *(s[2].end for s in firsts)])
    later = [Edit(s[0] - low, s[1] - low, s[2].new, "") for s in group if s[3] == 1]
    new = apply(middle[low:high], later)
    if source[start:stop] == new:
        return
    causes = [s[2].cause for s in group if s[3] == 1 or new] or [s[2].cause for s in group]
    out.append(Edit(start, stop, new, "+".join(dict.fromkeys(causes))))


def edits_of(report: Report) -> list[Edit]:
    """Return every edit of ``report`` on the source text, sorted."""
    edits = [Edit(r.start, r.end, "", r.rules[0]) for r in report.removals]
    edits += [Edit(r.start, r.end, r.new, r.normaliser) for r in report.rewrites]
    return sorted(edits, key=lambda e: (e.start, e.end))

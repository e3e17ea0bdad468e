"""Where normalisers look: which characters a text has, where they stand, what lies outside ranges.

The first question every normaliser asks is whether the text holds any of its characters at all;
it is answered once per text, at the speed of a copy. No normaliser lives here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from scrubber.model import Edit
from scrubber.native import native
from scrubber.pattern import pattern

_ASCII = bytes(range(128))
_NONE: frozenset[str] = frozenset()
# HTML tags and comments, destinations and titles of Markdown links, definitions of references
_MARKUP = pattern(r"<[A-Za-z/!][^<>\n]*>|\]\([^)\n]*\)|(?m:^ {0,3}\[[^\]\n]+\]:[^\n]*$)")


def rare_characters(text: str) -> frozenset[str]:
    """Return the set of characters of ``text`` that are not ASCII."""
    if text.isascii():
        return _NONE
    if native and (found := native.rare_characters(text)) is not None:
        return frozenset(found)
    raw = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return frozenset(raw.decode("utf-8", "surrogatepass"))


def positions(text: str, characters: Iterable[str]) -> list[int]:
    """Return where any of ``characters`` stands, sorted."""
    out: list[int] = []
    find, add = text.find, out.append
    for character in characters:
        at = find(character)
        while at >= 0:
            add(at)
            at = find(character, at + 1)
    out.sort()
    return out


def outside(edits: list[Edit], ranges: Sequence[tuple[int, int]]) -> list[Edit]:
    """Return the edits that overlap none of the ranges, which are sorted and disjoint."""
    if not ranges:
        return edits
    starts = [start for start, _ in ranges]
    out: list[Edit] = []
    for edit in edits:
        i = bisect_left(starts, edit.end)
        if i == 0 or ranges[i - 1][1] <= edit.start:
            out.append(edit)
    return out


def markup(text: str) -> list[tuple[int, int]]:
    """Return the ranges of tags and link targets, where quotes and dashes are syntax."""
    if "<" not in text and ("]" not in text or ("](" not in text and "]:" not in text)):
        return []
    return [match.span() for match in _MARKUP.finditer(text)]


def trimmed(start: int, old: str, new: str, cause: str) -> Edit:
    """Return the smallest edit that turns ``old`` at ``start`` into ``new``; they differ."""
    head = 0
    while head < len(old) and head < len(new) and old[head] == new[head]:
        head += 1
    tail = 0
    room = min(len(old), len(new)) - head
    while tail < room and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return Edit(start + head, start + len(old) - tail, new[head : len(new) - tail], cause)

"""A page as extraction and rules see it: blocks of text in document order, and the elements they stand in.

Values only; ``html`` and ``dom`` read them from source.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

BREAKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section select summary "
    "table tbody tfoot thead tr ul noscript".split()
)
SILENT = frozenset(
    "script style template svg canvas math object embed head title meta link option textarea datalist iframe noframes "
    "noembed".split()
)
CLOSE = frozenset(("li", "tr", "dt", "dd"))
"""Elements that stand one to a line, without a blank line between them."""


class Spot(NamedTuple):
    """One block of a page: ``text`` with white space folded, its size in words, and the element that holds it."""

    text: str
    words: int
    link_words: int
    element: int
    """Number of the innermost block-level element in ``Page.elements``."""
    mark: int = 0
    """The mark of the innermost marked element it stands in, 0 outside all."""


class Elements(NamedTuple):
    """The block-level elements of a page in document order, each list over all of them."""

    tag: list[str]
    names: list[str]
    """Class, id, role and itemprop values, lower case."""
    parent: list[int]
    """The number of the element around it; -1 for the first."""
    depth: list[int]
    hidden: list[bool]
    first: list[int]
    last: list[int]
    """The blocks inside it are ``first`` to ``last``, half-open."""

    @classmethod
    def none(cls) -> Elements:
        """Return the lists, empty."""
        return cls([], [], [], [], [], [], [])

    def open(self, tag: str, names: str, parent: int, depth: int, hidden: bool, first: int) -> int:
        """Add an element and return its number."""
        number = len(self.tag)
        self.tag.append(tag)
        self.names.append(names)
        self.parent.append(parent)
        self.depth.append(depth)
        self.hidden.append(hidden)
        self.first.append(first)
        self.last.append(first)
        return number


class Page(NamedTuple):
    """A parsed page. ``tree`` is its lxml tree, None where nobody asked for one."""

    tree: Any
    spots: list[Spot]
    elements: Elements
    places: list[tuple[tuple[Any, bool], ...]] | None = None
    """For each block where its text stands in the tree, as (node, is it the node's tail); only when traced."""
    head: Any = None
    """What the page says about itself (``formats.head``), if it was read for that."""


class Lines(NamedTuple):
    """The text of a page and where its blocks stand in it: block i is ``text[starts[i]:ends[i]]``."""

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, page: Page) -> Lines:
        """Return the text of a page: paragraphs apart by a blank line, items and rows by a line end."""
        parts: list[str] = []
        starts, ends, at, close = [], [], 0, False
        tags = page.elements.tag
        for spot in page.spots:
            item = tags[spot.element] in CLOSE
            gap = "" if not parts else "\n" if item and close else "\n\n"
            close = item
            parts += (gap, spot.text)
            starts.append(at + len(gap))
            at += len(gap) + len(spot.text)
            ends.append(at)
        return cls("".join(parts) + "\n" * bool(parts), starts, ends)

    def without(self, gone: Sequence[int]) -> Iterator[tuple[int, tuple[int, int]]]:
        """Yield each block of ``gone`` (sorted) with the range to cut, one separator included.

        Of the separators around a run of blocks the wider stays.
        """
        dropped = set(gone)
        ahead = True
        for i in gone:
            if i - 1 not in dropped:
                ahead = i == 0 or self.starts[i] - self.ends[i - 1] > 1
                ahead = ahead and not all(k in dropped for k in range(i, len(self.starts))) if i else True
            start = self.starts[i] if ahead else self.ends[i - 1]
            last = i + 1 == len(self.starts)
            yield i, (start, len(self.text) if last and ahead else self.starts[i + 1] if ahead else self.ends[i])

    def within(self, start: int, end: int) -> Iterator[int]:
        """Yield the blocks that lie wholly inside a range."""
        for i in range(bisect_left(self.starts, start), len(self.starts)):
            if self.ends[i] > end:
                return
            yield i

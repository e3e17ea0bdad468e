"""The elements of a page as arrays, and questions about the way from each of them to the root."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scrubber.formats.page import Page
from scrubber.structure.names import GROUPS, told

TAGS = "article main aside nav footer header form table ul ol li blockquote dl figure section pre details noscript".split()
HIDDEN = len(GROUPS) + len(TAGS)
"""The bit of ``Tree.every`` that is set inside a hidden element."""

_TAGS = ["", "p", "div", *(f"h{level}" for level in range(1, 7)), *TAGS]
_NUMBER = {tag: i for i, tag in enumerate(_TAGS)}
PARAGRAPH, DIVISION, ARTICLE, ITEM = (_NUMBER[tag] for tag in ("p", "div", "article", "li"))
_LEVEL = np.array([int(tag[1]) if tag[:1] == "h" and tag[1:].isdigit() else 0 for tag in _TAGS])
_BIT = np.array([1 << (len(GROUPS) + TAGS.index(tag)) if tag in TAGS else 0 for tag in _TAGS], dtype=np.int64)


class Tree(NamedTuple):
    """Arrays over the elements of a page in document order; row 0 is the root, and its own parent."""

    parent: Any
    depth: Any
    first: Any
    last: Any
    own: Any
    """The groups of its names, as bits."""
    every: Any
    """The groups and tags of it and of all that hold it, as bits."""
    shape: Any
    """A number for its tag and first class together with its parent's."""
    repeat: Any
    """How many of its parent's children have its tag and first class."""
    group: Any
    """A number for it and all children of its parent with its tag and first class."""
    tag: Any
    """``PARAGRAPH``, ``DIVISION``, ``ARTICLE``, ``ITEM`` or another number."""
    level: Any
    """Of a heading, else 0."""


def tree_of(page: Page) -> Tree:
    """Return the elements of a page as arrays."""
    tags, names, parents, depths, hidden = page.elements[:5]
    parent = np.array(parents, dtype=np.int64)
    parent[0] = 0
    known: dict[str, int] = {}
    which_names = [known.setdefault(n, len(known)) for n in names]
    seen: dict[str, int] = {}
    rows = [(bits, seen.setdefault(first, len(seen))) for bits, first in told(list(known))]
    own, name = np.array(rows, dtype=np.int64)[which_names].T
    number = np.array([_NUMBER.get(t, 0) for t in tags], dtype=np.int64)
    every = own | _BIT[number]
    every[[i for i, is_hidden in enumerate(hidden) if is_hidden]] |= 1 << HIDDEN
    jump = parent
    while jump.any():
        every |= every[jump]
        jump = jump[jump]
    every |= every[0]
    kind = name * len(_TAGS) + number
    most = len(seen) * len(_TAGS)
    _, which, times = np.unique(parent * most + kind, return_inverse=True, return_counts=True)
    first, last = np.array(page.elements[5:], dtype=np.int64)
    return Tree(
        parent, np.array(depths, dtype=np.float64), first, last, own, every, kind * most + kind[parent], times[which],
        which, number, _LEVEL[number],
    )  # fmt: skip


def jumped(step: Any) -> Any:
    """Return where each element comes out when ``step`` is taken until nothing moves."""
    while True:
        after = step[step]
        if np.array_equal(after, step):
            return step
        step = after


def levels(parent: Any, mark: Any) -> Any:
    """Return how many levels above each element the nearest marked one stands; 20 for none or farther away."""
    away = np.where(mark, 0, 20)
    jump, step = parent, 1
    while step < 20:
        away = np.minimum(away, away[jump] + step)
        jump, step = jump[jump], step * 2
    return np.minimum(away, 20)

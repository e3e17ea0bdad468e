"""What is measured of every block of a page, as one matrix: rows are ``NAMES``, columns are blocks.

Structure only (sizes, links, tags, class names, places, neighbours, repetition); no word lists but those of
class and id names. Everything is done for all blocks, or all elements, at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from scrubber.formats.page import Page
from scrubber.structure import paths
from scrubber.structure.rows import GROUP, NAMES, ROW, Blocks, Rows
from scrubber.structure.tree import ARTICLE, DIVISION, HIDDEN, ITEM, PARAGRAPH, Tree, levels, tree_of

_UP = 4
_STOPS = (".", "!", "?", "。", "！", "？", ":", "…", '."', ".”", "।", "؟")
_HEAD = 60
_UNSPACED = 0x0E00
"""The scripts of most code points from here on put no spaces between words."""


def sizes(page: Page) -> Any:
    """Return the size of each block in words; scripts without spaces count six characters a word."""
    return np.array([max(s.words, len(s.text) / 6) for s in page.spots], dtype=np.float64)


def features(page: Page) -> Any:
    """Return a float32 matrix of shape (``len(NAMES)``, blocks)."""
    tree = tree_of(page)
    rows = Rows(len(page.spots))
    blocks = _words(rows, page, tree)
    _names(rows, blocks, tree)
    inside = blocks.within(tree.first, tree.last)
    _containers(rows, blocks, tree, inside)
    _around(rows, blocks, tree)
    _section(rows, blocks)
    top = paths.best(rows, blocks, tree, inside)
    paths.main_path(rows, blocks, tree, inside)
    paths.groups(rows, blocks, tree, inside)
    paths.from_heading(rows, blocks, tree, inside)
    paths.from_top(rows, blocks, tree, top, inside[2, top])
    _page(rows, page, blocks, tree)
    return rows.matrix


@cache
def _signs() -> Any:
    """Return for every code point below 12,288 whether it is neither letter nor digit nor space; letters come after."""
    signs = [not (char.isalnum() or char.isspace()) for char in map(chr, range(0x3000))]
    return np.array([*signs, False], dtype=np.uint8)


def _sign_shares(texts: Sequence[str], chars: Any) -> tuple[Any, Any, Any]:
    """Return the shares of signs and of figures at the start of each text, and whether its script has no spaces."""
    codes = np.array([t[:_HEAD] for t in texts], dtype=f"U{_HEAD}").view(np.uint32).reshape(len(texts), _HEAD)
    codes[codes == 0] = ord("a")
    seen = np.minimum(chars, _HEAD)
    signs = _signs().take(codes, mode="clip").sum(axis=1, dtype=np.uint8) / seen
    digits = ((codes >= 48) & (codes <= 57)).sum(axis=1, dtype=np.uint8) / seen
    return signs, digits, (codes >= _UNSPACED).sum(axis=1, dtype=np.uint8) > 0.3 * seen


def _words(rows: Rows, page: Page, tree: Tree) -> Blocks:
    """Measure each block by itself, and what is like it elsewhere on the page."""
    texts, counts, link_counts, elements, _ = zip(*page.spots, strict=True)
    n, at = len(texts), np.array(elements, dtype=np.int64)
    words, linked = np.array(counts, dtype=np.float64), np.array(link_counts, dtype=np.float64)
    chars = np.array(list(map(len, texts)), dtype=np.float64)
    stop = np.array([t.endswith(_STOPS) for t in texts], dtype=np.float64)
    commas = np.array([t.count(",") if t.isascii() else sum(map(t.count, ",，、")) for t in texts], dtype=np.float64)
    size, link = np.maximum(words, chars / 6), linked / np.maximum(words, 1)
    prose = np.where((stop > 0) & (size >= 10) & (link < 0.5), size, 0.0)
    sums = np.zeros((4, n + 1))
    np.cumsum((size, linked, prose, prose > 0), axis=1, out=sums[:, 1:])
    repeats = Counter(texts)
    _, which, times = np.unique(tree.shape[at], return_inverse=True, return_counts=True)
    alike, times = np.bincount(which, weights=size)[which], times[which]
    signs, digits, unspaced = _sign_shares(texts, chars)
    length, commas = chars / np.maximum(words, 1), np.where(unspaced, commas / 4, commas)
    rows(words=np.log1p(size), links=link, stop=stop, commas=commas / np.maximum(size, 1), symbols=signs, digits=digits,
         dup_text=[repeats[t] for t in texts], word_length=np.where(unspaced & (length > 10), 6, length), same_shape=times,
         same_shape_words=alike / max(sums[0, -1], 1.0), same_shape_mean=alike / times)  # fmt: skip
    return Blocks(n, np.arange(n), at, size, link, prose, commas, tree.level[at].astype(np.float64), sums)


def _names(rows: Rows, blocks: Blocks, tree: Tree) -> None:
    """Say what the tags and names of a block's element and of those around it tell."""
    at, up = blocks.at, tree.parent[blocks.at]
    above = tree.every[at]
    near = tree.own[at] | tree.own[up]
    wide = near | tree.own[tree.parent[up]] | tree.own[tree.parent[tree.parent[up]]]
    rows.bits("in_", above)
    rows.bits("near_", near)
    rows.bits("wide_", wide)
    rows.bits("above_", above)
    for name in NAMES:
        if name.startswith("levels_"):
            mark = (tree.own >> GROUP[name.removeprefix("levels_")]) & 1
            rows(**{name: levels(tree.parent, mark)[at]})
    own = tree.tag[at]
    rows(hidden=(above >> HIDDEN) & 1, own_p=own == PARAGRAPH, own_div=own == DIVISION, depth=tree.depth[at])


def _containers(rows: Rows, blocks: Blocks, tree: Tree, inside: Any) -> None:
    """Measure the element of each block and those above it."""
    holds = np.maximum(tree.last - tree.first, 1)
    total = max(blocks.sums[0, -1], 1.0)
    every = {
        "words": np.log1p(inside[0]), "share": inside[0] / total, "links": inside[1] / np.maximum(inside[0], 1),
        "blocks": np.log1p(holds), "mean": inside[0] / holds, "prose": inside[2] / np.maximum(inside[0], 1),
        "repeat": tree.repeat,
    }  # fmt: skip
    here = blocks.at
    for up in range(1, _UP + 1):
        for name, values in every.items():
            if f"up{up}_{name}" in ROW:
                rows(**{f"up{up}_{name}": values[here]})
        rows(**{f"up{up}_position": (blocks.order - tree.first[here]) / holds[here]})
        here = tree.parent[here]


def _around(rows: Rows, blocks: Blocks, tree: Tree) -> None:
    """Measure the neighbours of each block, and what stands before and after it."""
    n, order, sums = blocks.n, blocks.order, blocks.sums
    edge = (-1.0, -1.0)
    for name, values in (("words", np.log1p(blocks.size)), ("links", blocks.link), ("heading", blocks.heading),
                         ("depth", tree.depth[blocks.at])):  # fmt: skip
        padded = np.concatenate([edge, values, edge])
        rows(**{f"{name}{shift:+d}": padded[2 + shift : 2 + shift + n] for shift in (-2, -1, 1, 2)})
    shape = tree.shape[blocks.at]
    rows(same_before=np.concatenate([[False], shape[1:] == shape[:-1]]))
    for reach in (3, 10):
        span = blocks.within(np.maximum(order - reach, 0), np.minimum(order + reach + 1, n))
        size = np.maximum(span[0], 1)
        rows(**{f"near{reach}_words": np.log1p(span[0]), f"near{reach}_links": span[1] / size,
                f"near{reach}_prose": span[2] / size})  # fmt: skip
    total, prose = max(sums[0, -1], 1.0), max(sums[2, -1], 1.0)
    first = int(np.argmax(blocks.heading == 1))
    rows(place=order / n, from_end=(n - order) / n, from_h1=(order - first) / n, before_words=sums[0, :-1] / total,
         after_words=1 - sums[0, 1:] / total, before_prose=sums[2, :-1] / prose, after_prose=1 - sums[2, 1:] / prose,
         heading=blocks.heading)  # fmt: skip
    strong = blocks.prose >= 20
    back = order - np.maximum.accumulate(np.where(strong, order, -50))
    ahead = np.minimum.accumulate(np.where(strong, order, n + 50)[::-1])[::-1] - order
    rows(prose_before=np.log1p(np.minimum(back, 50)), prose_after=np.log1p(np.minimum(ahead, 50)))


def _section(rows: Rows, blocks: Blocks) -> None:
    """Measure what stands between the last heading and the next."""
    n, order, marks = blocks.n, blocks.order, blocks.heading > 0
    begin = np.maximum(np.maximum.accumulate(np.where(marks, order, -1)), 0)
    end = np.minimum.accumulate(np.append(np.where(marks, order, n)[1:], n)[::-1])[::-1]
    span = blocks.within(begin, end)
    size = np.maximum(span[0], 1)
    rows(section_words=np.log1p(span[0]), section_links=span[1] / size, section_prose=span[2] / size,
         section_blocks=np.log1p(end - begin), section_at=np.log1p(order - begin), section_level=blocks.heading[begin],
         section_head_words=np.log1p(blocks.size[begin]), section_head_links=blocks.link[begin],
         section_h1=np.maximum.accumulate(np.where(blocks.heading == 1, order, -1)) >= begin)  # fmt: skip


_KINDS = {
    "article": ("article", "newsarticle", "blogposting", "reportagenewsarticle", "techarticle", "liveblogposting"),
    "forum": ("discussionforumposting", "qapage", "question", "comment"),
    "product": ("product", "productgroup", "offer", "aggregateoffer"),
}


def _slug(url: str) -> int:
    """Return how many hyphens the last part of an address has, at most 10."""
    return min(url.rstrip("/").rpartition("/")[2].count("-"), 10)


def _page(rows: Rows, page: Page, blocks: Blocks, tree: Tree) -> None:
    size, linked, prose, _ = blocks.sums[:, -1]
    said = page.head.kinds()
    rows(**{f"page_says_{kind}": any(name in said for name in names) for kind, names in _KINDS.items()})
    total = max(size, 1.0)
    metas = page.head.metas
    rows(page_og_article=metas.get("og:type", "").lower() == "article",
         page_slug=_slug(page.head.link or metas.get("og:url", "")))  # fmt: skip
    rows(page_blocks=np.log1p(blocks.n), page_words=np.log1p(total), page_links=linked / total, page_prose=prose / total,
         page_articles=float((tree.tag == ARTICLE).sum()),
         page_items=float((tree.tag == ITEM).mean()), page_h1=float((blocks.heading == 1).sum()))  # fmt: skip

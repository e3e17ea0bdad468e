"""What is measured of every block of a page, as one matrix: rows are ``NAMES``, columns are blocks.

Structure only (sizes, links, tags, class names, places, neighbours, repetition); no word lists but those of
class and id names. Everything is done for all blocks, or all elements, at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from scrubber.formats.page import Page
from scrubber.structure.names import GROUPS
from scrubber.structure.tree import ARTICLE, DIVISION, HIDDEN, ITEM, PARAGRAPH, TAGS, Tree, jumped, levels, tree_of

NAMES: tuple[str, ...] = tuple(
    "words links stop commas symbols depth place from_end from_h1 dup_text same_shape same_shape_words "
    "same_shape_mean word_length own_p own_div in_article in_main in_footer near_comment near_image wide_footer "
    "wide_comment wide_cookie above_footer above_comment above_cookie above_exact levels_exact levels_content "
    "levels_post levels_comment levels_card up1_words up1_share up1_links up1_mean up1_prose up1_repeat up2_words "
    "up2_share up2_links up2_blocks up2_mean up2_position up2_prose up3_words up3_share up3_links up3_blocks up3_mean "
    "up3_prose up3_repeat up4_words up4_share up4_links up4_blocks up4_mean up4_prose up4_repeat words-1 depth-2 "
    "depth-1 depth+2 near3_words near3_links near3_prose near10_words near10_links near10_prose before_words "
    "after_words before_prose after_prose section_words section_links section_prose section_blocks section_at "
    "section_level score score_up score_best branch_words branch_links branch_prose branch_blocks branch_position "
    "branch_depth branch_repeat leaves_main main_share branch_cookie top_up top_down top_depth top_distance "
    "top_before prose_before prose_after heading hidden in_form in_figure in_table in_li near_meta near_box "
    "near_hidden above_nav above_live levels_related heading-1 links+1 same_before section_head_words up3_position "
    "up2_repeat group_repeat group_share group_links group_prose group_mean group_blocks group_most group_away "
    "outer_repeat outer_share outer_links outer_prose outer_mean outer_most h1_up h1_down h1_share digits "
    "section_head_links section_h1 page_blocks page_words page_links page_prose page_articles page_og_article "
    "page_items page_says_article page_says_forum page_says_product page_slug page_h1".split()
)

PAGE_FEATURES = [i for i, name in enumerate(NAMES) if name.startswith("page_")]
"""Rows that are the same for every block of a page."""

HEADING, LINKS = NAMES.index("heading"), NAMES.index("links")
"""The rows with a heading's level (0 for other blocks) and with the share of words in links."""

_ROW = {name: i for i, name in enumerate(NAMES)}
_GROUP = {name: i for i, name in enumerate(GROUPS)}
_TAG = {name: i for i, name in enumerate(TAGS, len(GROUPS))}
_BITS = {
    prefix: [(_ROW[prefix + name], bit) for name, bit in bits.items() if prefix + name in _ROW]
    for prefix, bits in (("in_", _TAG), ("near_", _GROUP), ("wide_", _GROUP), ("above_", _GROUP), ("branch_", _GROUP))
}
"""For each prefix the rows it fills, and the bit of the names or tags that each takes."""

_UP = 4
_STOPS = (".", "!", "?", "。", "！", "？", ":", "…", '."', ".”", "।", "؟")
_HEAD = 60
_UNSPACED = 0x0E00
"""The scripts of most code points from here on put no spaces between words."""


class _Blocks(NamedTuple):
    """The blocks of a page as arrays; ``at`` are their elements, ``order`` is 0, 1, 2 …"""

    n: int
    order: Any
    at: Any
    size: Any
    link: Any
    prose: Any
    """The size of blocks that read like prose, 0 for others."""
    commas: Any
    heading: Any
    sums: Any
    """Running sums, with 0 in front, of size, link words, prose, and blocks of prose."""

    def within(self, first: Any, last: Any) -> Any:
        """Return the four sums over half-open ranges of blocks."""
        return self.sums[:, last] - self.sums[:, first]


class _Rows:
    """The matrix while it is filled; what ``NAMES`` does not list is left out."""

    def __init__(self, blocks: int) -> None:
        self.matrix = np.zeros((len(NAMES), blocks), dtype=np.float32)

    def __call__(self, **given: Any) -> None:
        for name, value in given.items():
            row = _ROW.get(name)
            if row is not None:
                self.matrix[row] = value

    def bits(self, prefix: str, bits: Any) -> None:
        """Fill the rows that ask for one bit of many."""
        for row, shift in _BITS[prefix]:
            self.matrix[row] = (bits >> shift) & 1


def sizes(page: Page) -> Any:
    """Return the size of each block in words; scripts without spaces count six characters a word."""
    return np.array([max(s.words, len(s.text) / 6) for s in page.spots], dtype=np.float64)


def features(page: Page) -> Any:
    """Return a float32 matrix of shape (``len(NAMES)``, blocks)."""
    tree = tree_of(page)
    rows = _Rows(len(page.spots))
    blocks = _words(rows, page, tree)
    _names(rows, blocks, tree)
    inside = blocks.within(tree.first, tree.last)
    _containers(rows, blocks, tree, inside)
    _around(rows, blocks, tree)
    _section(rows, blocks)
    top = _best(rows, blocks, tree, inside)
    _main_path(rows, blocks, tree, inside)
    _groups(rows, blocks, tree, inside)
    _from_heading(rows, blocks, tree, inside)
    _from_top(rows, blocks, tree, top, inside[2, top])
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


def _words(rows: _Rows, page: Page, tree: Tree) -> _Blocks:
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
    return _Blocks(n, np.arange(n), at, size, link, prose, commas, tree.level[at].astype(np.float64), sums)


def _names(rows: _Rows, blocks: _Blocks, tree: Tree) -> None:
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
            mark = (tree.own >> _GROUP[name.removeprefix("levels_")]) & 1
            rows(**{name: levels(tree.parent, mark)[at]})
    own = tree.tag[at]
    rows(hidden=(above >> HIDDEN) & 1, own_p=own == PARAGRAPH, own_div=own == DIVISION, depth=tree.depth[at])


def _containers(rows: _Rows, blocks: _Blocks, tree: Tree, inside: Any) -> None:
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
            if f"up{up}_{name}" in _ROW:
                rows(**{f"up{up}_{name}": values[here]})
        rows(**{f"up{up}_position": (blocks.order - tree.first[here]) / holds[here]})
        here = tree.parent[here]


def _around(rows: _Rows, blocks: _Blocks, tree: Tree) -> None:
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


def _section(rows: _Rows, blocks: _Blocks) -> None:
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


def _best(rows: _Rows, blocks: _Blocks, tree: Tree, inside: Any) -> int:
    """Return the element whose paragraphs score best, and say how each block's elements score.

    Source: Arc90's Readability (2009): points for a paragraph go to its parent and half of them to the one above.
    """
    up = tree.parent[blocks.at]
    above = tree.parent[up]
    good = (blocks.size >= 5) & (blocks.link < 0.5)
    points = np.where(good, 1 + np.minimum(blocks.commas, 10) + np.minimum(blocks.size / 15, 3), 0.0)
    score = np.bincount(up, points, len(tree.parent)) + np.bincount(above, points / 2, len(tree.parent))
    score *= 1 - inside[1] / np.maximum(inside[0], 1)
    top = int(score.argmax())
    best = max(score[top], 1e-9)
    rows(score=score[up] / best, score_up=score[above] / best,
         score_best=(blocks.order >= tree.first[top]) & (blocks.order < tree.last[top]))  # fmt: skip
    return top


def _main_path(rows: _Rows, blocks: _Blocks, tree: Tree, inside: Any) -> None:
    """Measure the element by which each block leaves the page's main path, the elements with most of the text."""
    share = (inside[0] - inside[1]) / max(inside[0, 0] - inside[1, 0], 1.0)
    on = share >= 0.5
    on[0] = True
    branch = jumped(np.where(on[tree.parent] | on, np.arange(len(on)), tree.parent))[blocks.at]
    size = np.maximum(inside[0], 1)
    rows(branch_words=np.log1p(inside[0])[branch], branch_links=(inside[1] / size)[branch],
         branch_prose=(inside[2] / size)[branch], branch_blocks=np.log1p(tree.last - tree.first)[branch],
         branch_position=tree.first[branch] / blocks.n, branch_depth=tree.depth[branch],
         branch_repeat=tree.repeat[branch], main_share=share[branch],
         leaves_main=np.minimum(tree.depth[blocks.at] - tree.depth[branch], 12))  # fmt: skip
    rows.bits("branch_", tree.own[branch])


_MANY = 3


def _groups(rows: _Rows, blocks: _Blocks, tree: Tree, inside: Any) -> None:
    """Measure the two nearest elements around each block that have several siblings like them, with those siblings."""
    total, number = max(blocks.sums[0, -1], 1.0), np.arange(len(tree.parent))
    sums = [np.bincount(tree.group, values)[tree.group] for values in (*inside[:3], tree.last - tree.first)]
    size = np.maximum(sums[0], 1)
    share = sums[0] / total
    many = (tree.repeat >= _MANY) & (share > 0)
    nearest = jumped(np.where(many, number, tree.parent))
    values = {
        "repeat": np.log1p(tree.repeat), "share": share, "links": sums[1] / size, "prose": sums[2] / size,
        "mean": np.log1p(sums[0] / tree.repeat), "blocks": sums[3] / tree.repeat,
        "most": share / max(share[many].max(initial=0.0), 1e-9),
    }  # fmt: skip
    here = nearest[blocks.at]
    for prefix in ("group", "outer"):
        rows(**{f"{prefix}_{name}": np.where(many[here], value[here], -1) for name, value in values.items()})
        if prefix == "group":
            rows(group_away=np.where(many[here], tree.depth[blocks.at] - tree.depth[here], -1))
        here = nearest[tree.parent[here]]


def _from_heading(rows: _Rows, blocks: _Blocks, tree: Tree, inside: Any) -> None:
    """Measure the way from each block to the first main heading."""
    if not (blocks.heading == 1).any():
        return
    meet, depth = _meeting(tree, int(blocks.at[int(np.argmax(blocks.heading == 1))]))
    meet = meet[blocks.at]
    rows(h1_up=tree.depth[blocks.at] - tree.depth[meet], h1_down=depth - tree.depth[meet],
         h1_share=inside[0][meet] / max(inside[0, 0], 1.0))  # fmt: skip


def _meeting(tree: Tree, here: int) -> tuple[Any, float]:
    """Return where the way up from each element meets that from one of them, and the depth of that one."""
    lineage, depth = np.zeros(len(tree.parent), dtype=bool), float(tree.depth[here])
    while not lineage[here]:
        lineage[here] = True
        here = int(tree.parent[here])
    return jumped(np.where(lineage, np.arange(len(lineage)), tree.parent)), depth


def _from_top(rows: _Rows, blocks: _Blocks, tree: Tree, top: int, prose: float) -> None:
    """Measure the way from each block to the best element."""
    meet = tree.depth[_meeting(tree, top)[0][blocks.at]]
    depth, order = tree.depth[blocks.at], blocks.order
    apart = np.maximum(np.maximum(tree.first[top] - order, order - tree.last[top] + 1), 0)
    done = (blocks.sums[2, :-1] - blocks.sums[2, tree.first[top]]) / max(prose, 1.0)
    rows(top_up=depth - meet, top_down=tree.depth[top] - meet, top_depth=depth - tree.depth[top],
         top_distance=np.log1p(apart), top_before=np.clip(done, -0.5, 1.5))  # fmt: skip


_KINDS = {
    "article": ("article", "newsarticle", "blogposting", "reportagenewsarticle", "techarticle", "liveblogposting"),
    "forum": ("discussionforumposting", "qapage", "question", "comment"),
    "product": ("product", "productgroup", "offer", "aggregateoffer"),
}


def _slug(url: str) -> int:
    """Return how many hyphens the last part of an address has, at most 10."""
    return min(url.rstrip("/").rpartition("/")[2].count("-"), 10)


def _page(rows: _Rows, page: Page, blocks: _Blocks, tree: Tree) -> None:
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

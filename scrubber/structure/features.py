"""What is measured of every block of a page, as one matrix: rows are blocks, columns are ``NAMES``.

Structure only (sizes, links, tags, class names, places, neighbours, repetition); no word lists but those of
class and id names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np

from scrubber.formats.html import Page

GROUPS = {
    "nav": r"nav|menu|breadcrumb|toolbar|topbar|skip",
    "footer": r"foot|copyright|legal",
    "header": r"header|masthead|banner|\btop\b",
    "side": r"side|aside|rail|\bcol-?[lr]",
    "related": r"relat|recommend|similar|popular|trending|more-|also|suggest|latest|recent|read-?next|outbrain|taboola",
    "share": r"share|sharing|social|follow|facebook|twitter",
    "comment": r"comment|repl(?:y|ies)|discuss|disqus|respond",
    "ad": r"\bads?\b|advert|promo|sponsor|\bad-|banner|dfp|gpt",
    "newsletter": r"newsletter|subscri|sign-?up|mailing|paywall|optin",
    "cookie": r"cookie|consent|gdpr|modal|popup|overlay|dialog|lightbox|notice",
    "content": r"content|entry|article|body|story|\btext|prose|markdown|main|rich",
    "post": r"post|message|thread|topic|forum|answer|question|bbp|\bmsg",
    "title": r"title|headline|heading|\bhed\b",
    "meta": r"meta|byline|author|date|time|publish|credit|avatar|profile|user|posted",
    "image": r"caption|figure|image|img|gallery|photo|media|video|slide|carousel|player",
    "product": r"product|price|cart|buy|sku|shop|variant|stock|shipping",
    "detail": r"desc|detail|spec|feature|summary|overview|about|info|intro|excerpt|lead|bio",
    "card": r"card|grid|tile|teaser|item|list|row|result|listing|thumb",
    "form": r"form|search|log-?in|sign-?in|passw|account|input|register|field|filter|sort|select|captcha",
    "tag": r"\btags?\b|categor|keyword|label|topic",
    "hidden": r"hidden|sr-only|screen-reader|visually|invisible|\bhide\b|noprint|print-|collapse|flyout|dropdown|tooltip"
    r"|placeholder",
    "widget": r"widget|module|plugin|block-|elementor|wp-block|section",
    "button": r"btn|button|cta|action|link|pag(?:er|ination|ing)|next|prev",
    "review": r"review|rating|star|vote|score|testimonial",
    "doc": r"doc|wiki|toc|api|ref|code|highlight|md-|sphinx|mw-",
    "box": r"box|expand|accordion|callout|panel|aside|embed|quote|pull",
    "live": r"live|ticker|feed|stream|timeline|alert|breaking|update",
}
TAGS = "article main aside nav footer header form table ul ol li blockquote dl figure section pre details noscript".split()
OWN = "p div li h1 h2 h3 h4 h5 h6 tr td dd dt pre blockquote figcaption span section article body".split()
_PATTERNS = [re.compile(p) for p in GROUPS.values()]
_ANY = re.compile("|".join(GROUPS.values()))
_DIGITS = re.compile(r"\d+")
_UP = 4
_CONTAINER = ("words", "share", "links", "blocks", "mean", "position", "prose")
NAMES: tuple[str, ...] = (
    *("words", "chars", "links", "stop", "commas", "digits", "upper", "depth", "place", "from_end", "from_h1", "hidden"),
    *("heading", "dup_text", "same_shape", "same_shape_words", "same_shape_mean", "title_match", "word_length", "colon"),
    *(f"own_{t}" for t in OWN), *(f"in_{t}" for t in TAGS),
    *(f"near_{g}" for g in GROUPS), *(f"above_{g}" for g in GROUPS),
    *(f"up{u}_{n}" for u in range(1, _UP + 1) for n in _CONTAINER),
    *(f"{n}{d:+d}" for n in ("words", "links", "heading", "stop", "depth") for d in (-2, -1, 1, 2)),
    *("near_words", "near_links", "near_prose", "wide_words", "wide_links", "wide_prose", "before_words", "after_words"),
    *("branch_words", "branch_links", "branch_prose", "branch_blocks", "branch_position", "branch_depth"),
    *(f"branch_{g}" for g in GROUPS),
    *("top_up", "top_down", "top_depth", "top_distance", "prose_before", "prose_after", "symbols"),
    *("score", "score_up", "score_best", "leaves_main", "main_share", "same_parent_before"),
    *("page_blocks", "page_words", "page_links", "page_prose", "page_articles", "page_og_article", "page_items", "page_h1"),
)  # fmt: skip

PAGE_FEATURES = [i for i, name in enumerate(NAMES) if name.startswith("page_")]
"""Columns that are the same for every block of a page."""

HEADING = NAMES.index("heading")
"""The column with a heading's level, 0 for other blocks."""


def sizes(page: Page) -> Any:
    """Return the size of each block in words; scripts without spaces count six characters a word."""
    return np.array([max(s.words, len(s.text) / 6) for s in page.spots], dtype=np.float64)


def _groups(names: str) -> int:
    """Return the groups of class and id words in ``names`` as bits."""
    bits = 0
    for name in _DIGITS.sub("0", names).split():
        bits |= _groups_of(name)
    return bits


@lru_cache(maxsize=50000)
def _groups_of(names: str) -> int:
    """Return the groups of one word; no pattern reaches over white space, and the same words come again and again."""
    bits = 0
    if not _ANY.search(names):
        return bits
    for i, pattern in enumerate(_PATTERNS):
        if pattern.search(names):
            bits |= 1 << i
    return bits


_TAG_BIT = {t: 1 << i for i, t in enumerate(TAGS)}
_OWN_AT = {t: i for i, t in enumerate(OWN)}
_STOPS = (".", "!", "?", "。", "！", "？", ":", "…", '."', ".”", "।", "؟")


def features(page: Page) -> Any:
    """Return a float32 matrix of shape (blocks, ``len(NAMES)``)."""
    spots, elements = page.spots, page.elements
    n = len(spots)
    columns: list[Any] = []
    words = np.array([s.words for s in spots], dtype=np.float64)
    linked = np.array([s.link_words for s in spots], dtype=np.float64)
    texts = [s.text for s in spots]
    chars = np.array([len(t) for t in texts], dtype=np.float64)
    at = np.array([s.element for s in spots], dtype=np.int64)
    stop = np.array([t.endswith(_STOPS) for t in texts], dtype=np.float64)
    commas = np.array([t.count(",") + t.count("，") + t.count("、") for t in texts], dtype=np.float64)
    digits = np.array([sum(map(str.isdigit, t[:60])) / min(len(t), 60) for t in texts])
    upper = np.array([sum(map(str.isupper, t[:60])) / min(len(t), 60) for t in texts])
    symbols = np.array([1 - (sum(map(str.isalnum, h)) + sum(map(str.isspace, h))) / len(h) for h in (t[:60] for t in texts)])
    colon = np.array([t.endswith(":") for t in texts], dtype=np.float64)
    size = np.maximum(words, chars / 6)
    link = linked / np.maximum(words, 1)

    count = len(elements)
    parent = np.array([e.parent for e in elements], dtype=np.int64)
    depth = np.array([e.depth for e in elements], dtype=np.float64)
    own_bits = [_groups(e.names) if e.names else 0 for e in elements]
    all_bits, tag_bits, hidden = [0] * count, [0] * count, [0] * count
    shapes: list[int] = [0] * count
    for i, e in enumerate(elements):
        up = e.parent
        bits, tags, off, above = (all_bits[up], tag_bits[up], hidden[up], elements[up]) if up >= 0 else (0, 0, 0, e)
        all_bits[i] = bits | own_bits[i]
        tag_bits[i] = tags | _TAG_BIT.get(e.tag, 0)
        hidden[i] = off or e.hidden
        shapes[i] = hash((e.tag, e.names.partition(" ")[0], above.tag, above.names.partition(" ")[0]))
    own_bits_a, all_bits_a, tag_bits_a = (np.array(x, dtype=np.int64) for x in (own_bits, all_bits, tag_bits))
    up_one = np.where(parent[at] >= 0, parent[at], at)
    near_bits = own_bits_a[at] | own_bits_a[up_one]

    h1 = [i for i, s in enumerate(spots) if elements[s.element].tag == "h1"]
    levels = np.array([int(e.tag[1]) if len(e.tag) == 2 and e.tag[0] == "h" and e.tag[1].isdigit() else 0 for e in elements])
    heading = levels[at].astype(np.float64)
    order = np.arange(n, dtype=np.float64)
    repeats: dict[str, int] = {}
    for t in texts:
        repeats[t] = repeats.get(t, 0) + 1
    title = _title(page)
    shape = np.array(shapes, dtype=np.int64)[at]
    _, which, times = np.unique(shape, return_inverse=True, return_counts=True)
    shape_words = np.bincount(which, weights=size)
    total = max(size.sum(), 1.0)
    columns += [
        np.log1p(size), np.log1p(chars), link, stop, commas / np.maximum(size, 1), digits, upper, depth[at], order / n,
        (n - order) / n, (order - (h1[0] if h1 else 0)) / n, np.array(hidden, dtype=np.float64)[at], heading,
        np.array([repeats[t] for t in texts], dtype=np.float64), times[which], shape_words[which] / total,
        shape_words[which] / times[which], np.array([len(t) > 8 and t in title for t in texts], dtype=np.float64),
        chars / np.maximum(words, 1), colon,
    ]  # fmt: skip
    own = np.array([_OWN_AT.get(e.tag, -1) for e in elements])[at]
    columns += [own == i for i in range(len(OWN))]
    columns += [(tag_bits_a[at] >> i) & 1 for i in range(len(TAGS))]
    columns += [(near_bits >> i) & 1 for i in range(len(GROUPS))]
    columns += [(all_bits_a[at] >> i) & 1 for i in range(len(GROUPS))]

    prose = np.where((stop > 0) & (size >= 10) & (link < 0.5), size, 0.0)
    sums = np.zeros((4, n + 1))
    for row, values in enumerate((size, linked, prose, (prose > 0).astype(float))):
        np.cumsum(values, out=sums[row, 1:])
    first, last = (np.array(x, dtype=np.int64) for x in zip(*page.ranges, strict=True))
    inside = sums[:, last] - sums[:, first]
    holds = last - first
    here = at
    for _ in range(_UP):
        span = inside[:, here]
        columns += [
            np.log1p(span[0]), span[0] / total, span[1] / np.maximum(span[0], 1), np.log1p(holds[here]),
            span[0] / np.maximum(holds[here], 1), (order - first[here]) / np.maximum(holds[here], 1),
            span[2] / np.maximum(span[0], 1),
        ]  # fmt: skip
        here = np.where(parent[here] >= 0, parent[here], here)
    for values in (np.log1p(size), link, heading, stop, depth[at]):
        for shift in (-2, -1, 1, 2):
            columns.append(_shifted(values, shift))
    for reach in (3, 10):
        low, high = np.maximum(np.arange(n) - reach, 0), np.minimum(np.arange(n) + reach + 1, n)
        span = sums[:, high] - sums[:, low]
        columns += [np.log1p(span[0]), span[1] / np.maximum(span[0], 1), span[2] / np.maximum(span[0], 1)]
    columns += [sums[0, :-1] / total, 1 - sums[0, 1:] / total]

    score = np.zeros(count + 1)
    good = (size >= 5) & (link < 0.5)
    points = np.where(good, 1 + np.minimum(commas, 10) + np.minimum(size / 15, 3), 0.0)
    np.add.at(score, parent[at], points)
    np.add.at(score, np.where(parent[at] >= 0, parent[parent[at]], -1), points / 2)
    score[-1] = 0
    score[:count] *= 1 - inside[1] / np.maximum(inside[0], 1)
    best = max(score.max(), 1e-9)
    top = int(score.argmax())
    columns += [score[up_one] / best, score[np.where(parent[up_one] >= 0, parent[up_one], up_one)] / best]
    columns.append((np.arange(n) >= first[top]) & (np.arange(n) < last[top]) if top < count else np.zeros(n))
    main, share, branch = _main_path(parent, inside[0] - inside[1], at)
    columns += [main, share]
    span = inside[:, branch]
    bits = own_bits_a[branch]
    branches = [
        np.log1p(span[0]), span[1] / np.maximum(span[0], 1), span[2] / np.maximum(span[0], 1), np.log1p(holds[branch]),
        first[branch] / n, depth[branch], *((bits >> i) & 1 for i in range(len(GROUPS))),
        *_from_top(parent, depth, at, top if top < count else 0, first, last),
        *_apart(prose >= 20), symbols,
    ]  # fmt: skip
    columns[-5:-5] = branches
    same = np.zeros(n)
    same[1:] = parent[at][1:] == parent[at][:-1]
    columns.append(same)
    root = page.tree
    og = root.xpath("//meta[@property='og:type']/@content") if root is not None else []
    figures = (
        np.log1p(n), np.log1p(total), linked.sum() / total, prose.sum() / total,
        float(sum(e.tag == "article" for e in elements)), float(bool(og) and str(og[0]).strip().lower() == "article"),
        sum(e.tag == "li" for e in elements) / max(count, 1), float(len(h1)),
    )  # fmt: skip
    columns += [np.full(n, value) for value in figures]
    return np.stack([np.asarray(c, dtype=np.float32) for c in columns], axis=1)


def _title(page: Page) -> str:
    if page.tree is None:
        return ""
    found = page.tree.xpath("string(//title)") + " " + " ".join(page.tree.xpath("//meta[@property='og:title']/@content"))
    return " ".join(str(found).split())


def _shifted(values: Any, shift: int) -> Any:
    """Return the value of the block ``shift`` places on; -1 where there is none."""
    out = np.full(len(values), -1.0)
    if abs(shift) < len(values):
        if shift > 0:
            out[:-shift] = values[shift:]
        else:
            out[-shift:] = values[:shift]
    return out


def _main_path(parent: Any, weight: Any, at: Any) -> tuple[Any, Any, Any]:
    """Return how many levels below the page's main path each block leaves it, the text share where it does, and the
    element it leaves by.
    """
    share = weight / max(weight.max(initial=0.0), 1.0)
    on = share >= 0.5
    here, branch, steps = at.copy(), at.copy(), np.zeros(len(at))
    for _ in range(12):
        off = ~on[here] & (parent[here] >= 0)
        if not off.any():
            break
        steps += off
        branch = np.where(off, here, branch)
        here = np.where(off, parent[here], here)
    return steps, share[here], branch


def _from_top(parent: Any, depth: Any, at: Any, top: int, first: Any, last: Any) -> tuple[Any, Any, Any, Any]:
    """Return the way from each block to the best element: levels up, levels down, difference in depth, blocks between."""
    lineage = np.zeros(len(parent), dtype=bool)
    here = top
    while here >= 0:
        lineage[here] = True
        here = parent[here]
    meet = at.copy()
    for _ in range(20):
        off = ~lineage[meet] & (parent[meet] >= 0)
        if not off.any():
            break
        meet = np.where(off, parent[meet], meet)
    order = np.arange(len(at))
    apart = np.maximum(np.maximum(first[top] - order, order - last[top] + 1), 0)
    return depth[at] - depth[meet], depth[top] - depth[meet], depth[at] - depth[top], np.log1p(apart)


def _apart(mark: Any) -> tuple[Any, Any]:
    """Return for each block how many blocks back and on the nearest marked one is, at most 50."""
    order = np.arange(len(mark))
    back = order - np.maximum.accumulate(np.where(mark, order, -50))
    on = np.minimum.accumulate(np.where(mark, order, len(mark) + 50)[::-1])[::-1] - order
    return np.log1p(np.minimum(back, 50)), np.log1p(np.minimum(on, 50))

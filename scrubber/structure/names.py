"""What the class, id, role and itemprop words of an element hint at: groups of words, as bits."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Any

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
    "exact": r"(?:article|entry|post|story|news|page|single|blog|detail)[-_]{0,2}(?:content|body|text|copy)|articlebody"
    r"|prose|markdown-body|parser-output|rich-?text|paragraph|wysiwyg",
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
    "embed": r"embed|tweet|instagram|facebook-post|tiktok|iframe",
    "live": r"live|ticker|feed|stream|timeline|alert|breaking|update",
}
_PATTERNS = [re.compile(p) for p in GROUPS.values()]
_DIGITS = re.compile(r"\d+")
_PLAIN = re.compile(r"[a-z-]+")
_SOLID = re.compile(r"[a-z]{2,}(?![?*{])")
_CHOICE = re.compile(r"\(\?:([a-z|]+)\)$")
_BESIDE = re.compile(r"\\b|\(\?:[^()]*\)")
_BETWEEN = re.compile(r"\|(?![^()]*\))")


@cache
def _literals() -> tuple[Any, list[tuple[int, bool]]]:
    """Return an automaton of what a word must hold for any pattern; for each literal its group, and if that is enough."""
    from ahocorasick_rs import AhoCorasick

    rows: list[tuple[str, int, bool]] = []
    for group, pattern in enumerate(GROUPS.values()):
        for part in _BETWEEN.split(pattern):
            if _PLAIN.fullmatch(part):
                rows.append((part, group, True))
            elif choice := _CHOICE.search(part) if part.startswith("(") else None:
                rows += [(word, group, False) for word in choice[1].split("|")]
            else:
                rows.append((max(_SOLID.findall(_BESIDE.sub(" ", part)), key=len), group, False))
    return AhoCorasick([row[0] for row in rows]), [row[1:] for row in rows]


_MANY = 50_000
_known: dict[str, int] = {}
"""The groups of words seen before; the same come again and again."""


def told(names: Sequence[str]) -> list[tuple[int, str]]:
    """Return for each of ``names`` (class, id and other values, lower case) its groups as bits, and its first word.

    The first group is the lowest bit; in the first word every number is 0.
    """
    rows = [name.split() for name in names]
    if new := {word for row in rows for word in row if word not in _known}:
        if len(_known) > _MANY:
            _known.clear()
            new = {word for row in rows for word in row}
        _learn(list(new))
    firsts = _DIGITS.sub("0", "\0".join(name.partition(" ")[0] for name in names)).split("\0")
    out = []
    for row, first in zip(rows, firsts, strict=True):
        bits = 0
        for word in row:
            bits |= _known[word]
        out.append((bits, first))
    return out


def _learn(words: Sequence[str]) -> None:
    """Find the groups of all words at once; no pattern reaches over white space."""
    text = _DIGITS.sub("0", " ".join(words))
    plain = text.split(" ")
    starts = [0, *itertools.accumulate(len(word) + 1 for word in plain)]
    automaton, literals = _literals()
    bits = [0] * len(words)
    asked = bits.copy()
    for literal, start, _ in automaton.find_matches_as_indexes(text, overlapping=True):
        group, enough = literals[literal]
        at, bit = bisect_right(starts, start) - 1, 1 << group
        if bits[at] & bit or (asked[at] & bit and not enough):
            continue
        asked[at] |= bit
        if enough or _PATTERNS[group].search(plain[at]):
            bits[at] |= bit
    _known.update(zip(words, bits, strict=True))

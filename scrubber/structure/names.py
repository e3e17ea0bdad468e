"""What the class, id, role and itemprop words of an element hint at: groups of words, as bits."""

from __future__ import annotations

import re
from functools import lru_cache

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
_ANY = re.compile("|".join(GROUPS.values()))
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=20_000)
def groups(names: str) -> int:
    """Return the groups of the words in ``names`` as bits, the first group in the lowest."""
    if not names:
        return 0
    bits = 0
    for name in _DIGITS.sub("0", names).split():
        bits |= _word(name)
    return bits


@lru_cache(maxsize=50_000)
def _word(name: str) -> int:
    """Return the groups of one word; no pattern reaches over white space, and the same words come again and again."""
    bits = 0
    if not _ANY.search(name):
        return bits
    for i, pattern in enumerate(_PATTERNS):
        if pattern.search(name):
            bits |= 1 << i
    return bits


@lru_cache(maxsize=20_000)
def first_word(names: str) -> str:
    """Return the first of the words, with figures as 0."""
    return _DIGITS.sub("0", names.partition(" ")[0])

"""What a page says about itself: title, author, date, site, from JSON-LD, OpenGraph and meta elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scrubber.pattern import pattern

_ARTICLES = ("Article", "Posting", "Report", "Review", "Recipe", "Question", "Event", "Product", "WebPage", "Book", "Course")
_DATE = pattern(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_NAMES = (
    r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?"
)
_WRITTEN = pattern(
    rf"\b(?:(?P<m>{_NAMES})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>(?:19|20)\d\d)"
    rf"|(?P<e>\d{{1,2}})(?:st|nd|rd|th)? (?P<n>{_NAMES})\.?,? (?P<z>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)
_SEPARATOR = pattern(r"\s+[|–—·•»:-]\s+|\s*[|»]\s*")
_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "dc.date", "dc.date.issued", "dcterms.created", "date", "citation_date",
)  # fmt: skip
_PROSE = 25
"""Words a string of a script's data has if it is prose and no label or setting."""

_TAGS = pattern(r"<[^>]{1,2000}>")


class Metadata(NamedTuple):
    """Empty strings where the page is silent. ``date`` is ISO 8601 (a day); ``body`` is text given apart from the markup."""

    title: str = ""
    author: str = ""
    date: str = ""
    site: str = ""
    description: str = ""
    language: str = ""
    url: str = ""
    body: str = ""


def metadata(tree: Any, url: str = "") -> Metadata:
    """Return what the page's tree says about itself. Broken JSON-LD is passed over."""
    if tree is None:
        return Metadata(url=url)
    meta = _metas(tree)
    things = sorted(_things(tree), key=_rank)
    said = [t for t in things if _rank(t) < len(_ARTICLES)]
    heading = _folded(next((h.xpath("string()") for h in tree.iter("h1") if h.xpath("string()").strip()), ""))
    site = meta.get("og:site_name") or meta.get("application-name") or _site(things) or _host(url)
    title = _first(
        _headline(meta.get("og:title") or meta.get("twitter:title") or "", site, heading),
        *(_text(t.get("headline")) for t in said if t.get("headline")),
        _headline(_folded(tree.xpath("string(//title)")), site, heading), heading,
    )  # fmt: skip
    author = _first(*(_names(t.get("author")) for t in said), *(_plain_name(meta.get(key, "")) for key in _AUTHORS))
    author = author or _byline(tree)
    date = _first(
        *(_day(t.get("datePublished")) for t in said), *(_day(meta.get(key)) for key in _DATES),
        *(_day(t.get("dateCreated")) for t in said),
        *(_day(v) for v in tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime")[:1]),
        *(_day(v) for v in tree.xpath("//article//time/@datetime")[:1]),
        *(_day(v) for v in tree.xpath("//time/@datetime")[:1]),
    )  # fmt: skip
    date = date or _day(url) or _written(tree)
    date = date or _first(
        *(_day(meta.get(k)) for k in ("article:modified_time", "og:updated_time")),
        *(_day(t.get("dateModified")) for t in said),
    )
    link = tree.xpath("string(//link[@rel='canonical']/@href)").strip() or meta.get("og:url", "")
    bodies = [_TAGS.sub(" ", _text(t.get(key))) for t in things for key in ("articleBody", "text", "reviewBody")]
    return Metadata(
        title, author, date, site, meta.get("og:description") or meta.get("description") or "",
        (tree.get("lang") or "").strip(), url or link, max(bodies, key=len, default=""),
    )  # fmt: skip


def _metas(tree: Any) -> dict[str, str]:
    """Return the first content of every named meta element; names in lower case."""
    out: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        value = node.get("content")
        if name and value and value.strip():
            out.setdefault(name.strip().lower(), _folded(value))
    return out


def _things(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every JSON-LD object that has a type, nested graphs included."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        try:
            stack = [json.loads(script.text.strip().removesuffix(";"), strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            here = stack.pop()
            if isinstance(here, list):
                stack.extend(reversed(here))
            elif isinstance(here, dict):
                if "@type" in here:
                    yield here
                stack.extend(here[k] for k in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed") if k in here)


def embedded(tree: Any) -> str:
    """Return the prose that a page hands to its own scripts as JSON: strings of many words, in order, each once."""
    found: dict[str, None] = {}
    for script in tree.iter("script") if tree is not None else ():
        if "json" not in (script.get("type") or "") or "ld+json" in script.get("type") or not script.text:
            continue
        try:
            stack = [json.loads(script.text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            here = stack.pop()
            if isinstance(here, str):
                text = _folded(_TAGS.sub(" ", _text(here)))
                if len(text.split()) >= _PROSE and text.endswith((".", "!", "?", "…", '"', "”", "。")):
                    found.setdefault(text)
            elif isinstance(here, (list, dict)):
                stack.extend(reversed(list(here.values() if isinstance(here, dict) else here)))
    return "\n\n".join(found)


def _kind(thing: dict[str, Any]) -> str:
    kind = thing.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def _rank(thing: dict[str, Any]) -> int:
    kind = _kind(thing)
    return next((i for i, name in enumerate(_ARTICLES) if name in kind), len(_ARTICLES))


def _site(things: list[dict[str, Any]]) -> str:
    publisher: dict[str, Any] = next((t["publisher"] for t in things if isinstance(t.get("publisher"), dict)), {})
    return _text(publisher.get("name")) or next((_text(t.get("name")) for t in things if "WebSite" in _kind(t)), "")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _headline(title: str, site: str, heading: str) -> str:
    """Return a title without the site's name at its end or start."""
    if heading and heading.lower() in title.lower() and len(heading) > 0.4 * len(title):
        return heading
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    name = _key(site)
    for end in (-1, 0):
        part = _key(parts[end])
        if name and part and (part in name or name in part):
            if end:
                return title[: title.rfind(parts[-1])].rstrip(" |–—·•»:-")
            return title[title.find(parts[1], len(parts[0])) :]
    return title


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _names(value: object) -> str:
    """Return the names of one or several JSON-LD persons, comma separated."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, map(_names, value))))
    if isinstance(value, dict):
        value = value.get("name")
        return _names(value) if isinstance(value, (list, dict)) else _plain_name(_text(value))
    return _plain_name(_text(value))


def _plain_name(name: str) -> str:
    return "" if "://" in name or "@" in name or len(name) > 120 else name.removeprefix("By ").removeprefix("by ")


def _byline(tree: Any) -> str:
    found = tree.xpath(
        "//*[@rel='author' or @itemprop='author'][string-length(normalize-space()) < 60]"
        "|//*[contains(concat(' ', @class, ' '), ' author ') or contains(concat(' ', @class, ' '), ' author-name ')]"
        "[string-length(normalize-space()) < 60]"
    )
    return _first(*(_plain_name(_folded(node.xpath("string()"))) for node in found[:3]))


def _day(value: object) -> str:
    """Return the day of a date that starts with or holds year, month and day in figures."""
    match = _DATE.search(_text(value)) if value else None
    if not match:
        return ""
    year, month, day = map(int, match.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _written(tree: Any) -> str:
    """Return the first day written out in an element whose class or id speaks of dates."""
    for node in tree.iter("span", "p", "div", "time", "li", "small", "em", "i"):
        names = f"{node.get('class') or ''} {node.get('id') or ''}".lower()
        if ("date" in names and "update" not in names) or "time" in names or "publish" in names or "posted" in names:
            text = _folded(node.xpath("string()"))[:80]
            match = _WRITTEN.search(text)
            month = _MONTHS.find(next(filter(None, match.group("m", "n")))[:3].lower()) // 3 + 1 if match else 0
            if match and month:
                day = int(next(filter(None, match.group("d", "e"))))
                return f"{int(match['y'] or match['z']):04}-{month:02}-{day:02}" if 1 <= day <= 31 else ""
            if found := _day(text):
                return found
    return ""


def _text(value: object) -> str:
    from html import unescape

    if isinstance(value, list):
        value = value[0] if value else ""
    return unescape(value).strip() if isinstance(value, str) else ""


def _folded(text: object) -> str:
    return " ".join(str(text).split())


def _first(*values: str) -> str:
    return next(filter(None, values), "")

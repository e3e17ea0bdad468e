"""What a page says about itself: title, author, date, site, from JSON-LD, OpenGraph and meta elements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scrubber.formats.days import iso, written
from scrubber.formats.head import Head, folded
from scrubber.formats.page import Page
from scrubber.pattern import pattern

_ARTICLES = ("Article", "Posting", "Report", "Review", "Recipe", "Question", "Event", "Product", "WebPage", "Book", "Course")
_SEPARATOR = pattern(r"\s+[|–—·•»:-]\s+|\s*[|»]\s*")
_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "dc.date", "dc.date.issued", "dcterms.created", "date", "citation_date",
)  # fmt: skip
_DATED = ",".join(f"[{key}*={word} i]" for key in ("class", "id") for word in ("date", "time", "publish", "posted"))
_HOLDERS = frozenset("span p div time li small em i".split())
_SHORT, _FAR = 12, 40
_YEAR = pattern(r"(?:19|20)\d\d")
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


def metadata(page: Page, url: str = "") -> Metadata:
    """Return what a page says about itself. Broken JSON-LD is passed over."""
    head: Head = page.head
    meta = head.metas
    things = sorted(_things(head), key=_rank)
    said = [t for t in things if _rank(t) < len(_ARTICLES)]
    heading = next(filter(None, (folded(h.text()) for h in head.headings)), "")
    site = meta.get("og:site_name") or meta.get("application-name") or _site(things) or _host(url)
    title = _first(
        _headline(meta.get("og:title") or meta.get("twitter:title") or "", site, heading),
        *(_text(t.get("headline")) for t in said if t.get("headline")),
        _headline(head.title, site, heading), heading,
    )  # fmt: skip
    author = _first(*(_names(t.get("author")) for t in said), *(_plain_name(meta.get(key, "")) for key in _AUTHORS))
    bodies = [_TAGS.sub(" ", _text(t.get(key))) for t in things for key in ("articleBody", "text", "reviewBody")]
    return Metadata(
        title, author or _byline(head), published(page, said, url), site,
        meta.get("og:description") or meta.get("description") or "", head.language,
        url or head.link or meta.get("og:url", ""), max(bodies, key=len, default=""),
    )  # fmt: skip


def published(page: Page, said: list[dict[str, Any]], url: str) -> str:
    """Return the day a page was published: what it says to machines, then to readers, then its last change."""
    return next(filter(None, _days(page, said, url)), "")


def _days(page: Page, said: list[dict[str, Any]], url: str) -> Iterator[str]:
    """Yield the days that may be that of publication, the surest first; what is costly is looked for last."""
    head: Head = page.head
    meta = head.metas
    yield from (_day(t.get("datePublished")) for t in said)
    yield from (_day(meta.get(key)) for key in _DATES)
    yield from (_day(t.get("dateCreated")) for t in said)
    yield _timed(head)
    yield _day(url)
    yield _written(head)
    yield _beside(page)
    yield from (_day(meta.get(key)) for key in ("article:modified_time", "og:updated_time"))
    yield from (_day(t.get("dateModified")) for t in said)


def _timed(head: Head) -> str:
    """Return the day of a time element: one that says it is of the publication, one in an article, any."""
    times = [(node, node.attributes) for node in head.times]
    for _, said in times:
        if said.get("itemprop") == "datePublished" or "pubdate" in said:
            return _day(said.get("datetime"))
    inside = next((said for node, said in times if _inside(node, "article")), None)
    return _first(*(_day(said.get("datetime")) for said in (inside, *(said for _, said in times[:1])) if said))


def _inside(node: Any, tag: str) -> bool:
    while node is not None and node.tag != tag:
        node = node.parent
    return node is not None


def _things(head: Head) -> Iterator[dict[str, Any]]:
    """Yield every JSON-LD object that has a type, nested graphs included."""
    for text in head.linked:
        try:
            stack = [json.loads(text.strip().removesuffix(";"), strict=False)]
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


def embedded(head: Head) -> str:
    """Return the prose that a page hands to its own scripts as JSON: strings of many words, in order, each once."""
    found: dict[str, None] = {}
    for script in head.scripts:
        try:
            stack = [json.loads(script.text(), strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            here = stack.pop()
            if isinstance(here, str):
                text = folded(_TAGS.sub(" ", _text(here)))
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


def _byline(head: Head) -> str:
    found = (folded(node.text()) for node in head.authors[:3])
    return _first(*(_plain_name(name) for name in found if len(name) < 60))


def _day(value: object) -> str:
    """Return the day of a date that starts with or holds year, month and day in figures."""
    return iso(_text(value)) if value else ""


def _written(head: Head) -> str:
    """Return the first day written out in an element whose class or id speaks of dates."""
    for node in head.dom.root.css(_DATED) if head.dom.root is not None else ():
        if node.tag not in _HOLDERS:
            continue
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
        if "update" in names and "time" not in names:
            continue
        if found := written(folded(node.text())[:80], head.language):
            return found
    return ""


def _beside(page: Page) -> str:
    """Return the day that a short block near the main heading writes out: first below it, then above, then anywhere."""
    short = [
        i for i, spot in enumerate(page.spots)
        if spot.words <= _SHORT and _YEAR.search(spot.text) and not spot.text.endswith((".", "!", "?"))
    ]  # fmt: skip
    top = next((i for i, spot in enumerate(page.spots) if page.elements.tag[spot.element] == "h1"), 0)
    short.sort(key=lambda i: i - top if i >= top else (_FAR + top - i))
    days = (written(page.spots[i].text, page.head.language) for i in short[:_FAR])
    return next(filter(None, days), "")


def _text(value: object) -> str:
    from html import unescape

    if isinstance(value, list):
        value = value[0] if value else ""
    return unescape(value).strip() if isinstance(value, str) else ""


def _first(*values: str) -> str:
    return next(filter(None, values), "")

"""What of a page speaks about the page: titles, meta elements, data for machines, times and names of authors."""

from __future__ import annotations

from typing import Any, NamedTuple

from scrubber.pattern import pattern

_TYPE = pattern(r'"@type"\s*:\s*\[?\s*"(\w+)"')
_WANTED = (
    "title,meta,h1,time,script[type*=json],link[rel=canonical],[rel=author],[itemprop=author],[itemprop=datePublished],"
    ".author,.author-name,.byline,.byline-name"
)


class Head(NamedTuple):
    """Elements by what they tell, each list in the order of the page; ``metas`` has the first content of every name."""

    dom: Any
    title: str
    language: str
    link: str
    metas: dict[str, str]
    headings: list[Any]
    times: list[Any]
    linked: list[str]
    """The JSON-LD of the page."""
    scripts: list[Any]
    """The elements with other JSON."""
    authors: list[Any]

    @classmethod
    def of(cls, dom: Any) -> Head:
        """Return the head of a page from its lexbor tree."""
        root = dom.root
        metas: dict[str, str] = {}
        lists: dict[str, list[Any]] = {"h1": [], "time": [], "script": [], "": []}
        linked: list[str] = []
        title = link = ""
        for node in root.css(_WANTED) if root is not None else ():
            tag = node.tag
            if tag == "meta":
                _meta(node.attributes, metas)
            elif tag == "title":
                title = title or folded(node.text())
            elif tag == "link":
                link = link or (node.attributes.get("href") or "").strip()
            elif tag == "script" and "ld+json" in (node.attributes.get("type") or ""):
                linked.append(node.text())
            else:
                lists.get(tag, lists[""]).append(node)
        language = (root.attributes.get("lang") or "").strip() if root is not None else ""
        return cls(dom, title, language, link, metas, lists["h1"], lists["time"], linked, lists["script"], lists[""])

    def kinds(self) -> set[str]:
        """Return the types that the JSON-LD of the page names, in lower case."""
        return {name.lower() for text in self.linked for name in _TYPE.findall(text)}


def _meta(attributes: dict[str, str | None], metas: dict[str, str]) -> None:
    name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
    value = attributes.get("content")
    if name and value and value.strip():
        metas.setdefault(name.strip().lower(), folded(value))


def folded(text: str) -> str:
    """Return a text with its white space folded."""
    return " ".join(text.split())

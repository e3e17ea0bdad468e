"""A page's tree cut down to the blocks that stay, and that tree as HTML or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from markdownify import MarkdownConverter

from scrubber.formats.html import room
from scrubber.formats.page import Page
from scrubber.pattern import pattern

_DROPPED = frozenset("script style template noscript iframe object embed svg form button input select".split())
_CELLS = ("td", "th")
_LANGUAGE = pattern(r"(?:^|\s)(?:language|lang|highlight-source|brush:)[-\s]?([\w+#-]+)")
_BLANKS = pattern(r"\n{3,}")


def prune(page: Page, keep: Sequence[bool], url: str = "") -> Any:
    """Return the body of a traced page without the blocks that do not stay; addresses are made absolute with ``url``.

    Pictures stay between blocks that stay. The tree of ``page`` is changed.
    """
    assert page.places is not None
    alive: set[Any] = set()
    for places, kept in zip(page.places, keep, strict=True):
        for node, tail in places:
            if not kept:
                if tail:
                    node.tail = None
                else:
                    node.text = None
                continue
            holder = node.getparent() if tail else node
            while holder is not None and holder not in alive:
                alive.add(holder)
                holder = holder.getparent()
    body = page.tree.find("body")
    body = page.tree if body is None else body
    alive.add(body)
    _cut(body, alive)
    for node in body.iter("a", "img", "source"):
        for key in ("href", "src"):
            value = node.get(key)
            if value and url:
                node.set(key, _absolute(url, value))
    return body


def _cut(body: Any, alive: set[Any]) -> None:
    """Remove what is not alive, tails kept; empty cells, breaks and pictures stay where their parent does."""
    _pictures(body, alive)
    for node in reversed(list(body.iter(etree.Element))):
        parent = node.getparent()
        if node is body or parent is None or node in alive:
            continue
        stays = parent in alive and (node.tag in _CELLS or node.tag in ("br", "hr"))
        if not stays or node.tag in _DROPPED:
            _remove(node)


def _pictures(body: Any, alive: set[Any]) -> None:
    """Let the pictures live that stand between things that do."""
    for picture in list(body.iter("img")):
        top = picture
        while top is not body and top.getparent() is not None and top.getparent() not in alive:
            top = top.getparent()
        if top.getparent() is None or top is body:
            continue
        before = any(node in alive for node in top.itersiblings(preceding=True))
        if before and any(node in alive for node in top.itersiblings()):
            here = picture
            while here not in alive:
                alive.add(here)
                here = here.getparent()


def _remove(node: Any) -> None:
    """Remove an element and leave its tail in its place."""
    parent, tail = node.getparent(), node.tail
    if tail:
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(node)


def _absolute(url: str, link: str) -> str:
    try:
        return urljoin(url, link.strip())
    except ValueError:
        return link


def to_html(tree: Any) -> str:
    """Return the tree as HTML, classes and event handlers left out."""
    wanted = ("href", "src", "alt", "title", "lang", "dir", "colspan", "rowspan", "datetime", "cite", "start", "id")
    for node in tree.iter(etree.Element):
        for key in list(node.attrib):
            if key not in wanted and not (key == "class" and node.tag in ("code", "pre")):
                del node.attrib[key]
    inner = (tree.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in tree)
    return _BLANKS.sub("\n\n", inner).strip() + "\n"


def to_markdown(tree: Any, *, images: bool = False, links: bool = True) -> str:
    """Return the tree as Markdown."""
    source = etree.tostring(tree, encoding="unicode", method="html", with_tail=False)
    leave = (["img"] if not images else []) + (["a"] if not links else [])
    converter = _Converter(
        heading_style="atx", bullets="-", strip=leave or None, escape_misc=False, escape_underscores=True,
        code_language_callback=_language, bs4_options="lxml", table_infer_header=True,
    )  # fmt: skip
    with room():
        text = converter.convert(source)
    lines = [line.rstrip() if not line.endswith("  ") else line.rstrip() + "  " for line in text.split("\n")]
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip() + "\n"


def _language(node: Any) -> str:
    """Return the language a block of code says it is in."""
    nodes = [node, *node.find_all("code", limit=1), *([node.parent] if node.parent is not None else [])]
    for one in nodes:
        match = _LANGUAGE.search(" ".join(one.get("class") or []))
        if match:
            return str(match[1])
    return ""


class _Converter(MarkdownConverter):
    """Markdown with footnotes: a raised link to a note becomes its mark."""

    def convert_sup(self, node: Any, text: str, parent_tags: Any) -> str:
        """Return ``[^1]`` for a raised link into the page, else the text."""
        link = node.find("a", href=True)
        mark = text.strip().strip("[]") if link is None else link.get_text().strip().strip("[]()")
        if link is not None and "#" in link["href"] and mark and len(mark) <= 4:
            return f"[^{mark}]"
        return text

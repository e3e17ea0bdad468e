"""A page read for its main content: parsed and walked with lexbor, the parser of browsers' rules.

The walk is that of ``html``, on a tree that is cheaper to make and to walk. Where rules select elements or the elements
themselves are the output, the tree is mirrored node by node for lxml, so that both ways see the same blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from lxml import etree

from scrubber.formats.head import Head
from scrubber.formats.html import Marks, flattened, room, walked, without_controls
from scrubber.formats.page import BREAKS, SILENT, Elements, Page, Spot

_DEEPEST = 2000
_SAFE = 4000
"""Start tags a page may have before its nesting is looked at: fewer cannot nest too deeply to be read in good time."""

_NESTING = re.compile(
    rb"<(/?)(?!(?i:p|li|dt|dd|td|th|tr|option|area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|path|rect"
    rb"|circle|use|line|polygon)\b)[a-zA-Z]"
)
_OPEN = re.compile(rb"<(/?)(?i:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s>]")
_UNCLOSED = 500
_REFERENCE = re.compile(
    rb"&#(?:0*(?:[1-8]|1[124-9]|2\d|3[01]|127|6553[45])(?!\d)|[xX]0*(?:[1-8bBcCeEfF]|1[\da-fA-F]|7[fF]|[fF]{3}[eEfF])"
    rb"(?![\da-fA-F]));?"
)
_NOBODY = re.compile(rb"\xef\xbf[\xbe\xbf]")
"""Characters, by number or in person, that no XML tree can hold."""

_TEXT, _COMMENT = "-text", "-comment"
_WORDS, _BLOCK, _GAP, _CELL, _LINE, _NOTHING = range(6)
_KINDS = {
    **dict.fromkeys(BREAKS, _BLOCK), **dict.fromkeys(SILENT, _GAP), "td": _CELL, "th": _CELL, "br": _LINE,
    _TEXT: _WORDS, _COMMENT: _NOTHING,
}  # fmt: skip
"""What an element does to the text; those that are not here stand in the line."""


def read(source: str, traced: bool = False, marks: Marks | None = None) -> Page:
    """Return the page with its head; ``traced`` and ``marks`` give it an lxml tree as well (see ``html.parse``)."""
    dom = _parsed(source)
    root = dom.root
    if root is None:
        return Page(None, [], Elements.none(), head=Head.of(dom))
    if traced or marks:
        return walked(mirror(dom), traced, marks)._replace(head=Head.of(dom))
    walk = _Walk()
    with room():
        walk.element(dom.body or root, "body", -1, 0, False)
    walk.flush()
    return Page(None, walk.spots, walk.elements, head=Head.of(dom))


def _parsed(source: str) -> Any:
    from selectolax.lexbor import LexborHTMLParser

    data = without_controls(source)
    if b"&#" in data:
        data = _REFERENCE.sub(b"", data)
    if b"\xef\xbf" in data:
        data = _NOBODY.sub(b"", data)
    return LexborHTMLParser(flattened(data) if _too_deep(data) else data)


def _too_deep(data: bytes) -> bool:
    """Return whether a page nests more deeply, or leaves more open, than can be read in good time.

    The parser of HTML 5 takes time that grows with the square of the depth, and repeats in every paragraph the
    formatting elements that were never closed.
    """
    if data.count(b"<") < _SAFE or (starts := data.count(b"<") - data.count(b"</")) < _SAFE:
        return False
    if sum(-1 if end else 1 for end in _OPEN.findall(data)) > _UNCLOSED:
        return True
    if starts < 2 * _SAFE:
        return False
    return max(accumulate(-1 if end else 1 for end in _NESTING.findall(data)), default=0) > _DEEPEST


def traced(page: Page, keep: Sequence[bool]) -> tuple[Page, list[bool]]:
    """Return the part of a page from its first block that stays to its last, traced, and which blocks of it stay.

    What stands before and after is empty elements: most of a page is neither copied nor walked again.
    """
    kept = [i for i, stays in enumerate(keep) if stays]
    low, high = (kept[0], kept[-1]) if kept else (0, -1)
    wanted = [last > low and first <= high for first, last in zip(page.elements.first, page.elements.last, strict=True)]
    part = walked(_Mirror(page.elements, wanted).of(page.head.dom), True)
    inside = [i for i, spot in enumerate(page.spots) if wanted[spot.element]]
    if [spot.text for spot in part.spots] != [page.spots[i].text for i in inside]:
        whole, texts = walked(mirror(page.head.dom), True), {page.spots[i].text for i in kept}
        return whole, [spot.text in texts for spot in whole.spots]
    return part, [keep[i] for i in inside]


def mirror(dom: Any) -> Any:
    """Return the body of a tree as an lxml tree, element by element; what XML cannot name gets another name or none.

    What stands inside elements without text, such as scripts and drawings, is left out.
    """
    return _Mirror(Elements.none(), None).of(dom)


class _Mirror:
    """One copy of a tree; of block-level elements that are not ``wanted`` (by number) only the name is copied."""

    def __init__(self, elements: Elements, wanted: Sequence[bool] | None) -> None:
        self.depth = elements.depth
        self.wanted = wanted
        self.next = 1

    def of(self, dom: Any) -> Any:
        """Return the copy of a page's body in an lxml page."""
        html = etree.Element("html")
        etree.SubElement(html, "head")
        body = dom.body or dom.root
        with room():
            self.inside(body, etree.SubElement(html, "body", _attributes(body)))
        return html

    def inside(self, node: Any, copy: Any) -> None:
        """Copy what stands inside a node."""
        last, child = None, node.first_child
        while child is not None:
            tag = child.tag
            if tag == _TEXT:
                text = _fit(child.text_content or "")
                if last is None:
                    copy.text = (copy.text or "") + text
                else:
                    last.tail = (last.tail or "") + text
            elif tag != _COMMENT:
                if self.wanted is not None and tag in BREAKS and self._skipped():
                    last = etree.SubElement(copy, tag)
                else:
                    last = _copied(copy, tag, child)
                    if tag not in SILENT:
                        self.inside(child, last)
            child = child.next

    def _skipped(self) -> bool:
        """Number the next block-level element, and those inside it if it is not wanted; return whether that is so."""
        assert self.wanted is not None
        number = self.next
        self.next += 1
        if number < len(self.wanted) and self.wanted[number]:
            return False
        while self.next < len(self.depth) and self.depth[self.next] > self.depth[number]:
            self.next += 1
        return True


def _copied(parent: Any, tag: str, node: Any) -> Any:
    try:
        return etree.SubElement(parent, tag, _attributes(node))
    except ValueError:
        return etree.SubElement(parent, "span")


_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _attributes(node: Any) -> dict[str, str]:
    return {k: _fit(v or "") for k, v in node.attributes.items() if _nameable(k)}


def _fit(text: str) -> str:
    """Return a text without what no XML tree can hold."""
    return text if text.isprintable() else _UNFIT.sub("", text)


@lru_cache(maxsize=10_000)
def _nameable(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


class _Walk:
    """The state of one pass over a tree; the pass of ``html`` without marks and traces."""

    def __init__(self) -> None:
        self.spots: list[Spot] = []
        self.elements = Elements.none()
        self.open = self.elements.open
        self.pieces: list[str] = []
        self.linked: list[str] = []
        self.here = 0
        self.preserved = 0

    def flush(self) -> None:
        """End the block that is being written."""
        pieces = self.pieces
        if not pieces:
            return
        whole = "".join(pieces)
        words = whole.split()
        if words:
            count = len(words)
            linked = len(" ".join(self.linked).split()) if self.linked else 0
            text = whole.strip("\n").rstrip() if self.preserved else " ".join(words)
            self.spots.append(Spot(text, count, min(linked, count), self.here))
        pieces.clear()
        self.linked.clear()

    def element(self, node: Any, tag: str, parent: int, depth: int, link: bool) -> None:
        """Walk a block-level element: its text stands alone."""
        if self.pieces:
            self.flush()
        names, hidden = "", False
        attributes = node.attributes
        if attributes:
            names, hidden = _named(attributes)
        number = self.open(tag, names, parent, depth, hidden, len(self.spots))
        self.here = number
        if tag == "pre":
            self.preserved += 1
        self.inside(node, number, depth + 1, link)
        if self.pieces:
            self.flush()
        if tag == "pre":
            self.preserved -= 1
        self.elements.last[number] = len(self.spots)
        self.here = parent

    def inside(self, node: Any, number: int, depth: int, link: bool) -> None:
        """Walk what stands inside a node: text, inline elements, blocks, and the text after each."""
        pieces, kinds = self.pieces, _KINDS
        child = node.first_child
        while child is not None:
            tag = child.tag
            kind = kinds.get(tag)
            if kind is None:
                self.inside(child, number, depth, link or tag == "a")
            elif kind == _WORDS:
                text = child.text_content
                if pieces or not text.isspace() or self.preserved:
                    pieces.append(text)
                    if link:
                        self.linked.append(text)
            elif kind == _BLOCK:
                self.element(child, tag, number, depth, link)
                self.here = number
            elif kind == _GAP:
                pieces.append(" ")
            elif kind == _CELL:
                pieces.append(" ")
                self.inside(child, number, depth, link)
                pieces.append(" ")
            elif kind == _LINE:
                if _second(child.next):
                    self.flush()
                pieces.append("\n")
            child = child.next


def _named(attributes: dict[str, str | None]) -> tuple[str, bool]:
    """Return the words of an element's class, id, role and itemprop, lower case, and whether it is hidden."""
    get = attributes.get
    names = get("class") or ""
    if len(attributes) == 1 and names:
        return names.lower(), False
    for key in ("id", "role", "itemprop"):
        if value := get(key):
            names = f"{names} {value}"
    style = get("style")
    hidden = style is not None and "none" in style and "display:none" in style.replace(" ", "").lower()
    return names.lower(), hidden or "hidden" in attributes


def _second(node: Any) -> bool:
    """Return whether the next thing after a line break is another."""
    if node is not None and node.tag == _TEXT and node.text_content.isspace():
        node = node.next
    return node is not None and node.tag == "br"

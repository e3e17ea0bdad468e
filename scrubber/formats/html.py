"""HTML: the text of a page in document order, as blocks, and where in the tree each block stands.

Parsing and walking only; what a block is worth is judged elsewhere. lxml builds the tree (libxml2 repairs broken
markup and bounds nesting); BeautifulSoup's detector finds the charset of bytes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lxml import etree

from scrubber.formats.page import BREAKS, SILENT, Elements, Page, Spot

_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_FLAT = re.compile(rb"</?(?!p\b|h[1-6]\b|li\b|br\b|title\b|meta\b|script\b|style\b)[a-z][^>]*>", re.IGNORECASE)
"""Every tag but those of paragraphs and what holds no text: what a page that is nested too deeply does without."""

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\?>")


def decode_html(data: bytes, header: str | None = None) -> str:
    """Return the text of a page: charset from ``header``, BOM or meta, else detected. Never fails.

    What is valid UTF-8 and more than ASCII is UTF-8, whatever the page claims.
    """
    if not data.isascii():
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    for name in (header, declared(data), "utf-8"):
        if name:
            try:
                return data.decode(name)
            except (LookupError, UnicodeDecodeError):
                continue
    from bs4.dammit import UnicodeDammit

    found = UnicodeDammit(data, is_html=True).unicode_markup
    return found if found is not None else data.decode("utf-8", "replace")


def declared(data: bytes) -> str | None:
    """Return the encoding that a page's ``meta`` or XML declaration claims, if Python knows it and it is not UTF-8."""
    import codecs

    from bs4.dammit import EncodingDetector

    name = EncodingDetector.find_declared_encoding(data, is_html=True, search_entire_document=False)
    try:
        data.decode("utf-8")
        return None
    except UnicodeDecodeError:
        pass
    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        return None


def without_controls(source: str) -> bytes:
    """Return a page as UTF-8 without the control characters that no tree can hold."""
    return source.encode("utf-8", "replace").translate(None, _CONTROLS)


Marks = Callable[[Any], Mapping[Any, int]]
"""Given a tree, says which of its elements bear a mark (any number but 0)."""


def parse(source: str, traced: bool = False, marks: Marks | None = None) -> Page:
    """Return the page; markup that libxml2 can make nothing of gives a page without blocks.

    With ``traced`` the page also says where in the tree each block's text stands.
    """
    data = without_controls(source)
    if data[:100].lstrip().startswith(b"<?xml"):
        data = _DECLARED.sub(b"", data, count=1)
    root, whole = _tree(data)
    if not whole:
        root, _ = _tree(flattened(data))
    if root is None:
        return Page(None, [], Elements.none())
    return walked(root, traced, marks)


def walked(root: Any, traced: bool = False, marks: Marks | None = None) -> Page:
    """Return the page of an lxml tree."""
    walk = _Walk(traced, marks(root) if marks else {})
    body = root.find("body")
    with room():
        walk.element(root if body is None else body, -1, 0, False)
    walk.flush()
    return Page(root, walk.spots, walk.elements, walk.places)


def _tree(data: bytes) -> tuple[Any, bool]:
    """Return the tree, and whether libxml2 read the page to its end; it stops where nesting passes 2048 levels."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except etree.XMLSyntaxError:
        return None, True
    return root, not parser.error_log.filter_from_fatals()


@contextmanager
def room() -> Iterator[None]:
    """Make room for recursion over the deepest tree libxml2 builds, 2048 levels of some calls each; take it back after."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 40_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def flattened(data: bytes) -> bytes:
    """Return a page without the tags that nest: what one that is nested too deeply is read as."""
    return _FLAT.sub(b"<hr>", data)


class _Walk:
    """The state of one pass over a tree."""

    def __init__(self, traced: bool, marks: Mapping[Any, int]) -> None:
        self.marks = marks
        self.mark = 0
        self.spots: list[Spot] = []
        self.elements = Elements.none()
        self.pieces: list[str] = []
        self.linked: list[str] = []
        self.here = 0
        self.preserved = 0
        self.trace: list[tuple[Any, bool]] | None = [] if traced else None
        self.places: list[tuple[tuple[Any, bool], ...]] | None = [] if traced else None

    def flush(self) -> None:
        """End the block that is being written."""
        if not self.pieces:
            return
        words = "".join(self.pieces).split()
        if words:
            count = len(words)
            linked = len(" ".join(self.linked).split()) if self.linked else 0
            text = "".join(self.pieces).strip("\n").rstrip() if self.preserved else " ".join(words)
            self.spots.append(Spot(text, count, min(linked, count), self.here, self.mark))
            if self.places is not None and self.trace is not None:
                self.places.append(tuple(self.trace))
        if self.trace is not None:
            self.trace.clear()
        self.pieces.clear()
        self.linked.clear()

    def element(self, node: Any, parent: int, depth: int, link: bool) -> None:
        """Walk a block-level element: its text stands alone."""
        self.flush()
        get = node.get
        names = get("class") or ""
        for key in ("id", "role", "itemprop"):
            value = get(key)
            if value:
                names = f"{names} {value}"
        style = get("style")
        hidden = bool(style) and "none" in style and "display:none" in style.replace(" ", "").lower()
        hidden = hidden or get("hidden") is not None
        number = self.elements.open(node.tag, names.lower(), parent, depth, hidden, len(self.spots))
        self.here = number
        self.preserved += node.tag == "pre"
        self.inside(node, number, depth + 1, link)
        self.flush()
        self.preserved -= node.tag == "pre"
        self.elements.last[number] = len(self.spots)
        self.here = parent

    def inside(self, node: Any, number: int, depth: int, link: bool) -> None:
        """Walk what stands inside a node: text, inline elements, blocks, and the text after each."""
        add, trace = self.pieces.append, self.trace
        text = node.text
        if text:
            add(text)
            if trace is not None:
                trace.append((node, False))
            if link:
                self.linked.append(text)
        marks = self.marks
        for child in node:
            tag = child.tag
            if marks and child in marks and tag != "br":
                self.flush()
                before, self.mark = self.mark, marks[child]
                if tag in BREAKS:
                    self.element(child, number, depth, link)
                    self.here = number
                elif tag not in SILENT and type(tag) is str:
                    self.inside(child, number, depth, link or tag == "a")
                self.flush()
                self.mark = before
            elif tag == "br":
                tail = child.tail
                if tail is None or not tail.strip():
                    after = child.getnext()
                    if after is not None and after.tag == "br":
                        self.flush()
                add("\n")
            elif tag in SILENT or type(tag) is not str:
                add(" ")
            elif tag in BREAKS:
                self.element(child, number, depth, link)
                self.here = number
            elif tag == "td" or tag == "th":
                add(" ")
                self.inside(child, number, depth, link)
                add(" ")
            else:
                self.inside(child, number, depth, link or tag == "a")
            tail = child.tail
            if tail:
                add(tail)
                if trace is not None:
                    trace.append((child, True))
                if link:
                    self.linked.append(tail)

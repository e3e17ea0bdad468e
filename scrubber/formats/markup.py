"""Where the elements of a page stand in its source, so that they can be cut out and every other byte stays.

lxml does not tell. So each start tag gets a number as an attribute before the source is parsed; the tree then says
which tag made which element, and the end is found by counting tags of the same name. Broken markup can fool that
count, therefore a cut is only good if the cut source parses to the tree without the elements: ``cut`` makes sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from lxml import etree

from scrubber.pattern import pattern

NUMBER = "data-scrubber-n"
_TOKEN = pattern(
    r"<!--.*?(?:-->|\Z)|<[!?][^>]*+>"
    r"|<(?P<raw>script|style|textarea|title|xmp|noembed|noframes|template)\b(?P<rest>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r".*?(?:</(?P=raw)\s*>|\Z)"
    r"|</(?P<end>[a-z][^\s/>]*+)[^>]*+>|<(?P<start>[a-z][^\s/>]*+)(?P<more>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.IGNORECASE | re.DOTALL,
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


class Tag(NamedTuple):
    """A start or end tag and its place in the source; ``whole`` when its element ends with it."""

    name: str
    start: int
    end: int
    opens: bool
    whole: bool


def tags(source: str) -> list[Tag]:
    """Return the tags of a source in order; comments, declarations and the inside of scripts are passed over."""
    out: list[Tag] = []
    for match in _TOKEN.finditer(source):
        name = match["start"]
        if name is not None:
            name = name.lower()
            out.append(Tag(name, *match.span(), True, name in _VOID))
        elif match["end"] is not None:
            out.append(Tag(match["end"].lower(), *match.span(), False, False))
        elif match["raw"] is not None:
            out.append(Tag(match["raw"].lower(), *match.span(), True, True))
    return out


def numbered(source: str, found: Sequence[Tag]) -> str:
    """Return the source with the number of each start tag as its first attribute."""
    parts: list[str] = []
    at = 0
    for i, tag in enumerate(found):
        if tag.opens:
            stop = tag.start + 1 + len(tag.name)
            parts += (source[at:stop], f' {NUMBER}="{i}"')
            at = stop
    parts.append(source[at:])
    return "".join(parts)


def spans(found: Sequence[Tag], wanted: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return for each start tag asked for the range of its element, if its end tag is there."""
    out: dict[int, tuple[int, int]] = {}
    for i in wanted:
        tag = found[i]
        if tag.whole:
            out[i] = tag.start, tag.end
            continue
        depth = 0
        for other in found[i:]:
            if other.name != tag.name:
                continue
            depth += 1 if other.opens else -1
            if depth == 0:
                out[i] = tag.start, other.end
                break
    return out


def number_of(node: Any) -> int | None:
    """Return the number of the start tag that made an element; None for one that the parser made up."""
    value = node.get(NUMBER)
    return int(value) if value and value.isdigit() else None


def cut(source: str, ranges: Sequence[tuple[int, int]]) -> str:
    """Return the source without the ranges (sorted, disjoint)."""
    parts: list[str] = []
    at = 0
    for start, end in ranges:
        parts.append(source[at:start])
        at = end
    return "".join([*parts, source[at:]])


def fingerprint(tree: Any, gone: Iterable[Any] = ()) -> str:
    """Return a tree as text, the elements of ``gone`` left out; numbers of tags do not count. The tree is copied."""
    from copy import deepcopy

    gone = list(gone)
    for node in gone:
        node.set(NUMBER, f"gone-{node.get(NUMBER)}")
    copy = deepcopy(tree)
    for node in gone:
        node.set(NUMBER, node.get(NUMBER)[5:])
    for node in list(copy.iter(etree.Element)):
        value = node.attrib.pop(NUMBER, "")
        if value.startswith("gone-"):
            _drop(node)
    return str(etree.tostring(copy, encoding="unicode", method="html"))


def _drop(node: Any) -> None:
    parent, tail = node.getparent(), node.tail or ""
    before = node.getprevious()
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(node)
